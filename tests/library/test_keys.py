"""Keys of every kind, spelled as the host's code holds them: in deletes, guards and the session's objects."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import ForeignKey, String, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.orm.exc import ObjectDeletedError

from hosting import host_engine
from sexton import Principal, Resource, Sexton

WHO = Principal("default", "k")


class Base(DeclarativeBase):
    pass


class Album(Base):
    __tablename__ = "albums"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str]


class Track(Base):
    __tablename__ = "tracks"
    album_id: Mapped[UUID] = mapped_column(ForeignKey("albums.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(20), primary_key=True)
    title: Mapped[str]


class Listed(Base):
    __tablename__ = "Order Details"
    key_: Mapped[int] = mapped_column("Odd:Key", primary_key=True)
    note: Mapped[str] = mapped_column("Note%")


ONE, TWO = uuid4(), uuid4()


@pytest.fixture
def engine(database_url):
    made = host_engine(database_url)
    Base.metadata.create_all(made)
    with Session(made) as session, session.begin():
        session.add_all([Album(id=ONE, title="one"), Album(id=TWO, title="two")])
        session.flush()
        session.add_all([Track(album_id=ONE, place=place, title="t") for place in ("a", "b,%", "c")])
        session.add_all([Listed(key_=1, note="50% :x"), Listed(key_=2, note="free")])
    yield made
    made.dispose()


@pytest.fixture
def make(engine):
    made = []

    def sexton(*resources: Resource) -> Sexton:
        made.append(Sexton(engine, resources))
        return made[-1]

    yield sexton
    for one in made:
        one.close()


def test_uuids(make, engine):
    asked = []

    def guard(connection, ids):
        asked.append(ids)
        return {ONE: connection.scalar(text("SELECT 'kept ' || title FROM albums WHERE title = 'one'"))}

    sexton = make(Resource(Album, guard=guard))
    with Session(engine) as session:
        album = session.get(Album, TWO)
        done = sexton.sync.bulk_delete(Album, [ONE, TWO], principal=WHO, connection=session)
        assert [(one.outcome, one.error and str(one.error.code)) for one in done.results] == [
            ("failed", "referenced"),
            ("deleted", None),
        ]
        with pytest.raises(ObjectDeletedError):
            print(album.title)
        session.rollback()
    assert asked == [[TWO]]
    kept = sexton.sync.delete(Album, ONE, cascade=True, principal=WHO)
    assert (kept.error.detail, asked[-1]) == ("kept one", [ONE])


def test_composite_keys(make, engine):
    asked = []

    def guard(_connection, ids):
        asked.extend(ids)
        return {(ONE, "c"): "the last one"}

    sexton = make(Resource(Album), Resource(Track, guard=guard))
    with Session(engine) as session:
        track = session.get(Track, (ONE, "b,%"))
        done = sexton.sync.bulk_delete(
            Track, [(ONE, "a"), (ONE, "b,%"), (ONE, "c"), (TWO, "a")], principal=WHO, connection=session
        )
        assert [one.outcome for one in done.results] == ["deleted", "deleted", "failed", "not_found"]
        with pytest.raises(ObjectDeletedError):
            print(track.title)
        session.commit()
    assert sorted(asked) == [(ONE, "a"), (ONE, "b,%"), (ONE, "c")]
    assert sexton.sync.restore(Track, (ONE, "b,%"), principal=WHO).outcome == "restored"
    with pytest.raises(ValueError, match="the key has 2 columns, not 1"):
        sexton.sync.delete(Track, ONE, principal=WHO)


def test_names_that_must_be_quoted(make, engine):
    sexton = make(Resource(Listed, block_when=Listed.note == "50% :x", name="details"))
    assert sexton.sync.delete(Listed, 1, principal=WHO).error.code == "blocked"
    assert sexton.sync.delete(Listed, 2, principal=WHO).outcome == "deleted"
    done = sexton.sync.bulk_delete(Listed, [1, 2], principal=WHO)
    assert [one.outcome for one in done.results] == ["failed", "gone"]

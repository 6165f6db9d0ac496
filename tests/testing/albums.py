"""A host: albums and their tracks, of a kind of column each; one application for each way to declare them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException
from sqlalchemy import JSON, DateTime, ForeignKey, LargeBinary, Numeric, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from sexton import Limits, Principal, Resource, Sexton
from sexton.model import Scope
from sexton.testing.promises import Host


class Base(DeclarativeBase):
    pass


class Album(Base):
    __tablename__ = "albums"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    price: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    cover: Mapped[bytes] = mapped_column(LargeBinary)
    released: Mapped[date | None]
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    tags: Mapped[Any] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Track(Base):
    __tablename__ = "tracks"
    id: Mapped[int] = mapped_column(primary_key=True)
    album_id: Mapped[int] = mapped_column(ForeignKey("albums.id"), index=True)
    title: Mapped[str]
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Credit(Base):
    """Whose key are two columns, one of them any text, in a table whose name is no word."""

    __tablename__ = "album credits"
    person: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str]


KINDS: dict[str, dict[str, Any]] = {
    "archive": {},
    "soft": {"strategy": "soft"},
    "hard": {"strategy": "hard"},
    "guarded": {"version": Album.revision, "require_if_match": True},
}


def connect(url: str) -> Any:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    Base.metadata.create_all(engine)
    return engine


def current_principal(authorization: Annotated[str, Header()] = "") -> Principal:
    account = authorization.removeprefix("Bearer ")
    if not account:
        raise HTTPException(401, "who are you?")
    return Principal(account, f"key-{account}", frozenset(Scope))


def make_host(engine: Any, kind: str = "archive", **options: Any) -> Host:
    strategy = KINDS[kind].get("strategy", "archive")
    albums = Resource(Album, account=Album.account_id, cascade=[Track], **KINDS[kind])
    tracks = Resource(Track, strategy=strategy, expose=False)
    credits_ = Resource(Credit, recovery_window=timedelta(0))
    told = {"limits": Limits(confirm_above=20, sync_limit=30), "with_worker": kind != "archive"}
    sexton = Sexton(engine, [albums, tracks, credits_], **told | options)
    app = FastAPI(lifespan=sexton.lifespan)
    app.include_router(sexton.router(principal=current_principal), prefix="/api/v1")

    @app.post("/make")
    def make(count: int, tracks: int = 0, authorization: Annotated[str, Header()] = "") -> list[int]:
        account = authorization.removeprefix("Bearer ")
        albums = [Album(**values(account, n)) for n in range(count)]
        with Session(engine) as session, session.begin():
            session.add_all(albums)
            session.flush()
            session.add_all([Track(album_id=one.id, title=f"{n}") for one in albums for n in range(tracks)])
            return [one.id for one in albums]

    return Host(app, sexton)


def values(account: str, n: int) -> dict[str, Any]:
    return {
        "account_id": account,
        "title": f"Ænima {n}",
        "price": Decimal("10.5000") + n,
        "cover": b"\x00\xff" * 20,
        "released": date(1996, 10, 1) if n % 2 else None,
        "added_at": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        "tags": {"genre": ["prog", None, 1.5], "n": n},
    }


def make(client: Any, count: int, **options: Any) -> list[str]:
    return [str(one) for one in client.post("/make", params={"count": count, **options}).json()]

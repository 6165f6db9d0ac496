"""What `hide_deleted` hides, and each row of the list of what it cannot."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy
from sqlalchemy import create_engine, delete, event, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, aliased, joinedload, selectinload, sessionmaker

from host_models import Flag, Order, Rule
from hosting import FLAG
from sexton import ConfigurationError, Principal, Resource, hide_deleted

WHO = Principal("acme", "k")
SOFT_RULES = Resource(Rule, strategy="soft", expose=False)
MODERN = not sqlalchemy.__version__.startswith("2.0")


@pytest.fixture
def sessions(make_sexton, engine):
    """f4 and rule 1 of f1 are deleted."""
    sexton = make_sexton(Resource(Flag, **FLAG | {"strategy": "soft", "cascade": None}), SOFT_RULES)
    with engine.begin() as connection:
        connection.execute(text("UPDATE rules SET deleted_at = CURRENT_TIMESTAMP WHERE id = 1"))
        connection.execute(text("UPDATE flags SET deleted_at = CURRENT_TIMESTAMP WHERE id = 'f4'"))
    made = sessionmaker(engine, expire_on_commit=False)
    hide_deleted(made, sexton)
    return made


LIVE = ["f1", "f2", "f3"]
HIDDEN = {
    "select": (select(Flag.id), LIVE),
    "entities": (select(Flag), LIVE),
    "alias": (select(aliased(Flag)), LIVE),
    "count": (select(func.count()).select_from(Flag), [3]),
    "cte": (select(select(Flag.id).cte().c.id), LIVE),
    "subquery": (select(select(Flag.id).subquery().c.id), LIVE),
    "union": (select(select(Flag.id).union_all(select(Flag.id)).subquery().c.id), sorted(LIVE * 2)),
    "join": (select(Rule.id).join(Rule.flag), [2, 3]),
    "in": (select(Rule.id).where(Rule.flag_id.in_(select(Flag.id))), [2, 3]),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_hidden(sessions, case):
    query, expected = HIDDEN[case]
    with sessions() as session:
        found = [getattr(one, "id", one) for one in session.scalars(query)]
    assert sorted(found) == expected


def test_an_outer_join_keeps_its_left_rows(sessions):
    with sessions() as session:
        found = session.execute(select(Flag.id, Rule.id).outerjoin(Flag.rules).order_by(Flag.id)).all()
    assert [tuple(row) for row in found] == [("f1", 2), ("f2", None), ("f3", 3)]


@pytest.mark.parametrize("load", [selectinload, joinedload])
def test_eager_loads(sessions, load):
    with sessions() as session:
        flag = session.scalars(select(Flag).where(Flag.id == "f1").options(load(Flag.rules))).unique().one()
        assert [rule.id for rule in flag.rules] == [2]


def test_lazy_loads_also_of_an_object_made_in_the_session(sessions):
    with sessions() as session:
        assert [rule.id for rule in session.get(Flag, "f1").rules] == [2]
        made = Flag(id="f9", account_id="acme", name="nine")
        session.add(made)
        session.flush()
        session.execute(
            text("INSERT INTO rules (id, flag_id, value, deleted_at) VALUES (90, 'f9', 'x', CURRENT_TIMESTAMP)")
        )
        session.expire(made, ["rules"])
        assert made.rules == []


def test_get_of_what_the_session_does_not_hold(sessions):
    with sessions() as session:
        assert session.get(Flag, "f4") is None


def test_include_deleted(sessions):
    with sessions() as session:
        every = session.scalars(select(Flag.id), execution_options={"include_deleted": True}).all()
        also = session.get(Flag, "f4", execution_options={"include_deleted": True})
        flag = session.scalars(select(Flag).where(Flag.id == "f1").execution_options(include_deleted=True)).one()
        assert [rule.id for rule in flag.rules] == [2], "lazy loads stay filtered"
    assert (len(every), also.id) == (4, "f4")


# -- what it cannot hide: when one of these changes, so must the documents -----------------------------------------


def test_leak_core_selects(sessions):
    with sessions() as session:
        assert len(session.execute(select(Flag.__table__.c.id)).all()) == 4


def test_leak_text(sessions):
    with sessions() as session:
        assert session.execute(text("SELECT count(*) FROM flags")).scalar() == 4


def test_leak_bulk_update_and_delete(sessions):
    with sessions() as session:
        assert session.execute(update(Rule).values(value="all")).rowcount == 3
        assert session.execute(delete(Rule)).rowcount == 3


def test_leak_get_of_a_held_object(sessions):
    with sessions() as session:
        held = session.get(Rule, 2)
        session.execute(text("UPDATE rules SET deleted_at = CURRENT_TIMESTAMP WHERE id = 2"))
        assert session.get(Rule, 2) is held


def test_leak_refresh(sessions):
    with sessions() as session:
        held = session.get(Rule, 2)
        session.execute(text("UPDATE rules SET deleted_at = CURRENT_TIMESTAMP WHERE id = 2"))
        session.refresh(held)
        assert held.deleted_at is not None


def test_leak_exists_before_sqlalchemy_2_1(sessions):
    with sessions() as session:
        assert session.scalar(select(exists().where(Flag.id == "f4"))) is not MODERN


def test_leak_any_before_sqlalchemy_2_1(sessions):
    with sessions() as session:
        session.execute(text("UPDATE rules SET deleted_at = CURRENT_TIMESTAMP WHERE id = 2"))
        found = session.scalars(select(Flag.id).where(Flag.rules.any())).all()
    assert sorted(found) == (["f3"] if MODERN else ["f1", "f3"])


def test_leak_has_before_sqlalchemy_2_1(sessions):
    with sessions() as session:
        session.execute(text("UPDATE flags SET deleted_at = CURRENT_TIMESTAMP WHERE id = 'f1'"))
        found = session.scalars(select(Rule.id).where(Rule.flag.has())).all()
    assert sorted(found) == ([3] if MODERN else [2, 3])


def test_a_live_childs_deleted_parent_reads_as_none(sessions):
    with sessions() as session:
        session.execute(text("UPDATE flags SET deleted_at = CURRENT_TIMESTAMP WHERE id = 'f1'"))
        assert session.get(Rule, 2).flag is None


# -- what it is put on ---------------------------------------------------------------------------------------------


def test_all_sextons_models_where_none_is_named(make_sexton, engine):
    make_sexton(Resource(Flag, **FLAG | {"strategy": "soft"}))
    with engine.begin() as connection:
        connection.execute(text("UPDATE flags SET deleted_at = CURRENT_TIMESTAMP WHERE id = 'f4'"))
    with Session(engine) as hiding, Session(engine) as plain:
        hide_deleted(hiding)
        assert len(hiding.scalars(select(Flag)).all()) == 3
        assert len(plain.scalars(select(Flag)).all()) == 4


def test_archived_models_are_not_filtered(make_sexton, engine):
    with Session(engine) as session:
        hide_deleted(session, make_sexton())
        assert len(session.scalars(select(Order)).all()) == 2
        assert "deleted_at IS NULL" not in str(select(Flag))


def test_async_sessions(make_sexton, engine, database_url):
    sexton = make_sexton(Resource(Flag, **FLAG | {"strategy": "soft", "cascade": None}), SOFT_RULES)
    sexton.sync.delete(Flag, "f1", cascade=True, principal=WHO)
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}[engine.dialect.name]
    theirs = create_async_engine(database_url.replace(database_url.partition("://")[0], driver, 1))

    async def run() -> list[int]:
        plain, hiding = async_sessionmaker(theirs), async_sessionmaker(theirs)
        hide_deleted(hiding, sexton)
        counts = []
        for sessions in (plain, hiding):
            async with sessions() as session:
                counts.append(len((await session.scalars(select(Flag))).all()))
        async with AsyncSession(theirs) as session:
            hide_deleted(session, sexton)
            counts.append(len((await session.scalars(select(Flag))).all()))
        await theirs.dispose()
        return counts

    assert asyncio.run(run()) == [4, 3, 3]


def test_anything_else_is_told_so():
    with pytest.raises(ConfigurationError, match="takes a sessionmaker"):
        hide_deleted(create_engine("sqlite://"))
    assert not event.contains(Session, "do_orm_execute", hide_deleted)

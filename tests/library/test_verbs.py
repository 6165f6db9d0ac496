"""Deleting from the host's own code: in its transaction, over its driver, leaving nothing where it rolls back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.exc import ObjectDeletedError

from host_models import Flag, Order, Rule
from hosting import FLAG, host_engine
from sexton import ConfigurationError, Outcome, Principal, Refused, Resource, Target

WHO = Principal("acme", "code")
DRIVERS = {"sqlite": ["sqlite+aiosqlite"], "postgresql": ["postgresql+asyncpg", "postgresql+psycopg"]}
TABLES = (
    "tombstones",
    "audit_log",
    "idempotency_keys",
    "webhook_deliveries",
    "bulk_jobs",
    "bulk_chunks",
    "previews",
    "holds",
    "detached_links",
)


def state(sexton, engine) -> dict[str, list[Any]]:
    """All rows of the host's and of Sexton's."""
    own = {name: sexton.store.dialect.own(name) for name in TABLES}
    with engine.connect() as connection:
        tables = {"flags": "flags", "rules": "rules", "orders": "orders", **own}
        return {n: sorted(map(repr, connection.execute(text(f"SELECT * FROM {t}")))) for n, t in tables.items()}


def everything(sexton, connection) -> dict[str, Any]:
    """Each verb once."""
    who = {"principal": WHO, "connection": connection}
    found: dict[str, Any] = {"one": sexton.delete(Order, 1, **who), "again": sexton.delete(Order, 1, **who)}
    found["never"] = sexton.delete(Order, 77, **who)
    found["blocked"] = sexton.delete(Flag, "f2", **who)
    found["cascade"] = sexton.delete(Flag, "f1", cascade=True, **who)
    found["restored"] = sexton.restore(Flag, "f1", **who)
    found["exact"] = sexton.delete(Flag, "f1", if_match=1, cascade=True, **who)
    found["held"] = sexton.hold(Order, 2, "a lawsuit", **who)
    found["bulk"] = sexton.bulk_delete(Order, [2, "3"], reason="tidy", **who)
    found["lifted"] = sexton.lift_hold(Order, 2, **who)
    found["preview"] = sexton.preview(Order, filter={"id": 2}, **who)
    found["token"] = sexton.bulk_delete(Order, confirm_token=found["preview"].token, **who)
    found["job"] = sexton.bulk_delete(Order, [2], respond_async=True, **who)
    found["purge"] = sexton.purge(connection=connection)
    return found


async def everything_awaited(sexton, connection) -> dict[str, Any]:
    who = {"principal": WHO, "connection": connection}
    found: dict[str, Any] = {"one": await sexton.delete(Order, 1, **who), "again": await sexton.delete(Order, 1, **who)}
    found["never"] = await sexton.delete(Order, 77, **who)
    found["blocked"] = await sexton.delete(Flag, "f2", **who)
    found["cascade"] = await sexton.delete(Flag, "f1", cascade=True, **who)
    found["restored"] = await sexton.restore(Flag, "f1", **who)
    found["exact"] = await sexton.delete(Flag, "f1", if_match=1, cascade=True, **who)
    found["held"] = await sexton.hold(Order, 2, "a lawsuit", **who)
    found["bulk"] = await sexton.bulk_delete(Order, [2, "3"], reason="tidy", **who)
    found["lifted"] = await sexton.lift_hold(Order, 2, **who)
    found["preview"] = await sexton.preview(Order, filter={"id": 2}, **who)
    found["token"] = await sexton.bulk_delete(Order, confirm_token=found["preview"].token, **who)
    found["job"] = await sexton.bulk_delete(Order, [2], respond_async=True, **who)
    found["purge"] = await sexton.purge(connection=connection)
    return found


def check(found: dict[str, Any]) -> None:
    outcomes = {
        name: found[name].outcome for name in ("one", "again", "never", "blocked", "cascade", "restored", "exact")
    }
    assert outcomes == {
        "one": "deleted",
        "again": "gone",
        "never": "not_found",
        "blocked": "failed",
        "cascade": "deleted",
        "restored": "restored",
        "exact": "deleted",
    }
    assert found["blocked"].error.detail == "the flag is still active"
    assert found["cascade"].dependents == {"rules": 2}
    assert found["restored"].items == {"flags": ["f1"], "rules": ["1", "2"]}
    assert [(one.outcome, one.error and str(one.error.code)) for one in found["bulk"].results] == [
        ("failed", "held"),
        ("not_found", None),
    ]
    assert (found["held"], found["lifted"]) == (True, True)
    assert (found["preview"].findings.count, found["token"].results[0].outcome) == (1, "deleted")
    assert found["job"].results is None


KINDS = ("connection", "session")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("commits", [True, False])
def test_the_hosts_transaction_decides(sexton, engine, kind, commits):
    sexton.open()
    before = state(sexton, engine)
    with Session(engine) if kind == "session" else engine.connect() as host:
        check(everything(sexton.sync, host))
        host.commit() if commits else host.rollback()
    after = state(sexton, engine)
    changed = {name for name in after if after[name] != before[name]}
    everywhere = {
        "flags",
        "rules",
        "orders",
        "tombstones",
        "audit_log",
        "bulk_jobs",
        "bulk_chunks",
        "previews",
        "holds",
    }
    assert changed == (everywhere if commits else set())


def async_urls(url: str) -> list[str]:
    rest = url.partition("://")[2]
    return [f"{driver}://{rest}" for driver in DRIVERS[url.partition("+")[0].partition(":")[0]]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("commits", [True, False])
def test_every_async_driver_joins(make_sexton, database_url, engine, kind, commits):
    for url in async_urls(database_url):
        theirs = create_async_engine(url)
        if theirs.dialect.name == "sqlite":
            event.listen(theirs.sync_engine, "connect", lambda c, _: c.cursor().execute("PRAGMA foreign_keys=ON"))
        sexton = make_sexton(engine=theirs)
        sexton.open()
        before = state(sexton, engine)

        async def run(theirs=theirs, sexton=sexton) -> None:
            async with AsyncSession(theirs) if kind == "session" else theirs.connect() as host:
                check(await everything_awaited(sexton, host))
                await (host.commit() if commits else host.rollback())
            await theirs.dispose()

        asyncio.run(run())
        assert (state(sexton, engine) != before) is commits
        if commits:
            break


def test_without_a_connection_each_has_its_own_transaction(sexton, engine):
    check(everything(sexton.sync, None))
    assert state(sexton, engine)["orders"] == []


def test_awaited_without_a_connection(sexton):
    check(asyncio.run(everything_awaited(sexton, None)))


def test_opening_within_a_transaction_of_sqlite_is_told_apart(make_sexton, engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("no other database has one writer")
    with engine.begin() as connection:
        connection.execute(text("UPDATE orders SET total = 5 WHERE id = 2"))
        with pytest.raises(ConfigurationError, match=r"before your first transaction, by lifespan"):
            make_sexton().sync.delete(Order, 1, principal=WHO, connection=connection)


def test_what_is_refused_leaves_the_hosts_work_alone(sexton, engine):
    sexton.open()
    with engine.begin() as connection:
        connection.execute(text("UPDATE orders SET total = 5 WHERE id = 2"))
        with pytest.raises(Refused) as raised:
            sexton.sync.bulk_delete(Order, [1, 2], principal=WHO, expected_count=7, connection=connection)
        assert raised.value.problem.code == "count-mismatch"
        with pytest.raises(Refused, match="twice with two different versions"):
            sexton.sync.bulk_delete(Order, [Target("1", '"a"'), Target("1")], principal=WHO, connection=connection)
    after = state(sexton, engine)
    assert (len(after["orders"]), after["tombstones"], after["bulk_jobs"]) == (2, [], [])
    assert "5" in after["orders"][1]


def test_what_the_database_refuses_is_a_value_and_the_transaction_goes_on(sexton, engine):
    trigger = "CREATE TRIGGER stays BEFORE DELETE ON orders WHEN old.id = 1 BEGIN SELECT RAISE(ABORT, 'never'); END"
    if engine.dialect.name == "postgresql":
        trigger = (
            "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never'; END $$;"
            "CREATE TRIGGER stays BEFORE DELETE ON orders FOR EACH ROW WHEN (old.id = 1) EXECUTE FUNCTION never()"
        )
    sexton.open()
    with engine.begin() as connection:
        connection.execute(text(trigger))
    with engine.begin() as connection:
        refused = sexton.sync.delete(Order, 1, principal=WHO, connection=connection)
        assert (refused.outcome, str(refused.error.code)) in (
            (Outcome.FAILED, "blocked"),
            (Outcome.FAILED, "referenced"),
        )
        assert "never" in refused.error.detail
        assert sexton.sync.delete(Order, 2, principal=WHO, connection=connection).outcome == "deleted"


def test_a_later_failure_of_the_hosts_takes_all_back(sexton, engine):
    sexton.open()
    before = state(sexton, engine)

    def work() -> None:
        with Session(engine) as session, session.begin():
            sexton.sync.delete(Flag, "f1", cascade=True, principal=WHO, connection=session)
            session.add(Order(id=2, account_id="acme", total=1))

    with pytest.raises(IntegrityError):
        work()
    assert state(sexton, engine) == before


def test_pending_changes_of_the_session_are_seen(sexton, engine):
    with Session(engine) as session:
        session.add(Rule(id=9, flag_id="f4", value="new"))
        refused = sexton.sync.delete(Flag, "f4", principal=WHO, connection=session)
        found = {one["resource"] for one in refused.error.members["references"]}
    assert found == {"comments", "rules"}


def test_the_sessions_objects_know(make_sexton, engine):
    sexton = make_sexton(Resource(Flag, **FLAG | {"strategy": "soft"}), Resource(Order, account="account_id"))
    with Session(engine, expire_on_commit=False) as session:
        flag = session.scalars(select(Flag).where(Flag.id == "f1").options(selectinload(Flag.rules))).one()
        rules = list(flag.rules)
        order, other = session.get(Order, 1), session.get(Order, 2)
        assert sexton.sync.delete(Order, 1, principal=WHO, connection=session).outcome == "deleted"
        assert sexton.sync.bulk_delete(Flag, ["f1"], cascade=True, principal=WHO, connection=session).results
        assert flag.deleted_at is not None
        assert [rule.__dict__.get("value") for rule in rules] == [None, None]
        with pytest.raises(ObjectDeletedError):
            print(order.total)
        assert "total" in other.__dict__
        assert sexton.sync.restore(Order, 1, principal=WHO, connection=session).outcome == "restored"
        assert session.get(Order, 1).total == order.total


def test_a_session_goes_on_with_objects_of_rows_that_are_gone(sexton, engine):
    with Session(engine) as session:
        orders = [session.get(Order, number) for number in (1, 2)]
        for number in (1, 2):
            assert sexton.sync.delete(Order, number, principal=WHO, connection=session).outcome == "deleted"
        for number in (1, 2):
            assert sexton.sync.restore(Order, number, principal=WHO, connection=session).outcome == "restored"
        assert [str(order.total) for order in orders] == ["9.50", "1.00"]


# -- connections that cannot be relied on, and settings that must be ------------------------------------------------

SETTINGS = {
    "DateStyle": "German, DMY",
    "TimeZone": "Asia/Tokyo",
    "IntervalStyle": "iso_8601",
    "extra_float_digits": "-3",
    "bytea_output": "escape",
}


def test_the_hosts_settings_neither_matter_nor_change(sexton, engine):
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has none")
    with engine.begin() as connection:
        connection.execute(text("UPDATE flags SET created_at = '2026-03-04T05:06:07.25Z' WHERE id = 'f1'"))
    with engine.connect() as connection:
        for name, value in SETTINGS.items():
            connection.execute(text(f"SET {name} = '{value}'"))
        connection.commit()
        with pytest.raises(Refused):
            sexton.sync.bulk_delete(Order, [1], principal=WHO, connection=connection, expected_count=7)
        assert sexton.sync.delete(Flag, "f1", cascade=True, principal=WHO, connection=connection).outcome == "deleted"
        told = {name: connection.execute(text(f"SHOW {name}")).scalar() for name in SETTINGS}
        connection.commit()
        assert told == SETTINGS == {n: connection.execute(text(f"SHOW {n}")).scalar() for n in SETTINGS}
        snapshot = connection.execute(text("SELECT snapshot FROM sexton.tombstones WHERE item_id = 'f1'")).scalar()
        assert "2026-03-04 05:06:07.25+00" in snapshot
        assert sexton.sync.restore(Flag, "f1", principal=WHO, connection=connection).outcome == "restored"
        connection.commit()
        moved = "SELECT created_at = '2026-03-04T05:06:07.25Z' FROM flags WHERE id = 'f1'"
        assert connection.execute(text(moved)).scalar() is True


def test_autocommit_is_refused(sexton, engine):
    apart = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with apart as connection, pytest.raises(ConfigurationError, match="autocommit"):
        sexton.sync.delete(Order, 1, principal=WHO, connection=connection)


def test_foreign_keys_must_be_on(sexton, engine, database_url):
    if engine.dialect.name != "sqlite":
        pytest.skip("they always are")
    careless = create_engine(database_url)
    with careless.connect() as connection, pytest.raises(ConfigurationError, match="PRAGMA foreign_keys=ON"):
        sexton.sync.delete(Order, 1, principal=WHO, connection=connection)
    careless.dispose()


def test_deferral_is_afterwards_what_it_was(sexton, engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("SQLite's")
    with engine.connect() as connection:
        sexton.sync.delete(Flag, "f1", cascade=True, principal=WHO, connection=connection)
        assert connection.exec_driver_sql("PRAGMA defer_foreign_keys").scalar() == 0
        with pytest.raises(IntegrityError):
            connection.execute(text("DELETE FROM flags WHERE id = 'f3'"))


def test_what_is_no_connection_is_told_so(sexton, engine, database_url, tmp_path):
    with pytest.raises(ConfigurationError, match="takes a Connection or a Session, not Engine"):
        sexton.sync.delete(Order, 1, principal=WHO, connection=engine)
    theirs = create_async_engine(async_urls(database_url)[0])
    with pytest.raises(ConfigurationError, match="await the method of the same name"):
        sexton.sync.delete(Order, 1, principal=WHO, connection=theirs.connect())
    if engine.dialect.name == "postgresql":
        other = host_engine(f"sqlite:///{tmp_path}/other.db")
        with other.connect() as connection, pytest.raises(ConfigurationError, match="is one to sqlite"):
            sexton.sync.delete(Order, 1, principal=WHO, connection=connection)
        other.dispose()


def test_a_crash_at_any_statement_leaves_nothing(sexton, engine):
    sexton.open()
    before = state(sexton, engine)
    left = [0]

    def crash(*_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt

    for n in range(1, 200):
        left[0] = n
        with engine.connect() as connection:
            event.listen(connection, "before_cursor_execute", crash)
            try:
                everything(sexton.sync, connection)
            except KeyboardInterrupt:
                connection.rollback()
                assert state(sexton, engine) == before, n
                continue
            connection.rollback()
            break
    assert n > 50, "the verbs together take more statements than that"
    assert state(sexton, engine) == before


def test_a_savepoint_of_the_hosts_own(sexton, engine):
    sexton.open()
    with engine.begin() as connection:
        connection.execute(text("UPDATE orders SET total = 3 WHERE id = 2"))
        savepoint = connection.begin_nested()
        assert sexton.sync.delete(Order, 1, principal=WHO, connection=connection).outcome == "deleted"
        savepoint.rollback()
    after = state(sexton, engine)
    assert (len(after["orders"]), after["tombstones"], after["audit_log"]) == (2, [], [])

"""Keys, creates, undone jobs and savepoints of the verbs in code, with `await` and without."""

from __future__ import annotations

import asyncio
import inspect
import threading
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any

import pytest
from sqlalchemy import JSON, DateTime, Interval, LargeBinary, Numeric, Uuid, event, text
from sqlalchemy import Enum as EnumType
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from host_models import Flag, Order, Rule
from hosting import FLAG
from sexton import Principal, Refused, Resource, Sexton
from sexton.library.verbs import Verbs
from test_verbs import async_urls, state

WHO = Principal("acme", "code")


@pytest.fixture(params=["sync", "async"])
def call(request, sexton, make_sexton, database_url, engine):
    """Calls a verb in a transaction of the host's, over its synchronous or its asynchronous driver."""
    sexton.open()
    if request.param == "sync":

        def plain(verb: str, *args: Any, **options: Any) -> Any:
            with Session(engine) as session, session.begin():
                return getattr(sexton.sync, verb)(*args, principal=WHO, connection=session, **options)

        yield plain
        return
    theirs = create_async_engine(async_urls(database_url)[0])
    if theirs.dialect.name == "sqlite":
        event.listen(theirs.sync_engine, "connect", lambda c, _: c.cursor().execute("PRAGMA foreign_keys=ON"))

    async def awaited(verb: str, *args: Any, **options: Any) -> Any:
        try:
            async with AsyncSession(theirs) as session, session.begin():
                return await getattr(sexton, verb)(*args, principal=WHO, connection=session, **options)
        finally:
            await theirs.dispose()

    yield lambda *args, **options: asyncio.run(awaited(*args, **options))


def test_every_verb_has_the_same_signature_with_await_and_without():
    names = [name for name, one in inspect.getmembers(Sexton) if inspect.iscoroutinefunction(one)]
    verbs = [name for name in names if not name.startswith("_") and name != "api_key"]
    assert verbs == sorted(
        [
            "delete",
            "bulk_delete",
            "preview",
            "restore",
            "restore_job",
            "idempotent_create",
            "purge",
            "hold",
            "lift_hold",
        ]
    )
    for name in verbs:
        ours, plain = inspect.signature(getattr(Sexton, name)), inspect.signature(getattr(Verbs, name))
        own = {
            n: (p.kind, p.default, p.annotation.replace("AnyConnection", "HostConnection"))
            for n, p in ours.parameters.items()
            if n != "self"
        }
        assert own == {n: (p.kind, p.default, p.annotation) for n, p in plain.parameters.items() if n != "self"}, name
        assert ours.return_annotation == plain.return_annotation, name


# -- keys ----------------------------------------------------------------------------------------------------------


def test_the_same_call_under_a_key_returns_what_it_returned(call, sexton, engine):
    first = call("delete", Flag, "f1", cascade=True, idempotency_key="k1")
    assert first.outcome == "deleted"
    after = state(sexton, engine)
    assert call("delete", Flag, "f1", cascade=True, idempotency_key="k1") == first
    assert state(sexton, engine) == after
    back = call("restore", Flag, "f1", idempotency_key="k2")
    assert (back.outcome, call("restore", Flag, "f1", idempotency_key="k2")) == ("restored", back)
    many = call("bulk_delete", Order, [1, 2, 77], idempotency_key="k3")
    assert [one.outcome for one in many.results] == ["deleted", "deleted", "not_found"]
    assert call("bulk_delete", Order, [1, 2, 77], idempotency_key="k3") == many
    undone = call("restore_job", many.job.id, idempotency_key="k4")
    assert call("restore_job", many.job.id, idempotency_key="k4") == undone
    later = call("bulk_delete", Order, [1], idempotency_key="k5", respond_async=True)
    assert (later.results, call("bulk_delete", Order, [1], idempotency_key="k5", respond_async=True)) == (None, later)


OTHERS = {
    "item": partial(dict, verb="delete", args=(Order, 2)),
    "verb": partial(dict, verb="restore", args=(Order, 1)),
    "options": partial(dict, verb="delete", args=(Order, 1), cascade=True),
    "many": partial(dict, verb="bulk_delete", args=(Order, [1])),
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_call_under_the_key_is_refused(sexton, engine, other):
    sexton.sync.delete(Order, 1, principal=WHO, idempotency_key="k")
    told = OTHERS[other]()
    verb, args = told.pop("verb"), told.pop("args")
    with pytest.raises(Refused) as raised:
        getattr(sexton.sync, verb)(*args, principal=WHO, idempotency_key="k", **told)
    assert raised.value.problem.code == "idempotency-key-reused"


def test_keys_belong_to_accounts_and_are_not_those_of_the_endpoints(sexton, host):
    who = Principal("globex", "k")
    sexton.sync.delete(Order, 1, principal=WHO, idempotency_key="k")
    assert sexton.sync.delete(Flag, "f3", principal=who, cascade=True, idempotency_key="k").outcome == "deleted"
    assert host("DELETE", "/orders/2", headers={"Idempotency-Key": "k"}).status_code == 204


def test_the_key_is_in_the_hosts_transaction(sexton, engine):
    sexton.open()
    before = state(sexton, engine)
    with Session(engine) as session:
        assert sexton.sync.delete(Order, 1, principal=WHO, connection=session, idempotency_key="k").outcome == "deleted"
        assert "idempotency_keys" in {n for n, rows in state_of(sexton, session).items() if rows}
        session.rollback()
    assert state(sexton, engine) == before
    assert sexton.sync.delete(Order, 1, principal=WHO, idempotency_key="k").outcome == "deleted"


def state_of(sexton, session) -> dict[str, Any]:
    table = sexton.store.dialect.own("idempotency_keys")
    return {"idempotency_keys": session.execute(text(f"SELECT * FROM {table}")).all()}


def test_what_did_nothing_is_not_kept(sexton, engine):
    assert sexton.sync.delete(Flag, "f2", principal=WHO, idempotency_key="k").outcome == "failed"
    assert sexton.sync.delete(Order, 77, principal=WHO, idempotency_key="k").outcome == "not_found"
    with pytest.raises(Refused):
        sexton.sync.bulk_delete(Order, [1], principal=WHO, idempotency_key="k", expected_count=9)
    assert sexton.sync.delete(Order, 1, principal=WHO, idempotency_key="k").outcome == "deleted"


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "ü"])
def test_a_key_that_is_none(sexton, engine, key):
    with pytest.raises(Refused) as raised:
        sexton.sync.delete(Order, 1, principal=WHO, idempotency_key=key)
    assert raised.value.problem.code == "idempotency-key-invalid"


def test_a_twin_waits_and_hears_the_same(sexton, engine):
    sexton.open()
    found: list[Any] = []

    def twin() -> None:
        found.append(sexton.sync.delete(Order, 1, principal=WHO, idempotency_key="k"))

    with Session(engine) as session, session.begin():
        first = sexton.sync.delete(Order, 1, principal=WHO, connection=session, idempotency_key="k")
        other = threading.Thread(target=twin)
        other.start()
        other.join(0.3)
        assert found == []
    other.join(20)
    assert found == [first]


# -- creates -------------------------------------------------------------------------------------------------------


def test_a_create_is_told_apart_from_its_retry(call, engine):
    values = {"id": "f9", "account_id": "acme", "name": "nine"}
    made = call("idempotent_create", Flag, values)
    assert (made.outcome, made.status, made.item["status"], made.item["version"]) == ("created", 201, "off", 1)
    again = call("idempotent_create", Flag, Flag(**values))
    assert (again.outcome, again.status, again.item) == ("live", 200, made.item)
    other = call("idempotent_create", Flag, values | {"name": "ten"})
    assert (other.outcome, other.status, str(other.error.code)) == ("failed", 409, "already-exists")
    assert call("delete", Flag, "f9").outcome == "deleted"
    late = call("idempotent_create", Flag, values)
    assert (late.outcome, late.status, late.tombstone.item_id, late.item) == ("gone", 410, "f9", None)


@pytest.mark.parametrize(("name", "outcome"), [("nine", "live"), ("ten", "failed")])
def test_a_create_beside_its_own_retry(sexton, engine, name, outcome):
    """The retry comes before the first has committed, waits for it, and finds what it made."""
    sexton.open()
    values, heard = {"id": "f9", "name": "nine"}, []
    retry = partial(sexton.sync.idempotent_create, Flag, values | {"name": name}, principal=WHO)
    waiting = threading.Thread(target=lambda: heard.append(retry()))
    with Session(engine) as session:
        assert sexton.sync.idempotent_create(Flag, values, principal=WHO, connection=session).status == 201
        waiting.start()
        waiting.join(0.3)
        assert heard == []
        session.commit()
    waiting.join(20)
    assert [str(one.outcome) for one in heard] == [outcome]
    if outcome == "failed":
        assert heard[0].error.code == "already-exists"


def test_a_create_joins_the_transaction(sexton, engine):
    sexton.open()
    before = state(sexton, engine)
    with Session(engine) as session:
        assert (
            sexton.sync.idempotent_create(Flag, {"id": "f9", "name": "x"}, principal=WHO, connection=session).status
            == 201
        )
        orphan = {"id": 9, "flag_id": "nobody", "value": "x"}
        default = Principal("default", "k")
        assert (
            sexton.sync.idempotent_create(Rule, orphan, principal=default, connection=session).error.code == "conflict"
        )
        assert (
            sexton.sync.idempotent_create(
                Rule, orphan | {"flag_id": "f9"}, principal=default, connection=session
            ).status
            == 201
        )
        assert session.get(Flag, "f9").status == "off"
        session.rollback()
    assert state(sexton, engine) == before


def test_values_that_are_no_row_are_refused(sexton, engine):
    for values, told in (
        ({"id": "x", "nmae": "y"}, "no column 'nmae'"),
        ({"id": "x", "account_id": "globex"}, "your own account"),
    ):
        with pytest.raises(Refused, match=told):
            sexton.sync.idempotent_create(Flag, values, principal=WHO)
    with Session(engine) as session:
        flag = Flag(id="x", name="y")
        session.add(flag)
        with pytest.raises(ValueError, match=r"leave session.add\(…\) out"):
            sexton.sync.idempotent_create(Flag, flag, principal=WHO)
        session.expunge_all()
    with pytest.raises(TypeError, match="takes a mapping, or an instance of that model"):
        sexton.sync.idempotent_create(Flag, Order(id=1), principal=WHO)


class Colour(Enum):
    RED = "r"


class Typed(DeclarativeBase):
    pass


class Thing(Typed):
    __tablename__ = "things"
    key: Mapped[uuid.UUID] = mapped_column("id", Uuid, primary_key=True)
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    made: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=lambda: datetime(2026, 1, 2, tzinfo=UTC))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    about: Mapped[dict[str, Any]] = mapped_column(JSON)
    colour: Mapped[Colour] = mapped_column(EnumType(Colour, native_enum=False))
    lasts: Mapped[timedelta] = mapped_column(Interval)
    label: Mapped[str] = mapped_column(default=lambda context: str(context.get_current_parameters()["price"]))


def test_every_value_is_stored_as_the_orm_would(make_sexton, engine):
    Typed.metadata.create_all(engine)
    sexton = make_sexton(Resource(Thing))
    values = {
        "key": uuid.UUID(int=7),
        "price": Decimal("10.10"),
        "data": b"\x00\xff",
        "about": {"a": [1, None]},
        "colour": Colour.RED,
        "lasts": timedelta(days=2, seconds=3),
    }
    who = Principal("default", "k")
    assert [sexton.sync.idempotent_create(Thing, values, principal=who).status for _ in range(2)] == [201, 200]
    with Session(engine) as session:
        thing = session.get(Thing, uuid.UUID(int=7))
        found = (thing.price, thing.data, thing.about, thing.colour, thing.made.replace(tzinfo=UTC))
        assert (thing.lasts, thing.label) == (timedelta(days=2, seconds=3), "10.10")
    assert found == (Decimal("10.10"), b"\x00\xff", {"a": [1, None]}, Colour.RED, datetime(2026, 1, 2, tzinfo=UTC))
    assert sexton.sync.delete(Thing, uuid.UUID(int=7), principal=who).outcome == "deleted"
    assert sexton.sync.idempotent_create(Thing, Thing(**values), principal=who).status == 410


# -- undone jobs, savepoints ---------------------------------------------------------------------------------------


def test_a_whole_job_is_undone(call, sexton, engine):
    before = state(sexton, engine)
    job = call("bulk_delete", Flag, ["f1", "f2", "f4"], cascade=True).job
    undone = call("restore_job", job.id)
    assert (undone.job.source_job_id, str(undone.job.state)) == (job.id, "completed")
    assert [(one.id, one.outcome) for one in undone.results] == [("f1", "restored")]
    after = state(sexton, engine)
    assert (after["flags"], after["rules"]) == (before["flags"], before["rules"])
    with pytest.raises(Refused, match="is an undo itself"):
        call("restore_job", undone.job.id)
    with pytest.raises(Refused, match="no job 'job_nobody'"):
        call("restore_job", "job_nobody")


def test_an_undo_for_the_workers(sexton, engine):
    job = sexton.sync.bulk_delete(Order, [1], principal=WHO).job
    later = sexton.sync.restore_job(job.id, principal=WHO, respond_async=True)
    assert (later.results, str(later.job.state)) == (None, "queued")
    with pytest.raises(Refused, match="no job"):
        sexton.sync.restore_job(job.id, principal=Principal("globex", "k"))


def test_an_undo_expires_the_sessions_objects(make_sexton, engine):
    sexton = make_sexton(Resource(Flag, **FLAG | {"strategy": "soft"}), Resource(Rule, expose=False))
    with Session(engine) as session:
        flag = session.get(Flag, "f1")
        job = sexton.sync.bulk_delete(Flag, ["f1"], cascade=True, principal=WHO, connection=session).job
        assert flag.deleted_at is not None
        sexton.sync.restore_job(job.id, principal=WHO, connection=session)
        assert flag.deleted_at is None


@pytest.mark.parametrize("savepoint", [True, False])
def test_a_savepoint_where_it_is_wanted(sexton, engine, savepoint):
    sexton.open()
    sent: list[str] = []
    with engine.connect() as connection:
        event.listen(connection, "savepoint", lambda _c, name: sent.append(name))
        who = {"principal": WHO, "connection": connection, "savepoint": savepoint}
        assert sexton.sync.delete(Order, 1, **who).outcome == "deleted"
        assert len(sent) == savepoint
        assert sexton.sync.restore(Order, 1, **who).outcome == "restored"
        job = sexton.sync.bulk_delete(Order, [1, 2], **who).job
        assert sexton.sync.restore_job(job.id, **who).results[0].outcome == "restored"
        assert sexton.sync.idempotent_create(Order, {"id": 3, "total": 1}, **who).status == 201
        with pytest.raises(Refused):
            sexton.sync.bulk_delete(Order, [1], expected_count=9, **who)
        connection.rollback()
    assert len(state(sexton, engine)["orders"]) == 2

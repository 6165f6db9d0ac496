"""A wrong declaration fails at the start, with one sentence that says how to mend it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, create_engine, func, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from host_models import Comment, Flag, Order, Rule
from hosting import FLAG
from sexton import ConfigurationError, Principal, Resource, Sexton
from sexton.library.engines import address_of

WHO = Principal("acme", "k")


class Pet(DeclarativeBase):
    pass


class Animal(Pet):
    __tablename__ = "animals"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}  # noqa: RUF012


class Dog(Animal):
    __mapper_args__ = {"polymorphic_identity": "dog"}  # noqa: RUF012


WRONG = {
    "not a resource": ([Flag], r"write Resource\(Flag, …\)"),
    "not mapped": ([Resource(dict)], "neither a mapped class nor a Table"),
    "an instance": ([Resource(SimpleNamespace())], "neither a mapped class nor a Table"),
    "inherits": ([Resource(Dog)], "declare that class instead"),
    "one name twice": ([Resource(Flag), Resource(Rule, name="flags")], "another name="),
    "one table twice": ([Resource(Flag), Resource(Flag, name="more")], "declare it once"),
    "a column of another table": ([Resource(Flag, account=Order.account_id)], "it is of orders"),
    "no such column": ([Resource(Flag, account="acount_id")], "the nearest is 'account_id'"),
    "soft without a column": ([Resource(Order, strategy="soft")], "needs a column 'deleted_at'"),
    "soft over another table's": ([Resource(Order, strategy="soft", deleted_at=Flag.deleted_at)], "it is of flags"),
    "no such strategy": ([Resource(Flag, strategy="gentle")], 'take one of "archive", "soft", "hard"'),
    "a reserved name": ([Resource(Flag, name="audit")], "Sexton's own paths"),
    "a name with a slash": ([Resource(Flag, name="a/b")], "cannot be a part of a URL"),
    "seconds": ([Resource(Flag, memory=30)], r"timedelta\(days=30\)"),
    "negative": ([Resource(Flag, recovery_window=timedelta(-1))], "no time to wait"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_needs_no_database_fails_at_once(case):
    declared, told = WRONG[case]
    with pytest.raises(ConfigurationError, match=told) as raised:
        Sexton(create_engine("sqlite:///x.db"), declared)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("engine", "told"),
    [
        ("sqlite:///x.db", "not str: call create_engine"),
        (create_engine("sqlite://"), "use a file"),
        (create_async_engine("sqlite+aiosqlite:///:memory:"), "use a file"),
    ],
)
def test_engines_that_cannot_be(engine, told):
    with pytest.raises(ConfigurationError, match=told):
        Sexton(engine, [])


@pytest.mark.parametrize(
    ("theirs", "own"),
    [
        (
            "postgresql+asyncpg://u:p%40@h:5/d?ssl=require&prepared_statement_cache_size=0",
            "postgresql+psycopg://u:p%40@h:5/d?sslmode=require",
        ),
        ("postgresql+psycopg://u@h/d?sslmode=disable", "postgresql+psycopg://u@h/d?sslmode=disable"),
        ("sqlite+aiosqlite:////tmp/a.db", "sqlite+pysqlite:////tmp/a.db"),
    ],
)
def test_the_own_engine_has_the_hosts_address(theirs, own):
    make = create_async_engine if "async" in theirs or "aio" in theirs else create_engine
    assert address_of(make(theirs)).render_as_string(hide_password=False) == own


_HOST = MetaData()
GHOST = Table("ghosts", _HOST, Column("id", Integer, primary_key=True))
OTHER_KEY = Table("orders", _HOST, Column("account_id", String, primary_key=True))
NARROW = Table("flags", _HOST, Column("id", String, primary_key=True), Column("tenant", String))
KEYLESS = Table("keyless", MetaData(), Column("flag_id", String, ForeignKey("flags.id")))
NO_TIME = Table("flags", MetaData(), Column("id", String, primary_key=True), Column("version", Integer))

AT_START = {
    "no such table": (Resource(GHOST), "no table ghosts: run your migrations first"),
    "another key": (Resource(OTHER_KEY), r"primary key is \(account_id\), the table's is \(id\)"),
    "no account column": (
        Resource(NARROW, account="tenant"),
        "account is 'tenant', which the table flags does not have",
    ),
    "no time": (Resource(NO_TIME, strategy="soft", deleted_at="version"), "needs a nullable timestamp"),
    "rule over another table": (Resource(Flag, block_when=Rule.value == "x"), r"ask other tables in a guard="),
    "rule as text": (Resource(Flag, block_when="status = 'x'"), "is no SQL expression"),
    "rule the database refuses": (Resource(Flag, block_when=func.nonsense(Flag.name) > 1), "does not take block_when"),
    "cascade to a stranger": (Resource(Flag, cascade=[Order]), "no foreign key of it points at flags"),
    "cascade to a ghost": (Resource(Flag, cascade=[GHOST]), "no table ghosts"),
    "a hidden name": (Resource(Flag, name="comments"), "declare that table too"),
}


@pytest.mark.parametrize("case", AT_START)
def test_what_the_database_shows_fails_at_the_start(make_sexton, case):
    declared, told = AT_START[case]
    with pytest.raises(ConfigurationError, match=told) as raised:
        make_sexton(declared).open()
    assert "\n" not in str(raised.value)


def test_a_child_without_a_key_cannot_go_along(make_sexton, engine):
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE keyless (flag_id VARCHAR(40) REFERENCES flags (id))"))
    with pytest.raises(ConfigurationError, match="has no primary key"):
        make_sexton(Resource(Flag, cascade=[KEYLESS])).open()


@pytest.mark.parametrize(
    "rule",
    [
        Flag.status == "it's 50% :done",
        Flag.status.in_(["a%b", "it's 50% :done"]),
        Flag.status.like("it's 50\\%%", escape="\\"),
        (Flag.version > 0) & ~Flag.status.startswith("off"),
    ],
)
def test_rules_are_written_out_exactly(make_sexton, engine, rule):
    with engine.begin() as connection:
        connection.execute(Flag.__table__.update().where(Flag.id == "f2").values(status="it's 50% :done"))
    sexton = make_sexton(Resource(Flag, account=Flag.account_id, block_when=rule, cascade=[Rule, Comment]))
    outcomes = [sexton.sync.delete(Flag, id_, principal=WHO, cascade=True).outcome for id_ in ("f1", "f2", "f4")]
    assert outcomes == ["deleted", "failed", "deleted"]
    assert sexton.sync.bulk_delete(Flag, ["f2"], principal=WHO).results[0].error.code == "blocked"


def test_a_backslash_in_a_rule_is_one(make_sexton, engine):
    """SQLAlchemy 2.0 doubles it where it has not asked a server, and the rule would be true of nothing."""
    with engine.begin() as connection:
        connection.execute(Flag.__table__.update().where(Flag.id == "f2").values(status="C:\\off"))
    sexton = make_sexton(Resource(Flag, account=Flag.account_id, block_when=Flag.status == "C:\\off", cascade=[Rule]))
    assert sexton.sync.delete(Flag, "f2", principal=WHO, cascade=True).error.code == "blocked"


def test_undeclared_tables_are_seen_by_plans(make_sexton, engine):
    sexton = make_sexton(Resource(Flag, account=Flag.account_id))
    assert sexton.sync.delete(Flag, "f4", principal=WHO).error.code == "referenced"
    assert sexton.sync.delete(Flag, "f4", principal=WHO, cascade=True).dependents == {"comments": 1}
    assert sexton.sync.restore(Flag, "f4", principal=WHO).items == {"flags": ["f4"], "comments": ["1"]}


def test_a_guard_is_asked_once_for_all_with_values_and_in_the_transaction(make_sexton, engine):
    asked = []

    def guard(connection, ids):
        asked.append(ids)
        return {2: connection.execute(text("SELECT 'order ' || id FROM orders WHERE id = 2")).scalar_one()}

    sexton = make_sexton(Resource(Order, account="account_id", guard=guard))
    done = sexton.sync.bulk_delete(Order, [1, 2], principal=WHO)
    assert asked == [[1, 2]]
    assert [one.outcome for one in done.results] == ["deleted", "failed"]
    assert done.results[1].error.detail == "order 2"
    assert sexton.sync.delete(Order, 2, principal=WHO).error.code == "blocked"
    found = sexton.sync.preview(Order, filter={"all": True}, principal=WHO)
    assert (found.findings.count, found.findings.blocked_count) == (1, 1)


def test_a_dependents_guard_keeps_the_whole(make_sexton, engine):
    rules = Resource(Rule, expose=False, guard=lambda _connection, ids: {id_: "in use" for id_ in ids if id_ == 2})
    sexton = make_sexton(Resource(Flag, **FLAG), rules)
    refused = sexton.sync.delete(Flag, "f1", principal=WHO, cascade=True)
    assert (refused.outcome, refused.error.detail) == ("failed", "rules/2 would go with it, but: in use")


def test_plain_tables(make_sexton, engine):
    sexton = make_sexton(Resource(Order.__table__, name="bills", account="account_id"))
    assert sexton.sync.delete(Order.__table__, 1, principal=WHO).outcome == "deleted"
    assert sexton.sync.delete("bills", 2, principal=WHO).outcome == "deleted"
    with pytest.raises(ConfigurationError, match="is no declared resource"):
        sexton.sync.delete(Flag, "f1", principal=WHO)


@pytest.mark.parametrize("cascade", [[], [Comment]])
def test_what_is_not_named_stays(make_sexton, engine, cascade):
    sexton = make_sexton(Resource(Flag, account="account_id", cascade=cascade))
    assert sexton.sync.delete(Flag, "f1", principal=WHO, cascade=True).error.code == "referenced"
    expected = "deleted" if cascade else "failed"
    assert sexton.sync.delete(Flag, "f4", principal=WHO, cascade=True).outcome == expected

"""The audit cannot be changed, and what is due is purged no earlier than promised."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from sexton.actions.delete import delete
from sexton.actions.purge import purge
from sexton.model import Principal, Target
from sexton.server.advice import examine
from sexton.server.assembly import open_store
from sexton.server.configuration import Settings


@pytest.fixture
def store(database_url):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, v TEXT)"))
        connection.execute(text("INSERT INTO things VALUES (1, 'a'), (2, 'b')"))
        connection.execute(text("CREATE TABLE marks (id INTEGER PRIMARY KEY, name TEXT UNIQUE, deleted_at TIMESTAMP)"))
        connection.execute(text("CREATE TABLE lines (id INTEGER PRIMARY KEY, thing_id INTEGER REFERENCES things (id))"))
        connection.execute(text("CREATE TABLE keyless (v TEXT)"))
    engine.dispose()
    store = open_store(Settings(database={"url": database_url}, resources={"marks": {"strategy": "soft"}}))
    yield store
    store.dialect.close(store.engine)


def _delete(store, item_id):
    with store.write() as connection:
        now = store.dialect.now(connection)
        things = store.catalog.resources["things"]
        return delete(connection, store, things, Target(item_id), principal=Principal("default", "k"), now=now), now


@pytest.mark.parametrize("change", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_audit_is_append_only(store, change):
    _delete(store, "1")
    table = store.dialect.own("audit_log")
    with pytest.raises(DBAPIError), store.write() as connection:
        connection.execute(text(change.format(table)))
    with store.read() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 1


def test_a_purge_keeps_its_dates(store):
    done, now = _delete(store, "1")
    assert done.restorable_until == now + timedelta(days=30)
    assert purge(store, now=now + timedelta(days=29, hours=23)).purged == {}
    later = now + timedelta(days=30, seconds=1)
    assert purge(store, now=later, dry_run=True).purged == {"things": 1}
    assert purge(store, now=later).purged == {"things": 1}
    assert purge(store, now=later).purged == {}
    stones = store.dialect.own("tombstones")
    with store.read() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {stones} WHERE snapshot IS NULL")).scalar() == 1
    assert purge(store, now=later + timedelta(hours=24)).forgotten == 1
    with store.read() as connection:
        actions = connection.execute(text(f"SELECT action FROM {store.dialect.own('audit_log')} ORDER BY at")).scalars()
        assert list(actions) == ["delete", "purge"]


def test_the_doctor_names_what_hurts(store):
    found = {(finding.check, finding.subject) for finding in examine(store)}
    assert {
        ("missing-primary-key", "keyless"),
        ("foreign-key-without-index", "lines"),
        ("unique-on-soft-table", "marks"),
    } <= found
    index = next(f.sql for f in examine(store) if f.check == "foreign-key-without-index")
    with store.write() as connection:
        connection.exec_driver_sql(index)
    assert any("keyless" in warning for warning in store.catalog.warnings)

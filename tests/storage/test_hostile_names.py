"""Hostile names and values: identifiers are quoted, values bound, also in filters, rules and other schemas."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from sexton.actions.delete import delete
from sexton.actions.preview import preview
from sexton.actions.restore import restore
from sexton.errors import Refused
from sexton.filters import parse
from sexton.model import Outcome, Principal, Target
from sexton.server.assembly import open_store
from sexton.server.configuration import Settings
from sexton.storage import chunks, items

NAMES = [
    'a"b',
    "a'b",
    "a:b",
    "a%b",
    "a%sb",
    "a%(x)sb",
    "a;drop table x",
    "select",
    "a\\b",
    "a\\:b",
    "ä ö",
    "t",
    "r",
    "k0",
    "a--b",
    "a.b",
]
ME = Principal("default", "k")


@pytest.mark.parametrize("name", NAMES)
def test_a_table_and_a_column_of_any_name(database_url, name):
    quoted = '"' + name.replace('"', '""') + '"'
    engine = create_engine(database_url)
    with engine.begin() as connection:
        raw = connection.connection.driver_connection
        raw.execute(f"CREATE TABLE {quoted} (id INTEGER PRIMARY KEY, {quoted} TEXT)")
        raw.execute(f"INSERT INTO {quoted} VALUES (1, 'it''s'), (2, 'x')")
    engine.dispose()
    store = open_store(Settings(database={"url": database_url}))
    resource = store.catalog.resources[name]
    with store.write() as connection:
        now = store.dialect.now(connection)
        conditions = parse(resource.table, {name: "it's"})
        found = preview(
            connection,
            store,
            resource,
            targets=None,
            conditions=conditions,
            cascade=True,
            request={},
            principal=ME,
            now=now,
        )
        assert found.findings.count == 1
        assert found.sample == [{"id": 1, name: "it's"}]
        done = delete(connection, store, resource, Target("1"), principal=ME, now=now)
        assert done.result.outcome is Outcome.DELETED
        listed = items.archived(
            connection, store, resource, "default", conditions=conditions, after=0, limit=5, now=now
        )
        assert [item.document for _, item, _ in listed] == [{"id": 1, name: "it's"}]
        back = restore(connection, store, resource, "1", principal=ME, now=now)
        assert back.results[0].outcome is Outcome.RESTORED
        made = items.insert(connection, store, resource, {"id": 3, name: "new"})
        items.update(connection, store, resource, made, {name: "newer"}, now)
        item = items.get(connection, store, resource, "default", ("3",))
        assert item is not None
        assert item.document == {"id": 3, name: "newer"}
    store.dialect.close(store.engine)


VALUES = ["' OR '1'='1", "'; DROP TABLE things; --", "%", "_", "*", "\\", '"', "x' UNION SELECT 1 --", "a\u0000b"]


@pytest.mark.parametrize("operator", ["eq", "ne", "lt", "gte", "in", "prefix"])
def test_a_value_is_only_a_value(database_url, operator):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, v TEXT)"))
        connection.execute(text("INSERT INTO things VALUES (1, 'plain')"))
    engine.dispose()
    store = open_store(Settings(database={"url": database_url}))
    resource = store.catalog.resources["things"]
    for value in VALUES:
        conditions = parse(resource.table, {"v": {operator: [value] if operator == "in" else value}})
        with store.write() as connection:
            try:
                name = f"p{VALUES.index(value)}"
                items.freeze(connection, store, resource, "default", conditions, name)
                found = chunks.size(connection, store, name)
            except Refused:
                assert "\0" in value
                continue
        expected = {"ne": 1, "lt": value > "plain", "gte": value <= "plain"}.get(operator, 0)
        if value.isascii() and operator in ("eq", "in", "prefix", "ne"):
            assert found == expected, value
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM things")).scalar() == 1
    store.dialect.close(store.engine)

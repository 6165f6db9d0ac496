"""However the tables came about, they are the same: new, brought up from the first release, or as `tables` says."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, MetaData, inspect, text

from sexton.storage.dialects import Dialect
from sexton.storage.tables import own_tables
from upgrading import bring, load, opened

POSTGRESQL_CODE = """
SELECT tgname, pg_get_triggerdef(t.oid), pg_get_functiondef(tgfoid) FROM pg_trigger t
JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = 'sexton' AND NOT tgisinternal ORDER BY 1
"""
SQLITE_CODE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'sexton%' ORDER BY 1"
REST = """
SELECT conname, contype, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace
WHERE nspname = 'sexton' AND contype <> 'n' ORDER BY 1
"""


def shape_of(connection: Connection, dialect: Dialect) -> dict[str, Any]:
    """Columns, keys and indexes, whatever their order."""
    look, schema = inspect(connection), dialect.own_schema
    tables = sorted(name for name in look.get_table_names(schema) if name.startswith(dialect.own_prefix))
    found: dict[str, Any] = {}
    for name in tables:
        columns = [
            (one["name"], str(one["type"]), one["nullable"], one["default"]) for one in look.get_columns(name, schema)
        ]
        indexes = [
            (
                one["name"],
                one["column_names"],
                bool(one["unique"]),
                {k: str(v) for k, v in one["dialect_options"].items()},
            )
            for one in look.get_indexes(name, schema)
        ]
        key = look.get_pk_constraint(name, schema)["constrained_columns"]
        found[name] = (sorted(columns, key=repr), sorted(indexes, key=repr), key)
    found.pop(dialect.own_prefix + "schema_version", None)
    return found


def code_of(connection: Connection, dialect: Dialect) -> list[Any]:
    """Triggers with their functions, and constraints where they have names."""
    asked = [POSTGRESQL_CODE, REST] if dialect.own_schema else [SQLITE_CODE]
    return [tuple(row) for sql in asked for row in connection.execute(text(sql))]


def look_at(url: str) -> tuple[dict[str, Any], list[Any]]:
    with opened(url) as (engine, dialect), engine.connect() as connection:
        return shape_of(connection, dialect), code_of(connection, dialect)


def test_new_tables_are_those_that_the_first_release_became(database_url, another_url):
    bring(database_url, "head")
    load(another_url)
    bring(another_url, "head")
    (shape, code), (grown, grown_code) = look_at(database_url), look_at(another_url)
    assert shape == grown
    assert code == grown_code
    assert len(shape) > 15
    assert len(code) >= 3


def test_the_tables_that_the_code_knows_are_those_that_migrations_make(database_url, another_url):
    bring(database_url, "head")
    with opened(another_url) as (engine, dialect), engine.begin() as connection:
        if dialect.own_schema:
            connection.execute(text(f"CREATE SCHEMA {dialect.own_schema}"))
        metadata = MetaData()
        own_tables(metadata, dialect.own_schema, dialect.own_prefix)
        metadata.create_all(connection)
        described = shape_of(connection, dialect)
    assert described == look_at(database_url)[0]

"""What about a database would hurt when rows are deleted from it, and the SQL that mends each. Changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, inspect, text

from sexton.resource import Kind, Resource
from sexton.storage.opening import create_index
from sexton.storage.store import Store

_DRIFT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that would hurt: what, why, and the SQL that mends it (empty where none can be printed)."""

    check: str
    subject: str
    detail: str
    sql: str = ""


def examine(store: Store) -> list[Finding]:
    """All findings."""
    with store.read() as connection:
        return [
            *_missing_keys(store),
            *_unindexed(store),
            *_unique_on_soft(connection, store),
            *_reusable_ids(connection, store),
            *_foreign_keys_off(connection, store),
            *_clock_drift(connection, store),
        ]


def _missing_keys(store: Store) -> Iterator[Finding]:
    for table in store.catalog.tables:
        if not table.key:
            sql = f"ALTER TABLE {store.dialect.relation(table)} ADD PRIMARY KEY (…);"
            yield Finding("missing-primary-key", table.name, "its rows have no address and are not served", sql)


def _unindexed(store: Store) -> Iterator[Finding]:
    for key in store.catalog.foreign_keys:
        if not key.indexed:
            detail = f"points at {key.parent.name} without an index: each delete there reads all of {key.child.name}"
            yield Finding("foreign-key-without-index", key.child.name, detail, create_index(key))


def _unique_on_soft(connection: Connection, store: Store) -> Iterator[Finding]:
    inspector = inspect(connection)
    for resource in store.catalog.resources.values():
        if not resource.soft:
            continue
        table = resource.table
        for index in inspector.get_indexes(table.name, schema=table.schema):
            options = index.get("dialect_options") or {}
            if index.get("unique") and not any(name.endswith("_where") and value for name, value in options.items()):
                yield _blocking(store, resource, str(index["name"]), [str(name) for name in index["column_names"]])
        for unique in inspector.get_unique_constraints(table.name, schema=table.schema):
            yield _blocking(store, resource, str(unique["name"] or "unnamed"), list(unique["column_names"]))


def _blocking(store: Store, resource: Resource, name: str, columns: list[str]) -> Finding:
    quote, relation = store.dialect.quote, store.dialect.relation(resource.table)
    listed = ", ".join(quote(column) for column in columns)
    partial = (
        f"CREATE UNIQUE INDEX {quote(f'ux_{resource.table.name}_live')} ON {relation} ({listed})"
        f" WHERE {quote(resource.deleted_at_column)} IS NULL;"
    )
    detail = f"{name} ({', '.join(columns)}) counts soft-deleted rows too: their values stay taken, invisibly"
    if store.dialect.own_schema is None:
        return Finding(
            "unique-on-soft-table",
            resource.name,
            f"{detail}; a table constraint needs a rebuild: or take archive",
            partial,
        )
    drop = f"ALTER TABLE {relation} DROP CONSTRAINT IF EXISTS {quote(name)}; DROP INDEX IF EXISTS {quote(name)};"
    return Finding("unique-on-soft-table", resource.name, detail, f"{drop} {partial}")


def _reusable_ids(connection: Connection, store: Store) -> Iterator[Finding]:
    if store.dialect.own_schema is not None:
        return
    named = text("SELECT name, coalesce(sql, '') AS sql FROM sqlite_master WHERE type = 'table'")
    made: dict[str, str] = {row.name: row.sql for row in connection.execute(named)}
    for resource in store.catalog.resources.values():
        table = resource.table
        whole = len(table.key) == 1 and table.key_columns[0].kind is Kind.INTEGER
        if whole and "AUTOINCREMENT" not in made[table.name].upper():
            detail = (
                "SQLite gives the highest row id again after its row was deleted: add AUTOINCREMENT (a table rebuild)"
            )
            yield Finding("reusable-row-ids", resource.name, detail)


def _foreign_keys_off(connection: Connection, store: Store) -> Iterator[Finding]:
    if store.dialect.own_schema is None and store.catalog.foreign_keys:
        with sqlite3.connect(":memory:") as plain:
            on = plain.execute("PRAGMA foreign_keys").fetchone()[0]
        if not on:
            detail = "off by default for every other program on this file: Sexton switches it on for itself"
            yield Finding("foreign-keys-off", str(store.engine.url.database), detail, "PRAGMA foreign_keys=ON;")
        broken = connection.execute(text("SELECT count(*) FROM pragma_foreign_key_check")).scalar()
        if broken:
            detail = f"{broken} row(s) point at nothing already"
            yield Finding("broken-references", str(store.engine.url.database), detail, "PRAGMA foreign_key_check;")


def _clock_drift(connection: Connection, store: Store) -> Iterator[Finding]:
    drift = abs((store.dialect.now(connection) - datetime.now(UTC)).total_seconds())
    if drift > _DRIFT_SECONDS:
        detail = f"the database's clock and this host's differ by {drift:.0f} s; Sexton goes by the database's"
        yield Finding("clock-drift", "now()", detail)

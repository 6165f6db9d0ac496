"""The statements that put rows back: value for value out of their snapshots, parents before children."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, text

from sexton import ids
from sexton.errors import PlanDiffers
from sexton.model import Tombstone
from sexton.plan import parents_first
from sexton.resource import Catalog, ForeignKey, Resource, Strategy, Table
from sexton.storage import shapes
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.rows import live
from sexton.storage.store import Store

Columns = tuple[str, ...]


def revive(connection: Connection, store: Store, stones: Sequence[Tombstone]) -> None:
    """Put back every row of these tombstones, then check that nothing it points at is missing.

    Raises PlanDiffers or the database's error where a row does not fit any more; the caller's savepoint rolls back.
    """
    store.dialect.defer_foreign_keys(connection)
    by_resource: dict[str, list[Tombstone]] = {}
    for stone in stones:
        if stone.strategy != Strategy.HARD:
            by_resource.setdefault(stone.resource, []).append(stone)
    for knot in knots(store.catalog, by_resource):
        _insert_knot(connection, store, [(resource, by_resource[resource.name]) for resource in knot])
    unmark(connection, store, stones)
    require_parents(connection, store, stones)


def unmark(connection: Connection, store: Store, stones: Sequence[Tombstone]) -> None:
    """Let the soft-deleted rows of these tombstones live again."""
    for resource, items in _items(store.catalog, (stone for stone in stones if stone.strategy == Strategy.SOFT)):
        _unmark(connection, store, resource, items)


def require_parents(connection: Connection, store: Store, stones: Sequence[Tombstone]) -> None:
    """Every parent of a restored row must be there, and live."""
    for resource, items in _items(store.catalog, (stone for stone in stones if stone.strategy != Strategy.HARD)):
        missing = missing_parent(connection, store, resource, keys_of(resource, items))
        if missing is not None:
            raise PlanDiffers(missing)


def _items(catalog: Catalog, stones: Iterable[Tombstone]) -> list[tuple[Resource, list[str]]]:
    found: dict[str, list[str]] = {}
    for stone in stones:
        found.setdefault(stone.resource, []).append(stone.item_id)
    return list(zip(resources(catalog, found), found.values(), strict=True))


def resources(catalog: Catalog, names: Iterable[str]) -> list[Resource]:
    """The resources of these names. Raises PlanDiffers where one is not there any more."""
    found = []
    for name in names:
        if name not in catalog.resources:
            message = f"the table of {name} is not there any more"
            raise PlanDiffers(message)
        found.append(catalog.resources[name])
    return found


def knots(catalog: Catalog, names: Iterable[str]) -> list[list[Resource]]:
    """Resources in the order their rows are inserted; those that point at each other stand together."""
    found = {id(resource.table): resource for resource in resources(catalog, names)}
    tables = [resource.table for resource in found.values()]
    return [[found[id(table)] for table in knot] for knot in parents_first(tables, catalog.foreign_keys)]


def _insert_knot(connection: Connection, store: Store, knot: Sequence[tuple[Resource, Sequence[Tombstone]]]) -> None:
    """Insert the rows of one table, or of tables that point at each other, in one statement where it matters."""
    bound: dict[str, Any] = {}
    steps: list[str] = []
    expected = 0
    for n, (resource, stones) in enumerate(knot):
        by_shape: dict[str, list[Tombstone]] = {}
        for stone in stones:
            if stone.strategy == Strategy.ARCHIVE and stone.shape is not None:
                by_shape.setdefault(stone.shape, []).append(stone)
        for m, (shape, those) in enumerate(by_shape.items()):
            columns = tuple(shapes.columns_of(connection, store, shape))
            parameter = f"ids{n}_{m}"
            bound |= store.dialect.bind(parameter, [(str(stone.id),) for stone in those], 1)
            steps.append(_insert(store.dialect, resource.table, columns, parameter))
            expected += len(those)
    insert(connection, store, steps, bound, expected, knot[0][0].name)


def insert(
    connection: Connection, store: Store, steps: Sequence[str], bound: dict[str, Any], expected: int, name: str
) -> None:
    """Insert rows of tables that may point at each other. Raises PlanDiffers where others came than expected."""
    if len(steps) > 1 and store.dialect.deletes_knots_at_once:
        parts = ", ".join(f"i{n} AS ({step} RETURNING 1)" for n, step in enumerate(steps))
        counts = " + ".join(f"(SELECT count(*) FROM i{n})" for n in range(len(steps)))
        inserted = int(connection.execute(text(f"WITH {parts} SELECT {counts}"), bound).scalar_one())
    else:
        inserted = sum(connection.execute(text(step), bound).rowcount for step in steps)
    if inserted != expected:
        message = f"the database kept out {expected - inserted} of {expected} row(s) of {name}"
        raise PlanDiffers(message)


@cache
def _insert(dialect: Dialect, table: Table, columns: Columns, parameter: str) -> str:
    return insertion(
        dialect,
        table,
        columns,
        f"SELECT e.snapshot FROM {dialect.records(parameter, ['id'])} AS r CROSS JOIN {dialect.own('tombstones')} AS e"
        f" WHERE e.id = CAST(r.id AS bigint){dialect.fence}",
    )


def insertion(dialect: Dialect, table: Table, columns: Columns, chosen: str) -> str:
    """Rows out of chosen snapshots, which were written with these columns."""
    kept = [(n, table.by_name[name]) for n, name in enumerate(columns) if name in table.by_name]
    kept = [(n, column) for n, column in kept if not column.generated]
    names = ", ".join(dialect.quote(column.name) for _, column in kept)
    values = ", ".join(dialect.unpack(column, n, "s.snapshot") for n, column in kept)
    override = " OVERRIDING SYSTEM VALUE" if any(column.identity_always for _, column in kept) else ""
    return f"INSERT INTO {dialect.relation(table)} ({names}){override} SELECT {values} FROM ({chosen}) AS s WHERE 1 = 1"


def keys_of(resource: Resource, item_ids: Iterable[str]) -> list[tuple[str, ...]]:
    """The key values of ids that the database itself spelled."""
    width = len(resource.table.key)
    return [parts for item in item_ids if (parts := ids.split(item, width))]


def _unmark(connection: Connection, store: Store, resource: Resource, soft: Sequence[str]) -> None:
    bound = store.dialect.bind("keys", keys_of(resource, soft), len(resource.table.key))
    count = _unmarking(store.dialect, resource).on(connection, bound).rowcount
    if count != len(soft):
        message = f"{len(soft) - count} row(s) of {resource.name} left their table with a parent: restore that first"
        raise PlanDiffers(message)


@cache
def _unmarking(dialect: Dialect, resource: Resource) -> Statement:
    table = resource.table
    names = [f"k{i}" for i in range(len(table.key))]
    return dialect.statement(
        f"UPDATE {dialect.relation(table)} AS t SET {dialect.quote(resource.deleted_at_column)} = NULL"
        f" FROM {dialect.records('keys', names)} AS r WHERE {dialect.key_match(table)} AND NOT {live(dialect, resource)}"
    )


def missing_parent(
    connection: Connection, store: Store, resource: Resource, keys: Sequence[tuple[str, ...]]
) -> str | None:
    """A sentence about a row of these whose parent is missing or soft-deleted; None where all have theirs."""
    links = [link for link in store.catalog.foreign_keys if link.child is resource.table]
    bound = store.dialect.bind("keys", keys, len(resource.table.key)) if links else {}
    for link in links:
        orphan = _orphans(store, link).on(connection, bound).first()
        if orphan is not None:
            value = ",".join(str(part) for part in orphan)
            return f"its parent is missing: {_name(store, link)} {value} ({', '.join(link.columns)})"
    return None


def _name(store: Store, link: ForeignKey) -> str:
    parent = store.catalog.of(link.parent)
    return parent.name if parent else link.parent.name


@cache
def _orphans(store: Store, link: ForeignKey) -> Statement:
    dialect, parent = store.dialect, store.catalog.of(link.parent)
    names = [f"k{i}" for i in range(len(link.child.key))]
    pairs = list(zip(link.columns, link.parent_columns, strict=True))
    same = " AND ".join(f"p.{dialect.quote(theirs)} = t.{dialect.quote(ours)}" for ours, theirs in pairs)
    alive = live(dialect, parent, "p") if parent else "1 = 1"
    if parent is not None and parent.soft and (child := store.catalog.of(link.child)) is not None and child.soft:
        trashed = f"NOT {live(dialect, child)}"
        alive = f"({alive} OR {trashed})"
    values = ", ".join(dialect.text_of(link.child.by_name[name]) for name in link.columns)
    present = " AND ".join(f"t.{dialect.quote(name)} IS NOT NULL" for name in link.columns)
    return dialect.statement(
        f"SELECT {values} FROM {dialect.records('keys', names)} AS r CROSS JOIN {dialect.relation(link.child)} AS t"
        f" WHERE {dialect.key_match(link.child)} AND {present} AND NOT EXISTS"
        f" (SELECT 1 FROM {dialect.relation(link.parent)} AS p WHERE {same} AND {alive}{dialect.fence}) LIMIT 1"
    )

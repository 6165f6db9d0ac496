"""The host's rows as items: read one, list a page, count, match a filter, create, change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from sexton import ids
from sexton.errors import Code, Refused
from sexton.filters import Condition, Operator
from sexton.resource import CHUNK_SIZE, Resource
from sexton.storage import shapes
from sexton.storage.dialects import Dialect
from sexton.storage.rows import in_account, live, owned_by, pointing_at, under_hold
from sexton.storage.store import Store

_QUOTE = "'\"'"
_SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A row as JSON values, with its key, its entity tag and whether it is soft-deleted."""

    parts: Parts
    document: dict[str, Any]
    etag: str | None = None
    trashed: bool = False

    @property
    def id(self) -> str:
        """As URLs spell it."""
        return ids.join(self.parts)


def _key(dialect: Dialect, resource: Resource) -> str:
    return ", ".join(dialect.key_text(column) for column in resource.table.key_columns)


def get(connection: Connection, store: Store, resource: Resource, account: str, parts: Parts) -> Item | None:
    """One row of the account, soft-deleted or not."""
    if not owned_by(store.dialect, resource, account):
        return None
    bound = store.dialect.bind("keys", [parts], len(parts)) | {"account": account}
    width = len(parts)
    for row in connection.execute(_get(store.dialect, resource), bound):
        if tuple(row[:width]) == parts:
            document = _document(store, resource, tuple(row[:width]), row[width + 2 :])
            return Item(parts, document, row[width], bool(row[width + 1]))
    return None


@cache
def _get(dialect: Dialect, resource: Resource) -> TextClause:
    table = resource.table
    names = [f"k{i}" for i in range(len(table.key))]
    trashed = f"CASE WHEN {live(dialect, resource)} THEN 0 ELSE 1 END"
    return text(
        f"SELECT {_key(dialect, resource)}, {dialect.etag(resource)}, {trashed}, {dialect.document_columns(table)}"
        f" FROM {dialect.records('keys', names)} AS r CROSS JOIN {dialect.relation(table)} AS t"
        f" WHERE {dialect.key_match(table)} AND {in_account(dialect, resource)}"
    )


def _document(store: Store, resource: Resource, parts: Parts, row: Sequence[Any]) -> dict[str, Any]:
    document = store.dialect.document(resource.table, row)
    return document if resource.has_plain_id else {**document, "_id": ids.join(parts)}


def page(  # noqa: PLR0913 — the query's parts
    connection: Connection,
    store: Store,
    resource: Resource,
    account: str,
    *,
    conditions: Sequence[Condition] = (),
    after: Sequence[str] | None = None,
    limit: int,
    trash: bool = False,
) -> list[Item]:
    """Rows in key order, after the key of the last one of the page before; `trash` lists soft-deleted ones."""
    dialect, table = store.dialect, resource.table
    if not owned_by(dialect, resource, account):
        return []
    where, bound = matching(dialect, resource, conditions)
    state = live(dialect, resource) if not trash else f"NOT {live(dialect, resource)}"
    where += f" AND {state}"
    if after is not None:
        own = ", ".join(f"t.{dialect.quote(name)}" for name in table.key)
        last = ", ".join(dialect.typed(column, f":after{i}") for i, column in enumerate(table.key_columns))
        where += f" AND ({own}) > ({last})"
        bound |= {f"after{i}": value for i, value in enumerate(after)}
    query = (
        f"SELECT {_key(dialect, resource)}, {dialect.document_columns(table)} FROM {dialect.relation(table)} AS t"
        f" WHERE {where} ORDER BY {dialect.key_order(table)} LIMIT :limit"
    )
    width = len(table.key)
    found = connection.execute(text(query), bound | {"account": account, "limit": limit})
    return [Item(tuple(row[:width]), _document(store, resource, tuple(row[:width]), row[width:])) for row in found]


def matching(dialect: Dialect, resource: Resource, conditions: Sequence[Condition]) -> tuple[str, dict[str, Any]]:
    """SQL condition of a filter over `t` within the bound `account`, and its parameters."""
    parts = [in_account(dialect, resource)]
    bound: dict[str, Any] = {}
    for n, condition in enumerate(conditions):
        sql, values = _condition(dialect, condition, f"f{n}")
        parts.append(sql)
        bound |= values
    return " AND ".join(parts), bound


def _condition(dialect: Dialect, condition: Condition, name: str) -> tuple[str, dict[str, Any]]:
    column, operator, value = condition.column, condition.operator, condition.value
    try:
        if operator is Operator.IS_NULL:
            return f"t.{dialect.quote(column.name)} IS {'' if value else 'NOT '}NULL", {}
        if operator is Operator.PREFIX:
            return dialect.starts_with(column, name), {name: dialect.operand(column, value)}
        if operator is Operator.IN:
            bound = {f"{name}_{i}": dialect.operand(column, one) for i, one in enumerate(value)}
            return "(" + " OR ".join(dialect.compare(column, "=", key) for key in bound) + ")", bound
        return dialect.compare(column, _SIGNS[operator], name), {name: dialect.operand(column, value)}
    except (ValueError, TypeError):
        detail = f"{value!r} cannot be compared with {column.name}, which is {column.sql_type or column.kind}"
        pointer = f"#/filter/{column.name}"
        raise Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": pointer}]) from None


def count(connection: Connection, store: Store, resource: Resource, account: str) -> int:
    """The live rows of an account."""
    dialect = store.dialect
    if not owned_by(dialect, resource, account):
        return 0
    query = (
        f"SELECT count(*) FROM {dialect.relation(resource.table)} AS t"
        f" WHERE {in_account(dialect, resource)} AND {live(dialect, resource)}"
    )
    return int(connection.execute(text(query), {"account": account}).scalar_one())


def freeze(
    connection: Connection,
    store: Store,
    resource: Resource,
    account: str,
    conditions: Sequence[Condition],
    preview_id: str,
) -> None:
    """Write the ids and versions of all matching rows into chunks of a preview, inside the database."""
    dialect = store.dialect
    if not owned_by(dialect, resource, account):
        return
    where, bound = matching(dialect, resource, conditions)
    table = resource.table
    numbered = (
        f"SELECT {dialect.item_id(table)} AS id, {_QUOTE} || {dialect.etag(resource)} || {_QUOTE} AS version,"
        f" row_number() OVER (ORDER BY {dialect.key_order(table)}) - 1 AS place FROM {dialect.relation(table)} AS t"
        f" WHERE {where} AND {live(dialect, resource)}"
    )
    gathered = f"{dialect.gather('id', 'place')}, {dialect.gather('version', 'place')}"
    connection.execute(
        text(
            f"INSERT INTO {dialect.own('bulk_chunks')} (job_id, n, state, place, size, ids, versions, counts, exceptions)"
            f" SELECT CAST(:preview AS text), place / {CHUNK_SIZE}, 'frozen', min(place), count(*), {gathered}, '{{}}', '{{}}'"
            f" FROM (SELECT * FROM ({numbered}) AS m ORDER BY place) AS o GROUP BY place / {CHUNK_SIZE}"
        ),
        bound | {"account": account, "preview": preview_id},
    )


def kept(
    connection: Connection, store: Store, resource: Resource, account: str, conditions: Sequence[Condition]
) -> Iterator[str]:
    """The ids of matching rows that a hold or a rule keeps, or that others point at, read a few at a time."""
    links = store.catalog.inbound(resource.table)
    if not owned_by(store.dialect, resource, account):
        return
    where, bound = matching(store.dialect, resource, conditions)
    keepers = [under_hold(store.dialect, resource), *(f"EXISTS ({pointing_at(store.dialect, link)})" for link in links)]
    if resource.block_when:
        keepers.append(f"({resource.block_when})".replace(":", "\\:"))
    query = (
        f"SELECT {store.dialect.item_id(resource.table)} FROM {store.dialect.relation(resource.table)} AS t"
        f" WHERE {where} AND {live(store.dialect, resource)} AND ({' OR '.join(keepers)})"
    )
    streamed = text(query).execution_options(yield_per=CHUNK_SIZE)
    yield from connection.execute(streamed, bound | {"account": account}).scalars()


def archived(  # noqa: PLR0913 — the query's parts
    connection: Connection,
    store: Store,
    resource: Resource,
    account: str,
    *,
    conditions: Sequence[Condition],
    after: int,
    limit: int,
    now: datetime,
) -> list[tuple[int, Item, Any]]:
    """Deleted rows that can be restored, out of their snapshots: (tombstone's id, item, its dates), oldest first."""
    dialect = store.dialect
    stones = dialect.own("tombstones")
    mine = (
        "s.resource = :resource AND s.account = :account AND s.id > :after AND s.purged_at IS NULL"
        " AND s.restorable_until > :now AND s.snapshot IS NOT NULL"
    )
    bound = {"resource": resource.name, "account": account, "after": after, "now": dialect.bind_time(now)}
    found_shapes = connection.execute(text(f"SELECT DISTINCT s.shape FROM {stones} AS s WHERE {mine}"), bound)
    out = []
    for shape in list(found_shapes.scalars()):
        names = shapes.columns_of(connection, store, shape)
        where, values = matching(dialect, resource, conditions)
        query = (
            f"SELECT t.sexton_stone, t.sexton_item, t.sexton_deleted, t.sexton_until, t.sexton_audit,"
            f" {dialect.document_columns(resource.table)} FROM (SELECT s.id AS sexton_stone, s.item_id AS sexton_item,"
            " s.deleted_at AS sexton_deleted, s.restorable_until AS sexton_until, s.audit_id AS sexton_audit,"
            f" {_unpacked(dialect, resource, names)} FROM (SELECT * FROM {stones} AS s WHERE {mine} AND s.shape = :shape{dialect.fence}) AS s) AS t"
            f" WHERE {where} ORDER BY t.sexton_stone LIMIT :limit"
        )
        for row in connection.execute(text(query), bound | values | {"shape": shape, "limit": limit}):
            parts = ids.split(row[1], len(resource.table.key)) or (row[1],)
            item = Item(parts, _document(store, resource, parts, row[5:]), trashed=True)
            out.append((row[0], item, (dialect.read_time(row[2]), dialect.read_time(row[3]), row[4])))
    return sorted(out, key=lambda found: found[0])[:limit]


def _unpacked(dialect: Dialect, resource: Resource, names: Sequence[str]) -> str:
    places = {name: n for n, name in enumerate(names)}
    columns = []
    for column in resource.table.columns:
        value = dialect.unpack(column, places[column.name], "s.snapshot") if column.name in places else "NULL"
        if value == "NULL":
            value = dialect.typed(column, "NULL")
        columns.append(f"{value} AS {dialect.quote(column.name)}")
    return ", ".join(columns)


def insert(connection: Connection, store: Store, resource: Resource, document: Mapping[str, Any]) -> Parts:
    """Insert a row; returns its key. Raises ValueError with a column's name for a value it cannot hold."""
    dialect, table = store.dialect, resource.table
    names = tuple(document)
    bound = dialect.bind_incoming(table, document)
    row = connection.execute(_insert(dialect, resource, names), bound).one()
    return tuple(row)


def _insert(dialect: Dialect, resource: Resource, names: tuple[str, ...]) -> TextClause:
    table = resource.table
    key = ", ".join(dialect.key_text(column, alias=dialect.relation(table)) for column in table.key_columns)
    if not names:
        return text(f"INSERT INTO {dialect.relation(table)} DEFAULT VALUES RETURNING {key}")
    columns = ", ".join(dialect.quote(name) for name in names)
    override = " OVERRIDING SYSTEM VALUE" if any(table.by_name[name].identity_always for name in names) else ""
    return text(
        f"INSERT INTO {dialect.relation(table)} ({columns}){override}"
        f" SELECT {columns} FROM {dialect.incoming(table, names)} AS d WHERE 1 = 1 RETURNING {key}"
    )


def as_stored(connection: Connection, store: Store, resource: Resource, document: Mapping[str, Any]) -> dict[str, Any]:
    """A posted document as it would be shown once it is stored; columns that were not posted are NULL."""
    dialect, table = store.dialect, resource.table
    names = tuple(document)
    columns = ", ".join(
        f"d.{dialect.quote(c.name)} AS {dialect.quote(c.name)}"
        if c.name in document
        else f"{dialect.typed(c, 'NULL')} AS {dialect.quote(c.name)}"
        for c in table.columns
    )
    query = f"SELECT {dialect.document_columns(table)} FROM (SELECT {columns} FROM {dialect.incoming(table, names)} AS d) AS t"
    row = connection.execute(text(query), dialect.bind_incoming(table, document)).one()
    return dialect.document(table, tuple(row))


def update(
    connection: Connection, store: Store, resource: Resource, parts: Parts, document: Mapping[str, Any], now: datetime
) -> None:
    """Change columns of one row; a version column moves on by itself."""
    dialect, table = store.dialect, resource.table
    names = tuple(document)
    names_sql = [f"{dialect.quote(name)} = d.{dialect.quote(name)}" for name in names]
    bound = dialect.bind_incoming(table, document) | dialect.bind("keys", [parts], len(parts))
    if resource.version_column is not None and resource.version_column not in names:
        column = table.by_name[resource.version_column]
        quoted = dialect.quote(column.name)
        if column.kind == "integer":
            names_sql.append(f"{quoted} = coalesce(t.{quoted}, 0) + 1")
        elif column.kind in ("timestamp", "timestamptz"):
            names_sql.append(f"{quoted} = {dialect.time_value(column, ':now')}")
            bound["now"] = dialect.bind_time(now)
    if not names_sql:
        return
    keys = [f"k{i}" for i in range(len(parts))]
    connection.execute(
        text(
            f"UPDATE {dialect.relation(table)} AS t SET {', '.join(names_sql)}"
            f" FROM {dialect.records('keys', keys)} AS r, {dialect.incoming(table, names)} AS d"
            f" WHERE {dialect.key_match(table)}"
        ),
        bound,
    )

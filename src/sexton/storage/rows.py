"""The host's rows as a delete sees them: locked, with their children and what points at them.

Statements are built once a table (`cache`); ids and values are always bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

from sexton import ids
from sexton.decide import Reference
from sexton.plan import NodeKey, Row
from sexton.resource import Cascade, ForeignKey, Kind, Resource, Table
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.store import Store

_SAMPLE = 10
_Parts = tuple[str, ...]


def parse(store: Store, resource: Resource, item_id: str) -> _Parts | None:
    """The key values an id spells, as the database spells them; None where no row can have that id."""
    columns = resource.table.key_columns
    parts = ids.split(item_id, len(columns))
    if parts is None:
        return None
    dialect = store.dialect
    if len(columns) == 1:  # most tables, and called for each of a million ids
        part = dialect.canonical(columns[0], parts[0])
        return (part,) if dialect.acceptable(columns[0], part) else None
    parts = tuple(dialect.canonical(column, part) for column, part in zip(columns, parts, strict=True))
    fits = all(dialect.acceptable(column, part) for column, part in zip(columns, parts, strict=True))
    return parts if fits else None


def spells_freely(resource: Resource) -> bool:
    """Whether two different texts may be the same id."""
    return any(column.kind is Kind.UUID for column in resource.table.key_columns)


def lock(
    connection: Connection, store: Store, resource: Resource, keys: Sequence[_Parts], account: str, *, versions: bool
) -> dict[_Parts, Row]:
    """Lock the account's rows of these keys in key order; `versions` reads their entity tags too.

    A soft-deleted row is returned with `trashed` set.
    """
    dialect = store.dialect
    if not keys or not owned_by(dialect, resource, account):
        return {}
    statement = _lock(dialect, resource, versions)
    bound = dialect.bind("keys", keys, len(resource.table.key))
    found: dict[_Parts, Row] = {}
    wanted = set(keys)
    for values in statement.on(connection, {**bound, "account": account}):
        row = made(resource, values)
        if row.parts in wanted:
            found[row.parts] = row
    return found


def made(resource: Resource, values: Sequence[Any]) -> Row:
    """A row out of what `seen` selects."""
    account, tag, blocked, trashed, held, *parts = values
    return Row(resource, tuple(parts), account, tag, bool(blocked), bool(trashed), bool(held))


def owned_by(dialect: Dialect, resource: Resource, account: str) -> bool:
    """Whether rows of a table can belong to the account: without an account column they are `default`'s."""
    if resource.account_column is None:
        return account == "default"
    return "\0" not in account and dialect.acceptable(resource.table.by_name[resource.account_column], account)


def account_of(dialect: Dialect, resource: Resource, alias: str = "t") -> str:
    """SQL of the account a row belongs to."""
    if resource.account_column is None:
        return "'default'"
    return dialect.text_of(resource.table.by_name[resource.account_column], alias)


def in_account(dialect: Dialect, resource: Resource, alias: str = "t") -> str:
    """SQL condition that a row belongs to the bound `account`."""
    if resource.account_column is None:
        return "CAST(:account AS text) = 'default'"
    return dialect.key_equals(resource.table.by_name[resource.account_column], "CAST(:account AS text)", alias)


def live(dialect: Dialect, resource: Resource, alias: str = "t") -> str:
    """SQL condition that a row is not soft-deleted."""
    return f"{alias}.{dialect.quote(resource.deleted_at_column)} IS NULL" if resource.soft else "1 = 1"


def seen(dialect: Dialect, resource: Resource, *, versions: bool) -> str:
    """Select list of what a delete must know of a row `t`; `made` reads it."""
    key = [dialect.key_text(column) for column in resource.table.key_columns]
    rule = f"CASE WHEN {_blocked(dialect, resource)} THEN 1 ELSE 0 END" if resource.block_when else "0"
    trashed = f"CASE WHEN {live(dialect, resource)} THEN 0 ELSE 1 END"
    tag = dialect.etag(resource) if versions else "NULL"
    held = f"CASE WHEN {under_hold(dialect, resource)} THEN 1 ELSE 0 END"
    return ", ".join([account_of(dialect, resource), tag, rule, trashed, held, *key])


def _blocked(dialect: Dialect, resource: Resource) -> str:
    """The rule over the columns of `t` alone, where the statement has another row of the same table."""
    rule = (resource.block_when or "").replace(":", "\\:")
    own = ", ".join(f"t.{name} AS {name}" for name in (dialect.quote(c.name) for c in resource.table.columns))
    return f"(SELECT ({rule}) FROM (SELECT {own}) AS own)"


def under_hold(dialect: Dialect, resource: Resource) -> str:
    """SQL condition that a hold stands on a row."""
    return (
        f"EXISTS (SELECT 1 FROM {dialect.own('holds')} AS h WHERE h.resource = {dialect.literal(resource.name)}"
        f" AND h.item_id = {dialect.item_id(resource.table)} AND h.lifted_at IS NULL)"
    )


def pointing_at(dialect: Dialect, link: ForeignKey) -> str:
    """SQL query for the rows `c` that point at a row `t` through a foreign key."""
    pairs = zip(link.columns, link.parent_columns, strict=True)
    same = " AND ".join(f"c.{dialect.quote(ours)} = t.{dialect.quote(theirs)}" for ours, theirs in pairs)
    return f"SELECT 1 FROM {dialect.relation(link.child)} AS c WHERE {same}"


@cache
def _lock(dialect: Dialect, resource: Resource, versions: bool) -> Statement:  # noqa: FBT001 — a cache key
    table = resource.table
    return dialect.statement(
        f"SELECT {seen(dialect, resource, versions=versions)}"
        f" FROM {dialect.records('keys', _key_names(table))} AS r"
        f" CROSS JOIN {dialect.relation(table)} AS t"
        f" WHERE {dialect.key_match(table)} AND {in_account(dialect, resource)}"
        f" ORDER BY {dialect.key_order(table)} {dialect.lock}"
    )


def _key_names(table: Table, prefix: str = "k") -> list[str]:
    return [f"{prefix}{i}" for i in range(len(table.key))]


def has_children(
    connection: Connection, store: Store, link: ForeignKey, parents: Sequence[Row], count: int, *, trashed: bool
) -> bool:
    """Whether so many rows point at these through one foreign key; no more are looked at, and none is locked."""
    resource = store.catalog.of(link.child)
    if resource is None or not parents:
        return False
    bound = store.dialect.bind("keys", [row.parts for row in parents], len(link.parent.key)) | {"most": count}
    return int(_has_children(store.dialect, link, resource, trashed).on(connection, bound).scalar_one()) >= count


@cache
def _has_children(dialect: Dialect, link: ForeignKey, resource: Resource, trashed: bool) -> Statement:  # noqa: FBT001
    some = f"SELECT 1 FROM {_pointing(dialect, link)}{_unless(dialect, resource, trashed)} LIMIT :most"
    return dialect.statement(f"SELECT count(*) FROM ({some}) AS found")


def _unless(dialect: Dialect, resource: Resource, trashed: bool) -> str:  # noqa: FBT001 — part of cache keys
    return "" if trashed else f" AND {live(dialect, resource)}"


def children(
    connection: Connection, store: Store, link: ForeignKey, parents: Sequence[Row], *, trashed: bool = True
) -> list[tuple[Row, Row]]:
    """Lock the rows that point at these through one foreign key: pairs of (parent, child).

    Without `trashed`, soft-deleted children are left out.
    """
    resource = store.catalog.of(link.child)
    if resource is None or not parents:
        return []
    by_parts = {parent.parts: parent for parent in parents}
    bound = store.dialect.bind("keys", list(by_parts), len(link.parent.key))
    width = len(link.parent.key)
    found = _children(store.dialect, link, resource, trashed).on(connection, bound)
    return [(by_parts[tuple(values[:width])], made(resource, values[width:])) for values in found]


@cache
def _children(dialect: Dialect, link: ForeignKey, resource: Resource, trashed: bool) -> Statement:  # noqa: FBT001
    names = ", ".join(f"r.{name}" for name in _key_names(link.parent))
    return dialect.statement(
        f"SELECT {names}, {seen(dialect, resource, versions=False)} FROM {_pointing(dialect, link)}"
        f"{_unless(dialect, resource, trashed)} ORDER BY {dialect.key_order(link.child)} {dialect.lock}"
    )


def _pointing(dialect: Dialect, link: ForeignKey) -> str:
    """FROM clause: requested parents `r`, their rows `p`, and the rows `t` that point at them."""
    pairs = zip(link.columns, link.parent_columns, strict=True)
    join = " AND ".join(f"t.{dialect.quote(child)} = p.{dialect.quote(parent)}" for child, parent in pairs)
    return (
        f"{dialect.records('keys', _key_names(link.parent))} AS r"
        f" CROSS JOIN {dialect.relation(link.parent)} AS p CROSS JOIN {dialect.relation(link.child)} AS t"
        f" WHERE {dialect.key_match(link.parent, alias='p')} AND {join}"
    )


def references(
    connection: Connection, store: Store, resource: Resource, links: Sequence[ForeignKey], rows: Sequence[Row]
) -> dict[_Parts, list[Reference]]:
    """Count what points at each row, with up to ten ids; rows that are asked for themselves do not count."""
    if not links or not rows:
        return {}
    width = len(resource.table.key)
    bound = store.dialect.bind("keys", [row.parts for row in rows], width)
    accounts = {row.parts: row.account for row in rows}
    found: dict[tuple[_Parts, int], tuple[int, list[str]]] = {}
    for n, count, child_id, account, *parts in _references(store, resource, tuple(links)).on(connection, bound):
        _, samples = found.setdefault((tuple(parts), n), (count, []))
        if account is None or account == accounts[tuple(parts)]:
            samples.append(child_id)
    out: dict[_Parts, list[Reference]] = {}
    for (parts_, n), (count, samples) in sorted(found.items(), key=lambda item: item[0][1]):
        child = store.catalog.of(links[n].child)
        name = child.name if child else links[n].child.name
        columns = ",".join(links[n].columns)
        may_go = links[n].cascade is not Cascade.RESTRICT
        out.setdefault(parts_, []).append(Reference(name, columns, count, tuple(samples), may_go))
    return out


@cache
def _references(store: Store, resource: Resource, links: tuple[ForeignKey, ...]) -> Statement:
    return store.dialect.statement(
        " UNION ALL ".join(_reference(store, resource, link, n) for n, link in enumerate(links))
    )


def _reference(store: Store, resource: Resource, link: ForeignKey, n: int) -> str:
    dialect, child = store.dialect, store.catalog.of(link.child)
    names = _key_names(link.parent)
    parent = ", ".join(f"r.{name}" for name in names)
    order = dialect.key_order(link.child) if link.child.key else "1"
    child_id = dialect.item_id(link.child) if link.child.key else "''"
    account = account_of(dialect, child) if child and child.account_column else "NULL"
    if account == "NULL" and store.dialect.deletes_knots_at_once:
        account = "CAST(NULL AS text)"
    condition = f" AND {live(dialect, child)}" if child and child.soft and resource.soft else ""
    if link.child is link.parent:
        condition += f" AND NOT {dialect.key_in(link.child, 'keys')}"
    return (
        f"SELECT * FROM (SELECT {n} AS link, count(*) OVER (PARTITION BY {parent}) AS total, {child_id} AS child,"
        f" {account} AS account, {', '.join(f'r.{k} AS {k}' for k in names)}"
        f" , row_number() OVER (PARTITION BY {parent} ORDER BY {order}) AS place"
        f" FROM {_pointing(dialect, link)}{condition}) AS found{n} WHERE place <= {_SAMPLE}"
    ).replace("SELECT * FROM", f"SELECT link, total, child, account, {', '.join(names)} FROM", 1)


def with_children_of_others(
    connection: Connection, store: Store, link: ForeignKey, parents: Sequence[Row], account: str
) -> list[Row]:
    """Which of these rows are pointed at by rows of another account."""
    child = store.catalog.of(link.child)
    if not parents or child is None or child.account_column is None:
        return []
    by_parts = {parent.parts: parent for parent in parents}
    bound = store.dialect.bind("keys", list(by_parts), len(link.parent.key)) | {"account": account}
    found = _with_children_of_others(store.dialect, link, child).on(connection, bound)
    return [by_parts[tuple(parts)] for parts in found]


@cache
def _with_children_of_others(dialect: Dialect, link: ForeignKey, child: Resource) -> Statement:
    names = _key_names(link.parent)
    other = f"coalesce({account_of(dialect, child)}, '') <> CAST(:account AS text)"
    return dialect.statement(
        f"SELECT DISTINCT {', '.join(f'r.{name}' for name in names)} FROM {_pointing(dialect, link)} AND {other}"
    )


def held(connection: Connection, store: Store, keys: Iterable[NodeKey]) -> set[NodeKey]:
    """Which of these items are under a hold."""
    records = list(keys)
    if not records:
        return set()
    bound = store.dialect.bind("items", records, 2)
    return {(resource, item) for resource, item in _held(store.dialect).on(connection, bound)}


@cache
def _held(dialect: Dialect) -> Statement:
    return dialect.statement(
        f"SELECT h.resource, h.item_id FROM {dialect.records('items', ['resource', 'item_id'])} AS r"
        f" CROSS JOIN {dialect.own('holds')} AS h"
        " WHERE h.resource = r.resource AND h.item_id = r.item_id AND h.lifted_at IS NULL"
    )

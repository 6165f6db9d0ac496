"""The statements that take rows out of the host's tables and leave their tombstones. Only `actions.remove` calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection

from sexton.errors import PlanDiffers
from sexton.plan import Group, parents_first
from sexton.resource import ForeignKey, Resource, Strategy, Table
from sexton.storage import audit, shapes
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.rows import account_of, live, under_hold
from sexton.storage.store import Store

_COLUMNS = (
    "resource, account, item_id, strategy, deleted_at, restorable_until, forget_after, job_id, audit_id,"
    " correlation_id, key_id, etag, root_resource, root_item, shape, snapshot"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every tombstone of one transaction carries."""

    deleted_at: datetime
    restorable_until: datetime | None
    forget_after: datetime
    audit_id: str
    root_resource: str
    job_id: str | None = None
    correlation_id: str | None = None
    key_id: str | None = None

    def bound(self, dialect: Dialect) -> dict[str, Any]:
        """As parameters."""
        times = {name: getattr(self, name) for name in ("deleted_at", "restorable_until", "forget_after")}
        texts = ("audit_id", "root_resource", "job_id", "correlation_id", "key_id")
        bound = {name: dialect.bind_time(value) for name, value in times.items()}
        return bound | {name: getattr(self, name) for name in texts}


def remove(
    connection: Connection, store: Store, groups: Sequence[Group], stamp: Stamp, entry: audit.Entry | None
) -> None:
    """Take the planned rows, write their tombstones and the audit entry that tells it.

    Raises PlanDiffers where other rows went than planned.
    """
    if store.dialect.deletes_knots_at_once:
        taken = _remove_at_once(connection, store, groups, stamp, entry)
    else:
        taken = _remove_in_order(connection, store, _children_first(store, groups), stamp)
        if entry is not None:
            audit.write(connection, store, entry)
    for group, count in taken:
        require(group.resource, count, len(group.rows))


def require(resource: Resource, count: int, planned: int) -> None:
    """As many rows went as were planned. Raises PlanDiffers."""
    if count != planned:
        message = f"{count} row(s) of {resource.name} went where {planned} were planned"
        raise PlanDiffers(message)


def _children_first(store: Store, groups: Sequence[Group]) -> list[Group]:
    tables = {id(group.resource.table): group.resource.table for group in groups}
    order = parents_first(list(tables.values()), store.catalog.foreign_keys)
    place = {id(table): n for n, knot in enumerate(order) for table in knot}
    return sorted(groups, key=lambda group: -place[id(group.resource.table)])


def _records(group: Group) -> list[tuple[str, ...]]:
    return [(*row.parts, root) for row, root in group.rows]


def keys_and_roots(store: Store, group: Group, n: int) -> dict[str, Any]:
    """The parameters that name a group's rows."""
    return store.dialect.bind(f"keys{n}", _records(group), len(group.resource.table.key) + 1)


def _remove_at_once(
    connection: Connection, store: Store, groups: Sequence[Group], stamp: Stamp, entry: audit.Entry | None
) -> list[tuple[Group, int]]:
    kinds = tuple((group.resource, group.strategy) for group in groups)
    bound = stamp.bound(store.dialect)
    for n, group in enumerate(groups):
        bound |= keys_and_roots(store, group, n)
    if entry is not None:
        bound |= audit.bound(store, entry)
    counts = _all_groups(store.dialect, kinds, entry is not None).on(connection, bound).one()
    return list(zip(groups, counts, strict=True))


@cache
def _all_groups(
    dialect: Dialect,
    kinds: tuple[tuple[Resource, Strategy], ...],
    told: bool,  # noqa: FBT001 — a cache key
) -> Statement:
    parts = [step for n, kind in enumerate(kinds) for step in steps(dialect, *kind, n)]
    if told:
        parts.append(f"a AS ({audit.insertion(dialect)})")
    counts = ", ".join(f"(SELECT count(*) FROM d{n})" for n in range(len(kinds)))
    return dialect.statement(f"WITH {', '.join(parts)} SELECT {counts}")


def steps(
    dialect: Dialect, resource: Resource, strategy: Strategy, n: int, guard: str = "", names: Sequence[str] = ()
) -> tuple[str, str]:
    """Take rows (`d`), and write their tombstones (`i`); `names` are the columns of the bound records.

    Records that do not name a root are of rows that were asked for themselves.
    """
    chosen = f"{_taking(dialect, resource, strategy, n, names)}{guard}"
    take = f"d{n} AS ({chosen} RETURNING {_facts(dialect, resource, strategy, names)})"
    stamped = _stamped(dialect, resource, strategy, f"d{n}")
    return take, f"i{n} AS (INSERT INTO {dialect.own('tombstones')} ({_COLUMNS}) SELECT {stamped} FROM d{n})"


def _from(dialect: Dialect, table: Table, n: int, names: Sequence[str] = ()) -> str:
    named = names or [*(f"k{i}" for i in range(len(table.key))), "root"]
    return f"{dialect.records(f'keys{n}', named)} AS r"


def _taking(dialect: Dialect, resource: Resource, strategy: Strategy, n: int, names: Sequence[str]) -> str:
    relation, source = f"{dialect.relation(resource.table)} AS t", _from(dialect, resource.table, n, names)
    chosen = f"{dialect.key_match(resource.table)} AND {_may_go(dialect, resource, strategy)}"
    if strategy is Strategy.SOFT:
        return f"UPDATE {relation} SET {_set_deleted(dialect, resource)} FROM {source} WHERE {chosen}"
    return f"DELETE FROM {relation} USING {source} WHERE {chosen}"


def _may_go(dialect: Dialect, resource: Resource, strategy: Strategy) -> str:
    """Asked by the very statement that takes a row, whatever was decided before."""
    once = f" AND {live(dialect, resource)}" if strategy is Strategy.SOFT else ""
    return f"NOT {under_hold(dialect, resource)}{once}"


def _set_deleted(dialect: Dialect, resource: Resource) -> str:
    column = resource.table.by_name[resource.deleted_at_column]
    return f"{dialect.quote(column.name)} = {dialect.time_value(column, ':deleted_at')}"


def _root(dialect: Dialect, table: Table, names: Sequence[str]) -> str:
    return dialect.item_id(table) if names and "root" not in names else "r.root"


def _facts(dialect: Dialect, resource: Resource, strategy: Strategy, names: Sequence[str]) -> str:
    snapshot = dialect.pack(resource.table) if strategy is Strategy.ARCHIVE else "CAST(NULL AS text[])"
    root = _root(dialect, resource.table, names)
    return (
        f"{account_of(dialect, resource)} AS account, {dialect.item_id(resource.table)} AS item_id,"
        f" {dialect.etag(resource)} AS etag, {root} AS root, {snapshot} AS snapshot"
    )


def _stamped(dialect: Dialect, resource: Resource, strategy: Strategy, facts: str) -> str:
    """The tombstone's columns in the order of `_COLUMNS`."""
    time = "timestamptz" if dialect.own_schema else "text"
    texts = ", ".join(f"CAST(:{name} AS text)" for name in ("job_id", "audit_id", "correlation_id", "key_id"))
    until = f"CAST(:restorable_until AS {time})" if strategy is not Strategy.HARD else f"CAST(NULL AS {time})"
    shape = f"'{shapes.shape_of(resource.table)}'" if strategy is Strategy.ARCHIVE else "NULL"
    return (
        f"{dialect.literal(resource.name)}, {facts}.account, {facts}.item_id, '{strategy}', CAST(:deleted_at AS {time}), {until},"
        f" CAST(:forget_after AS {time}), {texts}, {facts}.etag, CAST(:root_resource AS text), {facts}.root,"
        f" {shape}, {facts}.snapshot"
    )


def _remove_in_order(
    connection: Connection, store: Store, groups: Sequence[Group], stamp: Stamp
) -> list[tuple[Group, int]]:
    bound = stamp.bound(store.dialect)
    if len(groups) > 1 or any(
        link.child is link.parent for g in groups for link in store.catalog.inbound(g.resource.table)
    ):
        store.dialect.defer_foreign_keys(connection)
    for group in groups:
        entombed = _entomb(store.dialect, group.resource, group.strategy).on(
            connection, bound | keys_and_roots(store, group, 0)
        )
        require(group.resource, entombed.rowcount, len(group.rows))
    taken = []
    for group in groups:
        statement = take(store.dialect, group.resource, group.strategy)
        taken.append((group, _take_layers(connection, store, group, statement, bound)))
    if all(count == len(group.rows) for group, count in taken):
        return taken
    return [(group, len(group.rows) - _left(connection, store, group)) for group in groups]


def _left(connection: Connection, store: Store, group: Group) -> int:
    """How many planned rows are still there: a cascade of the database's own is in nobody's row count."""
    bound = store.dialect.bind("keys0", [row.parts for row, _ in group.rows], len(group.resource.table.key))
    return int(_remaining(store.dialect, group.resource, group.strategy).on(connection, bound).scalar_one())


@cache
def _remaining(dialect: Dialect, resource: Resource, strategy: Strategy) -> Statement:
    state = f" AND {live(dialect, resource)}" if strategy is Strategy.SOFT else ""
    chosen = dialect.key_in(resource.table, "keys0")
    return dialect.statement(f"SELECT count(*) FROM {dialect.relation(resource.table)} AS t WHERE {chosen}{state}")


def _take_layers(
    connection: Connection, store: Store, group: Group, statement: Statement, bound: Mapping[str, Any]
) -> int:
    """Run a removal; a table that restricts its own rows is emptied from the leaves up."""
    keys = [row.parts for row, _ in group.rows]
    width = len(group.resource.table.key)
    return sum(
        statement.on(connection, {**bound, **store.dialect.bind("keys0", layer, width)}).rowcount
        for layer in _leaves_first(connection, store, group.resource.table, keys)
    )


def _leaves_first(
    connection: Connection, store: Store, table: Table, keys: list[tuple[str, ...]]
) -> list[list[tuple[str, ...]]]:
    own = [k for k in store.catalog.inbound(table) if k.child is table and k.on_delete == "RESTRICT"]
    if not own or len(keys) == 1:
        return [keys]
    parents: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    width = len(table.key)
    for link in own:
        statement = _pairs(store.dialect, link)
        for found in statement.on(connection, store.dialect.bind("keys", keys, width)):
            parents.setdefault(tuple(found[width:]), set()).add(tuple(found[:width]))
    layers, left = [], set(keys)
    while left:
        pointed = {parent for key in left for parent in parents.get(key, ()) if parent != key}
        layer = left - pointed or set(left)
        layers.append(sorted(layer))
        left -= layer
    return layers


@cache
def _pairs(dialect: Dialect, link: ForeignKey) -> Statement:
    names = [f"k{i}" for i in range(len(link.parent.key))]
    on = zip(link.columns, link.parent_columns, strict=True)
    join = " AND ".join(f"t.{dialect.quote(child)} = p.{dialect.quote(parent)}" for child, parent in on)
    child = ", ".join(dialect.key_text(column) for column in link.child.key_columns)
    return dialect.statement(
        f"SELECT {', '.join(f'r.{n}' for n in names)}, {child} FROM {dialect.records('keys', names)} AS r"
        f" CROSS JOIN {dialect.relation(link.parent)} AS p CROSS JOIN {dialect.relation(link.child)} AS t"
        f" WHERE {dialect.key_match(link.parent, 'p')} AND {join}"
    )


@cache
def _entomb(dialect: Dialect, resource: Resource, strategy: Strategy) -> Statement:
    return entombing(dialect, resource, strategy)


def entombing(
    dialect: Dialect, resource: Resource, strategy: Strategy, guard: str = "", names: Sequence[str] = ()
) -> Statement:
    """Write the tombstones of rows that are still there."""
    snapshot = dialect.pack(resource.table) if strategy is Strategy.ARCHIVE else "NULL"
    root = _root(dialect, resource.table, names)
    facts = (
        f"(SELECT {account_of(dialect, resource)} AS account, {dialect.item_id(resource.table)} AS item_id,"
        f" {dialect.etag(resource)} AS etag, {root} AS root, {snapshot} AS snapshot"
        f" FROM {_from(dialect, resource.table, 0, names)} CROSS JOIN {dialect.relation(resource.table)} AS t"
        f" WHERE {dialect.key_match(resource.table)}{guard}) AS f"
    )
    columns = _stamped(dialect, resource, strategy, "f")
    return dialect.statement(
        f"INSERT INTO {dialect.own('tombstones')} ({_COLUMNS}) SELECT {columns} FROM {facts} WHERE 1"
    )


@cache
def take(dialect: Dialect, resource: Resource, strategy: Strategy) -> Statement:
    """Take rows whose tombstones are written, by the keys bound as `keys0`."""
    chosen = f"{dialect.key_in(resource.table, 'keys0')} AND {_may_go(dialect, resource, strategy)}"
    relation = f"{dialect.relation(resource.table)} AS t"
    if strategy is Strategy.SOFT:
        return dialect.statement(f"UPDATE {relation} SET {_set_deleted(dialect, resource)} WHERE {chosen}")
    return dialect.statement(f"DELETE FROM {relation} WHERE {chosen}")


def purge_trashed(connection: Connection, store: Store, resource: Resource, keys: Sequence[tuple[str, ...]]) -> int:
    """Remove soft-deleted rows for good; a live or held row stays. Returns how many went."""
    bound = store.dialect.bind("keys0", keys, len(resource.table.key))
    return _purge_trashed(store.dialect, resource).on(connection, bound).rowcount


@cache
def _purge_trashed(dialect: Dialect, resource: Resource) -> Statement:
    return dialect.statement(
        f"DELETE FROM {dialect.relation(resource.table)} AS t WHERE {dialect.key_in(resource.table, 'keys0')}"
        f" AND NOT ({live(dialect, resource)}) AND NOT {under_hold(dialect, resource)}"
    )

"""Tombstones: the records that items were deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection

from sexton.model import Tombstone
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.store import Store

_COLUMNS = (
    "id, resource, account, item_id, strategy, deleted_at, restorable_until, forget_after, job_id, audit_id,"
    " correlation_id, key_id, etag, root_resource, root_item, shape, purged_at"
)
_TIMES = frozenset({"deleted_at", "restorable_until", "forget_after", "purged_at"})


def _made(dialect: Dialect, values: Sequence[Any]) -> Tombstone:
    named: dict[str, Any] = dict(zip(_COLUMNS.split(", "), values, strict=True))
    read: dict[str, Any] = {k: dialect.read_time(v) if k in _TIMES else v for k, v in named.items()}
    return Tombstone(**read)


@cache
def _select(dialect: Dialect, condition: str) -> Statement:
    columns = ", ".join(f"s.{name}" for name in _COLUMNS.split(", "))
    return dialect.statement(f"SELECT {columns} FROM {dialect.own('tombstones')} AS s {condition}")


def _all(connection: Connection, store: Store, condition: str, bound: dict[str, Any]) -> list[Tombstone]:
    rows = _select(store.dialect, condition).on(connection, bound)
    return [_made(store.dialect, row) for row in rows]


def remembered(
    connection: Connection, store: Store, resource: str, account: str, item_ids: Iterable[str], now: datetime
) -> dict[str, Tombstone]:
    """The newest tombstone of each of these items that is not forgotten yet."""
    wanted = [(item_id,) for item_id in item_ids]
    if not wanted:
        return {}
    dialect = store.dialect
    condition = (
        f"JOIN {dialect.records('items', ['item_id'])} AS r ON s.item_id = r.item_id WHERE s.resource = :resource"
        " AND s.account = :account ORDER BY s.id"
    )
    bound = {**dialect.bind("items", wanted, 1), "resource": resource, "account": account}
    found = {stone.item_id: stone for stone in _all(connection, store, condition, bound)}
    return {item: stone for item, stone in found.items() if not is_forgotten(stone, now)}


def is_forgotten(stone: Tombstone, now: datetime) -> bool:
    """Whether its time to be answered with 410 is over; never before it was purged."""
    return stone.forget_after <= now and (stone.purged_at is not None or stone.restorable_until is None)


def of_roots(
    connection: Connection, store: Store, resource: str, roots: Iterable[tuple[str, str]]
) -> dict[str, list[Tombstone]]:
    """All that went with these requested items, dependents included: (audit entry, item) → by item."""
    wanted = list(roots)
    if not wanted:
        return {}
    dialect = store.dialect
    condition = (
        f"JOIN {dialect.records('roots', ['audit_id', 'item'])} AS r ON s.audit_id = r.audit_id AND s.root_item = r.item"
        " WHERE s.root_resource = :resource AND s.purged_at IS NULL ORDER BY s.id"
    )
    found: dict[str, list[Tombstone]] = {}
    for stone in _all(connection, store, condition, {**dialect.bind("roots", wanted, 2), "resource": resource}):
        found.setdefault(stone.root_item, []).append(stone)
    return found


def with_many(
    connection: Connection, store: Store, resource: str, roots: Sequence[tuple[str, str]], most: int
) -> set[str]:
    """The requested items, given as (audit entry, item), with more tombstones than `most`."""
    if not roots:
        return set()
    bound = {**store.dialect.bind("roots", roots, 2), "resource": resource, "most": most}
    return set(_with_many(store.dialect).on(connection, bound).scalars())


@cache
def _with_many(dialect: Dialect) -> Statement:
    return dialect.statement(
        f"SELECT s.root_item FROM {dialect.records('roots', ['audit_id', 'item'])} AS r"
        f" CROSS JOIN {dialect.own('tombstones')} AS s WHERE s.audit_id = r.audit_id AND s.root_item = r.item"
        " AND s.root_resource = :resource AND s.purged_at IS NULL GROUP BY s.root_item HAVING count(*) > :most"
    )


OF_ROOT = "s.audit_id = :audit_id AND s.root_item = :root_item AND s.root_resource = :root_resource"
"""SQL condition of the tombstones `s` of one requested item, bound by `root_of`."""


def root_of(stone: Tombstone) -> dict[str, str]:
    """The parameters of `OF_ROOT`."""
    return {"audit_id": stone.audit_id, "root_item": stone.root_item, "root_resource": stone.root_resource}


def each_of_root(connection: Connection, store: Store, root: Tombstone, size: int) -> Iterator[list[Tombstone]]:
    """All that went with one requested item, so many at a time, in the order they were written."""
    found = _select(store.dialect, f"WHERE {OF_ROOT} AND s.purged_at IS NULL ORDER BY s.id")
    for part in found.stream(connection, root_of(root), size):
        yield [_made(store.dialect, values) for values in part]


def delete_of_root(connection: Connection, store: Store, root: Tombstone) -> None:
    """Forget all that went with one requested item: it was restored."""
    _delete_of_root(store.dialect).on(connection, root_of(root))


@cache
def _delete_of_root(dialect: Dialect) -> Statement:
    return dialect.statement(f"DELETE FROM {dialect.own('tombstones')} AS s WHERE {OF_ROOT} AND s.purged_at IS NULL")


def items_of(connection: Connection, store: Store, audit_id: str) -> set[str]:
    """The items that an audit entry's transaction took."""
    return set(_items_of(store.dialect).on(connection, {"audit_id": audit_id}).scalars())


@cache
def _items_of(dialect: Dialect) -> Statement:
    return dialect.statement(f"SELECT s.item_id FROM {dialect.own('tombstones')} AS s WHERE s.audit_id = :audit_id")


def count_of_job(connection: Connection, store: Store, job_id: str) -> int:
    """How many rows a job took, dependents included, and that can still be brought back."""
    return int(_count_of_job(store.dialect).on(connection, {"job_id": job_id}).scalar_one())


@cache
def _count_of_job(dialect: Dialect) -> Statement:
    entries = f"SELECT c.audit_id FROM {dialect.own('bulk_chunks')} AS c WHERE c.job_id = :job_id"
    stones = f"{dialect.own('tombstones')} AS s"
    return dialect.statement(f"SELECT count(*) FROM {stones} WHERE s.audit_id IN ({entries}) AND s.purged_at IS NULL")


def delete(connection: Connection, store: Store, stones: Iterable[Tombstone]) -> None:
    """Forget these tombstones (their items were restored, or their memory is over)."""
    dialect = store.dialect
    bound = dialect.bind("ids", [(str(stone.id),) for stone in stones], 1)
    _delete(dialect).on(connection, bound)


@cache
def _delete(dialect: Dialect) -> Statement:
    chosen = f"SELECT CAST(id AS bigint) FROM {dialect.records('ids', ['id'])} AS r"
    return dialect.statement(f"DELETE FROM {dialect.own('tombstones')} WHERE id IN ({chosen})")


def due(connection: Connection, store: Store, now: datetime, *, after: int, limit: int) -> list[Tombstone]:
    """Tombstones whose recovery window is over and that no hold keeps, in the order they were written."""
    condition = (
        f"WHERE s.purged_at IS NULL AND s.restorable_until <= :now AND s.id > :after AND NOT {_held(store.dialect)}"
    )
    return _batch(connection, store, condition, now, after, limit)


def forgettable(connection: Connection, store: Store, now: datetime, *, after: int, limit: int) -> list[Tombstone]:
    """Tombstones whose memory is over and that no hold keeps."""
    condition = (
        "WHERE s.forget_after <= :now AND (s.purged_at IS NOT NULL OR s.restorable_until IS NULL) AND s.id > :after"
        f" AND NOT {_held(store.dialect)}"
    )
    return _batch(connection, store, condition, now, after, limit)


def _batch(
    connection: Connection, store: Store, condition: str, now: datetime, after: int, limit: int
) -> list[Tombstone]:
    bound = {"now": store.dialect.bind_time(now), "after": after, "limit": limit}
    return _all(connection, store, f"{condition} ORDER BY s.id LIMIT :limit{_skip_locked(store.dialect)}", bound)


def _held(dialect: Dialect) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {dialect.own('holds')} AS h WHERE h.resource = s.resource"
        " AND h.item_id = s.item_id AND h.account = s.account AND h.lifted_at IS NULL)"
    )


def _skip_locked(dialect: Dialect) -> str:
    return " FOR UPDATE OF s SKIP LOCKED" if dialect.lock else ""


def mark_purged(connection: Connection, store: Store, stones: Iterable[Tombstone], now: datetime) -> None:
    """Erase the snapshots; the tombstones stay until their memory is over."""
    dialect = store.dialect
    bound = dialect.bind("ids", [(str(stone.id),) for stone in stones], 1) | {"now": dialect.bind_time(now)}
    _purge(dialect).on(connection, bound)


@cache
def _purge(dialect: Dialect) -> Statement:
    chosen = f"SELECT CAST(id AS bigint) FROM {dialect.records('ids', ['id'])} AS r"
    return dialect.statement(
        f"UPDATE {dialect.own('tombstones')} SET snapshot = NULL, purged_at = :now WHERE id IN ({chosen})"
    )

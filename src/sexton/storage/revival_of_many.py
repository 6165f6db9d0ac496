"""The statements that put an item back with more dependents than are worth holding: table by table, ids unseen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection

from sexton.model import Tombstone
from sexton.resource import Resource, Strategy
from sexton.storage import detached_links, revival, shapes, tombstones
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.store import Store

_AT_ONCE = 10_000
_Kinds = dict[str, list[tuple[str, int]]]
"""The shapes of archived rows, each with how many there are, by resource."""


def revive(connection: Connection, store: Store, root: Tombstone) -> Iterator[list[Tombstone]]:
    """Put back every row that went with a requested item; yields their tombstones, some at a time, before they go.

    Raises as `revival.revive` does; the caller's savepoint rolls back.
    """
    store.dialect.defer_foreign_keys(connection)
    kinds = _kinds(connection, store, root)
    for knot in revival.knots(store.catalog, kinds):
        _insert_knot(connection, store, root, [(resource, kinds[resource.name]) for resource in knot])
    for part in tombstones.each_of_root(connection, store, root, _AT_ONCE):
        revival.unmark(connection, store, part)
    for part in tombstones.each_of_root(connection, store, root, _AT_ONCE):
        revival.require_parents(connection, store, part)
        detached_links.relink(connection, store, part)
        yield part
    tombstones.delete_of_root(connection, store, root)


def _kinds(connection: Connection, store: Store, root: Tombstone) -> _Kinds:
    found: _Kinds = {}
    for resource, shape, count in _counted(store.dialect).on(connection, tombstones.root_of(root)):
        found.setdefault(resource, []).append((shape, int(count)))
    return found


@cache
def _counted(dialect: Dialect) -> Statement:
    return dialect.statement(
        f"SELECT s.resource, s.shape, count(*) FROM {dialect.own('tombstones')} AS s WHERE {tombstones.OF_ROOT}"
        f" AND s.purged_at IS NULL AND s.strategy = '{Strategy.ARCHIVE}' GROUP BY s.resource, s.shape"
    )


def _insert_knot(
    connection: Connection, store: Store, root: Tombstone, knot: list[tuple[Resource, list[tuple[str, int]]]]
) -> None:
    bound, steps, expected = tombstones.root_of(root), list[str](), 0
    for resource, kinds in knot:
        for shape, count in kinds:
            n = len(steps)
            bound |= {f"resource{n}": resource.name, f"shape{n}": shape}
            columns = tuple(shapes.columns_of(connection, store, shape))
            chosen = _chosen(store.dialect, n)
            steps.append(revival.insertion(store.dialect, resource.table, columns, chosen))
            expected += count
    revival.insert(connection, store, steps, bound, expected, knot[0][0].name)


def _chosen(dialect: Dialect, n: int) -> str:
    kind = f"s.resource = :resource{n} AND s.shape = :shape{n} AND s.strategy = '{Strategy.ARCHIVE}'"
    stones = dialect.own("tombstones")
    return f"SELECT s.snapshot FROM {stones} AS s WHERE {tombstones.OF_ROOT} AND {kind} AND s.purged_at IS NULL{dialect.fence}"

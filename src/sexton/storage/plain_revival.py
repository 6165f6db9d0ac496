"""The statements that bring back a chunk of what one job deleted, where each item was a row by itself.

All or nothing: where one item does not fit, `revival` finds out which and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

from sexton import ids
from sexton.errors import PlanDiffers
from sexton.resource import Resource, Strategy
from sexton.storage import revival, shapes
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.rows import live
from sexton.storage.store import Store


def is_plain(store: Store, resource: Resource) -> bool:
    """Whether no foreign key of the database can have detached a link of such rows, nor Sexton have to look for parents."""
    keys = store.catalog.foreign_keys
    links = [key for key in keys if resource.table in (key.child, key.parent)]
    parents = [store.catalog.of(key.parent) for key in links if key.child is resource.table]
    soft_parent = any(parent is not None and parent.soft for parent in parents)
    return resource.strategy is not Strategy.HARD and not soft_parent and not any(k.detaches for k in links)


def revive_all(connection: Connection, store: Store, resource: Resource, item_ids: Sequence[str], facts: Any) -> None:
    """Bring back all of these items; `facts` has `account`, `job_id` and `now`.

    Raises PlanDiffers, or the database's error, where one is not as the job left it; the caller's savepoint rolls back.
    """
    dialect = store.dialect
    width = len(resource.table.key)
    keys = revival.keys_of(resource, item_ids)
    bound = dialect.bind("items", [(*parts, ids.join(parts)) for parts in keys], width + 1)
    bound |= {"resource": resource.name, "account": facts["account"], "job_id": facts["job_id"]}
    bound["now"] = dialect.bind_time(facts["now"])
    if dialect.deletes_knots_at_once:
        counts = list(_at_once(dialect, resource).on(connection, bound).one())
    else:
        counts = [step.on(connection, bound).rowcount for step in _in_order(dialect, resource)]
    if any(count != len(item_ids) for count in counts):
        message = f"{len(item_ids) - min(counts)} item(s) are not as the job left them"
        raise PlanDiffers(message)
    missing = revival.missing_parent(connection, store, resource, keys)
    if missing is not None:
        raise PlanDiffers(missing)


def _chosen(dialect: Dialect, resource: Resource) -> str:
    """Tombstones of the bound items that this job wrote, that stand for themselves and are the items' last."""
    latest = dialect.latest(dialect.own("tombstones"), "n.resource = :resource AND n.item_id = r.item_id")
    shape = f" AND s.shape = '{shapes.shape_of(resource.table)}'" if resource.strategy is Strategy.ARCHIVE else ""
    return (
        f"SELECT s.id FROM {_items(dialect, resource)} {latest} WHERE s.account = :account AND s.job_id = :job_id"
        f" AND s.strategy = '{resource.strategy}'{shape} AND s.purged_at IS NULL AND s.restorable_until > :now"
        " AND s.root_resource = s.resource AND s.root_item = s.item_id"
    )


def columns(dialect: Dialect, resource: Resource) -> tuple[str, str, str]:
    """Columns, their values out of a snapshot, and what overrides identities."""
    kept = list(enumerate(resource.table.stored))
    names = ", ".join(dialect.quote(column.name) for _, column in kept)
    values = ", ".join(dialect.unpack(column, n, "s.snapshot") for n, column in kept)
    override = " OVERRIDING SYSTEM VALUE" if any(column.identity_always for _, column in kept) else ""
    return names, values, override


def _items(dialect: Dialect, resource: Resource) -> str:
    names = [f"k{i}" for i in range(len(resource.table.key))]
    return f"{dialect.records('items', [*names, 'item_id'])} AS r"


def _unmark(dialect: Dialect, resource: Resource) -> str:
    return (
        f"UPDATE {dialect.relation(resource.table)} AS t SET {dialect.quote(resource.deleted_at_column)} = NULL"
        f" FROM {_items(dialect, resource)} WHERE {dialect.key_match(resource.table)} AND NOT {live(dialect, resource)}"
    )


@cache
def _at_once(dialect: Dialect, resource: Resource) -> Statement:
    names, values, override = columns(dialect, resource)
    stones = dialect.own("tombstones")
    gone = f"DELETE FROM {stones} AS g WHERE g.id IN ({_chosen(dialect, resource)}) RETURNING g.snapshot"
    back = f"INSERT INTO {dialect.relation(resource.table)} ({names}){override} SELECT {values} FROM s"
    if resource.soft:
        back = _unmark(dialect, resource)
    return dialect.statement(
        f"WITH s AS ({gone}), b AS ({back} RETURNING 1) SELECT (SELECT count(*) FROM s), (SELECT count(*) FROM b)"
    )


@cache
def _in_order(dialect: Dialect, resource: Resource) -> tuple[Statement, Statement]:
    names, values, override = columns(dialect, resource)
    stones, chosen = dialect.own("tombstones"), _chosen(dialect, resource)
    source = f"(SELECT snapshot FROM {stones} WHERE id IN ({chosen}))"
    back = (
        f"INSERT INTO {dialect.relation(resource.table)} ({names}){override} SELECT {values} FROM {source} AS s WHERE 1"
    )
    if resource.soft:
        back = _unmark(dialect, resource)
    gone = f"DELETE FROM {stones} WHERE id IN ({chosen})"
    return dialect.statement(back), dialect.statement(gone)

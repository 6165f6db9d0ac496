"""The statements that take rows which nothing keeps: each makes sure of that itself, in one go with its tombstones.

What they leave alone may be kept by something, or may be spelled another way: `actions.remove` plans those.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection

from sexton import ids
from sexton.plan import Group, Row
from sexton.resource import ForeignKey, OnDelete, Resource
from sexton.storage import audit, tombstones
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.removal import Stamp, entombing, keys_and_roots, require, steps, take
from sexton.storage.rows import in_account, live, owned_by, pointing_at, under_hold
from sexton.storage.store import Store

Wanted = Sequence[tuple[tuple[str, ...], str | None]]
"""Rows by their key values, each with the entity tag it must have, if any."""


def can_go_at_once(store: Store, resource: Resource) -> bool:
    """Whether the statement that takes a row can itself make sure that nothing points at it.

    A soft delete cannot: no foreign key guards it against a child that is inserted meanwhile. Nor where the database
    would remove or detach children by itself, for these must be planned. Nor where a guard must be asked.
    """
    if resource.guard is not None:
        return False
    links = store.catalog.inbound(resource.table)
    return not links or (not resource.soft and all(link.on_delete in _GUARDING for link in links))


_QUOTE = "'\"'"
_GUARDING = (OnDelete.NO_ACTION, OnDelete.RESTRICT)


def remove_free(connection: Connection, store: Store, row: Row, account: str, stamp: Stamp, entry: audit.Entry) -> bool:
    """Take a row that is the account's, live, and kept by no hold, no rule and no reference; False changes nothing."""
    dialect, resource = store.dialect, row.resource
    links = store.catalog.inbound(resource.table)
    group = Group(resource, resource.strategy, [(row, row.item_id)])
    bound = stamp.bound(dialect) | keys_and_roots(store, group, 0) | {"account": account}
    if dialect.deletes_knots_at_once:
        bound |= audit.bound(store, entry)
        return bool(_free_at_once(dialect, resource, links).on(connection, bound).scalar_one())
    if not _entomb_free(dialect, resource, links).on(connection, bound).rowcount:
        return False
    bound |= dialect.bind("keys0", [row.parts], len(row.parts))
    require(resource, take(dialect, resource, resource.strategy).on(connection, bound).rowcount, 1)
    audit.write(connection, store, entry)
    return True


def _free(dialect: Dialect, resource: Resource, links: Sequence[ForeignKey]) -> str:
    rule = f" AND NOT coalesce(({resource.block_when}), false)".replace(":", "\\:") if resource.block_when else ""
    unpointed = "".join(f" AND NOT EXISTS ({pointing_at(dialect, link)})" for link in links)
    columns = enumerate(resource.table.key_columns)
    literal = "".join(f" AND {dialect.key_text(column)} = r.k{i}" for i, column in columns)
    return f" AND {in_account(dialect, resource)} AND {live(dialect, resource)}{literal}{rule}{unpointed}"


@cache
def _free_at_once(dialect: Dialect, resource: Resource, links: tuple[ForeignKey, ...]) -> Statement:
    taking = steps(dialect, resource, resource.strategy, 0, _free(dialect, resource, links))
    told = f"a AS ({audit.insertion(dialect)} WHERE EXISTS (SELECT 1 FROM d0))"
    return dialect.statement(f"WITH {', '.join(taking)}, {told} SELECT count(*) FROM d0")


@cache
def _entomb_free(dialect: Dialect, resource: Resource, links: tuple[ForeignKey, ...]) -> Statement:
    kept = under_hold(dialect, resource)
    return entombing(dialect, resource, resource.strategy, f"{_free(dialect, resource, links)} AND NOT {kept}")


# -- many rows --------------------------------------------------------------------------------------------------


def remove_all_free(
    connection: Connection, store: Store, resource: Resource, wanted: Wanted, account: str, stamp: Stamp
) -> set[str]:
    """Take those of these rows that are the account's, live, as wanted, and kept by nothing; returns their ids.

    Raises the database's error where a trigger or a constraint refuses; the caller's savepoint must roll back.
    """
    dialect, links = store.dialect, store.catalog.inbound(resource.table)
    if not wanted or not owned_by(dialect, resource, account):
        return set()
    rows = sorted(wanted, key=lambda one: one[0])
    exact = any(tag is not None for _, tag in rows)
    records = [(*parts, tag) for parts, tag in rows] if exact else [parts for parts, _ in rows]
    bound = stamp.bound(dialect) | {"account": account}
    bound |= dialect.bind("keys0", records, len(resource.table.key) + exact)
    if dialect.deletes_knots_at_once:
        count = int(_all_free_at_once(dialect, resource, links, exact).on(connection, bound).scalar_one())
        return _taken(connection, store, rows, count, stamp)
    count = _entomb_all_free(dialect, resource, links, exact).on(connection, bound).rowcount
    taken = _taken(connection, store, rows, count, stamp)
    keys = [parts for parts, _ in rows if ids.join(parts) in taken]
    bound |= dialect.bind("keys0", keys, len(resource.table.key))
    require(resource, take(dialect, resource, resource.strategy).on(connection, bound).rowcount, count)
    return taken


def _taken(connection: Connection, store: Store, rows: Wanted, count: int, stamp: Stamp) -> set[str]:
    """Which rows a statement took that says how many."""
    if count == len(rows):
        return {ids.join(parts) for parts, _ in rows}
    return tombstones.items_of(connection, store, stamp.audit_id) if count else set()


def _wanted(dialect: Dialect, resource: Resource, exact: bool) -> str:  # noqa: FBT001 — part of a cache key
    if not exact:
        return ""
    return f" AND (r.want IS NULL OR r.want = {_QUOTE} || {dialect.etag(resource)} || {_QUOTE})"


def _columns(resource: Resource, exact: bool) -> tuple[str, ...]:  # noqa: FBT001
    return (*(f"k{i}" for i in range(len(resource.table.key))), *(("want",) if exact else ()))


@cache
def _all_free_at_once(
    dialect: Dialect,
    resource: Resource,
    links: tuple[ForeignKey, ...],
    exact: bool,  # noqa: FBT001
) -> Statement:
    guard = _free(dialect, resource, links) + _wanted(dialect, resource, exact)
    taking = ", ".join(steps(dialect, resource, resource.strategy, 0, guard, _columns(resource, exact)))
    return dialect.statement(f"WITH {taking} SELECT count(*) FROM d0")


@cache
def _entomb_all_free(
    dialect: Dialect,
    resource: Resource,
    links: tuple[ForeignKey, ...],
    exact: bool,  # noqa: FBT001
) -> Statement:
    guard = _free(dialect, resource, links) + _wanted(dialect, resource, exact)
    guard += f" AND NOT {under_hold(dialect, resource)}"
    return entombing(dialect, resource, resource.strategy, guard, _columns(resource, exact))

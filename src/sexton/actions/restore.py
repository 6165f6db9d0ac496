"""Bring back what a delete took: that and nothing else, links that were set to NULL included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from sexton.actions.delete import failure
from sexton.actions.remove import Record
from sexton.errors import Code, PlanDiffers, Problem
from sexton.model import RESTORE_OUTCOMES, ItemResult, Outcome, Principal, Tombstone, summarize
from sexton.names import new_id
from sexton.plan import Row
from sexton.resource import MAX_CHUNK_ROWS, Resource, Strategy
from sexton.storage import audit, detached_links, plain_revival, revival, revival_of_many, rows, tombstones
from sexton.storage.store import Store
from sexton.telemetry.instruments import ITEMS

Group = tuple[str, list[Tombstone]]
"""A requested item and all tombstones that come back with it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of each requested item, and all rows that came back, by resource."""

    results: tuple[ItemResult, ...]
    items: dict[str, list[str]]
    audit_id: str

    @property
    def outcome(self) -> Outcome:
        """Of the first item: `restored`, `live`, `purged`, `not_found` or `failed`."""
        return self.results[0].outcome

    @property
    def error(self) -> Problem | None:
        """Why the first item did not come back, where it `failed`."""
        return self.results[0].error


def restore(
    connection: Connection, store: Store, resource: Resource, item_id: str, *, principal: Principal, now: datetime
) -> Restored:
    """Restore one item, with what went with it."""
    record = Record(principal, new_id("aud"), now)
    restored = restore_items(connection, store, resource, [item_id], record)
    store.count(connection, ITEMS, {str(restored.outcome): 1}, "restore", resource.name)
    if restored.results[0].outcome in (Outcome.RESTORED, Outcome.FAILED):
        write_audit(connection, store, resource, restored, record, action="restore")
    return restored


def restore_items(
    connection: Connection,
    store: Store,
    resource: Resource,
    item_ids: Sequence[str],
    record: Record,
    *,
    of_job: str | None = None,
) -> Restored:
    """Restore items of one resource; with `of_job`, only what that job deleted. Each item stands or falls alone."""
    account, now = record.principal.account, record.now
    parts = {item: rows.parse(store, resource, item) for item in item_ids}
    known = [p for p in parts.values() if p is not None]
    alive = rows.lock(connection, store, resource, known, account, versions=False)
    spelled = {item: Row(resource, p).item_id for item, p in parts.items() if p is not None}
    stones = tombstones.remembered(connection, store, resource.name, account, spelled.values(), now)
    results: dict[str, ItemResult] = {}
    wanted: dict[str, Tombstone] = {}
    for item in item_ids:
        row, stone = alive.get(parts[item] or ()), stones.get(spelled.get(item, ""))
        result = _before(connection, store, item, row, stone, now, of_job)
        if result is not None:
            results[item] = result
        elif stone is not None:
            wanted[item] = stone
    roots = [(s.audit_id, s.item_id) for s in wanted.values() if _is_root(s)]
    many = tombstones.with_many(connection, store, resource.name, roots, MAX_CHUNK_ROWS)
    few = {item: stone for item, stone in wanted.items() if stone.item_id not in many}
    back, failed = _revive(connection, store, _with_dependents(connection, store, resource, few))
    for item, stone in wanted.items():
        if stone.item_id in many:
            problem = _revive_many(connection, store, stone, record)
            back, failed = (back, failed | {item: problem}) if problem else ([*back, (item, [stone])], failed)
    for item, problem in failed.items():
        results[item] = ItemResult(item, Outcome.FAILED, problem)
    results |= {item: ItemResult(item, Outcome.RESTORED) for item, _ in back}
    items = _items(stone for _, those in back for stone in those)
    return Restored(tuple(results[item] for item in item_ids), items, record.audit_id)


def _items(stones: Iterable[Tombstone]) -> dict[str, list[str]]:
    """The rows that come back, by resource."""
    items: dict[str, list[str]] = {}
    for stone in stones:
        if stone.strategy != Strategy.HARD:
            items.setdefault(stone.resource, []).append(stone.item_id)
    return items


def restore_plain(
    connection: Connection, store: Store, resource: Resource, item_ids: Sequence[str], record: Record, job_id: str
) -> bool:
    """Restore all of these items of a job at once; False changes nothing, and says that one of them needs a look."""
    if not plain_revival.is_plain(store, resource):
        return False
    facts = {"account": record.principal.account, "job_id": job_id, "now": record.now}
    try:
        with connection.begin_nested():
            plain_revival.revive_all(connection, store, resource, item_ids, facts)
    except (DBAPIError, PlanDiffers) as error:
        if isinstance(error, DBAPIError) and store.dialect.is_transient(error):
            raise
        return False
    return True


def _before(  # noqa: PLR0913 — the facts of one item
    connection: Connection,
    store: Store,
    item: str,
    row: Row | None,
    stone: Tombstone | None,
    now: datetime,
    of_job: str | None,
) -> ItemResult | None:
    """What can be said before trying; None where the item can be restored."""
    if row is not None and not row.trashed:
        return ItemResult(item, Outcome.LIVE)
    if stone is None:
        return ItemResult(item, Outcome.PURGED if of_job else Outcome.NOT_FOUND)
    if stone.strategy == Strategy.HARD or stone.purged_at is not None or _is_over(connection, store, stone, now):
        return ItemResult(item, Outcome.PURGED, None, stone)
    if of_job is not None and stone.job_id != of_job:
        by = stone.job_id or stone.audit_id
        detail = f"it was restored since and deleted again by {by}: undo that instead"
        return ItemResult(item, Outcome.FAILED, Problem(Code.RESTORE_CONFLICT, detail))
    return None


def _is_over(connection: Connection, store: Store, stone: Tombstone, now: datetime) -> bool:
    """Whether the recovery window has closed; a hold keeps it open."""
    closed = stone.restorable_until is not None and stone.restorable_until <= now
    return closed and not rows.held(connection, store, [(stone.resource, stone.item_id)])


def _with_dependents(
    connection: Connection, store: Store, resource: Resource, wanted: dict[str, Tombstone]
) -> list[Group]:
    """Each item with all that went with it; one that went with another comes back alone."""
    roots = [(s.audit_id, s.item_id) for s in wanted.values() if _is_root(s)]
    found = tombstones.of_roots(connection, store, resource.name, roots)
    return [(item, found[stone.item_id] if _is_root(stone) else [stone]) for item, stone in wanted.items()]


def _is_root(stone: Tombstone) -> bool:
    return (stone.root_resource, stone.root_item) == (stone.resource, stone.item_id)


def _revive(connection: Connection, store: Store, groups: Sequence[Group]) -> tuple[list[Group], dict[str, Problem]]:
    """Revive what fits; what failed is tried again as long as others that it may need came back."""
    back: list[Group] = []
    left, failed = list(groups), dict[str, Problem]()
    while left:
        restored, failed = _revive_or_halve(connection, store, left)
        back += restored
        left = [group for group in left if group[0] in failed] if restored and failed else []
    return back, failed


def _revive_many(connection: Connection, store: Store, root: Tombstone, record: Record) -> Problem | None:
    """Revive an item with more dependents than one plan holds; what they are is told in audit entries of their own."""
    try:
        with connection.begin_nested():
            for part in revival_of_many.revive(connection, store, root):
                audit.write(
                    connection, store, _entry_of(root, _items(stone for stone in part if stone.id != root.id), record)
                )
    except (DBAPIError, PlanDiffers) as error:
        if isinstance(error, DBAPIError) and store.dialect.is_transient(error):
            raise
        return _conflict(store, (root.item_id, [root]), error)
    return None


def _entry_of(root: Tombstone, items: dict[str, list[str]], record: Record) -> audit.Entry:
    """The audit entry of some of the rows that came back with an item."""
    return audit.Entry(
        new_id("aud"),
        record.now,
        record.principal,
        "bulk_restore" if record.job_id else "restore",
        root.resource,
        items,
        job_id=record.job_id,
        requested={"ids": [root.item_id]},
        summary={"dependents": sum(map(len, items.values()))},
    )


def _revive_or_halve(
    connection: Connection, store: Store, groups: Sequence[Group]
) -> tuple[list[Group], dict[str, Problem]]:
    stones = list({stone.id: stone for _, those in groups for stone in those}.values())
    try:
        with connection.begin_nested():
            revival.revive(connection, store, stones)
            detached_links.relink(connection, store, stones)
            tombstones.delete(connection, store, stones)
    except (DBAPIError, PlanDiffers) as error:
        if isinstance(error, DBAPIError) and store.dialect.is_transient(error):
            raise
        if len(groups) == 1:
            return [], {groups[0][0]: _conflict(store, groups[0], error)}
        middle = len(groups) // 2
        first, failed = _revive_or_halve(connection, store, groups[:middle])
        second, more = _revive_or_halve(connection, store, groups[middle:])
        return [*first, *second], failed | more
    return list(groups), {}


def _conflict(store: Store, group: Group, error: Exception) -> Problem:
    detail = store.dialect.conflict_detail(error) if isinstance(error, DBAPIError) else str(error)
    stones = group[1]
    also = f" (with the {len(stones) - 1} row(s) that went with it)" if len(stones) > 1 else ""
    return Problem(Code.RESTORE_CONFLICT, f"it cannot come back{also}: {detail}", {"conflict": detail})


def write_audit(  # noqa: PLR0913 — the entry's facts
    connection: Connection,
    store: Store,
    resource: Resource,
    restored: Restored,
    record: Record,
    *,
    action: str,
    reason: str | None = None,
) -> None:
    """Append the entry of a restore."""
    failed = [failure(result.id, result.error) for result in restored.results if result.error]
    one = restored.results[0].id if action == "restore" else None
    asked = [result.id for result in restored.results]
    summary = summarize(restored.results, RESTORE_OUTCOMES)
    entry = audit.Entry(
        record.audit_id,
        record.now,
        record.principal,
        action,
        resource.name,
        restored.items,
        item_id=one,
        job_id=record.job_id,
        reason=reason,
        requested={"ids": asked},
        failed=failed,
        summary=summary,
    )
    audit.write(connection, store, entry)

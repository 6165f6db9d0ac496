"""The final removal after the recovery window: snapshots erased, soft rows removed, later the tombstones forgotten.

Never before the date that was stamped at the delete, never under a hold; asked again in the transaction that
destroys. Small batches, each with its audit entry, so that a crash loses nothing and a rerun goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, select, tuple_
from sqlalchemy.exc import DBAPIError

from sexton.actions.announce import announce
from sexton.events import Event
from sexton.model import Principal, Tombstone
from sexton.names import new_id
from sexton.plan import Row, parents_first
from sexton.resource import Resource, Strategy
from sexton.storage import audit, job_controls, removal, revival, rows, tombstones, webhook_deliveries
from sexton.storage.store import Store
from sexton.telemetry.instruments import ITEMS

BATCH = 1_000
_SYSTEM = "system:purge"


@dataclass(slots=True)
class Report:
    """What a purge did, or would do: items by resource. `kept` are due, but rows of the host's still point at them."""

    purged: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    forgotten: int = 0
    idempotency_keys: int = 0
    previews: int = 0
    audit_entries: int = 0
    last: int = 0
    dry_run: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For people and machines."""
        names = ("purged", "kept", "forgotten", "idempotency_keys", "previews", "audit_entries")
        return {name: getattr(self, name) for name in names}

    @property
    def items(self) -> int:
        """All that was looked at so far."""
        counted = (self.forgotten, self.idempotency_keys, self.previews, self.audit_entries)
        return sum(counted) + sum(self.purged.values()) + sum(self.kept.values())


Step = Callable[[Connection, Store, datetime, Report], bool]
"""One batch, in the caller's transaction; True where there may be more."""


def purge(
    store: Store,
    *,
    now: datetime | None = None,
    dry_run: bool = False,
    most_per_second: float | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Report:
    """Run all batches, each in a transaction of its own; a dry run rolls each back.

    `most_per_second` bounds the items a second over the whole run; `stopped` is asked between batches.
    """
    report, started = Report(dry_run=dry_run), time.monotonic()
    for step in (purge_batch, forget_batch, *_SWEEPS):
        report.last = 0
        while not stopped() and _run(store, step, report, now):
            if most_per_second:
                due = started + report.items / most_per_second
                time.sleep(max(0.0, due - time.monotonic()))
    return report


def purge_within(connection: Connection, store: Store, *, now: datetime) -> Report:
    """Run all batches in the caller's transaction, which holds their locks until it ends."""
    report = Report()
    for step in (purge_batch, forget_batch, *_SWEEPS):
        report.last = 0
        while step(connection, store, now, report):
            pass
    return report


class _DryRun(Exception):
    pass


def _run(store: Store, step: Step, report: Report, now: datetime | None) -> bool:
    more = False
    try:
        with store.write() as connection:
            more = step(connection, store, now or store.dialect.now(connection), report)
            if report.dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return more


def purge_batch(connection: Connection, store: Store, now: datetime, report: Report) -> bool:
    """Purge up to a batch of due items; True where there may be more."""
    stones = tombstones.due(connection, store, now, after=report.last, limit=BATCH)
    if not stones:
        return False
    report.last = stones[-1].id
    kept = _remove_soft_rows(connection, store, [s for s in stones if s.strategy == Strategy.SOFT])
    gone = [stone for stone in stones if stone.id not in kept]
    tombstones.mark_purged(connection, store, gone, now)
    _tell(connection, store, gone, now)
    for stone in stones:
        tally = report.kept if stone.id in kept else report.purged
        tally[stone.resource] = tally.get(stone.resource, 0) + 1
    return True


def _remove_soft_rows(connection: Connection, store: Store, stones: Sequence[Tombstone]) -> set[int]:
    """Remove soft-deleted rows, children before parents; returns the tombstones whose rows must stay."""
    by_name: dict[str, list[Tombstone]] = {}
    for stone in stones:
        by_name.setdefault(stone.resource, []).append(stone)
    resources = {n: store.catalog.resources[n] for n in by_name if n in store.catalog.resources}
    order = parents_first([r.table for r in resources.values()], store.catalog.foreign_keys)
    place = {id(table): n for n, knot in enumerate(order) for table in knot}
    kept: set[int] = set()
    for resource in sorted(resources.values(), key=lambda r: -place[id(r.table)]):
        kept |= _remove_rows(connection, store, resource, by_name[resource.name])
    return kept


def _remove_rows(connection: Connection, store: Store, resource: Resource, stones: Sequence[Tombstone]) -> set[int]:
    by_parts = {parts: stone for stone in stones for parts in revival.keys_of(resource, [stone.item_id])}
    links = [link for link in store.catalog.inbound(resource.table) if not link.on_delete.detaches]
    hard = replace(resource, strategy=Strategy.HARD)
    found = rows.references(connection, store, hard, links, [Row(resource, parts) for parts in by_parts])
    kept = {by_parts[parts].id for parts in found}
    free = [parts for parts in by_parts if parts not in found]
    try:
        with connection.begin_nested():
            removal.purge_trashed(connection, store, resource, free)
    except DBAPIError as error:
        if store.dialect.is_transient(error):
            raise
        kept |= {stone.id for stone in stones}
    return kept


def _tell(connection: Connection, store: Store, stones: Sequence[Tombstone], now: datetime) -> None:
    """One audit entry and one event for each account and resource of the batch."""
    groups: dict[tuple[str, str], list[str]] = {}
    for stone in stones:
        groups.setdefault((stone.account, stone.resource), []).append(stone.item_id)
    for (account, resource), items in groups.items():
        who = Principal(account, _SYSTEM)
        count = {"purged": len(items)}
        entry = audit.Entry(new_id("aud"), now, who, "purge", resource, {resource: items}, summary=count)
        audit.write(connection, store, entry)
        store.count(connection, ITEMS, count, "purge", resource)
        told = {"resource": resource, "count": len(items), "ids": items, "audit_id": entry.id}
        announce(connection, store, account, Event.ITEM_PURGED, told, now)


def forget_batch(connection: Connection, store: Store, now: datetime, report: Report) -> bool:
    """Forget up to a batch of tombstones whose memory is over; True where there may be more."""
    stones = tombstones.forgettable(connection, store, now, after=report.last, limit=BATCH)
    if not stones:
        return False
    report.last = stones[-1].id
    tombstones.delete(connection, store, stones)
    report.forgotten += len(stones)
    return True


def _sweep(name: str, tally: str | None, due: Callable[[Store, datetime], ColumnElement[bool]]) -> Step:
    """A step that drops what nobody needs any more from one table, a batch at a time; a dry run looks at all at once."""

    def step(connection: Connection, store: Store, now: datetime, report: Report) -> bool:
        table = store.tables[name]
        key = tuple_(*table.primary_key.columns)
        chosen = select(*table.primary_key.columns).where(due(store, now))
        batch = chosen if report.dry_run else chosen.limit(BATCH)
        gone = connection.execute(delete(table).where(key.in_(batch))).rowcount
        if tally is not None:
            setattr(report, tally, getattr(report, tally) + gone)
        return gone == BATCH and not report.dry_run

    return step


def _is_unused(store: Store, now: datetime) -> ColumnElement[bool]:
    previews = store.tables["previews"]
    return and_(previews.c.expires_at <= now, previews.c.job_id.is_(None))


def _is_list_of_unused(store: Store, now: datetime) -> ColumnElement[bool]:
    chunks, previews = store.tables["bulk_chunks"], store.tables["previews"]
    return and_(chunks.c.state == "frozen", chunks.c.job_id.in_(select(previews.c.id).where(_is_unused(store, now))))


def _is_past(name: str, column: str) -> Callable[[Store, datetime], ColumnElement[bool]]:
    return lambda store, now: store.tables[name].c[column] <= now


_SWEEPS: tuple[Step, ...] = (
    _sweep("idempotency_keys", "idempotency_keys", _is_past("idempotency_keys", "expires_at")),
    _sweep("bulk_chunks", None, _is_list_of_unused),
    _sweep("previews", "previews", _is_unused),
    _sweep("detached_links", None, _is_past("detached_links", "forget_after")),
    _sweep("job_controls", None, lambda store, now: store.tables["job_controls"].c.at <= now - job_controls.LASTS),
    _sweep("webhook_deliveries", None, webhook_deliveries.is_old),
    _sweep("audit_log", "audit_entries", lambda store, now: store.tables["audit_log"].c.keep_until < now),
)

"""Run one chunk of a job: claim, do, record, in one transaction that the caller commits.

The lock of the chunk's row is the lease. Whoever runs it, a worker of ours or a team's own queue, cron or thread, a
chunk is done once: claim, removal, tombstones, results, audit and its mark commit together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from sexton.actions.batches import counts_of, exceptions_of, targets_of
from sexton.actions.delete import failure
from sexton.actions.prepare import Order, TooManyRows, prepare
from sexton.actions.remove import Record, execute, free_all
from sexton.actions.remove_many import remove_many
from sexton.actions.restore import Restored, restore_items, restore_plain, write_audit
from sexton.errors import Code, Problem
from sexton.model import DELETE_OUTCOMES, Chunk, ItemResult, Job, Outcome, Principal, Removal, summarize
from sexton.names import new_id
from sexton.resource import MAX_CHUNK_ROWS, MAX_PLANNED_ROWS, Resource
from sexton.storage import audit, chunks, jobs, workers
from sexton.storage.store import Store
from sexton.telemetry.instruments import ITEMS

TRIES = 3
_MOST_STAGES = 100


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a chunk: how many items of each outcome; none where it was only cut into smaller ones."""

    job: Job
    chunk: Chunk
    counts: dict[str, int]


def run_next_chunk(
    connection: Connection, store: Store, *, job_id: str | None = None, now: datetime | None = None
) -> Ran | None:
    """Run the next chunk of a job (of the oldest that has one), in the caller's transaction; None where none waits."""
    now = now or store.dialect.now(connection)
    jobs.start_due(connection, store, now)
    for waiting in jobs.running(connection, store):
        if job_id in (None, waiting.id):
            claimed = claim(connection, store, waiting.id, now)
            if claimed is not None:
                return run_chunk(connection, store, *claimed, now)
    return None


def claim(
    connection: Connection, store: Store, job_id: str, now: datetime, *, after: int | None = None
) -> tuple[Job, Chunk] | None:
    """Lock a job against being stopped, and its next chunk against other workers; None where there is nothing to do."""
    job = jobs.share(connection, store, job_id, now)
    if job is None:
        return None
    backwards = job.kind == "restore"
    chunk = chunks.claim(connection, store, job_id, job.stage, now, after=after, backwards=backwards)
    return (job, chunk) if chunk is not None else None


def fit(connection: Connection, store: Store, chunk: Chunk, most: int) -> Chunk:
    """Cut a chunk that is much larger than what takes the time a chunk should take; the rest waits."""
    if len(chunk.ids) * 2 <= most * 3 or len(chunk.ids) == 1:
        return chunk
    parts = [chunk.pick(range(most)), chunk.pick(range(most, len(chunk.ids)))]
    return chunks.cut(connection, store, parts)[0]


def isolate(connection: Connection, store: Store, job: Job, chunk: Chunk, worker_id: str, why: str) -> Ran:
    """Halve a chunk that ended every try; at last the bad item stands alone, and says why it was not done."""
    size = len(chunk.ids)
    workers.forget(connection, store, job.id, chunk.n, worker_id)
    if size == 1:
        return give_up(connection, store, job, chunk, why)
    once_more = replace(chunk, attempts=TRIES - 1)
    halves = [once_more.pick(range(size // 2)), once_more.pick(range(size // 2, size))]
    chunks.cut(connection, store, halves)
    return Ran(job, chunk, {})


def give_up(connection: Connection, store: Store, job: Job, chunk: Chunk, why: str) -> Ran:
    """End a chunk that cannot be run: none of its items changed, and each says why."""
    problem = Problem(Code.INTERNAL, f"Sexton could not do this item: {why}; nothing of it was changed")
    results = [ItemResult(item, Outcome.FAILED, problem) for item in chunk.ids]
    ended = replace(chunk, counts=counts_of(results), exceptions=exceptions_of(results, Outcome.DELETED))
    chunks.finish(connection, store, ended, None)
    store.count(connection, ITEMS, ended.counts, job.kind, job.resource)
    return Ran(job, ended, ended.counts)


def run_chunk(connection: Connection, store: Store, job: Job, chunk: Chunk, now: datetime) -> Ran:
    """Do a claimed chunk and write its outcomes, its audit entry and its end."""
    resource = store.catalog.resources.get(job.resource)
    if resource is None:
        return give_up(connection, store, job, chunk, f"there is no resource {job.resource} any more")
    record = Record(Principal(**job.principal), new_id("aud"), now, job.id)
    run, plain = _RUNS[job.kind]
    chunk, results = run(connection, store, resource, job, chunk, record)
    if not chunk.ids:
        return Ran(job, chunk, {})
    done = replace(chunk, counts=counts_of(results), exceptions=exceptions_of(results, plain))
    chunks.finish(connection, store, done, record.audit_id)
    store.count(connection, ITEMS, done.counts, job.kind, job.resource)
    return Ran(job, done, done.counts)


# -- deletes ----------------------------------------------------------------------------------------------------


def _delete(
    connection: Connection, store: Store, resource: Resource, job: Job, chunk: Chunk, record: Record
) -> tuple[Chunk, Sequence[ItemResult]]:
    chunk, removal = _remove_what_fits(connection, store, resource, job, chunk, record)
    results = [_own(result, job) for result in removal.results]
    waits = [_waits_for_its_own(resource, result) for result in results]
    if any(waits) and _may_wait(connection, store, job, Outcome.DELETED):
        chunk, results = _put_behind(connection, store, chunk, results, waits)
    if not results:
        return chunk, ()
    failed = [failure(result.id, result.error) for result in results if result.error]
    entry = replace(_entry(job, chunk, record, removal.removed), id=record.audit_id, failed=failed)
    audit.write(connection, store, replace(entry, summary=summarize(results, DELETE_OUTCOMES)))
    return chunk, results


def _entry(job: Job, chunk: Chunk, record: Record, removed: dict[str, list[str]]) -> audit.Entry:
    """The audit entry of rows that went by themselves: dependents of an item that has more than one entry holds."""
    return audit.Entry(
        new_id("aud"),
        record.now,
        record.principal,
        "bulk_delete",
        job.resource,
        removed,
        job_id=job.id,
        reason=job.reason,
        requested={"ids": chunk.ids, "chunk": chunk.n},
        summary={"dependents": sum(map(len, removed.values()))},
    )


def _remove_what_fits(
    connection: Connection, store: Store, resource: Resource, job: Job, chunk: Chunk, record: Record
) -> tuple[Chunk, Removal]:
    """Remove a chunk's items; where too many rows depend on them, the first half, and the rest is left as a chunk.

    One item with too many stands alone in its transaction at last, and goes with all of them.
    """
    exact = resource.require_if_match and not job.options.get("from_preview")
    order = Order(resource, targets_of(chunk), job.account, bool(job.options.get("cascade")), MAX_CHUNK_ROWS, exact)
    try:
        with connection.begin_nested():
            return chunk, _remove_all(connection, store, order, record)
    except TooManyRows:
        if len(chunk.ids) == 1:
            some = replace(order, cap=MAX_PLANNED_ROWS)
            return chunk, remove_many(connection, store, some, record, partial(_entry, job, chunk, record))
    half = fit(connection, store, chunk, len(chunk.ids) // 2)
    return _remove_what_fits(connection, store, resource, job, half, record)


def _waits_for_its_own(resource: Resource, result: ItemResult) -> bool:
    """Whether only rows of the same table keep an item: another chunk may be about to take them."""
    error = result.error
    if error is None or error.code is not Code.REFERENCED:
        return False
    return {one["resource"] for one in error.members.get("references", ())} == {resource.name}


def _own(result: ItemResult, job: Job) -> ItemResult:
    """An item that went as a dependent of another of the same job was deleted, not gone."""
    if result.outcome is Outcome.GONE and result.tombstone is not None and result.tombstone.job_id == job.id:
        return ItemResult(result.id, Outcome.DELETED)
    return result


def _remove_all(connection: Connection, store: Store, order: Order, record: Record) -> Removal:
    """What nothing keeps goes at once; what is left is planned."""
    taken = free_all(connection, store, order, record)
    left = [target for target in order.targets if target.id not in taken]
    planned = Removal(())
    if left:
        planned = execute(
            connection, store, prepare(connection, store, replace(order, targets=left), record.now), record
        )
    gone = {result.id: result for result in planned.results}
    results = tuple(gone.get(t.id) or ItemResult(t.id, Outcome.DELETED) for t in order.targets)
    own = [*taken.values(), *planned.removed.get(order.resource.name, ())]
    return Removal(results, planned.removed | ({order.resource.name: own} if own else {}))


# -- restores ---------------------------------------------------------------------------------------------------


def _restore(
    connection: Connection, store: Store, resource: Resource, job: Job, chunk: Chunk, record: Record
) -> tuple[Chunk, Sequence[ItemResult]]:
    restored = _undo(connection, store, resource, job, chunk, record)
    results = [_restored_here(connection, store, resource, job, result) for result in restored.results]
    waits = [result.outcome is Outcome.FAILED for result in results]
    if any(waits) and _may_wait(connection, store, job, Outcome.RESTORED):
        chunk, results = _put_behind(connection, store, chunk, results, waits)
    told = Restored(tuple(results), restored.items, restored.audit_id)
    if results:
        write_audit(connection, store, resource, told, record, action="bulk_restore", reason=job.reason)
    return chunk, results


def _undo(connection: Connection, store: Store, resource: Resource, job: Job, chunk: Chunk, record: Record) -> Restored:
    """All at once where each item was a row by itself and is as the job left it; else item by item."""
    source = job.source_job_id or ""
    plain = not job.options.get("cascade") and restore_plain(connection, store, resource, chunk.ids, record, source)
    if not plain:
        return restore_items(connection, store, resource, chunk.ids, record, of_job=source)
    results = tuple(ItemResult(item, Outcome.RESTORED) for item in chunk.ids)
    return Restored(results, {resource.name: chunk.ids}, record.audit_id)


def _restored_here(
    connection: Connection, store: Store, resource: Resource, job: Job, result: ItemResult
) -> ItemResult:
    """An item that another chunk of this job brought back, as a dependent, was restored, not live before."""
    if result.outcome is Outcome.LIVE and audit.names_item(connection, store, job.id, resource.name, result.id):
        return ItemResult(result.id, Outcome.RESTORED)
    return result


# -- items that wait for other chunks -----------------------------------------------------------------------------


def _may_wait(connection: Connection, store: Store, job: Job, progress: Outcome) -> bool:
    """Whether trying again after the rest may help: other chunks may bring parents back, or take children away.

    A stage that follows one in which nothing went forward is the last one, so that every job ends. The stages of a
    rollout are spoken for.
    """
    if job.options.get("rollout") is not None or job.stage >= _MOST_STAGES:
        return False
    if job.stage == 0:
        return chunks.more_than_one(connection, store, job.id)
    return chunks.counts(connection, store, job.id, stage=job.stage - 1).get(str(progress), 0) > 0


def _put_behind(
    connection: Connection, store: Store, chunk: Chunk, results: list[ItemResult], waits: list[bool]
) -> tuple[Chunk, list[ItemResult]]:
    """Move the items that wait into a chunk of the next stage; what is left of the chunk, and its results."""
    kept = [n for n, waiting in enumerate(waits) if not waiting]
    behind = replace(chunk.pick([n for n, waiting in enumerate(waits) if waiting]), stage=chunk.stage + 1)
    if kept:
        chunks.cut(connection, store, [chunk.pick(kept), behind])
    else:
        chunks.drop(connection, store, chunk)
        chunks.add(connection, store, [behind.numbered()])
    return chunk.pick(kept), [results[n] for n in kept]


_Run = Callable[[Connection, Store, Resource, Job, Chunk, Record], tuple[Chunk, Sequence[ItemResult]]]
_RUNS: dict[str, tuple[_Run, Outcome]] = {
    "delete": (_delete, Outcome.DELETED),
    "restore": (_restore, Outcome.RESTORED),
}

"""Run one chunk of a job: claim, do, record, in one transaction that the caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from sexton.actions.bulk_delete import exceptions_of, targets_of
from sexton.actions.delete import failure
from sexton.actions.remove import Order, Record, TooManyRows, execute, prepare
from sexton.actions.restore import Restored, restore_items, write_audit
from sexton.errors import Code, Problem
from sexton.model import (
    DELETE_OUTCOMES,
    RESTORE_OUTCOMES,
    Chunk,
    ItemResult,
    Job,
    Outcome,
    Principal,
    Removal,
    summarize,
)
from sexton.names import new_id
from sexton.resource import Resource
from sexton.storage import audit, jobs
from sexton.storage.store import Store

_CAP = 1_000_000


def run_chunk(connection: Connection, store: Store, job: Job, chunk: Chunk, now: datetime) -> dict[str, int]:
    """Do a claimed chunk and write its outcomes, its audit entry and its end."""
    resource = store.catalog.resources[job.resource]
    record = Record(Principal(**job.principal), new_id("aud"), now, job.id)
    run = _delete if job.kind == "delete" else _restore
    results = run(connection, store, resource, job, chunk, record)
    plain, outcomes = (
        (Outcome.DELETED, DELETE_OUTCOMES) if job.kind == "delete" else (Outcome.RESTORED, RESTORE_OUTCOMES)
    )
    counts = {k: v for k, v in summarize(results, outcomes).items() if k != "requested" and v}
    jobs.finish_chunk(connection, store, chunk, counts, exceptions_of(results, plain), record.audit_id)
    return counts


def give_up(connection: Connection, store: Store, chunk: Chunk, error: Exception) -> None:
    """End a chunk that cannot be run: none of its items changed, and each says why."""
    detail = f"Sexton could not run this chunk ({type(error).__name__}); nothing of it was changed"
    results = [ItemResult(item, Outcome.FAILED, Problem(Code.INTERNAL, detail)) for item in chunk.ids]
    exceptions = exceptions_of(results, Outcome.DELETED)
    jobs.finish_chunk(connection, store, chunk, {str(Outcome.FAILED): len(results)}, exceptions, None)


def _delete(
    connection: Connection, store: Store, resource: Resource, job: Job, chunk: Chunk, record: Record
) -> Sequence[ItemResult]:
    exact = resource.require_if_match and not job.options.get("from_preview")
    order = Order(resource, targets_of(chunk), job.account, bool(job.options.get("cascade")), _CAP, exact)
    removal = _remove_all(connection, store, order, record)
    results = [_own(result, job) for result in removal.results]
    failed = [failure(result.id, result.error) for result in results if result.error]
    entry = audit.Entry(
        record.audit_id,
        record.now,
        record.principal,
        "bulk_delete",
        resource.name,
        removal.removed,
        job_id=job.id,
        reason=job.reason,
        requested={"ids": chunk.ids, "chunk": chunk.n},
        failed=failed,
        summary=summarize(results, DELETE_OUTCOMES),
    )
    audit.write(connection, store, entry)
    return results


def _own(result: ItemResult, job: Job) -> ItemResult:
    """An item that went as a dependent of another of the same job was deleted, not gone."""
    if result.outcome is Outcome.GONE and result.tombstone is not None and result.tombstone.job_id == job.id:
        return ItemResult(result.id, Outcome.DELETED)
    return result


def _remove_all(connection: Connection, store: Store, order: Order, record: Record) -> Removal:
    """Remove a chunk's items; where too many rows depend on them together, half at a time."""
    try:
        prepared = prepare(connection, store, order, record.now)
    except TooManyRows as error:
        if len(order.targets) == 1:
            problem = Problem(Code.TOO_MANY_DEPENDENTS, f"{error}: delete them first")
            return Removal((ItemResult(order.targets[0].id, Outcome.FAILED, problem),))
        middle = len(order.targets) // 2
        first = _remove_all(connection, store, replace(order, targets=order.targets[:middle]), record)
        second = _remove_all(connection, store, replace(order, targets=order.targets[middle:]), record)
        names = dict.fromkeys([*first.removed, *second.removed])
        removed = {name: [*first.removed.get(name, ()), *second.removed.get(name, ())] for name in names}
        return Removal((*first.results, *second.results), removed)
    return execute(connection, store, prepared, record)


def _restore(
    connection: Connection, store: Store, resource: Resource, job: Job, chunk: Chunk, record: Record
) -> Sequence[ItemResult]:
    restored = restore_items(connection, store, resource, chunk.ids, record, of_job=job.source_job_id)
    results = tuple(_restored_here(connection, store, resource, job, result) for result in restored.results)
    write_audit(
        connection,
        store,
        resource,
        Restored(results, restored.items, restored.audit_id),
        record,
        action="bulk_restore",
        reason=job.reason,
    )
    return results


def _restored_here(
    connection: Connection, store: Store, resource: Resource, job: Job, result: ItemResult
) -> ItemResult:
    """An item that another chunk of this job brought back, as a dependent, was restored, not live before."""
    if result.outcome is Outcome.LIVE and audit.names_item(connection, store, job.id, resource.name, result.id):
        return ItemResult(result.id, Outcome.RESTORED)
    return result

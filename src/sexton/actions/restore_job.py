"""Undo a whole job: a new job of kind `restore` over just the items that the first one deleted.

Its chunks are the first one's, taken from the last to the first, so that parents come before children.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from sexton.actions.batches import traced, who
from sexton.actions.finish_job import finish_job
from sexton.actions.run_chunk import claim, run_chunk
from sexton.errors import Code, Refused
from sexton.lifecycle import State
from sexton.model import ItemResult, Job, Principal
from sexton.names import new_id
from sexton.resource import MAX_PLANNED_ROWS
from sexton.storage import chunks, jobs, tombstones
from sexton.storage.store import Store


@dataclass(frozen=True, slots=True)
class BulkRestored:
    """The job that undoes another, and where it has ended already what became of each item (else None)."""

    job: Job
    results: tuple[ItemResult, ...] | None = None


def restore_job(
    connection: Connection, store: Store, job: Job, *, principal: Principal, now: datetime, respond_async: bool = False
) -> Job:
    """Start, and where it is small finish, the undoing of a job. Raises Refused (409) for one that still runs."""
    _require_over(job)
    undo = replace(
        job,
        id=new_id("job"),
        kind="restore",
        state=str(State.QUEUED),
        state_reason=None,
        stage=0,
        reason=f"undo of {job.id}",
        requested_by=principal.key_id,
        principal=who(principal),
        options={"cascade": bool(job.options.get("cascade"))} | traced(),
        duplicates=0,
        audit_id=None,
        source_job_id=job.id,
        created_at=now,
        started_at=None,
        finished_at=None,
        not_before=None,
        restorable_until=None,
    )
    undo = replace(undo, requested=chunks.copy_deleted(connection, store, job.id, undo.id))
    small = not respond_async and _is_small(connection, store, job, undo)
    if small:
        undo = replace(undo, state=str(State.RUNNING), started_at=now)
    jobs.insert(connection, store, undo)
    return _finish_now(connection, store, undo, now) if small else undo


def _is_small(connection: Connection, store: Store, job: Job, undo: Job) -> bool:
    """By the same limits as a delete: so many items, and so many rows with all that went along."""
    if undo.requested > store.limits_of(undo.account).sync_limit:
        return False
    return not job.options.get("cascade") or tombstones.count_of_job(connection, store, job.id) <= MAX_PLANNED_ROWS


def _require_over(job: Job) -> None:
    if job.kind != "delete":
        raise Refused(Code.STATE_CONFLICT, f"{job.id} is an undo itself: run the delete again instead", state=job.state)
    stopped = job.state in {State.PAUSED, State.HALTED}
    if not State(job.state).is_final and not stopped:
        raise Refused(Code.STATE_CONFLICT, f"{job.id} still runs: cancel it, or wait for its end", state=job.state)


def _finish_now(connection: Connection, store: Store, undo: Job, now: datetime) -> Job:
    """Run all chunks in this transaction; nobody else can see them yet."""
    while True:
        while (claimed := claim(connection, store, undo.id, now)) is not None:
            run_chunk(connection, store, *claimed, now)
        current = jobs.of_any_account(connection, store, undo.id) or undo
        if finish_job(connection, store, current, now) is not None:
            return jobs.of_any_account(connection, store, undo.id) or undo

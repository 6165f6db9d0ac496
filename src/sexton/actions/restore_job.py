"""Undo a whole job: a new job of kind `restore` over just the items that the first one deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from sexton.actions.bulk_delete import who
from sexton.actions.run_chunk import run_chunk
from sexton.errors import Code, Refused
from sexton.lifecycle import State, finished
from sexton.model import Chunk, Job, Principal
from sexton.names import new_id
from sexton.storage import jobs
from sexton.storage.store import Store


def restore_job(
    connection: Connection, store: Store, job: Job, *, principal: Principal, now: datetime, respond_async: bool = False
) -> Job:
    """Start, and where it is small finish, the undoing of a job. Raises Refused (409) for one that still runs."""
    _require_over(connection, store, job)
    made = _chunks(connection, store, job, new_id("job"))
    requested = sum(len(chunk.ids) for chunk in made)
    undo = replace(
        job,
        id=made[0].job_id if made else new_id("job"),
        kind="restore",
        state=str(State.QUEUED),
        reason=f"undo of {job.id}",
        requested_by=principal.key_id,
        principal=who(principal),
        requested=requested,
        duplicates=0,
        audit_id=None,
        source_job_id=job.id,
        created_at=now,
        started_at=None,
        finished_at=None,
        not_before=None,
        restorable_until=None,
    )
    small = requested <= store.limits_of(principal.account).sync_limit and not respond_async
    if small:
        undo = replace(undo, state=str(State.RUNNING), started_at=now)
    jobs.insert(connection, store, undo)
    jobs.add_chunks(connection, store, made)
    return _finish_now(connection, store, undo, made, now) if small else undo


def _require_over(connection: Connection, store: Store, job: Job) -> None:
    if job.kind != "delete":
        raise Refused(Code.STATE_CONFLICT, f"{job.id} is an undo itself: run the delete again instead", state=job.state)
    stopped = job.state in {State.PAUSED, State.HALTED}
    if not State(job.state).is_final and not stopped:
        raise Refused(Code.STATE_CONFLICT, f"{job.id} still runs: cancel it, or wait for its end", state=job.state)
    del connection, store


def _chunks(connection: Connection, store: Store, job: Job, undo_id: str) -> list[Chunk]:
    """The deleted items of the job's chunks, last chunk first, so that parents come before children."""
    made: list[Chunk] = []
    found = [chunk for chunk in jobs.chunks(connection, store, job.id) if chunk.state == "done"]
    for chunk in reversed(found):
        ids = [item for item in chunk.ids if item not in chunk.exceptions]
        if ids:
            made.append(Chunk(undo_id, len(made), "ready", ids, None, {}, {}))
    return made


def _finish_now(connection: Connection, store: Store, undo: Job, made: list[Chunk], now: datetime) -> Job:
    for chunk in made:
        run_chunk(connection, store, undo, chunk, now)
    state = finished(jobs.counts(connection, store, undo.id))
    jobs.finish(connection, store, undo.id, state, now)
    return replace(undo, state=str(state), finished_at=now)

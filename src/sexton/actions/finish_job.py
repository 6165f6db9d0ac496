"""End the stages and the jobs whose chunks are all done: one single-winner update each, with its event.

Never a counter: two last chunks that commit at the same moment do not see each other, but whoever looks after both does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sexton import rollout
from sexton.actions.announce import announce
from sexton.events import Event
from sexton.lifecycle import State, finished
from sexton.model import Job
from sexton.storage import chunks, jobs
from sexton.storage.store import Store
from sexton.telemetry.instruments import JOBS


def finish_jobs(connection: Connection, store: Store, now: datetime) -> list[tuple[Job, State]]:
    """End what can be ended; returns the jobs that this caller ended or halted."""
    return [
        (job, ended)
        for job_id in jobs.finishable(connection, store)
        if (job := jobs.of_any_account(connection, store, job_id)) is not None
        and (ended := finish_job(connection, store, job, now)) is not None
    ]


def finish_job(connection: Connection, store: Store, job: Job, now: datetime) -> State | None:
    """Open the next stage of a job, or halt it, or end it; the state it was brought to, None where it goes on."""
    if job.stage < chunks.last_stage(connection, store, job.id):
        return _next_stage(connection, store, job, now)
    if not jobs.advance(connection, store, job, state=str(State.COMPLETED), finished_at=now):
        return None
    state = finished(chunks.counts(connection, store, job.id))
    if state is not State.COMPLETED:
        jobs.set_state(connection, store, job.id, state, now)
    announce_job(connection, store, job, state, now)
    return state


def _next_stage(connection: Connection, store: Store, job: Job, now: datetime) -> State | None:
    reason = breach(connection, store, job)
    if reason is not None:
        if not jobs.advance(connection, store, job, state=str(State.HALTED), state_reason=reason):
            return None
        announce_job(connection, store, replace(job, state_reason=reason), State.HALTED, now)
        return State.HALTED
    jobs.advance(connection, store, job, stage=job.stage + 1)
    return None


def breach(connection: Connection, store: Store, job: Job) -> str | None:
    """Why a job with a rollout must not go on, by what its stage has done so far; None where it may."""
    gate = rollout.gate_of(job)
    if gate is None or gate.is_waived(job.stage):
        return None
    size = chunks.size(connection, store, job.id, stage=job.stage)
    return gate.breach(job.stage, size, chunks.counts(connection, store, job.id, stage=job.stage))


_EVENTS = {
    State.COMPLETED: Event.JOB_COMPLETED,
    State.COMPLETED_WITH_FAILURES: Event.JOB_COMPLETED_WITH_FAILURES,
    State.FAILED: Event.JOB_FAILED,
    State.HALTED: Event.JOB_HALTED,
    State.CANCELLED: Event.JOB_CANCELLED,
}


def announce_job(connection: Connection, store: Store, job: Job, state: State, now: datetime) -> None:
    """Tell the account's webhooks that a job ended or halted, in the transaction in which it did."""

    def told() -> dict[str, Any]:
        counts = chunks.counts(connection, store, job.id)
        counts.pop("done")
        names = ("kind", "resource", "requested_by", "created_at")
        return {"job_id": job.id, "state": str(state), "reason": job.state_reason or job.reason} | {
            **{name: getattr(job, name) for name in names},
            "summary": {"requested": job.requested, **counts},
            "at": now,
        }

    store.count(connection, JOBS, {str(state): 1}, job.kind)
    announce(connection, store, job.account, _EVENTS[state], told, now)

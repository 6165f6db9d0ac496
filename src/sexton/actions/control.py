"""Approve, pause, resume, cancel a job. Each is idempotent; when the call returns no further chunk can commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from sexton.actions.finish_job import announce_job
from sexton.errors import Code, Refused
from sexton.lifecycle import Move, State, after
from sexton.model import Job, Principal
from sexton.names import new_id
from sexton.storage import audit, jobs
from sexton.storage.store import Store


def control(
    connection: Connection, store: Store, job_id: str, move: Move, *, principal: Principal, now: datetime
) -> Job | None:
    """Make a move and return the job; None where the account has none of that id. Raises Refused (409).

    The job's row is locked, which waits for the chunks in hand: the caller has committed an intent, so none joins them.
    """
    job = jobs.get(connection, store, principal.account, job_id, lock=True)
    if job is None:
        return None
    target = after(move, State(job.state))
    if target is None:
        raise Refused(Code.STATE_CONFLICT, f"{move} is not possible: {job_id} is {job.state}", state=job.state)
    if move is Move.APPROVE and job.requested_by == principal.key_id:
        raise Refused(Code.STATE_CONFLICT, "another key than the one that asked must approve", state=job.state)
    if target == job.state:
        return job
    waived = None
    if job.state == State.HALTED and move is Move.RESUME:
        waived = job.options | {"waived": [*job.options.get("waived", ()), job.stage]}
    jobs.set_state(connection, store, job_id, target, now, options=waived)
    entry = audit.Entry(new_id("aud"), now, principal, f"job_{move}", job.resource, job_id=job_id)
    audit.write(connection, store, entry)
    if target is State.CANCELLED:
        announce_job(connection, store, job, target, now)
    return jobs.get(connection, store, principal.account, job_id)


def halt(connection: Connection, store: Store, job_id: str, reason: str, now: datetime) -> bool:
    """Stop a running job because too much of it failed; True where this caller did."""
    job = jobs.of_any_account(connection, store, job_id, lock=True)
    if job is None or job.state != State.RUNNING:
        return False
    jobs.set_state(connection, store, job_id, State.HALTED, now, reason=reason)
    announce_job(connection, store, replace(job, state_reason=reason), State.HALTED, now)
    return True

"""End the jobs whose chunks are all done: one single-winner update each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from sexton.lifecycle import finished
from sexton.storage import jobs
from sexton.storage.store import Store


def finish_jobs(connection: Connection, store: Store, now: datetime) -> list[str]:
    """End what can be ended; returns the jobs that this caller ended."""
    ended = []
    for job_id, _ in jobs.finishable(connection, store):
        state = finished(jobs.counts(connection, store, job_id))
        if jobs.finish(connection, store, job_id, state, now):
            ended.append(job_id)
    return ended

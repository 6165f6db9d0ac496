"""Intents: what somebody is about to do to a job, committed first so that no further chunk of it starts.

Workers share the lock of a job's row, and new ones keep joining; a plain UPDATE would wait for as long as there is work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, exists

from sexton.names import new_id
from sexton.storage.store import Store

LASTS = timedelta(seconds=60)
"""An intent whose maker died does not stop a job for longer."""


@contextmanager
def intent(store: Store, job_id: str, move: str) -> Iterator[None]:
    """Keep chunks of a job from starting for as long as the block lasts; the block takes the job's row lock.

    Where writers stand in line anyway (SQLite) there is nothing to do.
    """
    if not store.dialect.commits_apart:
        yield
        return
    table, made = store.tables["job_controls"], new_id("int")
    with store.read() as connection:
        values = {"id": made, "job_id": job_id, "move": str(move), "at": store.dialect.now(connection)}
        connection.execute(table.insert(), values)
    try:
        yield
    finally:
        with store.read() as connection:
            connection.execute(delete(table).where(table.c.id == made))


def intended(store: Store, jobs: Table, now: datetime) -> ColumnElement[bool]:
    """SQL condition that somebody is about to stop a job."""
    table = store.tables["job_controls"]
    return exists().where(table.c.job_id == jobs.c.id, table.c.at > now - LASTS)

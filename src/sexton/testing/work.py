"""What a worker would do, done now and in the caller's thread, to its end."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sexton.actions.deliver import deliver
from sexton.actions.finish_job import finish_jobs
from sexton.actions.purge import Report, purge
from sexton.library.sexton import Sexton
from sexton.names import new_id
from sexton.storage import jobs, webhook_deliveries, workers
from sexton.storage.store import Store
from sexton.version import __version__
from sexton.worker.hand import Hand

_BREATH_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Done:
    """What `run_jobs` did: steps of jobs (chunks and ends of stages), messages sent, and the report of the purge."""

    steps: int
    messages: int
    purge: Report


def run_jobs(sexton: Sexton, *, seconds: float = 60) -> Done:
    """Do all that is due: jobs to their end, purges, and the webhooks that tell of both.

    A job that waits for something (an approval, a resume, `delay_seconds`) stays as it is, as a message does whose next
    try is not due: set the clock forward first (`time_machine`). The worker of the application may run beside it.

    Raises TimeoutError where it does not end within `seconds`.
    """
    store, deadline = sexton.store, time.monotonic() + seconds
    steps = _to_their_end(store, deadline)
    report = purge(store)
    messages = _send_all(store, deadline)
    return Done(steps, messages, report)


@contextmanager
def _hand(store: Store) -> Iterator[Hand]:
    """A worker of this process for as long as the block lasts."""
    worker_id = new_id("wrk")
    me = {"id": worker_id, "host": socket.gethostname(), "pid": os.getpid(), "version": __version__}
    with store.write() as connection:
        workers.enter(connection, store, me, store.dialect.now(connection))
    try:
        yield Hand(store, worker_id)
    finally:
        with store.write() as connection:
            workers.leave(connection, store, worker_id)


def _to_their_end(store: Store, deadline: float) -> int:
    steps = 0
    with _hand(store) as hand:
        while True:
            while hand.step():
                steps += 1
            waiting = _unfinished(store)
            if not waiting:
                return steps
            _wait(deadline, f"these jobs do not end: {', '.join(waiting)}")


def _unfinished(store: Store) -> list[str]:
    """Jobs that run, or may start: another worker has a chunk of them, or one was put off for a moment."""
    with store.write() as connection:
        now = store.dialect.now(connection)
        finish_jobs(connection, store, now)
        due = ["a queued one"] if jobs.has_due(connection, store, now) else []
        return [waiting.id for waiting in jobs.running(connection, store)] + due


def _send_all(store: Store, deadline: float) -> int:
    sent = 0
    while True:
        sent += deliver(store)
        with store.read() as connection:
            waiting = webhook_deliveries.waiting(connection, store, store.dialect.now(connection))
        if not waiting:
            return sent
        _wait(deadline, f"{waiting} webhook message(s) are still in hand")


def _wait(deadline: float, told: str) -> None:
    if time.monotonic() > deadline:
        raise TimeoutError(told)
    time.sleep(_BREATH_SECONDS)

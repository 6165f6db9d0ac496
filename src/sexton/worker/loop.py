"""Claim, run, finish, until told to stop. Any number of these may run, in any process, on any host."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import structlog

from sexton.actions.finish_job import finish_jobs
from sexton.actions.run_chunk import give_up, run_chunk
from sexton.model import Job
from sexton.storage import jobs, quotas
from sexton.storage.store import Store
from sexton.worker.schedule import Duty, duties

_IDLE_SECONDS = 1.0
_TRIES = 3
_log = structlog.get_logger("sexton.worker")


class Worker:
    """A thread that does what is due. `wake` tells it of new work, `stop` lets it finish its chunk."""

    def __init__(self, store: Store, purge_interval: timedelta = timedelta(hours=1)) -> None:
        """Make a worker that does not run yet."""
        self._store = store
        self._duties = duties(purge_interval)
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self.run, name="sexton-worker", daemon=True)

    def start(self) -> None:
        """Run in a thread of its own."""
        self._thread.start()

    def wake(self) -> None:
        """Look for work now."""
        self._woken.set()

    def request_stop(self) -> None:
        """End after the chunk in hand; returns at once."""
        self._stopping.set()
        self._woken.set()

    def stop(self) -> None:
        """Finish the chunk in hand, then end."""
        self.request_stop()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def run(self) -> None:
        """Work until stopped."""
        while not self._stopping.is_set():
            if not self._pass():
                self._woken.wait(_IDLE_SECONDS)
                self._woken.clear()

    def _pass(self) -> bool:
        """One look at everything; True where there was a chunk to run."""
        try:
            for duty in self._duties:
                self._do(duty)
            return step(self._store)
        except Exception as error:  # noqa: BLE001 — a worker outlives whatever befalls one pass
            _log.warning("worker_retries", error=type(error).__name__, detail=str(getattr(error, "orig", error)))
            self._stopping.wait(_IDLE_SECONDS)
            return False

    def _do(self, duty: Duty) -> None:
        if duty.is_due(time.monotonic()):
            done = duty.run(self._store)
            _log.debug("duty_done", duty=duty.name, report=done)


def step(store: Store) -> bool:
    """Run one chunk of any job, and end the job where it was the last; False where there was nothing to do."""
    started = time.monotonic()
    with store.write() as connection:
        jobs.start_due(connection, store, store.dialect.now(connection))
    ran = _run(store)
    with store.write() as connection:
        ended = finish_jobs(connection, store, store.dialect.now(connection))
        if ran is not None and ran[0].kind == "delete":
            job, counts = ran
            unchanged = sum(count for word, count in counts.items() if word != "deleted")
            quotas.give_back(connection, store, job.account, unchanged)
    if ran is not None:
        elapsed = round((time.monotonic() - started) * 1000, 1)
        _log.info("chunk_done", job_id=ran[0].id, resource=ran[0].resource, outcomes=ran[1], latency_ms=elapsed)
    for job_id in ended:
        _log.info("job_done", job_id=job_id)
    return ran is not None


def _run(store: Store) -> tuple[Job, dict[str, int]] | None:
    """Claim and run a chunk; one that fails three times without an explanation is given up, item by item told."""
    claimed = None
    try:
        with store.write() as connection:
            claimed = jobs.claim(connection, store)
            if claimed is None:
                return None
            return claimed[0], run_chunk(connection, store, *claimed, store.dialect.now(connection))
    except Exception as error:
        if claimed is None or store.dialect.is_lock_timeout(error):
            raise
        _log.exception("chunk_failed", job_id=claimed[0].id, chunk=claimed[1].n)
        with store.write() as connection:
            if jobs.note_failure(connection, store, claimed[1]) >= _TRIES:
                give_up(connection, store, claimed[1], error)
        return claimed[0], {}

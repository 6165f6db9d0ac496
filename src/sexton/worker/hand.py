"""What one worker does with the jobs that run: whose turn it is, claim, do, go on where it was."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta

from opentelemetry.trace import Span
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from sexton.actions.control import halt
from sexton.actions.finish_job import breach, finish_job
from sexton.actions.run_chunk import TRIES, Ran, claim, fit, isolate, run_chunk
from sexton.lifecycle import State
from sexton.model import Chunk, Job, Outcome
from sexton.resource import CHUNK_SIZE
from sexton.storage import chunks, jobs, quotas, workers
from sexton.storage.job_controls import intent
from sexton.storage.store import Store
from sexton.telemetry import traces
from sexton.telemetry.instruments import CHUNK_DURATION
from sexton.telemetry.logs import Logger
from sexton.turns import Turns, Waiting

_LOOK_SECONDS = 0.5
_MOST_OF_A_SECOND = (0.1, 1.0)
_OLD_PACE = 0.7
_log = Logger("sexton.worker")


class Hand:
    """One worker's view: its turns, where it is in each job, and how long an item of each takes."""

    def __init__(self, store: Store, worker_id: str) -> None:
        """`worker_id` is what the worker signed in with."""
        self._store, self._id = store, worker_id
        self._turns = Turns()
        self._agenda: list[Waiting] = []
        self._looked = 0.0
        self._at: dict[str, int] = {}
        self._pace: dict[str, float] = {}

    def step(self) -> bool:
        """Run one chunk of the job whose turn it is, or end a job; False where there was nothing to do."""
        if not self._agenda or time.monotonic() - self._looked > _LOOK_SECONDS:
            self._look()
        for waiting in self._turns.order(self._agenda, *self._bounds()):
            if self._run(waiting):
                self._turns.served(waiting)
                return True
            self._agenda.remove(waiting)
            if self._end(waiting):
                return True
        return False

    def _look(self) -> None:
        """Start what is due, and see what runs."""
        with self._store.read() as connection:
            due = jobs.has_due(connection, self._store, self._store.dialect.now(connection))
        if due:
            with self._store.write() as connection:
                jobs.start_due(connection, self._store, self._store.dialect.now(connection))
        with self._store.read() as connection:
            self._agenda = jobs.running(connection, self._store)
        self._looked = time.monotonic()
        self._turns.keep(self._agenda)
        ids = {waiting.id for waiting in self._agenda}
        self._at = {job: place for job, place in self._at.items() if job in ids}
        self._pace = {job: seconds for job, seconds in self._pace.items() if job in ids}

    def _bounds(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """How many other workers each account has, and how many it may have."""
        accounts = {waiting.account for waiting in self._agenda}
        bounds = {name: self._store.limits_of(name).workers for name in accounts}
        most = {name: bound for name, bound in bounds.items() if bound is not None}
        if not most:
            return {}, {}
        with self._store.read() as connection:
            now = self._store.dialect.now(connection)
            return workers.busy(connection, self._store, now, but=self._id), most

    # -- one chunk -----------------------------------------------------------------------------------------

    def _run(self, waiting: Waiting) -> bool:
        """Claim and run a chunk of a job; False where none waits."""
        started, claimed = time.monotonic(), None
        try:
            if not self._store.dialect.commits_apart and not self._foretell(waiting):
                return False
            with ExitStack() as traced, self._store.write(patient=True) as connection:
                now = self._store.dialect.now(connection)
                claimed = claim(connection, self._store, waiting.id, now, after=self._at.get(waiting.id))
                if claimed is None:
                    return False
                traced.enter_context(_span(*claimed))
                ran = self._do(connection, *claimed)
        except Exception as error:
            if claimed is None:
                raise
            if not self._put_off(*claimed, error):
                raise
            return True
        self._note(ran, time.monotonic() - started)
        return True

    def _foretell(self, waiting: Waiting) -> bool:
        """Where no second connection can commit meanwhile: name the chunk in a commit before the one that does it."""
        with self._store.write(patient=True) as connection:
            now = self._store.dialect.now(connection)
            claimed = claim(connection, self._store, waiting.id, now, after=self._at.get(waiting.id))
            if claimed is not None:
                workers.take(connection, self._store, self._id, waiting.id, claimed[1].n, now)
            return claimed is not None

    def _do(self, connection: Connection, job: Job, chunk: Chunk) -> Ran:
        """Do a chunk in hand. Its number is committed first, so that a crash in it is remembered."""
        store, now = self._store, self._store.dialect.now(connection)
        if store.dialect.commits_apart:
            with store.read() as apart:
                workers.take(apart, store, self._id, job.id, chunk.n, now)
        died = workers.died_with(connection, store, job.id, chunk.n, self._id)
        if chunk.attempts + died >= TRIES:
            why = f"{chunk.attempts} tries failed without an explanation, and {died} ended with their worker"
            return isolate(connection, store, job, chunk, self._id, why)
        most = max(1, min(CHUNK_SIZE, int(store.dialect.chunk_seconds / self._pace.get(job.id, 1e-9))))
        return run_chunk(connection, store, job, fit(connection, store, chunk, most), now)

    def _put_off(self, job: Job, chunk: Chunk, error: Exception) -> bool:
        """Leave a chunk for a moment. A lock, a lost connection or a full disk does not count as its failure.

        False where any other chunk would meet the same (not just a lock), so that the worker waits instead.
        """
        store = self._store
        counted = not (isinstance(error, DBAPIError) and store.dialect.is_transient(error))
        wait = timedelta(seconds=random.uniform(*_MOST_OF_A_SECOND))  # noqa: S311 — jitter
        say = _log.exception if counted else _log.warning
        told = {"job_id": job.id, "correlation_id": job.principal.get("correlation_id"), "chunk": chunk.n}
        say("chunk_failed", **told, error=type(error).__name__, counted=counted)
        with store.write() as connection:
            now = store.dialect.now(connection)
            chunks.put_off(connection, store, chunk, now + wait, failed=counted)
            workers.see(connection, store, self._id, now)
        return counted or store.dialect.is_lock_timeout(error)

    def _note(self, ran: Ran, seconds: float) -> None:
        job, chunk = ran.job, ran.chunk
        self._at[job.id] = chunk.place
        if not ran.counts:
            return
        pace = seconds / len(chunk.ids)
        self._pace[job.id] = _OLD_PACE * self._pace.get(job.id, pace) + (1 - _OLD_PACE) * pace
        self._store.recorder.tell(CHUNK_DURATION, seconds, job.kind)
        latency = round(seconds * 1000, 1)
        told = {"job_id": job.id, "correlation_id": job.principal.get("correlation_id"), "resource": job.resource}
        _log.info("chunk_done", **told, outcomes=ran.counts, latency_ms=latency)
        unchanged = sum(ran.counts.values()) - ran.counts.get(Outcome.DELETED, 0)
        if job.kind == "delete" and unchanged:
            with self._store.write() as connection:
                quotas.give_back(connection, self._store, job.account, unchanged)
        if Outcome.FAILED in ran.counts:
            self._halt_if_too_many_failed(job)

    def _halt_if_too_many_failed(self, job: Job) -> None:
        store = self._store
        with store.read() as connection:
            reason = breach(connection, store, job)
        if reason is not None:
            with intent(store, job.id, "halt"), store.write() as connection:
                halted = halt(connection, store, job.id, reason, store.dialect.now(connection))
            self._tell(job, State.HALTED if halted else None)

    # -- the end of a job ----------------------------------------------------------------------------------

    def _end(self, waiting: Waiting) -> bool:
        """Open the next stage or end a job of which no chunk waits; True where it goes on in another stage."""
        store = self._store
        with store.read() as connection:
            job = jobs.of_any_account(connection, store, waiting.id)
            if job is None or waiting.id not in jobs.finishable(connection, store):
                return False
        with store.write() as connection:
            ended = finish_job(connection, store, job, store.dialect.now(connection))
        self._tell(job, ended)
        return ended is None

    def _tell(self, job: Job, ended: State | None) -> None:
        if ended is not None:
            correlation_id = job.principal.get("correlation_id")
            _log.info("job_done", job_id=job.id, correlation_id=correlation_id, state=str(ended))


def _span(job: Job, chunk: Chunk) -> AbstractContextManager[Span]:
    """The span of a chunk, from its claim to its commit."""
    known = {"job_id": job.id, "resource": job.resource, "chunk": chunk.n, "tries": chunk.attempts}
    known["correlation_id"] = job.principal.get("correlation_id")
    return traces.chunk(job.kind, job.options.get("trace"), known)

"""Look for work until told to stop. Any number of these may run, in any process, on any host."""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from sexton.names import new_id
from sexton.storage import workers
from sexton.storage.store import Store
from sexton.telemetry.logs import Logger
from sexton.version import __version__
from sexton.worker.hand import Hand
from sexton.worker.schedule import Duty, duties

_IDLE_SECONDS = 0.5
_BREATH_SECONDS = 0.001
_LONGEST_WAIT = 15.0
_log = Logger("sexton.worker")


class Worker:
    """A thread that does what is due. `wake` tells it of new work, `stop` lets it finish its chunk."""

    def __init__(self, store: Store, purge_interval: timedelta = timedelta(hours=1)) -> None:
        """Make a worker that does not run yet."""
        self.id = new_id("wrk")
        self._store = store
        self._hand = Hand(store, self.id)
        self._presence = Duty("presence", timedelta(seconds=10), self._be_seen)
        self._entered = False
        self._failures = 0
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._duties = duties(purge_interval, self._stopping.is_set)
        self._thread = threading.Thread(target=self.run, name="sexton-worker", daemon=True)
        self._house = threading.Thread(target=self._keep_house, name="sexton-house", daemon=True)

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
        self._house.start()
        while not self._stopping.is_set():
            if self._pass():
                time.sleep(_BREATH_SECONDS)  # whoever waits for the writer's place gets it
            else:
                self._woken.wait(self._wait())
                self._woken.clear()
        self._house.join(timeout=30)
        with suppress(SQLAlchemyError), self._store.write() as connection:
            workers.leave(connection, self._store, self.id)

    def _wait(self) -> float:
        """Seconds until the next look: more and more of them while the database is not there, never in step."""
        if not self._failures:
            return _IDLE_SECONDS
        longest = min(_LONGEST_WAIT, _IDLE_SECONDS * 2 ** min(self._failures, 10))
        return random.uniform(longest / 2, longest)  # noqa: S311 — jitter

    def _pass(self) -> bool:
        """One look at everything; True where there was something to do."""
        try:
            self._enter()
            self._do(self._presence)
            done = self._hand.step()
        except Exception as error:  # noqa: BLE001 — a worker outlives whatever befalls one pass
            self._failures += 1
            self._store.engine.dispose()  # a connection may have outlived what it was made for (a read-only default)
            _log.warning("worker_retries", error=type(error).__name__, detail=str(getattr(error, "orig", error)))
            return False
        self._failures = 0
        return done

    def _enter(self) -> None:
        if self._entered:
            return
        me = {"id": self.id, "host": socket.gethostname(), "pid": os.getpid(), "version": __version__}
        with self._store.write() as connection:
            workers.enter(connection, self._store, me, self._store.dialect.now(connection))
        self._entered = True

    def _be_seen(self, store: Store) -> None:
        with store.write() as connection:
            workers.see(connection, store, self.id, store.dialect.now(connection))

    def _keep_house(self) -> None:
        """Do what is due on a schedule, beside the chunks, so that none waits for a long purge."""
        while not self._stopping.wait(_IDLE_SECONDS):
            try:
                for duty in self._duties:
                    self._do(duty)
            except Exception as error:  # noqa: BLE001 — it is due again, and goes on where it was
                _log.warning("duty_failed", error=type(error).__name__, detail=str(getattr(error, "orig", error)))

    def _do(self, duty: Duty) -> None:
        if duty.is_due(time.monotonic()):
            done = duty.run(self._store)
            _log.debug("duty_done", duty=duty.name, report=done)

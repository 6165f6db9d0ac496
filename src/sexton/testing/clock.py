"""A clock that a test sets forward: recovery windows, memories, previews and keys end without anybody waiting."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sexton.errors import ConfigurationError
from sexton.library.sexton import Sexton
from sexton.storage import workers
from sexton.storage.dialects import Dialect

FARTHEST = timedelta(days=6 * 365)
"""The audit is kept for 7 years by the database's own clock, which no test moves."""


class Clock:
    """Sexton's clock in this process. It goes forward only, whatever the database's does meanwhile."""

    def __init__(self, sexton: Sexton, *, ticking: bool) -> None:
        """Start at the database's time; `ticking=False` stands still until it is set forward."""
        self._sexton, self._dialect = sexton, sexton.store.dialect
        self._real, self._ticking = self._dialect.now, ticking
        self._lock = threading.Lock()
        self._ahead = timedelta(0)
        self._start: datetime | None = None
        self._last: datetime | None = None

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Set the clock forward. Raises ValueError for a step back, or beyond six years in all."""
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if self._sexton.store.dialect is not self._dialect:
            raise RuntimeError("Sexton was closed since and has another clock: enter time_machine while the app runs")
        with self._lock:
            if step < timedelta(0):
                raise ValueError(f"{step} is a step back, and time only goes forward: use a database of its own")
            if self._ahead + step > FARTHEST:
                raise ValueError("more than six years: the audit is kept by the database's own clock, which stays")
            self._ahead += step

    def now(self, connection: Connection) -> datetime:
        """What Sexton takes for the time, with its zone; never earlier than it said before."""
        real = self._real(connection)
        with self._lock:
            self._start = self._start or real
            found = (real if self._ticking else self._start) + self._ahead
            self._last = max(found, self._last or found)
            return self._last


@contextmanager
def time_machine(sexton: Sexton, *, ticking: bool = True) -> Iterator[Clock]:
    """A clock for everything this `Sexton` does in this process, its worker included, until the block ends.

        with time_machine(sexton) as clock:
            clock.advance(days=30, hours=1)

    The process's own clock, the database's and those of the host's code stay. What was stamped meanwhile keeps its
    stamp afterwards, so give each test that travels a database, or at least items, of its own.

    Raises ConfigurationError where another process works on the same database (a worker of it was seen within the last
    minute): its clock would stay behind. Raises RuntimeError inside another machine.
    """
    dialect = sexton.store.dialect
    if _is_moved(dialect):
        raise RuntimeError("this Sexton is in a time machine already: set that clock forward")
    _require_alone(sexton)
    clock = Clock(sexton, ticking=ticking)
    vars(dialect)["now"] = clock.now
    try:
        yield clock
    finally:
        del vars(dialect)["now"]


def _is_moved(dialect: Dialect) -> bool:
    return "now" in vars(dialect)


def _require_alone(sexton: Sexton) -> None:
    store = sexton.store
    with store.read() as connection:
        present = workers.present(connection, store, store.dialect.now(connection))
    others = [f"{host}, process {pid}" for host, pid in present if (host, pid) != (socket.gethostname(), os.getpid())]
    if others:
        told = f"another process works on this database ({'; '.join(others)}), and its clock would stay behind"
        raise ConfigurationError(f"{told}: stop it, wait a minute, or test on a database of your own")

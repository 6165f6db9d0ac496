"""What waits, and for how long: the gauges, three statements, at most every five seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from sexton.lifecycle import FINAL, State
from sexton.storage import workers
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.store import Store
from sexton.telemetry import instruments
from sexton.telemetry.instruments import Sample

FRESH_SECONDS = 5.0
_OPEN = ", ".join(f"'{state}'" for state in State if state not in FINAL)


class Backlog:
    """The gauges of one database. Calling it gives what is so, or what was so less than five seconds ago."""

    def __init__(self, store: Store) -> None:
        """Nothing is asked yet."""
        self._store = store
        self.name = Path(store.engine.url.database or "").name
        """What OpenTelemetry calls the database: a SQLite file's name without its folder."""
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._known: Sequence[Sample] = ()

    def __call__(self) -> Sequence[Sample]:
        """All samples; who comes while another asks the database gets what was known before."""
        if time.monotonic() - self._read_at >= FRESH_SECONDS and self._lock.acquire(blocking=not self._known):
            try:
                self._refresh()
            finally:
                self._lock.release()
        return self._known

    def _refresh(self) -> None:
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        try:
            with self._store.read() as connection:
                self._known = tuple(read(connection, self._store))
        except SQLAlchemyError:
            self._known = ((instruments.DATABASE_UP, 0, ()),)
        self._read_at = time.monotonic()


@contextmanager
def watched(store: Store) -> Iterator[None]:
    """Show the gauges of a database for as long as the block lasts."""
    backlog = Backlog(store)
    store.recorder.watch(backlog, backlog.name)
    try:
        yield
    finally:
        store.recorder.unwatch(backlog)


def read(connection: Connection, store: Store) -> Iterator[Sample]:
    """Ask the database."""
    now = store.dialect.now(connection)
    waiting = _rows(connection, store, "jobs", now)
    for state, jobs, _, _ in waiting:
        yield instruments.JOBS_OPEN, jobs, (state,)
    yield instruments.CHUNKS_OPEN, sum(chunks for _, _, chunks, _ in waiting), ()
    yield instruments.CHUNKS_AGE, max((_age(store, oldest, now) for *_, oldest in waiting), default=0), ()
    for name, instrument in _LAGS.items():
        ((oldest,),) = _rows(connection, store, name, now) or ((None,),)
        yield instrument, _age(store, oldest, now), ()
    yield instruments.WORKERS, len(workers.present(connection, store, now)), ()
    yield instruments.DATABASE_UP, 1, ()


_LAGS: Mapping[str, instruments.Instrument] = {
    "purge": instruments.PURGE_LAG,
    "webhooks": instruments.WEBHOOK_LAG,
}


def _age(store: Store, oldest: Any, now: datetime) -> float:
    since = store.dialect.read_time(oldest)
    return max(0.0, (now - since).total_seconds()) if since is not None else 0.0


def _rows(connection: Connection, store: Store, name: str, now: datetime) -> Sequence[Any]:
    return _statements(store.dialect)[name].on(connection, {"now": store.dialect.bind_time(now)}).all()


@cache
def _statements(dialect: Dialect) -> Mapping[str, Statement]:
    own = dialect.own
    due = "CASE WHEN j.not_before > j.created_at THEN j.not_before ELSE j.created_at END"
    is_due = "j.state IN ('queued', 'running') AND (j.not_before IS NULL OR j.not_before <= :now)"
    chunks = f"SELECT count(*) FROM {own('bulk_chunks')} AS c WHERE c.job_id = j.id AND c.state = 'ready'"
    held = (
        f"SELECT 1 FROM {own('holds')} AS h WHERE h.resource = s.resource AND h.item_id = s.item_id"
        " AND h.account = s.account AND h.lifted_at IS NULL"
    )
    enabled = f"SELECT 1 FROM {own('webhooks')} AS w WHERE w.id = d.webhook_id AND w.disabled_at IS NULL"
    told = {
        "jobs": "SELECT q.state, count(*), sum(q.chunks), min(CASE WHEN q.chunks > 0 THEN q.due END) FROM"
        f" (SELECT j.state, {due} AS due, CASE WHEN {is_due} THEN ({chunks}) ELSE 0 END AS chunks"
        f" FROM {own('bulk_jobs')} AS j WHERE j.state IN ({_OPEN}){dialect.fence}) AS q GROUP BY q.state",
        "purge": f"SELECT s.restorable_until FROM {own('tombstones')} AS s WHERE s.purged_at IS NULL"
        f" AND s.restorable_until <= :now AND NOT EXISTS ({held}) ORDER BY s.restorable_until LIMIT 1",
        "webhooks": f"SELECT d.not_before FROM {own('webhook_deliveries')} AS d WHERE d.state = 'pending'"
        f" AND d.not_before <= :now AND EXISTS ({enabled}) ORDER BY d.not_before LIMIT 1",
    }
    return {name: dialect.statement(sql) for name, sql in told.items()}

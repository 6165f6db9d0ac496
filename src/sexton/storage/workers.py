"""Which workers were seen, and the chunk each has in hand: shown to people, and the memory of tries that a crash ends.

Never used for safety: the lock of the chunk's row is the lease. A row that names a chunk whose lock somebody else
holds is what a worker left that died (or froze) with it, so the holder knows how often that happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from sexton.storage.dialects import Dialect, Statement
from sexton.storage.store import Store

PRESENT = timedelta(seconds=60)
_KEPT = timedelta(days=1)


def enter(connection: Connection, store: Store, worker: Mapping[str, Any], now: datetime) -> None:
    """Sign in: `id`, `host`, `pid`, `version`."""
    connection.execute(store.tables["workers"].insert(), {**worker, "started_at": now, "seen_at": now})


def leave(connection: Connection, store: Store, worker_id: str) -> None:
    """Sign out."""
    table = store.tables["workers"]
    connection.execute(delete(table).where(table.c.id == worker_id))


def see(connection: Connection, store: Store, worker_id: str, now: datetime) -> None:
    """Still here, with nothing in hand; what died a day ago is forgotten."""
    table = store.tables["workers"]
    present = update(table).where(table.c.id == worker_id).values(seen_at=now, job_id=None, n=None)
    connection.execute(present)
    connection.execute(delete(table).where(table.c.seen_at < now - _KEPT))


def take(connection: Connection, store: Store, worker_id: str, job_id: str, n: int, now: datetime) -> None:
    """Say which chunk is in hand, before touching it."""
    bound = {"id": worker_id, "job_id": job_id, "n": n, "now": store.dialect.bind_time(now)}
    _take(store.dialect).on(connection, bound)


@cache
def _take(dialect: Dialect) -> Statement:
    return dialect.statement(
        f"UPDATE {dialect.own('workers')} SET job_id = :job_id, n = :n, seen_at = :now WHERE id = :id"
    )


def died_with(connection: Connection, store: Store, job_id: str, n: int, worker_id: str) -> int:
    """How many other workers ended with this chunk in hand. Only its holder may ask."""
    table = store.tables["workers"]
    mine = select(func.count()).where(table.c.job_id == job_id, table.c.n == n, table.c.id != worker_id)
    return int(connection.execute(mine).scalar_one())


def forget(connection: Connection, store: Store, job_id: str, n: int, worker_id: str) -> None:
    """Forget those that ended with this chunk in hand."""
    table = store.tables["workers"]
    others = delete(table).where(table.c.job_id == job_id, table.c.n == n, table.c.id != worker_id)
    connection.execute(others)


def busy(connection: Connection, store: Store, now: datetime, *, but: str = "") -> dict[str, int]:
    """How many workers were seen with a chunk of each account."""
    table, jobs = store.tables["workers"], store.tables["bulk_jobs"]
    query = select(jobs.c.account, func.count()).join_from(table, jobs, table.c.job_id == jobs.c.id)
    query = query.where(table.c.seen_at > now - PRESENT, table.c.id != but).group_by(jobs.c.account)
    return {row[0]: row[1] for row in connection.execute(query)}


def at_work(connection: Connection, store: Store, job_id: str, now: datetime) -> int:
    """How many workers were seen with a chunk of a job."""
    table = store.tables["workers"]
    query = select(func.count()).where(table.c.job_id == job_id, table.c.seen_at > now - PRESENT)
    return int(connection.execute(query).scalar_one())


def present(connection: Connection, store: Store, now: datetime) -> list[tuple[str, int]]:
    """Host and process of each worker that was seen within a minute of now; a test's clock may have left later ones."""
    table = store.tables["workers"]
    query = select(table.c.host, table.c.pid).where(table.c.seen_at.between(now - PRESENT, now + PRESENT))
    return [(row[0], row[1]) for row in connection.execute(query)]

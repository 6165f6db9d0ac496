"""Jobs and their chunks. A chunk lists its ids and only the outcomes that are not the plain one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, and_, func, literal, or_, select, text, update

from sexton.lifecycle import FINAL, State
from sexton.model import Chunk, Job
from sexton.storage.dialects import Dialect
from sexton.storage.store import Store

_JOB = tuple(field.name for field in fields(Job))
_READY = ("queued", "running")


def insert(connection: Connection, store: Store, job: Job) -> None:
    """A new job."""
    connection.execute(store.tables["bulk_jobs"].insert(), asdict(job))


def get(connection: Connection, store: Store, account: str, job_id: str, *, lock: bool = False) -> Job | None:
    """A job of an account; `lock` keeps its chunks from starting until the caller commits."""
    table = store.tables["bulk_jobs"]
    query = select(table).where(table.c.id == job_id, table.c.account == account)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return Job(**{name: row[name] for name in _JOB}) if row else None


def search(  # noqa: PLR0913 — the filters of the endpoint
    connection: Connection,
    store: Store,
    account: str,
    *,
    state: str | None,
    resource: str | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Job]:
    """Jobs of an account, newest first."""
    table = store.tables["bulk_jobs"]
    query = select(table).where(table.c.account == account).order_by(table.c.created_at.desc(), table.c.id.desc())
    if state is not None:
        query = query.where(table.c.state == state)
    if resource is not None:
        query = query.where(table.c.resource == resource)
    if after is not None:
        older = and_(table.c.created_at == after[0], table.c.id < after[1])
        query = query.where(or_(table.c.created_at < after[0], older))
    rows = connection.execute(query.limit(limit)).mappings()
    return [Job(**{name: row[name] for name in _JOB}) for row in rows]


def set_state(connection: Connection, store: Store, job_id: str, state: State, now: datetime) -> None:
    """Move a job; a final state stamps its end."""
    table = store.tables["bulk_jobs"]
    values: dict[str, Any] = {"state": str(state)}
    if state in FINAL:
        values["finished_at"] = now
    connection.execute(update(table).where(table.c.id == job_id).values(values))


def add_chunks(connection: Connection, store: Store, chunks: Sequence[Chunk], audit_id: str | None = None) -> None:
    """New chunks of a job (or of a preview, which is a job that has not been asked for yet)."""
    if chunks:
        rows = [asdict(chunk) | {"attempts": 0, "audit_id": audit_id} for chunk in chunks]
        connection.execute(store.tables["bulk_chunks"].insert(), rows)


def adopt_chunks(connection: Connection, store: Store, preview_id: str, job_id: str) -> None:
    """Make a preview's frozen list a job's."""
    table = store.tables["bulk_chunks"]
    connection.execute(update(table).where(table.c.job_id == preview_id).values(job_id=job_id, state="ready"))


def chunks(
    connection: Connection, store: Store, job_id: str, *, since: int = 0, reverse: bool = False
) -> Iterator[Chunk]:
    """A job's chunks in the order of the request, one at a time; `reverse` for jobs that undo another."""
    table = store.tables["bulk_chunks"]
    columns = [table.c[field.name] for field in fields(Chunk)]
    order = table.c.n.desc() if reverse else table.c.n
    query = select(*columns).where(table.c.job_id == job_id, table.c.n <= since if reverse else table.c.n >= since)
    for row in connection.execute(query.order_by(order)).mappings():
        yield Chunk(**row)


def chunk_count(connection: Connection, store: Store, job_id: str) -> int:
    """How many chunks a job has."""
    table = store.tables["bulk_chunks"]
    return int(connection.execute(select(func.count()).where(table.c.job_id == job_id)).scalar_one())


def counts(connection: Connection, store: Store, job_id: str) -> dict[str, int]:
    """The outcomes so far: a sum over the chunks that are done; `done` counts their items."""
    table = store.tables["bulk_chunks"]
    total: dict[str, int] = {}
    for found in connection.execute(select(table.c.counts).where(table.c.job_id == job_id, table.c.state == "done")):
        for word, count in found[0].items():
            total[word] = total.get(word, 0) + count
    total["done"] = sum(total.values())
    return total


def start_due(connection: Connection, store: Store, now: datetime) -> None:
    """Let queued jobs whose time has come run."""
    table = store.tables["bulk_jobs"]
    due = or_(table.c.not_before.is_(None), table.c.not_before <= now)
    chosen = select(table.c.id).where(table.c.state == "queued", due).with_for_update(skip_locked=True)
    found = list(connection.execute(chosen).scalars())
    if found:
        start = func.coalesce(table.c.started_at, literal(now, table.c.started_at.type))
        connection.execute(update(table).where(table.c.id.in_(found)).values(state="running", started_at=start))


def claim(connection: Connection, store: Store) -> tuple[Job, Chunk] | None:
    """Lock the next chunk that nobody works on; the lock is the lease and ends with the transaction."""
    found = connection.execute(_claim(store.dialect)).first()
    if found is None:
        return None
    jobs, table = store.tables["bulk_jobs"], store.tables["bulk_chunks"]
    job = connection.execute(select(jobs).where(jobs.c.id == found.job_id)).mappings().one()
    columns = [table.c[field.name] for field in fields(Chunk)]
    query = select(*columns).where(table.c.job_id == found.job_id, table.c.n == found.n)
    return Job(**{name: job[name] for name in _JOB}), Chunk(**connection.execute(query).mappings().one())


@cache
def _claim(dialect: Dialect) -> TextClause:
    locks = "FOR SHARE OF j FOR UPDATE OF c SKIP LOCKED" if dialect.lock else ""
    return text(
        f"SELECT c.job_id, c.n FROM {dialect.own('bulk_chunks')} AS c JOIN {dialect.own('bulk_jobs')} AS j"
        " ON j.id = c.job_id WHERE c.state = 'ready' AND j.state = 'running'"
        f" ORDER BY c.attempts, c.n, j.created_at LIMIT 1 {locks}"
    )


def note_failure(connection: Connection, store: Store, chunk: Chunk) -> int:
    """Count a try that failed without an explanation; how many there were."""
    table = store.tables["bulk_chunks"]
    mine = and_(table.c.job_id == chunk.job_id, table.c.n == chunk.n, table.c.state == "ready")
    counting = update(table).where(mine).values(attempts=table.c.attempts + 1).returning(table.c.attempts)
    return connection.execute(counting).scalar() or 0


def finish_chunk(
    connection: Connection,
    store: Store,
    chunk: Chunk,
    counts: dict[str, int],
    exceptions: dict[str, Any],
    audit_id: str | None,
) -> None:
    """Write a chunk's outcomes down."""
    table = store.tables["bulk_chunks"]
    mine = and_(table.c.job_id == chunk.job_id, table.c.n == chunk.n)
    done = {"state": "done", "counts": counts, "exceptions": exceptions, "audit_id": audit_id}
    connection.execute(update(table).where(mine).values(done))


def finishable(connection: Connection, store: Store) -> list[tuple[str, str]]:
    """Running jobs without an open chunk: (job, account)."""
    jobs, table = store.tables["bulk_jobs"], store.tables["bulk_chunks"]
    opened = select(table.c.n).where(table.c.job_id == jobs.c.id, table.c.state == "ready").exists()
    query = select(jobs.c.id, jobs.c.account).where(jobs.c.state == "running", ~opened)
    return [(row.id, row.account) for row in connection.execute(query)]


def finish(connection: Connection, store: Store, job_id: str, state: State, now: datetime) -> bool:
    """End a running job; True for the one caller that did."""
    table = store.tables["bulk_jobs"]
    ending = update(table).where(table.c.id == job_id, table.c.state == "running")
    return connection.execute(ending.values(state=str(state), finished_at=now)).rowcount == 1

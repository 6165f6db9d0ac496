"""Jobs: one bulk delete or bulk restore each. Their items are in `chunks`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, func, literal, or_, select, update

from sexton.lifecycle import FINAL, State
from sexton.model import Job
from sexton.storage.chunks import is_open
from sexton.storage.job_controls import intended
from sexton.storage.store import Store
from sexton.turns import Waiting

_JOB = tuple(field.name for field in fields(Job))


def insert(connection: Connection, store: Store, job: Job) -> None:
    """A new job."""
    connection.execute(store.tables["bulk_jobs"].insert(), asdict(job))


def _made(row: RowMapping) -> Job:
    return Job(**{name: row[name] for name in _JOB})


def _one(connection: Connection, query: Select[Any]) -> Job | None:
    row = connection.execute(query).mappings().first()
    return _made(row) if row else None


def get(connection: Connection, store: Store, account: str, job_id: str, *, lock: bool = False) -> Job | None:
    """A job of an account; `lock` keeps its chunks from starting until the caller commits."""
    table = store.tables["bulk_jobs"]
    query = select(table).where(table.c.id == job_id, table.c.account == account)
    return _one(connection, query.with_for_update() if lock else query)


def of_any_account(connection: Connection, store: Store, job_id: str, *, lock: bool = False) -> Job | None:
    """A job, for who runs it."""
    table = store.tables["bulk_jobs"]
    query = select(table).where(table.c.id == job_id)
    return _one(connection, query.with_for_update() if lock else query)


def share(connection: Connection, store: Store, job_id: str, now: datetime) -> Job | None:
    """A job that runs and that nobody is about to stop, locked so that it stays so until the caller commits.

    None where it does not, or where somebody has its row.
    """
    table = store.tables["bulk_jobs"]
    runs = select(table).where(table.c.id == job_id, table.c.state == State.RUNNING)
    return _one(connection, runs.where(~intended(store, table, now)).with_for_update(read=True, skip_locked=True))


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
    return [_made(row) for row in connection.execute(query.limit(limit)).mappings()]


def set_state(  # noqa: PLR0913 — what a move changes
    connection: Connection,
    store: Store,
    job_id: str,
    state: State,
    now: datetime,
    *,
    reason: str | None = None,
    options: dict[str, Any] | None = None,
) -> None:
    """Move a job; `reason` says why it stands there, a final state stamps its end."""
    table = store.tables["bulk_jobs"]
    values: dict[str, Any] = {"state": str(state), "state_reason": reason}
    if state in FINAL:
        values["finished_at"] = now
    if options is not None:
        values["options"] = options
    connection.execute(update(table).where(table.c.id == job_id).values(values))


def traces(connection: Connection, store: Store, job_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The trace contexts of the requests that made these jobs, where they had one."""
    if not job_ids:
        return {}
    table = store.tables["bulk_jobs"]
    query = select(table.c.id, table.c.options).where(table.c.id.in_(job_ids))
    return {row.id: row.options["trace"] for row in connection.execute(query) if "trace" in row.options}


def start_due(connection: Connection, store: Store, now: datetime) -> None:
    """Let queued jobs whose time has come run."""
    table = store.tables["bulk_jobs"]
    due = or_(table.c.not_before.is_(None), table.c.not_before <= now)
    chosen = select(table.c.id).where(table.c.state == "queued", due).with_for_update(skip_locked=True)
    found = list(connection.execute(chosen).scalars())
    if found:
        start = func.coalesce(table.c.started_at, literal(now, table.c.started_at.type))
        connection.execute(update(table).where(table.c.id.in_(found)).values(state="running", started_at=start))


def has_due(connection: Connection, store: Store, now: datetime) -> bool:
    """Whether `start_due` would find one."""
    table = store.tables["bulk_jobs"]
    due = or_(table.c.not_before.is_(None), table.c.not_before <= now)
    return connection.execute(select(table.c.id).where(table.c.state == "queued", due).limit(1)).first() is not None


def running(connection: Connection, store: Store) -> list[Waiting]:
    """The jobs that run, oldest first."""
    table = store.tables["bulk_jobs"]
    query = select(table.c.id, table.c.account).where(table.c.state == State.RUNNING)
    return [Waiting(*row) for row in connection.execute(query.order_by(table.c.created_at, table.c.id))]


def finishable(connection: Connection, store: Store) -> list[str]:
    """Running jobs without an open chunk in their stage."""
    table = store.tables["bulk_jobs"]
    query = select(table.c.id).where(table.c.state == State.RUNNING, ~is_open(store, table.c.id, table.c.stage))
    return list(connection.execute(query).scalars())


def advance(connection: Connection, store: Store, job: Job, **values: Any) -> bool:
    """Change a running job whose stage has no open chunk; True for the one caller that did."""
    table = store.tables["bulk_jobs"]
    here = and_(table.c.id == job.id, table.c.state == State.RUNNING, table.c.stage == job.stage)
    moving = update(table).where(here, ~is_open(store, table.c.id, table.c.stage))
    return connection.execute(moving.values(values)).rowcount == 1


def set_requested(connection: Connection, store: Store, job_id: str, requested: int, duplicates: int) -> None:
    """Write down how many items a streamed request held."""
    table = store.tables["bulk_jobs"]
    counted = update(table).where(table.c.id == job_id).values(requested=requested, duplicates=duplicates)
    connection.execute(counted)

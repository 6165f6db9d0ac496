"""Chunks: the items of a job (or of a preview), and only the outcomes that are not the plain one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, or_, select, text, update

from sexton.model import Chunk
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.store import Store

COLUMNS = tuple(field.name for field in fields(Chunk))
_AT_ONCE = 20
Placed = tuple[int, Chunk, int]
"""An item: its position in the request, its chunk, its index there."""


def _row(chunk: Chunk, audit_id: str | None) -> dict[str, Any]:
    row = {name: getattr(chunk, name) for name in COLUMNS}
    return row | {"size": len(chunk.ids), "audit_id": audit_id}


def add(connection: Connection, store: Store, made: Iterable[Chunk], audit_id: str | None = None) -> None:
    """New chunks of a job (or of a preview, which is a job that has not been asked for yet), some at a time."""
    rest = iter(made)
    while rows := [_row(chunk, audit_id) for chunk in islice(rest, _AT_ONCE * 5)]:
        connection.execute(insert(store.tables["bulk_chunks"]), rows)


def adopt(connection: Connection, store: Store, preview_id: str, job_id: str) -> None:
    """Make a preview's frozen list a job's."""
    table = store.tables["bulk_chunks"]
    connection.execute(update(table).where(table.c.job_id == preview_id).values(job_id=job_id, state="ready"))


def _select(store: Store) -> Select[Any]:
    table = store.tables["bulk_chunks"]
    return select(*(table.c[name] for name in COLUMNS))


def each(connection: Connection, store: Store, job_id: str, *, stage: int | None = None) -> Iterator[Chunk]:
    """A job's chunks in the order of their places, a few at a time."""
    last = -1
    table = store.tables["bulk_chunks"]
    while found := _after(connection, store, job_id, table.c.place > last, stage):
        yield from found
        last = found[-1].place


def _after(
    connection: Connection, store: Store, job_id: str, where: ColumnElement[bool], stage: int | None
) -> list[Chunk]:
    table = store.tables["bulk_chunks"]
    query = _select(store).where(table.c.job_id == job_id, where)
    if stage is not None:
        query = query.where(table.c.stage == stage)
    rows = connection.execute(query.order_by(table.c.place).limit(_AT_ONCE)).mappings()
    return [Chunk(**row) for row in rows]


def items(connection: Connection, store: Store, job_id: str, since: int = 0) -> Iterator[Placed]:
    """A job's items in the order of the request, from a position on; stages are merged."""
    table = store.tables["bulk_chunks"]
    stages = select(table.c.stage).where(table.c.job_id == job_id).distinct()
    found = list(connection.execute(stages).scalars())
    return merge(*(_of_stage(connection, store, job_id, stage, since) for stage in found), key=itemgetter(0))


def _of_stage(connection: Connection, store: Store, job_id: str, stage: int, since: int) -> Iterator[Placed]:
    table = store.tables["bulk_chunks"]
    mine = and_(table.c.job_id == job_id, table.c.stage == stage)
    first = connection.execute(select(func.max(table.c.place)).where(mine, table.c.place <= since)).scalar()
    where = table.c.place >= (first or 0)
    while found := _after(connection, store, job_id, where, stage):
        for chunk in found:
            for index in range(len(chunk.ids)):
                if chunk.place_of(index) >= since:
                    yield chunk.place_of(index), chunk, index
        where = table.c.place > found[-1].place


def counts(connection: Connection, store: Store, job_id: str, *, stage: int | None = None) -> dict[str, int]:
    """The outcomes so far: a sum over the chunks that are done; `done` counts their items."""
    bound = {"job_id": job_id, "stage": -1 if stage is None else stage}
    total = {word: int(count) for word, count in _counts(store.dialect).on(connection, bound)}
    total["done"] = sum(total.values())
    return total


@cache
def _counts(dialect: Dialect) -> Statement:
    return dialect.statement(
        f"SELECT e.key, sum(CAST(e.value AS bigint)) FROM {dialect.own('bulk_chunks')} AS c"
        f" CROSS JOIN {dialect.json_each('c.counts')} AS e WHERE c.job_id = :job_id AND c.state = 'done'"
        " AND (CAST(:stage AS integer) < 0 OR c.stage = CAST(:stage AS integer)) GROUP BY e.key"
    )


def size(connection: Connection, store: Store, job_id: str, *, stage: int | None = None) -> int:
    """How many items a job has, done or not."""
    table = store.tables["bulk_chunks"]
    query = select(func.coalesce(func.sum(table.c.size), 0)).where(table.c.job_id == job_id)
    return int(connection.execute(query if stage is None else query.where(table.c.stage == stage)).scalar_one())


def more_than_one(connection: Connection, store: Store, job_id: str) -> bool:
    """Whether a job has several chunks."""
    table = store.tables["bulk_chunks"]
    query = select(table.c.n).where(table.c.job_id == job_id).limit(2)
    return len(connection.execute(query).all()) > 1


def last_stage(connection: Connection, store: Store, job_id: str) -> int:
    """The highest stage of a job."""
    table = store.tables["bulk_chunks"]
    return connection.execute(select(func.max(table.c.stage)).where(table.c.job_id == job_id)).scalar() or 0


def is_open(store: Store, job_id: Any, stage: Any) -> ColumnElement[bool]:
    """SQL condition that a chunk of a job's open stages waits or is being done."""
    table = store.tables["bulk_chunks"]
    return exists().where(table.c.job_id == job_id, table.c.state == "ready", table.c.stage <= stage)


def claim(  # noqa: PLR0913 — where to look
    connection: Connection, store: Store, job_id: str, stage: int, now: datetime, *, after: int | None, backwards: bool
) -> Chunk | None:
    """Lock the next chunk that nobody works on; the lock is the lease and ends with the transaction.

    `after` is the place of the chunk that the caller had last: the search begins behind it, past the chunks that are
    done and that a vacuum may be kept from taking away, and only then at the beginning.
    """
    table = store.tables["bulk_chunks"]
    due = or_(table.c.not_before.is_(None), table.c.not_before <= now)
    mine = and_(table.c.job_id == job_id, table.c.state == "ready", table.c.stage <= stage, due)
    query = _select(store).where(mine).order_by(table.c.place.desc() if backwards else table.c.place).limit(1)
    query = query.with_for_update(skip_locked=True)
    row = None
    if after is not None:
        row = (
            connection.execute(query.where(table.c.place < after if backwards else table.c.place > after))
            .mappings()
            .first()
        )
    row = row or connection.execute(query).mappings().first()
    return Chunk(**row) if row else None


def _mine(store: Store, chunk: Chunk) -> ColumnElement[bool]:
    table = store.tables["bulk_chunks"]
    return and_(table.c.job_id == chunk.job_id, table.c.n == chunk.n)


def put_off(connection: Connection, store: Store, chunk: Chunk, until: datetime, *, failed: bool) -> None:
    """Leave a chunk for a moment; `failed` counts the try."""
    table = store.tables["bulk_chunks"]
    values: dict[str, Any] = {"not_before": until, "attempts": table.c.attempts + int(failed)}
    connection.execute(update(table).where(_mine(store, chunk), table.c.state == "ready").values(values))


def cut(connection: Connection, store: Store, parts: Sequence[Chunk]) -> list[Chunk]:
    """Cut a chunk: its first part keeps its number, the others get new ones; returns them as they are stored."""
    made = [parts[0], *(part.numbered() for part in parts[1:])]
    rewrite(connection, store, made[0])
    add(connection, store, made[1:])
    return made


def drop(connection: Connection, store: Store, chunk: Chunk) -> None:
    """Take an empty chunk away."""
    table = store.tables["bulk_chunks"]
    connection.execute(table.delete().where(_mine(store, chunk)))


def finish(connection: Connection, store: Store, chunk: Chunk, audit_id: str | None) -> None:
    """Write a chunk's outcomes down: its counts and its exceptions."""
    table = store.tables["bulk_chunks"]
    done = {"state": "done", "counts": chunk.counts, "exceptions": chunk.exceptions, "audit_id": audit_id}
    connection.execute(update(table).where(_mine(store, chunk)).values(done))


def set_stage(connection: Connection, store: Store, job_id: str, stage: int) -> None:
    """Move all chunks of a job to a stage."""
    table = store.tables["bulk_chunks"]
    connection.execute(update(table).where(table.c.job_id == job_id).values(stage=stage))


def rewrite(connection: Connection, store: Store, chunk: Chunk) -> None:
    """Store a chunk that was changed."""
    table = store.tables["bulk_chunks"]
    connection.execute(update(table).where(_mine(store, chunk)).values(_row(chunk, None)))


def copy_deleted(connection: Connection, store: Store, source: str, target: str) -> int:
    """Chunks of a new job over just the items that another one deleted, inside the database; how many items."""
    connection.execute(_copy_deleted(store.dialect), {"source": source, "target": target})
    return size(connection, store, target)


@cache
def _copy_deleted(dialect: Dialect) -> Any:
    table, kept = dialect.own("bulk_chunks"), dialect.list_without("c.ids", "c.exceptions")
    return text(
        f"INSERT INTO {table} (job_id, n, state, place, size, ids, counts, exceptions)"
        f" SELECT CAST(:target AS varchar), k.n, 'ready', k.place, {dialect.length('k.ids')}, k.ids, '{{}}', '{{}}' FROM"
        f" (SELECT c.n, c.place, {kept} AS ids FROM {table} AS c WHERE c.job_id = :source AND c.state = 'done') AS k"
        f" WHERE {dialect.length('k.ids')} > 0"
    )

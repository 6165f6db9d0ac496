"""Repeats in a list of ids that is too long for memory: found, and left out, where the list is stored."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, select, text

from sexton.model import Chunk
from sexton.resource import Resource
from sexton.storage import chunks
from sexton.storage.rows import spells_freely
from sexton.storage.store import Store


def _listed(store: Store, resource: Resource) -> str:
    """All items of a job, each `id` as it is compared."""
    compared = "lower(m.id)" if spells_freely(resource) and len(resource.table.key) == 1 else "m.id"
    return f"SELECT m.n, m.o, {compared} AS id, m.version FROM ({store.dialect.members()}) AS m"


def contradiction(connection: Connection, store: Store, resource: Resource, job_id: str) -> str | None:
    """An id that is listed under two conditions; None where there is none."""
    query = (
        f"SELECT id FROM ({_listed(store, resource)}) AS l GROUP BY id"
        " HAVING count(*) > 1 AND (min(version) <> max(version) OR count(version) BETWEEN 1 AND count(*) - 1) LIMIT 1"
    )
    found: str | None = connection.execute(text(query), {"job_id": job_id}).scalar()
    return found


def remove(connection: Connection, store: Store, resource: Resource, job_id: str) -> int:
    """Leave all but the first of each id out; how many were left out."""
    numbered = (
        f"SELECT n, o, row_number() OVER (PARTITION BY id ORDER BY n, o) AS time FROM ({_listed(store, resource)}) AS l"
    )
    query = text(f"SELECT n, o FROM ({numbered}) AS r WHERE time > 1 ORDER BY n, o")
    removed = 0
    streamed = query.execution_options(yield_per=10_000)
    for n, found in groupby(connection.execute(streamed, {"job_id": job_id}), itemgetter(0)):
        out = {o for _, o in found}
        removed += len(out)
        _leave_out(connection, store, job_id, n, out)
    return removed


def _leave_out(connection: Connection, store: Store, job_id: str, n: int, out: set[int]) -> None:
    chunk = _get(connection, store, job_id, n)
    kept = [index for index in range(len(chunk.ids)) if index not in out]
    if kept:
        chunks.rewrite(connection, store, chunk.pick(kept))
    else:
        chunks.drop(connection, store, chunk)


def _get(connection: Connection, store: Store, job_id: str, n: int) -> Chunk:
    table = store.tables["bulk_chunks"]
    query = select(*(table.c[name] for name in chunks.COLUMNS)).where(table.c.job_id == job_id, table.c.n == n)
    return Chunk(**connection.execute(query).mappings().one())

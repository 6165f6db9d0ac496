"""Jobs beside raw SQL on the same rows in the same run: deletes, undo, size of the table, purge.

    python benchmarks/jobs.py [strategies] [sizes] [purge] [archive] [soft] [hard] [sqlite] [postgresql]
        [--rows N] [--rounds N] [--workers N]

The raw baseline of a delete is one statement that takes the same ids out of the same table and writes the same
tombstones; of an undo, one that puts them back and removes the tombstones. Workers are processes of their own. A job's
seconds are those between its start and its end as the database stamped them. Ratios compare figures of one round;
medians of the rounds are printed.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from datetime import timedelta
from typing import Any

from bench import databases, fill, kinds, option, settle, store_of, workers
from sqlalchemy import text

from sexton.actions.bulk_delete import BulkRequest, bulk_delete
from sexton.actions.purge import purge
from sexton.actions.remove import Record
from sexton.actions.restore_job import restore_job
from sexton.model import Job, Principal, Target
from sexton.storage import jobs, plain_revival, removal
from sexton.storage.store import Store

WHO = Principal("default", "bench")


# -- raw --------------------------------------------------------------------------------------------------------


def raw_delete(store: Store, ids: range) -> float:
    """Seconds of one statement over all ids (on SQLite two: it has no data-modifying CTE)."""
    dialect, resource = store.dialect, store.catalog.resources["items"]
    with store.write() as connection:
        bound = Record(WHO, "aud_raw", dialect.now(connection), "job_raw").stamp(resource).bound(dialect)
        keys = [(str(n), str(n)) for n in ids]
        both, alone = bound | dialect.bind("keys0", keys, 2), bound | dialect.bind("keys0", [k[:1] for k in keys], 1)
        if dialect.deletes_knots_at_once:
            parts = ", ".join(removal.steps(dialect, resource, resource.strategy, 0))
            whole = dialect.statement(f"WITH {parts} SELECT count(*) FROM d0")
            started = time.perf_counter()
            taken = int(whole.on(connection, both).scalar_one())
        else:
            entomb, take = (
                removal.entombing(dialect, resource, resource.strategy),
                removal.take(dialect, resource, resource.strategy),
            )
            started = time.perf_counter()
            entomb.on(connection, both)
            taken = take.on(connection, alone).rowcount
        if taken != len(ids):
            raise RuntimeError(taken)
    return time.perf_counter() - started


def raw_undo(store: Store, ids: range) -> float:
    """Seconds of one statement that brings all ids back (on SQLite two)."""
    dialect, resource = store.dialect, store.catalog.resources["items"]
    stones = dialect.own("tombstones")
    bound = dialect.bind("ids", [(str(n),) for n in ids], 1)
    listed = f"SELECT r.id FROM {dialect.records('ids', ['id'])} AS r"
    chosen = f"resource = 'items' AND item_id IN ({listed})"
    names, values, _ = plain_revival.columns(dialect, resource)
    key = "CAST(r.id AS integer)"
    unmark = f"UPDATE items SET deleted_at = NULL WHERE id IN (SELECT {key} FROM {dialect.records('ids', ['id'])} AS r)"
    gone = f"DELETE FROM {stones} WHERE {chosen}"
    back = f"INSERT INTO items ({names}) SELECT {values} FROM"
    if dialect.deletes_knots_at_once:
        second = unmark if resource.soft else f"{back} s"
        steps = [f"WITH s AS ({gone} RETURNING snapshot) {second}"]
    else:
        steps = [
            unmark if resource.soft else f"{back} (SELECT snapshot FROM {stones} WHERE {chosen}) AS s WHERE 1",
            gone,
        ]
    made = [dialect.statement(step) for step in steps]
    with store.write() as connection:
        started = time.perf_counter()
        for step in made:
            step.on(connection, bound)
    return time.perf_counter() - started


# -- jobs -------------------------------------------------------------------------------------------------------


def start_delete(store: Store, ids: range) -> Job:
    with store.write() as connection:
        request = BulkRequest([Target(str(n)) for n in ids], confirm=True, respond_async=True)
        resource = store.catalog.resources["items"]
        return bulk_delete(connection, store, resource, request, principal=WHO, now=store.dialect.now(connection)).job


def start_undo(store: Store, job_id: str) -> Job:
    with store.write() as connection:
        job = jobs.get(connection, store, "default", job_id)
        if job is None:
            raise RuntimeError(job_id)
        return restore_job(connection, store, job, principal=WHO, now=store.dialect.now(connection), respond_async=True)


def seconds_of(store: Store, job_id: str) -> float:
    """Wait for the end of a job; its seconds."""
    while True:
        with store.read() as connection:
            job = jobs.of_any_account(connection, store, job_id)
        if job is not None and job.finished_at and job.started_at:
            if job.state != "completed":
                raise RuntimeError(job.state)
            return (job.finished_at - job.started_at).total_seconds()
        time.sleep(0.1)


def round_of(make: Any, strategy: str, rows: int, count: int) -> dict[str, float]:
    """One round on a new database: raw and job, there and back, in seconds."""
    url = make()
    fill(url, rows)
    store, ids, found = store_of(url, strategy), range(1, rows + 1), {}
    tombstones = store.dialect.own("tombstones")
    found["raw"] = raw_delete(store, ids)
    if strategy != "hard":
        settle(store.engine, tombstones)
        found["raw undo"] = raw_undo(store, ids)
    else:
        with store.write() as connection:
            connection.execute(text(f"DELETE FROM {tombstones}"))
        fill_again(store, rows)
    settle(store.engine, tombstones)
    with workers(url, count, strategy):
        job = start_delete(store, ids)
        found["job"] = seconds_of(store, job.id)
        if strategy != "hard":
            settle(store.engine, tombstones)
            found["undo"] = seconds_of(store, start_undo(store, job.id).id)
    store.dialect.close(store.engine)
    return found


def fill_again(store: Store, rows: int) -> None:
    with store.write() as connection:
        connection.execute(text("DROP TABLE items"))
    fill(str(store.engine.url.render_as_string(hide_password=False)), rows)


def strategies(made: dict[str, Any], rows: int, rounds: int) -> None:
    """Every strategy (or those named) with one and two workers (or `--workers N`)."""
    chosen = [word for word in ("archive", "soft", "hard") if word in sys.argv] or ["archive", "soft", "hard"]
    for name, make in made.items():
        for strategy in chosen:
            for count in [option("--workers", 0)] if "--workers" in sys.argv else (1, 2):
                found = [round_of(make, strategy, rows, count) for _ in range(rounds)]
                _say(f"{name}, {strategy}, {count} worker(s), {rows:,} rows", rows, found)


def _say(title: str, rows: int, found: list[dict[str, float]]) -> None:
    told = []
    for job, raw in (("job", "raw"), ("undo", "raw undo")):
        if job in found[0]:
            ratio = statistics.median(one[raw] / one[job] for one in found)
            speed = [rows / statistics.median(one[k] for one in found) for k in (job, raw)]
            told.append(f"{job} {speed[0]:,.0f}/s, raw {speed[1]:,.0f}/s, ratio {ratio:.2f}")
    print(f"{title}: {'; '.join(told)}", flush=True)


def sizes(made: dict[str, Any], rows: int, rounds: int) -> None:
    """A job of 500,000 rows that lie together out of a table of `rows`, and out of one ten times as large.

    With `spread` the ids are spread over the whole table, so that in the larger one each row lies in a page of its own.
    """
    for name, make in made.items():
        pairs = [[_rate_of(make, size) for size in (rows, rows * 10)] for _ in range(rounds)]
        small, large = (statistics.median(series) for series in zip(*pairs, strict=True))
        ratio = statistics.median(b / a for a, b in pairs)
        told = f"{rows:,} rows: {small:,.0f}/s, {rows * 10:,} rows: {large:,.0f}/s"
        print(f"{name}{', spread' if 'spread' in sys.argv else ''}, {told}, ratio {ratio:.2f}", flush=True)


def _rate_of(make: Any, size: int) -> float:
    url = make()
    fill(url, size)
    store, taken = store_of(url), min(size, 500_000)
    step = size // taken if "spread" in sys.argv else 1
    with workers(url, 2, "archive"):
        rate = taken / seconds_of(store, start_delete(store, range(1, taken * step + 1, step)).id)
    store.dialect.close(store.engine)
    return rate


# -- purge ------------------------------------------------------------------------------------------------------


def purges(made: dict[str, Any], rows: int, rounds: int) -> None:
    """All tombstones of a job after their window, beside one statement that erases as many snapshots."""
    for name, make in made.items():
        found = [_purge_once(make, rows) for _ in range(rounds)]
        ours, raw = (rows / statistics.median(series) for series in zip(*found, strict=True))
        ratio = statistics.median(b / a for a, b in found)
        print(f"{name}, {rows:,} snapshots: purge {ours:,.0f}/s, raw {raw:,.0f}/s, ratio {ratio:.2f}", flush=True)


def _purge_once(make: Any, rows: int) -> tuple[float, float]:
    url = make()
    fill(url, rows)
    store = store_of(url)
    stones = store.dialect.own("tombstones")
    raw_delete(store, range(1, rows + 1))
    settle(store.engine, stones)
    with store.write() as connection:
        now = store.dialect.now(connection)
        started = time.perf_counter()
        sql = f"UPDATE {stones} SET snapshot = NULL, purged_at = :now WHERE restorable_until <= :later AND purged_at IS NULL"
        times = {"now": store.dialect.bind_time(now), "later": store.dialect.bind_time(now + timedelta(days=31))}
        connection.execute(text(sql), times)
        raw = time.perf_counter() - started
        connection.execute(text(f"DELETE FROM {stones}"))
    fill_again(store, rows)
    raw_delete(store, range(1, rows + 1))
    settle(store.engine, stones)
    started = time.perf_counter()
    report = purge(store, now=now + timedelta(days=30, minutes=10))
    ours = time.perf_counter() - started
    if report.purged != {"items": rows}:
        raise RuntimeError(report)
    store.dialect.close(store.engine)
    return ours, raw


def main() -> None:
    rows, rounds = option("--rows", 1_000_000), option("--rounds", 5)
    print(f"{os.cpu_count()} cores, medians of {rounds} rounds")
    parts = {"strategies": strategies, "sizes": sizes, "purge": purges}
    with databases(kinds()) as made:
        for name, part in parts.items():
            if name in sys.argv:
                part(made, rows, rounds)


if __name__ == "__main__":
    main()

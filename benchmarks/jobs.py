"""Jobs beside raw SQL on the same rows in the same run: deletes, undo, acceptance, size, memory, rivals.

    python benchmarks/jobs.py [strategies] [accept] [sizes] [memory] [purge] [--rows N] [--rounds N]
        [--workers N] [archive] [soft] [hard] [sqlite] [postgresql]

The raw baseline of a delete is one statement that takes the same ids out of the same table and writes the same
tombstones; of an undo, one that puts them back and removes the tombstones. Workers are processes of their own. A job's
seconds are those between its start and its end as the database stamped them. Ratios compare figures of one round;
medians of the rounds are printed.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import requests
import structlog
from sqlalchemy import create_engine, text

from postgres import postgres_server
from serving import create_key, serving
from sexton.actions.bulk_delete import BulkRequest, bulk_delete
from sexton.actions.purge import purge
from sexton.actions.remove import Record
from sexton.actions.restore_job import restore_job
from sexton.model import Job, Principal, Target
from sexton.server.assembly import open_store
from sexton.server.configuration import Settings
from sexton.storage import jobs, plain_revival, removal
from sexton.storage.store import Store

TABLE = (
    "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price NUMERIC(10,2), made TIMESTAMP, note TEXT,"
    " deleted_at TIMESTAMP)"
)
WHO = Principal("default", "bench")
SERVER = ("max_connections=200", "shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=30min")
BOUNDS = "[defaults]\nconfirm_above = 100_000_000\nitems_per_hour = 1_000_000_000\n"
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))


# -- databases --------------------------------------------------------------------------------------------------


@contextmanager
def databases(kinds: list[str]) -> Iterator[dict[str, Any]]:
    """A way to make a new database of each kind."""
    with ExitStack() as held:
        made: dict[str, Any] = {}
        if "postgresql" in kinds:
            server = held.enter_context(postgres_server(18, SERVER))
            made["PostgreSQL 18"] = lambda: server.url(server.create_database())
        if "sqlite" in kinds:
            folder = held.enter_context(tempfile.TemporaryDirectory())
            made["SQLite"] = lambda: _file(folder)
        yield made


def _file(folder: str) -> str:
    path = Path(folder) / f"{time.monotonic_ns()}.db"
    path.touch()
    return f"sqlite:///{path}"


def fill(url: str, rows: int) -> None:
    """The table with `rows` rows, ids from 1."""
    engine = create_engine(url)
    series = "generate_series(1, :n) AS s(i)" if engine.dialect.name == "postgresql" else "counted"
    counted = "WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < :n) "
    head = "" if engine.dialect.name == "postgresql" else counted
    made = "CAST('2026-01-01 00:00:00' AS timestamp)" if head == "" else "'2026-01-01 00:00:00'"
    with engine.begin() as connection:
        connection.execute(text(TABLE))
        chosen = f"SELECT i, 'item ' || i, i % 100, {made}, 'a note', NULL FROM {series}"
        connection.execute(
            text(f"INSERT INTO items {head}{chosen}" if not head else f"{head}INSERT INTO items {chosen}"), {"n": rows}
        )
    settle(engine)
    engine.dispose()


def settle(engine: Any, *tables: str) -> None:
    """Let the server do now what it would do in the middle of a measurement."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in ("items", *tables):
                connection.execute(text(f"VACUUM ANALYZE {table}"))
            connection.execute(text("CHECKPOINT"))


def store_of(url: str, strategy: str = "archive") -> Store:
    settings = Settings(database={"url": url}, defaults={"strategy": strategy, "items_per_hour": 10**9})
    return open_store(settings)


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


@contextmanager
def workers(url: str, count: int, strategy: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Worker processes."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "sexton.toml"
        config.write_text(f'[defaults]\nstrategy = "{strategy}"\n')
        command = [sys.executable, "-m", "sexton.cli", "worker", "--database", url, "--config", str(config)]
        running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(count)]
        time.sleep(2.5)
        try:
            yield running
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait()


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
    """A job of 500,000 rows out of a table of `rows`, and out of one ten times as large."""
    for name, make in made.items():
        speeds: dict[int, list[float]] = {rows: [], rows * 10: []}
        for _ in range(rounds):
            for size, series in speeds.items():
                url = make()
                fill(url, size)
                store, taken = store_of(url), min(size, 500_000)
                with workers(url, 2, "archive"):
                    step = size // taken
                    series.append(taken / seconds_of(store, start_delete(store, range(1, size + 1, step)).id))
                store.dialect.close(store.engine)
        ratio = statistics.median(b / s for s, b in zip(*speeds.values(), strict=True))
        told = ", ".join(f"{size:,} rows: {statistics.median(series):,.0f}/s" for size, series in speeds.items())
        print(f"{name}, {told}, ratio {ratio:.2f}", flush=True)


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


# -- accepting --------------------------------------------------------------------------------------------------


def accept(made: dict[str, Any], rounds: int) -> None:
    """202 for 100,000 ids in JSON and 1,000,000 in NDJSON, beside parsing them and inserting them as arrays at once."""
    for name, make in made.items():
        url = make()
        fill(url, 10)
        store = store_of(url)
        token = create_key(url)
        with serving(url, "--no-worker", config=BOUNDS) as address:
            for count, kind in ((100_000, "application/json"), (1_000_000, "application/x-ndjson")):
                figures = [_accept_once(store, address, token, count, kind, n) for n in range(rounds)]
                ours, raw = (statistics.median(series) for series in zip(*figures, strict=True))
                ratio = statistics.median(a / b for a, b in figures)
                print(
                    f"{name}, {count:,} ids as {kind}: 202 after {ours:.2f} s, raw {raw:.2f} s, {ratio:.2f} times",
                    flush=True,
                )
        store.dialect.close(store.engine)


def _accept_once(store: Store, address: str, token: str, count: int, kind: str, n: int) -> tuple[float, float]:
    listed = [f"{n}-{i}" for i in range(count)]
    body = json.dumps({"ids": listed, "confirm": True}) if "ndjson" not in kind else "\n".join(map(json.dumps, listed))
    query = "" if "ndjson" not in kind else "?confirm=true"
    told = {"Authorization": f"Bearer {token}", "Content-Type": kind, "Prefer": "respond-async"}
    sent = body.encode()
    started = time.perf_counter()
    answer = requests.post(f"{address}/api/v1/items/bulk_delete{query}", data=sent, headers=told, timeout=600)
    ours = time.perf_counter() - started
    if answer.status_code != 202:
        raise RuntimeError(answer.text[:500])
    return ours, _raw_accept(store, sent, kind, n)


def _raw_accept(store: Store, sent: bytes, kind: str, n: int) -> float:
    started = time.perf_counter()
    ids = json.loads(sent)["ids"] if "ndjson" not in kind else [json.loads(line) for line in sent.splitlines()]
    table = store.tables["bulk_chunks"]
    with store.write() as connection:
        rows = [
            {
                "job_id": f"raw{n}{kind}",
                "n": k,
                "state": "raw",
                "ids": ids[k * 1000 : k * 1000 + 1000],
                "counts": {},
                "exceptions": {},
            }
            for k in range(-(-len(ids) // 1000))
        ]
        connection.execute(table.insert(), rows)
    return time.perf_counter() - started


# -- memory -----------------------------------------------------------------------------------------------------


def memory(made: dict[str, Any], rows: int) -> None:
    """What server and worker hold at most while they accept and run 10,000 ids, then `rows` ids."""
    for name, make in made.items():
        url = make()
        fill(url, rows)
        token = create_key(url)
        with serving(url, "--no-worker", config=BOUNDS) as address, workers(url, 1, "archive") as running:
            server = _server_pid(address)
            peaks = {}
            for count in (10_000, rows):
                with _watching({"server": server, "worker": running[0].pid}) as peak:
                    _run_stream(address, token, rows, count)
                peaks[count] = dict(peak)
        grown = ", ".join(
            f"{who} {(peaks[rows][who] - peaks[10_000][who]) / 1024:.0f} MB" for who in ("server", "worker")
        )
        print(f"{name}: from 10,000 to {rows:,} items memory grows by: {grown}", flush=True)


def _server_pid(address: str) -> int:
    port = address.rpartition(":")[2]
    found = subprocess.run(
        ["pgrep", "-f", "sexton.cli serve"], capture_output=True, text=True, check=True
    ).stdout.split()
    del port
    return int(found[-1])


@contextmanager
def _watching(processes: dict[str, int]) -> Iterator[dict[str, int]]:
    """The most resident memory of each, in KiB."""
    peak, over = dict.fromkeys(processes, 0), threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            for who, pid in processes.items():
                status = Path(f"/proc/{pid}/status").read_text()
                peak[who] = max(peak[who], int(status.partition("VmRSS:")[2].split()[0]))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


def _run_stream(address: str, token: str, rows: int, count: int) -> None:
    first = 1 if count < rows else 10_001
    lines = (
        b"".join(b"%d\n" % n for n in range(k, min(k + 10_000, rows + 1))) for k in range(first, first + count, 10_000)
    )
    told = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson", "Prefer": "respond-async"}
    answer = requests.post(f"{address}/api/v1/items/bulk_delete?confirm=true", data=lines, headers=told, timeout=3600)
    if answer.status_code != 202:
        raise RuntimeError(answer.text[:500])
    url = f"{address}{answer.headers['Location']}"
    while not requests.get(url, headers=told, timeout=600).json()["finished_at"]:
        time.sleep(0.5)
    with requests.get(
        f"{url}/items", headers={**told, "Accept": told["Content-Type"]}, stream=True, timeout=3600
    ) as items:
        for _ in items.iter_content(1 << 20):
            pass


def option(name: str, default: int) -> int:
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


def main() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    rows, rounds = option("--rows", 1_000_000), option("--rounds", 5)
    kinds = [word for word in words if word in ("sqlite", "postgresql")] or ["postgresql", "sqlite"]
    print(f"{os.cpu_count()} cores, medians of {rounds} rounds")
    with databases(kinds) as made:
        if "strategies" in words:
            strategies(made, rows, rounds)
        if "sizes" in words:
            sizes(made, rows, rounds)
        if "purge" in words:
            purges(made, rows, rounds)
        if "accept" in words:
            accept(made, rounds)
        if "memory" in words:
            memory(made, rows)


if __name__ == "__main__":
    main()

"""What it takes to accept a list of ids: the time until 202, and the memory of server and worker to the end.

    python benchmarks/intake.py [accept] [memory] [sqlite] [postgresql] [--rows N] [--rounds N]

The baseline of accepting is parsing the same body and inserting its ids as arrays in one statement.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from bench import BOUNDS, databases, fill, kinds, option, store_of, workers

from serving import create_key, serving
from sexton.storage.store import Store

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


def main() -> None:
    with databases(kinds()) as made:
        if "accept" in sys.argv:
            accept(made, option("--rounds", 5))
        if "memory" in sys.argv:
            memory(made, option("--rows", 10_000_000))


if __name__ == "__main__":
    main()

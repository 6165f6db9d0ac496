"""Deletes a second, and CPU a delete, of the client beside what one would write without it.

    python benchmarks/client.py [--items 5000] [--rounds 5] [--concurrency 32] [--only 0|20]

Against nginx over files (WebDAV's DELETE, files in memory) where it is installed, else a plain asyncio server; and
against the plain server that answers after 20 ms. The bare ones send the same If-Match and Authorization headers and
check the status; no keys, no verification, no retries. `apply` has every safety on: journal with fsync, identity
probe, canary verified by GET, If-Match, pace. Ratios are of the same round; medians are printed. CPU is that of the
client's process, in microseconds a delete.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import aiohttp
import requests
import structlog
from bench import option
from client_servers import Place, place

from sexton.client import AsyncClient, Client
from sexton.client.apply import Application, ApplyOptions
from sexton.client.plan_file import Plan, PlanHeader, PlanWriter, Seen

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
LANES = option("--concurrency", 32)
Work = Callable[[Place, int], None]


def _headers(there: Place) -> dict[str, str]:
    return {"Authorization": "Bearer x", "If-Match": there.etag}


def bare_session(there: Place, items: int) -> None:
    with requests.Session() as session:
        for n in range(items):
            answer = session.delete(f"{there.url}/reports/r{n}", headers=_headers(there), timeout=10)
            assert answer.status_code == 204


def bare_threads(there: Place, items: int) -> None:
    with requests.Session() as session, ThreadPoolExecutor(LANES) as pool:
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=LANES))

        def one(n: int) -> int:
            return session.delete(f"{there.url}/reports/r{n}", headers=_headers(there), timeout=10).status_code

        assert set(pool.map(one, range(items))) == {204}


def bare_loop(there: Place, items: int) -> None:
    async def run() -> None:
        numbers = iter(range(items))
        connector = aiohttp.TCPConnector(limit=LANES)
        async with aiohttp.ClientSession(connector=connector, headers=_headers(there)) as session:

            async def lane() -> None:
                for n in numbers:
                    async with session.delete(f"{there.url}/reports/r{n}") as answer:
                        assert answer.status == 204
                        await answer.read()

            await asyncio.gather(*(lane() for _ in range(LANES)))

    asyncio.run(run())


def client_alone(there: Place, items: int) -> None:
    with Client(there.url, service="bench/1", token="x") as client:
        for n in range(items):
            client.delete("reports", f"r{n}", if_match=there.etag)


def client_threads(there: Place, items: int) -> None:
    made = Client(there.url, service="bench/1", token="x", max_connections=LANES)
    with made as client, ThreadPoolExecutor(LANES) as pool:
        list(pool.map(lambda n: client.delete("reports", f"r{n}", if_match=there.etag), range(items)))


def async_client(there: Place, items: int) -> None:
    async def run() -> None:
        numbers = iter(range(items))
        async with AsyncClient(there.url, service="bench/1", token="x", max_connections=LANES) as client:

            async def lane() -> None:
                for n in numbers:
                    await client.delete("reports", f"r{n}", if_match=there.etag)

            await asyncio.gather(*(lane() for _ in range(LANES)))

    asyncio.run(run())


def apply(_: Place, items: int) -> None:
    """`sexton apply --execute` without the start of a process; its plan is `planned` before the clock runs."""
    path = _plans.pop()

    async def run() -> None:
        with Plan(path) as plan:
            async with Application(plan, ApplyOptions(concurrency=LANES, client={"token": "x"})) as application:
                report = await application.apply(path.with_suffix(".journal"))
        assert report.standings["deleted"] == items, report

    asyncio.run(run())


_plans: list[Path] = []


def planned(there: Place, items: int, folder: Path) -> None:
    path = folder / f"{time.monotonic_ns()}.plan"
    with PlanWriter(path) as writer:
        for n in range(items):
            writer.add(f"r{n}", there.etag, Seen.PRESENT)
        writer.finish(PlanHeader(there.url, "reports", "benchmark"))
    _plans.append(path)


RUNS: dict[str, Work] = {
    "requests Session": bare_session,
    "Client": client_alone,
    "requests, threads": bare_threads,
    "Client, threads": client_threads,
    "aiohttp loop": bare_loop,
    "AsyncClient": async_client,
    "apply": apply,
}
ONE_BY_ONE = {"requests Session", "Client"}
RATIOS = (
    ("Client", "requests Session"),
    ("Client, threads", "requests, threads"),
    ("AsyncClient", "aiohttp loop"),
    ("apply", "aiohttp loop"),
    ("apply", "requests Session"),
)


def timed(run: Work, there: Place, items: int) -> tuple[float, float]:
    """Deletes a second, and CPU microseconds a delete."""
    there.fill(items)
    gc.collect()
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    run(there, items)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return items / seconds, 1e6 * cpu / items


def compare(there: Place, items: int, rounds: int, share: int) -> None:
    """Interleaved rounds; what goes one by one deletes a `share`th."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in RUNS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for name, run in RUNS.items():
                count = items // share if name in ONE_BY_ONE else items
                if run is apply:
                    planned(there, count, Path(folder))
                found[name].append(timed(run, there, count))
    for name, got in found.items():
        rate, cpu = (statistics.median(one[k] for one in got) for k in (0, 1))
        print(f"  {name:18} {rate:8,.0f}/s  {cpu:6,.0f} µs CPU a delete", flush=True)
    for ours, other in RATIOS:
        pairs = list(zip(found[ours], found[other], strict=True))
        speed, cpu = statistics.median(a[0] / b[0] for a, b in pairs), statistics.median(a[1] / b[1] for a, b in pairs)
        each = ", ".join(f"{a[0] / b[0]:.2f}" for a, b in pairs)
        print(f"  {ours} / {other}: speed {speed:.2f} (rounds {each}), CPU {cpu:.2f}", flush=True)


def main() -> None:
    items, rounds, only = option("--items", 5_000), option("--rounds", 5), option("--only", -1)
    for milliseconds, share in ((0, 2), (20, 20)):
        if only in {-1, milliseconds}:
            with place(milliseconds / 1000) as there:
                print(f"{there.name}, {milliseconds} ms, {items} items, {LANES} at once, {rounds} rounds", flush=True)
                compare(there, items, rounds, share)


if __name__ == "__main__":
    sys.exit(main())

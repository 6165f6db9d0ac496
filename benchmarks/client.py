"""Deletes a second, and CPU a delete, of the client beside what one would write without it.

    python benchmarks/client.py [--count N] [--rounds N]

Against a plain server on loopback in a process of its own, which answers 204 at once or after 20 ms. `requests` and
`aiohttp` alone are the baselines: no keys, no verification, no retries. Ratios are of the same round; medians are
printed. CPU is that of the client's process.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import aiohttp
import requests
import structlog
from bench import option

from sexton.client import AsyncClient, Client

LANES = 32
SERVER = """
import asyncio, sys
async def serve(reader, writer):
    try:
        while True:
            await reader.readuntil(b"\\r\\n\\r\\n")
            if float(sys.argv[1]): await asyncio.sleep(float(sys.argv[1]))
            writer.write(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")
    except (asyncio.IncompleteReadError, ConnectionError): pass
    finally: writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


@contextmanager
def plain_server(seconds: float) -> Iterator[str]:
    """A server that answers every request with 204 after so many seconds; its address."""
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(seconds)], stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}" if process.stdout else ""
    finally:
        process.terminate()
        process.wait()


def bare_session(base: str, count: int) -> None:
    with requests.Session() as session:
        for n in range(count):
            session.delete(f"{base}/items/{n}", timeout=10).raise_for_status()


def bare_threads(base: str, count: int) -> None:
    with requests.Session() as session, ThreadPoolExecutor(LANES) as pool:
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=LANES))
        for answer in pool.map(lambda n: session.delete(f"{base}/items/{n}", timeout=10), range(count)):
            answer.raise_for_status()


def bare_loop(base: str, count: int) -> None:
    async def run() -> None:
        numbers = iter(range(count))
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=LANES)) as session:

            async def lane() -> None:
                for n in numbers:
                    async with session.delete(f"{base}/items/{n}") as answer:
                        answer.raise_for_status()

            await asyncio.gather(*(lane() for _ in range(LANES)))

    asyncio.run(run())


def client_alone(base: str, count: int) -> None:
    with Client(base, service="bench/1") as client:
        for n in range(count):
            client.delete("items", str(n))


def client_threads(base: str, count: int) -> None:
    with Client(base, service="bench/1") as client, ThreadPoolExecutor(LANES) as pool:
        list(pool.map(lambda n: client.delete("items", str(n)), range(count)))


def async_client(base: str, count: int) -> None:
    async def run() -> None:
        numbers = iter(range(count))
        async with AsyncClient(base, service="bench/1") as client:

            async def lane() -> None:
                for n in numbers:
                    await client.delete("items", str(n))

            await asyncio.gather(*(lane() for _ in range(LANES)))

    asyncio.run(run())


PAIRS: tuple[tuple[str, Callable[[str, int], None], Callable[[str, int], None]], ...] = (
    ("one by one, requests", client_alone, bare_session),
    (f"{LANES} threads, requests", client_threads, bare_threads),
    (f"{LANES} at once, aiohttp", async_client, bare_loop),
)


def timed(run: Callable[[str, int], None], base: str, count: int) -> tuple[float, float]:
    """Seconds, and seconds of CPU."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    run(base, count)
    elapsed, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    return elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    count, rounds = option("--count", 3_000), option("--rounds", 5)
    for seconds in (0.0, 0.02):
        with plain_server(seconds) as base:
            for name, ours, bare in PAIRS:
                todo = count if not seconds or "one by one" not in name else count // 20
                found = [(timed(ours, base, todo), timed(bare, base, todo)) for _ in range(rounds)]
                speed, plain = (todo / statistics.median(one[k][0] for one in found) for k in (0, 1))
                cpu, less = (1e6 * statistics.median(one[k][1] for one in found) / todo for k in (0, 1))
                ratio = statistics.median(b[0] / a[0] for a, b in found)
                print(
                    f"{seconds * 1000:.0f} ms, {name}: {speed:,.0f}/s, bare {plain:,.0f}/s, ratio {ratio:.2f};"
                    f" CPU {cpu:,.0f} against {less:,.0f} µs a delete",
                    flush=True,
                )


if __name__ == "__main__":
    main()

"""`apply` with every safety on, beside a bare aiohttp loop at the same concurrency and a sequential requests Session.

    python benchmarks/client_apply.py [--items 5000] [--rounds 3] [--concurrency 50] [--memory 1000000 [--seconds 60]]

The server is a plain asyncio protocol in a process of its own: it answers any GET with an item and an ETag until that item
was deleted, any DELETE with 204. Rounds are interleaved; each prints deletes a second and CPU seconds of the client.
`--memory N` plans and applies N items, each command in a process of its own, and prints the peak of each; with
`--seconds S` nothing is looked at while planning, and `apply` is ended after S seconds (its peak comes at its start).
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import aiohttp
import requests

from sexton.client.apply import Application, ApplyOptions
from sexton.client.plan_file import Plan, PlanHeader, PlanWriter, Seen

Figures = tuple[float, float]


class _Plain(asyncio.Protocol):
    """Requests without a body, answered at once; a PUT empties the list of what was deleted."""

    gone: set[bytes] = set()  # noqa: RUF012 — one for all connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *requests_, self._rest = (self._rest + data).split(b"\r\n\r\n")
        self._transport.write(b"".join(map(self._answer, requests_)))  # type: ignore[attr-defined]

    def _answer(self, head: bytes) -> bytes:
        method, path, _ = head.split(b" ", 2)
        if method == b"DELETE":
            self.gone.add(path)
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        if method == b"PUT":
            self.gone.clear()
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        if path in self.gone or path.endswith(b"/"):
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        return (
            b'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"id": "x"}'[
                :-1
            ]
        )


def _serve(port: multiprocessing.Queue[int]) -> None:
    async def go() -> None:
        server = await asyncio.get_running_loop().create_server(_Plain, "127.0.0.1", 0, backlog=512)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(go())


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _timed(work: Callable[[], None], items: int) -> Figures:
    """Deletes a second, and CPU microseconds a delete."""
    gc.collect()
    wall, cpu = time.perf_counter(), _cpu()
    work()
    return items / (time.perf_counter() - wall), 1e6 * (_cpu() - cpu) / items


def _bare(base: str, items: int, concurrency: int) -> None:
    async def go() -> None:
        left = iter(range(items))
        connector = aiohttp.TCPConnector(limit=concurrency)
        headers = {"Authorization": "Bearer x", "If-Match": '"v1"'}
        async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

            async def worker() -> None:
                for n in left:
                    async with session.delete(f"{base}/reports/r{n}") as response:
                        assert response.status == 204
                        await response.read()

            await asyncio.gather(*(worker() for _ in range(concurrency)))

    asyncio.run(go())


def _sequential(base: str, items: int) -> None:
    with requests.Session() as session:
        session.headers.update({"Authorization": "Bearer x", "If-Match": '"v1"'})
        for n in range(items):
            assert session.delete(f"{base}/reports/r{n}", timeout=10).status_code == 204


def _apply(base: str, folder: Path, items: int, concurrency: int) -> Callable[[], None]:
    path = folder / f"{time.monotonic_ns()}.plan"
    with PlanWriter(path) as writer:
        for n in range(items):
            writer.add(f"r{n}", '"v1"', Seen.PRESENT)
        writer.finish(PlanHeader(base, "reports", "benchmark"))

    async def go() -> None:
        with Plan(path) as plan:
            async with Application(plan, ApplyOptions(concurrency=concurrency, client={"token": "x"})) as application:
                report = await application.apply(path.with_suffix(".journal"))
        assert report.standings["deleted"] == items, report

    return lambda: asyncio.run(go())


def compare(base: str, items: int, rounds: int, concurrency: int) -> None:
    """Interleaved rounds; medians and ratios."""
    found: dict[str, list[Figures]] = {"bare aiohttp": [], "sexton apply": [], "requests Session": []}
    with tempfile.TemporaryDirectory() as name:
        for _ in range(rounds):
            for what, work in (
                ("bare aiohttp", lambda: _bare(base, items, concurrency)),
                ("sexton apply", _apply(base, Path(name), items, concurrency)),
                ("requests Session", lambda: _sequential(base, items // 5)),
            ):
                requests.put(base, timeout=5)
                count = items // 5 if what == "requests Session" else items
                found[what].append(_timed(work, count))
    best = {what: (max(rate for rate, _ in got), min(cpu for _, cpu in got)) for what, got in found.items()}
    middle = {what: statistics.median(rate for rate, _ in got) for what, got in found.items()}
    for what, (rate, cpu) in best.items():
        print(f"{what:18} best {rate:7,.0f}/s  median {middle[what]:7,.0f}/s  least CPU {cpu:6.0f} µs a delete")
    for other in ("bare aiohttp", "requests Session"):
        ratios = [mine / its for (mine, _), (its, _) in zip(found["sexton apply"], found[other], strict=True)]
        print(f"apply / {other}: {statistics.median(ratios):.2f} (rounds {', '.join(f'{r:.2f}' for r in ratios)})")


def memory(base: str, items: int, concurrency: int, seconds: int) -> None:
    """The peak of `plan` and of `apply`, each in its own process; after so many seconds `apply` is told to end."""
    requests.put(base, timeout=5)
    with tempfile.TemporaryDirectory() as name:
        ids, plan = Path(name) / "ids.txt", Path(name) / "big.plan"
        ids.write_text("".join(f"item-{n:09d}\n" for n in range(items)))
        many = ["--concurrency", str(concurrency), "--json"]
        for arguments in (
            [
                "plan",
                f"{base}/reports",
                "--ids-from",
                str(ids),
                "-o",
                str(plan),
                *many,
                *(["--no-look"] if seconds else []),
            ],
            ["apply", str(plan), "--execute", *many],
            ["report", f"{plan}.journal", "--json"],
        ):
            _peak(arguments, items, seconds if arguments[0] == "apply" else 0)
        print(f"plan {plan.stat().st_size / 1e6:.0f} MB, journal {Path(f'{plan}.journal').stat().st_size / 1e6:.0f} MB")


def _peak(arguments: list[str], items: int, limit: int) -> None:
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([sys.executable, "-m", "sexton.cli", *arguments], stdout=out)
        if limit:
            time.sleep(limit)
            process.terminate()
        _, status, usage = os.wait4(process.pid, 0)
        out.seek(-min(out.tell() or out.seek(0, 2), 4096), 2)
        last = json.loads(out.read().splitlines()[-1])
    seconds = time.perf_counter() - began
    told = last.get("standings", {"to_delete": last.get("to_delete")})
    print(
        f"{arguments[0]:7} {items:,} items: peak {usage.ru_maxrss / 1024:.0f} MB, {seconds:.0f} s, exit {os.waitstatus_to_exitcode(status)}, {told}"
    )


def main() -> None:
    """Start the server, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--items", 5000), ("--rounds", 3), ("--concurrency", 50), ("--memory", 0), ("--seconds", 0)):
        parser.add_argument(name, type=int, default=default)
    asked = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    port = context.Queue()
    server = context.Process(target=_serve, args=(port,), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{port.get()}/v1"
    if asked.memory:
        memory(base, asked.memory, asked.concurrency, asked.seconds)
    else:
        compare(base, asked.items, asked.rounds, asked.concurrency)
    server.kill()


if __name__ == "__main__":
    main()

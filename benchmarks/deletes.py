"""Single DELETE and synchronous bulk delete over HTTP, beside a raw baseline in the same run.

    make bench

Each round runs the variants in turn on fresh rows of a table of 100,000 (archive strategy, 16 connections, server
and client on the same machine); medians of the rounds are printed. The baseline is a bare FastAPI route on the same
engine that runs one `DELETE … WHERE id = …` and commits.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from sqlalchemy import create_engine, text

from postgres import postgres_server

ROWS, ROUNDS, SINGLES, BULKS, CONNECTIONS = 100_000, 7, 1_000, 10, 16
TABLE = (
    "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price NUMERIC(10,2), made TIMESTAMP, note TEXT)"
)

SERVER = """
import sys, uvicorn
from fastapi import Response
from sqlalchemy import text
from sexton.model import Scope
from sexton.server.assembly import make_application, open_store
from sexton.server.configuration import Settings
from sexton.storage import api_keys
import structlog
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
settings = Settings(database={"url": sys.argv[1]}, defaults={"confirm_above": 1000, "items_per_hour": 10**9})
store = open_store(settings)
with store.write() as connection:
    _, token = api_keys.create(connection, store, "default", list(Scope), None, store.dialect.now(connection))
application = make_application(store, settings)
statement = text("DELETE FROM items WHERE id = :id")
def bare(id: int) -> Response:
    with store.dialect.write(store.engine) as connection:
        connection.execute(statement, {"id": id})
    return Response(status_code=204)
application.add_api_route("/bare/{id}", bare, methods=["DELETE"])
print(token, flush=True)
uvicorn.run(application, port=int(sys.argv[2]), log_config=None, access_log=False)
"""


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


async def _lane(port: int, requests: Sequence[bytes], expected: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for one in requests:
        writer.write(one)
        head = await reader.readuntil(b"\r\n\r\n")
        if expected not in head[:15]:
            raise RuntimeError(head.decode())
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if length:
            await reader.readexactly(int(length))
    writer.close()


async def fire(port: int, requests: Sequence[bytes], lanes: int, expected: bytes) -> float:
    """Seconds until all are answered."""
    started = time.perf_counter()
    await asyncio.gather(*(_lane(port, requests[n::lanes], expected) for n in range(lanes)))
    return time.perf_counter() - started


def fill(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(TABLE))
        rows = [{"i": n, "n": f"item {n}", "p": n % 100} for n in range(ROWS)]
        connection.execute(text("INSERT INTO items VALUES (:i, :n, :p, '2026-01-01 00:00:00', 'a note')"), rows)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE items"))
    engine.dispose()


def measure(name: str, url: str, port: int) -> None:
    server = subprocess.Popen([sys.executable, "-c", SERVER, url, str(port)], stdout=subprocess.PIPE, text=True)
    try:
        token = server.stdout.readline().strip() if server.stdout else ""
        for _ in range(100):
            try:
                asyncio.run(fire(port, [request("GET", "/healthz", token)], 1, b"200"))
                break
            except OSError:
                time.sleep(0.1)
        _rounds(name, port, token)
    finally:
        server.terminate()
        server.wait()


def _rounds(name: str, port: int, token: str) -> None:
    taken, bare, single, bulk = 0, [], [], []
    for warm in range(ROUNDS + 1):
        ids = range(taken, taken + 2 * SINGLES + 200 * BULKS)
        taken = ids.stop
        first, second, third = ids[:SINGLES], ids[SINGLES : 2 * SINGLES], ids[2 * SINGLES :]
        raw = [request("DELETE", f"/bare/{n}", token) for n in first]
        ours = [request("DELETE", f"/api/v1/items/{n}", token) for n in second]
        batches = [json.dumps({"ids": list(third[n : n + 200])}).encode() for n in range(0, len(third), 200)]
        many = [request("POST", "/api/v1/items/bulk_delete", token, body) for body in batches]
        figures = [
            SINGLES / asyncio.run(fire(port, raw, CONNECTIONS, b"204")),
            SINGLES / asyncio.run(fire(port, ours, CONNECTIONS, b"204")),
            200 * BULKS / asyncio.run(fire(port, many, 1, b"200")),
        ]
        if warm:
            for series, figure in zip((bare, single, bulk), figures, strict=True):
                series.append(figure)
    ratio = statistics.median(s / b for s, b in zip(single, bare, strict=True))
    gain = statistics.median(b / s for b, s in zip(bulk, single, strict=True))
    print(
        f"{name}: bare DELETE {statistics.median(bare):,.0f}/s, single DELETE {statistics.median(single):,.0f}/s"
        f" (ratio {ratio:.2f}), bulk of 200 {statistics.median(bulk):,.0f} items/s ({gain:.1f}x one by one)"
    )


def main() -> None:
    print(f"medians of {ROUNDS} rounds, {ROWS:,} rows, {CONNECTIONS} connections")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        fill(url)
        measure("SQLite", url, 8911)
    if "sqlite" in sys.argv:
        return
    with postgres_server(18, ("max_connections=200", "shared_buffers=512MB")) as server:
        url = server.url(server.create_database())
        fill(url)
        measure("PostgreSQL 18", url, 8912)


if __name__ == "__main__":
    main()

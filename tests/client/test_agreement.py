"""Hundreds of deletes against a server in chaos: what the client says is what the server's own log says."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hostile import Act, Hostile, Seen, json, raw, stall, status

from sexton.client import DeleteResult, Outcome, RetryPolicy, Timeout

COUNT = 500
CHAOS = ("drop before", "drop after", "500 before", "500 after", "503", "429", "lie", "redirect", "half", "late", "403")


class Store:
    """Items that are there, and a log of what was really removed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.there = {f"r_{n}" for n in range(COUNT)}
        self.lock = threading.Lock()
        self.timers: list[threading.Timer] = []

    def __call__(self, seen: Seen) -> Act:
        item = seen.path.rsplit("/", 1)[-1]
        with self.lock:
            fate = self.random.choice(CHAOS) if self.random.random() < 0.4 else "ok"
            return self.get(item, fate) if seen.method == "GET" else self.delete(item, fate)

    def get(self, item: str, fate: str) -> Act:
        if fate in {"drop before", "drop after", "half"}:
            return raw(b"", keep=False)
        if fate in {"500 before", "503"}:
            return status(int(fate[:3]), Retry_After="0")
        return json(200, "{}", ETag='"a"') if item in self.there else status(404)

    def delete(self, item: str, fate: str) -> Act:
        early: dict[str, Act] = {
            "drop before": raw(b"", keep=False),
            "500 before": status(500),
            "503": status(503, Retry_After="0"),
            "429": status(429, Retry_After="0"),
            "lie": json(200, '{"deleted": false}'),
            "redirect": status(302, Location="/login"),
            "403": status(403),
        }
        if fate in early:
            return early[fate]
        if fate == "late":
            timer = threading.Timer(0.4, self.there.discard, [item])
            self.timers.append(timer)
            timer.start()
            return stall(0.3)
        was = item in self.there
        self.there.discard(item)
        after: dict[str, Act] = {
            "drop after": raw(b"", keep=False),
            "500 after": status(500),
            "half": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", keep=False),
        }
        return after.get(fate, status(204 if was else 404))


def run(transport: str, client: Any) -> list[DeleteResult]:
    ids = [f"r_{n}" for n in range(COUNT)]
    if transport == "requests":
        with ThreadPoolExecutor(16) as pool:
            return list(pool.map(lambda item: client.delete("items", item), ids))

    async def all_of_them() -> list[DeleteResult]:
        gate = asyncio.Semaphore(16)

        async def one(item: str) -> DeleteResult:
            async with gate:
                return await client.client.delete("items", item)

        return await asyncio.gather(*map(one, ids))

    return client.loop.run_until_complete(all_of_them())


def test_every_outcome_agrees_with_the_servers_own_log(client_of: Any, transport: str, server: Hostile) -> None:
    store = Store(seed=7)
    server.act = store
    client = client_of(raise_errors=False, timeout=Timeout(1, 0.15, 6), retry=RetryPolicy(base=0.005, cap=0.02))
    results = run(transport, client)
    for timer in store.timers:
        timer.join()
    counts: dict[str, int] = {}
    for number, result in enumerate(results):
        counts[result.outcome] = counts.get(result.outcome, 0) + 1
        if result.succeeded:
            assert f"r_{number}" not in store.there, result
        elif result.outcome is not Outcome.UNKNOWN:
            assert f"r_{number}" in store.there, result
    assert counts[Outcome.DELETED] > COUNT * 0.7
    assert counts.get(Outcome.UNKNOWN, 0) < COUNT * 0.1
    assert socket.getdefaulttimeout() is None

"""Hundreds of deletes (SEXTON_SOAK=1: 10,000) against a server in chaos: what is said is what the server's own log says."""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from chaos import Store
from hostile import Hostile

from serving import sexton
from sexton.client import DeleteResult, Outcome, RetryPolicy, Timeout
from sexton.client.journal import Recovered, Standing, recover

SOAK = bool(os.environ.get("SEXTON_SOAK"))
COUNT = 10_000 if SOAK else 500
PLANNED = 10_000 if SOAK else 300
SETTLED = {Standing.DELETED, Standing.ABSENT, Standing.FAILED, Standing.FORBIDDEN}


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
    store = Store({f"r_{n}" for n in range(COUNT)})
    server.act = store
    client = client_of(raise_errors=False, timeout=Timeout(1, 0.15, 6), retry=RetryPolicy(base=0.005, cap=0.02))
    results = run(transport, client)
    store.settled()
    counts: Counter[str] = Counter(result.outcome for result in results)
    for number, result in enumerate(results):
        if result.succeeded:
            assert f"r_{number}" not in store.there, result
        elif result.outcome is not Outcome.UNKNOWN:
            assert f"r_{number}" in store.there, result
    print(f"{transport}: {len(store.log)} requests, {dict(counts)}")
    assert counts[Outcome.DELETED] > COUNT * 0.7
    assert counts[Outcome.UNKNOWN] < COUNT * 0.1
    assert store.doubled() == []
    assert socket.getdefaulttimeout() is None


# -- the same through the command line: plan, apply, resume until nothing is open, report --------------------------------


def settle(plan: Path) -> tuple[Recovered, list[dict[str, Any]], list[int]]:
    """Apply, and resume until no item is open; what the journal says, every result that was told, the exit codes."""
    many = ["--max-errors", "100%", "--read-timeout", "0.4", "--json", "--quiet", "--concurrency", "32"]
    command, told, codes = ["apply", str(plan), "--execute"], list[dict[str, Any]](), list[int]()
    for _ in range(40):
        done = sexton(*command, *many, timeout=1500)
        assert done.returncode in {0, 3, 5, 6, 7}, done.stderr
        codes.append(done.returncode)
        told += [line for line in map(json.loads, done.stdout.splitlines()) if line["type"] == "result"]
        found = recover(Path(f"{plan}.journal"))
        if set(found.standings) <= SETTLED:
            return found, told, codes
        command = ["resume", f"{plan}.journal"]
    raise AssertionError(f"Not settled after 40 runs: {found.counts()}")


@pytest.mark.timeout(3000 if SOAK else 300)
def test_the_journal_of_a_plan_agrees_with_the_servers_own_log(server: Hostile, tmp_path: Path) -> None:
    ids = [f"r_{n}" for n in range(PLANNED)]
    outside = {f"x_{n}" for n in range(50)}
    server.act = store = Store({*ids, *outside}, chaos=0.1, stall=0.7, late=0.8)
    source, plan = tmp_path / "ids.txt", tmp_path / "some.plan"
    source.write_text("\n".join(ids))
    done = sexton("plan", f"{server.url}/items", "--ids-from", str(source), "-o", str(plan), "--quiet", timeout=1500)
    assert done.returncode == 0, done.stderr
    assert not any(method == "DELETE" for method, _, _ in store.log)
    store.chaos = 0.4
    others = set(random.Random(3).sample(ids, PLANNED // 50))
    store.taken_by_somebody_else(others)

    found, told, codes = settle(plan)
    store.settled()

    last = {line["id"]: line for line in told}
    assert set(last) == set(ids)
    for position, item in enumerate(ids):
        standing, line = Standing(found.standings[position]), last[item]
        evidence = (standing, store.of(item), line)
        gone = standing in {Standing.DELETED, Standing.ABSENT}
        assert not gone or item not in store.there, evidence
        assert gone or item in store.there or item in others, evidence  # a server may refuse what is gone already
        if line["outcome"] == "deleted" and not line["verified"]:
            assert store.removed[item] == "a DELETE", evidence
        assert (line["outcome"] == "deleted") == (standing is Standing.DELETED), evidence
    assert outside <= store.there
    assert store.doubled() == []
    report = json.loads(sexton("report", f"{plan}.journal", "--json").stdout)
    assert report["standings"] == found.counts()
    print(f"{PLANNED} ids, {dict(Counter(method for method, _, _ in store.log))}")
    print(f"exit codes {codes}, {report['standings']}, removed: {dict(Counter(store.removed.values()))}")

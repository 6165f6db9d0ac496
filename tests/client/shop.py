"""A server with items that keeps its own log, and may drop, stall and refuse; and how plans are made for it."""

from __future__ import annotations

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from hostile import Act, Hostile, Seen, drop, stall, status
from hostile import json as as_json

from sexton.client import RetryPolicy, Timeout
from sexton.client.apply import Application, ApplyOptions, Report
from sexton.client.journal import Recovered, recover
from sexton.client.plan_file import Plan, PlanHeader, PlanWriter
from sexton.client.plan_file import Seen as Saw

HASTY = RetryPolicy(retries=6, base=0.01, cap=0.02, looks=8)
CLIENT: Any = {"service": "tests/1", "timeout": Timeout(0.5, 0.5, 5.0), "retry": HASTY}


@dataclass
class Shop:
    """`/v1/reports/{id}`; `chaos` is the share of requests that go wrong; `log` holds (method, id, what)."""

    server: Hostile
    items: dict[str, int] = field(default_factory=dict)
    chaos: float = 0.0
    seed: int = 7
    log: list[tuple[str, str, str]] = field(default_factory=list)
    wrong: tuple[str, ...] = ("drop_before", "drop_after", "500_before", "500_after", "503", "429", "slow")
    special: dict[str, Act] = field(default_factory=dict)  # by id: how a DELETE is answered, nothing deleted
    keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.server.act = self._act

    @property
    def url(self) -> str:
        return f"{self.server.url}/reports"

    @property
    def deletes(self) -> list[str]:
        return [item for method, item, _ in self.log if method == "DELETE"]

    def stock(self, count: int) -> list[str]:
        self.items.update({f"r{n}": n for n in range(count)})
        return [f"r{n}" for n in range(count)]

    def _act(self, seen: Seen) -> Act:
        item = unquote(seen.path.removeprefix("/v1/reports/"))
        what = self.random.choice(self.wrong) if self.random.random() < self.chaos else "well"
        self.log.append((seen.method, item, what))
        if seen.method == "GET":
            return self._get(item, what)
        self.keys[item].add(seen.headers["idempotency-key"])
        return self._delete(item, what, seen)

    def _get(self, item: str, what: str) -> Act:
        if what in {"503", "500_before", "500_after"}:
            return status(503)
        if what.startswith("drop"):
            return drop
        return self._shown(item)

    def _shown(self, item: str) -> Act:
        if item in self.items:
            return as_json(200, json.dumps({"id": item, "n": 1}), ETag=f'"v{self.items[item]}"')
        return as_json(404, '{"title": "no such item"}')

    def _delete(self, item: str, what: str, seen: Seen) -> Act:
        if item in self.special:
            return self.special[item]
        if what in {"503", "429", "500_before"}:
            return status(int(what[:3]))
        if what == "drop_before":
            return drop
        if item not in self.items:
            return as_json(404, '{"title": "no such item"}')
        if seen.headers.get("if-match", f'"v{self.items[item]}"') != f'"v{self.items[item]}"':
            return status(412)
        del self.items[item]
        acts = {"drop_after": drop, "500_after": status(500), "slow": stall(0.02, status(204))}
        return acts.get(what, status(204))

    def doubled(self) -> list[str]:
        """Ids whose DELETE came twice without a GET between, where the first may have done something."""
        waiting: dict[str, bool] = {}
        found = []
        for method, item, what in self.log:
            if method == "GET":
                waiting[item] = False
                continue
            if waiting.get(item):
                found.append(item)
            waiting[item] = what != "429"  # a 429 says that nothing was done
        return found


def plan_of(path: Path, base_url: str, items: Iterable[tuple[str, str | None]], **header: Any) -> Path:
    """A plan without looking: the ids with their tags."""
    with PlanWriter(path) as writer:
        for item, etag in items:
            writer.add(item, etag, Saw.PRESENT)
        writer.finish(PlanHeader(base_url, "reports", "test", **header))
    return path


def planned(path: Path, shop: Shop, ids: Iterable[str], **header: Any) -> Path:
    return plan_of(path, shop.server.url, [(i, f'"v{shop.items.get(i, 0)}"') for i in ids], **header)


def run(path: Path, *, resume: bool = False, **options: Any) -> tuple[Report, Recovered]:
    """Apply or resume in this process; the report, and what the journal says."""
    journal = path.with_name(path.name + ".journal")

    async def go() -> Report:
        with Plan(path) as plan:
            async with Application(plan, ApplyOptions(**{"client": CLIENT, **options})) as application:
                return await (application.resume if resume else application.apply)(journal)

    return asyncio.run(go()), recover(journal)

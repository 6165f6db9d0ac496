"""The few that go first, and what a GET says of items, some at a time."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import NamedTuple

from sexton.client._carrier import Carrier
from sexton.client._judge import judge_look
from sexton.client._response import Answer
from sexton.client.errors import Unreachable
from sexton.client.outcome import Finding
from sexton.client.plan_file import Plan, PlannedItem

_SPACE = 1 << 64


class Look(NamedTuple):
    """What a GET of an item found; no answer where none came."""

    item: PlannedItem
    finding: Finding
    answer: Answer | None


def canary_of(plan: Plan, percent: float) -> list[PlannedItem]:
    """The canary: `percent` of the items to delete, chosen by a hash of the id; one at least.

    The hash is salted with the plan's digest: no id is always the first to go.
    """
    chosen: list[PlannedItem] = []
    least: tuple[int, PlannedItem] | None = None
    salt, below = bytes.fromhex(plan.digest)[:16], percent / 100 * _SPACE
    for item in plan.items() if percent else ():
        if not item.seen.to_delete:
            continue
        lot = int.from_bytes(hashlib.blake2b(item.id.encode(), digest_size=8, key=salt).digest())
        if lot < below:
            chosen.append(item)
        if least is None or lot < least[0]:
            least = lot, item
    return chosen or ([least[1]] if least else [])


async def looked_at(looker: Carrier, resource: str, items: Iterator[PlannedItem]) -> AsyncIterator[Look]:
    """GET each item."""
    most = looker.pace.most
    while group := list(islice(items, 4 * most)):
        left, found = iter(group), list[Look]()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(min(most, len(group))):
                tasks.create_task(_look_at(looker, resource, left, found))
        for look in found:
            yield look


async def _look_at(looker: Carrier, resource: str, left: Iterator[PlannedItem], found: list[Look]) -> None:
    for item in left:
        try:
            answer = await looker.get(resource, item.id)
        except Unreachable:
            found.append(Look(item, Finding.UNCLEAR, None))
            continue
        found.append(Look(item, judge_look(answer, etag=None, collection=False), answer))

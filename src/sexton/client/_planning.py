"""Making a plan: each id is looked at once, and the version that was seen is pinned."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from enum import StrEnum
from itertools import islice

from sexton.client._address import Address, Base, address_of, raw_text
from sexton.client._carrier import Carrier
from sexton.client._judge import judge_look
from sexton.client._request import strong
from sexton.client._response import Answer, problem_of
from sexton.client.errors import CallFailed, MissingETag, Unreachable, UnsafeAddress
from sexton.client.outcome import Finding
from sexton.client.plan_file import PlanHeader, PlanWriter, Seen

GROUP = 512
DENIED = frozenset({401, 403})
_SEEN = {Finding.PRESENT: Seen.PRESENT, Finding.CHANGED: Seen.PRESENT, Finding.ABSENT: Seen.ABSENT}


class Pinning(StrEnum):
    """What is done about versions."""

    PIN = "pin"  # the strong ETag, where the GET gives one
    REQUIRE = "require"  # an item without one stops the planning
    NONE = "none"  # no version is pinned


def split_collection(url: str) -> tuple[str, str]:
    """A collection's URL as base URL and resource (raw text).

    Raises:
        UnsafeAddress: it has no last segment, or one that would be spelled otherwise.
    """
    base, _, last = url.rstrip("/").rpartition("/")
    resource = raw_text(last)
    if not resource or base.endswith(("/", ":")) or "?" in url or "#" in url:
        raise UnsafeAddress("Name the collection whose items are to be deleted, as https://host/path/reports.")
    return base, resource


class Planner:
    """Looks at ids and writes what it saw."""

    def __init__(
        self,
        carrier: Carrier | None,
        writer: PlanWriter,
        base: Base,
        resource: str,
        *,
        pinning: Pinning = Pinning.PIN,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Plan for `resource` under `base`; without a carrier nothing is looked at."""
        self._carrier = carrier
        self._writer = writer
        self._base = base
        self._resource = resource
        self._pinning = pinning
        self._progress = progress
        self._shape: tuple[str, ...] = ()
        self.counts: dict[Seen, int] = dict.fromkeys(Seen, 0)

    async def run(self, ids: AsyncIterator[str] | Iterable[str], header: PlanHeader) -> str:
        """Plan all ids; the plan's digest.

        Raises:
            UnsafeAddress: an id would address something else.
            MissingETag: an item has no strong ETag, and one is required.
            CallFailed: the server does not let these credentials look.
        """
        group: list[Address] = []
        async for item_id in _each(ids):
            address = address_of(self._base, (self._resource, item_id))
            if self._writer.is_new(item_id):
                group.append(address)
            if len(group) == GROUP:
                await self._plan(group)
                group = []
        await self._plan(group)
        return self._writer.finish(replace(header, shape=self._shape))

    async def _plan(self, group: list[Address]) -> None:
        seen = await self._look_at(group)
        for address, (state, etag) in zip(group, seen, strict=True):
            self._writer.add(address.item, etag, state)
            self.counts[state] += 1
        self._progress(len(group))

    async def _look_at(self, group: list[Address]) -> list[tuple[Seen, str | None]]:
        if self._carrier is None:
            return [(Seen.UNSEEN, None)] * len(group)
        found: list[tuple[Seen, str | None]] = [(Seen.UNCLEAR, None)] * len(group)
        left = iter(enumerate(group))

        async def worker(carrier: Carrier) -> None:
            for place, address in left:
                found[place] = await self._look(carrier, address)

        async with asyncio.TaskGroup() as tasks:
            for _ in islice(group, self._carrier.pace.most):
                tasks.create_task(worker(self._carrier))
        return found

    async def _look(self, carrier: Carrier, address: Address) -> tuple[Seen, str | None]:
        try:
            answer = await carrier.get_at(address)
        except Unreachable:
            return Seen.UNCLEAR, None
        if answer.status in DENIED:
            raise CallFailed(answer.status, problem_of(answer), carrier.run_id)
        state = _SEEN.get(judge_look(answer, etag=None, collection=False), Seen.UNCLEAR)
        if state is not Seen.PRESENT:
            return state, None
        self._shape = self._shape or shape_of(answer)
        return state, self._pinned(answer, address)

    def _pinned(self, answer: Answer, address: Address) -> str | None:
        etag = strong(answer.etag)
        if etag is None and self._pinning is Pinning.REQUIRE:
            raise MissingETag(f"{address.path} came without a strong ETag, and one is required. There is no plan.")
        return None if self._pinning is Pinning.NONE else etag


def shape_of(answer: Answer) -> tuple[str, ...]:
    """The member names of an item: what to recognise its service by."""
    return tuple(sorted(answer.document)) if isinstance(answer.document, dict) else ()


async def _each(ids: AsyncIterator[str] | Iterable[str]) -> AsyncIterator[str]:
    if isinstance(ids, AsyncIterator):
        async for item_id in ids:
            yield item_id
        return
    for item_id in ids:
        yield item_id

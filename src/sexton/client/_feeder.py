"""Hands planned items to workers, in groups whose intents are durable first."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from sexton.client._carrier import Way
from sexton.client.journal import Journal
from sexton.client.plan_file import PlannedItem

Task = tuple[PlannedItem, Way]


class Ledger:
    """The journal of a run, written by one thread beside the event loop."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._thread = ThreadPoolExecutor(1, "sexton-journal")
        self._broken: OSError | None = None

    async def commit(self) -> None:
        """Make what was noted so far durable. Raises OSError: it is not.

        After a fault nothing more is written: a line behind one that was cut would make the file unreadable.
        """
        taken = self.journal.taken()
        if self._broken is not None:
            raise self._broken
        if taken:
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self.journal.write, taken)
            except OSError as error:
                self._broken = error
                raise

    def close(self) -> None:
        """Let go of thread, file and lock."""
        self._thread.shutdown()
        self.journal.close()


class Feeder:
    """A bounded queue of items that may be sent. `fill` runs beside the workers that `take`."""

    def __init__(self, tasks: Iterator[Task], ledger: Ledger, size: int) -> None:
        self._tasks = tasks
        self._ledger = ledger
        self._size = size
        self._ready: deque[Task] = deque()
        self._wanted, self._filled = asyncio.Event(), asyncio.Event()
        self._done = False

    @property
    def exhausted(self) -> bool:
        """Whether nothing is left to take."""
        return self._done and not self._ready

    async def fill(self) -> None:
        """Keep up to two groups ready, until there are no more. Raises OSError: the journal cannot be written."""
        try:
            while not self._done and (group := list(islice(self._tasks, self._size))):
                self._ledger.journal.intents(item for item, _ in group)
                await self._ledger.commit()
                self._ready.extend(group)
                if self._done:  # it was stopped meanwhile
                    self._release()
                self._filled.set()
                self._wanted.clear()
                if len(self._ready) > self._size:
                    await self._wanted.wait()
        finally:
            self._done = True
            self._filled.set()

    def take_ready(self) -> Task | None:
        """The next item, if one may be sent right now."""
        if len(self._ready) <= self._size:
            self._wanted.set()
        return self._ready.popleft() if self._ready else None

    async def take(self) -> Task | None:
        """The next item; None at the end."""
        while not self._ready:
            if self._done:
                return None
            self._filled.clear()
            self._wanted.set()
            await self._filled.wait()
        return self._ready.popleft()

    def stop(self) -> None:
        """Hand out nothing more, and note that what was ready was not sent."""
        self._done = True
        self._wanted.set()
        self._filled.set()
        self._release()

    def _release(self) -> None:
        for item, way in self._ready:
            if way is Way.FRESH:
                release(self._ledger.journal, item)
        self._ready.clear()


def release(journal: Journal, item: PlannedItem) -> None:
    """Note that an item was not sent after all."""
    journal.note({"e": "release", "n": item.position, "id": item.id})

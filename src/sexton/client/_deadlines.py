"""Deadlines of many requests at once, kept by one timer: a timer for each costs as much as a tenth of a delete."""

from __future__ import annotations

import asyncio
from typing import Any

_TICK = 0.05


class Deadlines:
    """What a task awaits between `begin` and `end` is cancelled at its deadline, at most a twentieth of a second late."""

    def __init__(self) -> None:
        self._due: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._ticking = False

    def begin(self, seconds: float) -> asyncio.Task[Any]:
        """The current task's next waits may take so many seconds in all."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is None:
            raise RuntimeError("a deadline is for a task")
        self._due[task] = loop.time() + seconds
        if not self._ticking:
            self._ticking = True
            loop.call_later(_TICK, self._tick, loop)
        return task

    def is_late(self, task: asyncio.Task[Any]) -> bool:
        """Whether a `CancelledError` of this task means that its time is over, and nobody else cancelled it."""
        return task in self._late and task.cancelling() == 1

    def end(self, task: asyncio.Task[Any]) -> None:
        """The task's waits are over, however they ended."""
        del self._due[task]
        if task in self._late:
            self._late.remove(task)
            task.uncancel()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for task, due in self._due.items():
            if due <= now and task not in self._late:
                self._late.add(task)
                task.cancel()
        self._ticking = bool(self._due)
        if self._ticking:
            loop.call_later(_TICK, self._tick, loop)

"""How fast a pool may go: concurrency, rate, pauses, and how many requests it may spend on retries. No I/O."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus

from sexton.client._response import Answer, retry_after_of
from sexton.client._wire import Reply

START = 8
_CONGESTED = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_FREE_RETRIES = 20
_RETRY_SHARE = 0.1


class Pace:
    """Shared by all workers of a run.

    Concurrency: halved by an answer of 429 or 503 and by a request without an answer, once for all that were under
    way; one more after as many clean answers as it is wide (additive increase, multiplicative decrease).
    `Retry-After` of any answer holds the whole pool. `rate` is requests a second over all workers.
    """

    def __init__(
        self,
        most: int,
        *,
        rate: float | None = None,
        longest_pause: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most = most
        self.limit = min(START, most)
        self.too_long: float | None = None
        self._gap = 1.0 / rate if rate else 0.0
        self._longest = longest_pause
        self._clock = clock
        self._next = self._until = 0.0
        self._cut_at = clock()
        self._clean = 0
        self._requests = self._retries = 0
        self._grown = asyncio.Event()

    @property
    def state(self) -> str:
        """One word for people."""
        if self._until > self._clock():
            return "paused by the server"
        return "running" if self.limit >= min(START, self.most) else "throttled"

    def has_room(self, place: int) -> bool:
        """Whether the worker of this place (from 0) is one of those that may work."""
        return place < self.limit

    async def changed(self) -> None:
        """Wait until `has_room` may have another answer."""
        await self._grown.wait()

    def wake(self) -> None:
        """Let all who wait look again."""
        self._grown.set()
        self._grown = asyncio.Event()

    def wait(self) -> float:
        """Seconds until one more request may be sent; 0 takes the turn."""
        if self._until or self._gap:
            now = self._clock()
            if max(self._until, self._next) > now:
                return max(self._until, self._next) - now
            self._next = now + self._gap
        self._requests += 1
        return 0.0

    def began(self) -> float:
        """The time to hand to `heard`."""
        return self._clock()

    def heard(self, reply: Reply, began: float) -> None:
        """Learn from what came back for a request that was sent at `began`."""
        if isinstance(reply, Answer) and reply.status not in _CONGESTED:
            self._clean += 1
            if self._clean >= self.limit:
                self._widen()
            return
        if isinstance(reply, Answer):
            self._hold(retry_after_of(reply, time.time()))
        if began >= self._cut_at:
            self.limit = max(1, self.limit // 2)
            self._cut_at = self._clock()
        self._clean = 0

    def _widen(self) -> None:
        self._clean = 0
        if self.limit < self.most:
            self.limit += 1
            self.wake()

    def _hold(self, seconds: float | None) -> None:
        if seconds is None:
            return
        if seconds > self._longest:
            self.too_long = seconds
            return
        self._until = max(self._until, self._clock() + seconds)

    def may_retry(self) -> bool:
        """Whether the run's budget has one more retry: a tenth of all requests, and twenty in any case."""
        if self._retries >= _FREE_RETRIES + _RETRY_SHARE * self._requests:
            return False
        self._retries += 1
        return True

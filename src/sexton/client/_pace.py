"""How fast a pool may go: concurrency, rate, pauses, and how many requests it may spend on retries. No I/O."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus

from sexton.client._response import Answer, rate_limit_of, retry_after_of
from sexton.client._wire import Reply

START = 8
_CONGESTED = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_FREE_RETRIES = 20
_RETRY_SHARE = 0.1
_LOOK_AGAIN = 0.2
_LOOK_SOON = 0.02
_WINDOW = 100
_SLOWEST = 95
_NOTICEABLE = 0.05
_BUDGETS = frozenset({"ratelimit", "ratelimit-remaining", "x-ratelimit-remaining"})


class _Latency:
    """Notices when answers take twice as long: the 95th percentile of a hundred, against what it was before.

    A level that lasts becomes the usual one; a rise of less than 50 ms is none.
    """

    def __init__(self) -> None:
        self._window: list[float] = []
        self._usual: float | None = None

    def doubled(self, seconds: float) -> bool:
        """Take one answer's latency; True once for each window that was much slower."""
        self._window.append(seconds)
        if len(self._window) < _WINDOW:
            return False
        slow, usual = sorted(self._window)[_SLOWEST], self._usual
        self._window.clear()
        doubled = usual is not None and slow > max(2 * usual, usual + _NOTICEABLE)
        self._usual = slow if usual is None else (usual + slow) / 2 if doubled else min(usual, slow)
        return doubled


class Pace:
    """Shared by all workers of a run.

    Concurrency: halved by an answer of 429 or 503, by a request without an answer, and when the 95th percentile of the
    latency doubles, once for all that were under way; one more after as many clean answers as it is wide (additive
    increase, multiplicative decrease). No more is sent than a `RateLimit` has left; where that is nothing, or an answer
    has a `Retry-After`, the whole pool waits. `rate` is requests a second over all workers.

    `most` is the number of workers; `ceiling` may be set below it. `hold` lets nothing be sent for now.
    """

    def __init__(
        self,
        most: int,
        *,
        rate: float | None = None,
        longest_pause: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most = self._ceiling = most
        self.limit = min(START, most)
        self._holds: dict[str, str] = {}
        self.too_long: float | None = None
        self.rate = rate
        self._longest = longest_pause
        self._clock = clock
        self._next = self._until = 0.0
        self._cut_at = clock()
        self._clean = 0
        self._latency = _Latency()
        self._requests = self._retries = self._under_way = 0
        self._left: int | None = None  # what the server's window has left, where that is little
        self._next_window = 0.0
        self._grown = asyncio.Event()

    @property
    def rate(self) -> float | None:
        """Requests a second, at most; None: no limit."""
        return 1.0 / self._gap if self._gap else None

    @rate.setter
    def rate(self, rate: float | None) -> None:
        self._gap = 1.0 / rate if rate else 0.0

    @property
    def ceiling(self) -> int:
        """Requests under way at once, at most."""
        return self._ceiling

    @ceiling.setter
    def ceiling(self, ceiling: int) -> None:
        self._ceiling = max(1, min(ceiling, self.most))
        self.limit = min(self.limit, self._ceiling)

    @property
    def state(self) -> str:
        """One word for people."""
        if self._holds:
            return f"paused: {', '.join(self._holds.values())}"
        if self._until > self._clock():
            return "paused by the server"
        return "running" if self.limit >= min(START, self._ceiling) else "throttled"

    def hold(self, who: str, reason: str | None) -> None:
        """Let nothing be sent while `who` has a reason."""
        if reason is None:
            self._holds.pop(who, None)
        else:
            self._holds[who] = reason

    @property
    def held(self) -> bool:
        """Whether somebody holds it."""
        return bool(self._holds)

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
        """Seconds until one may ask again for a turn; 0 takes it."""
        if self._holds:
            return _LOOK_AGAIN
        if self._until or self._gap:
            now = self._clock()
            if max(self._until, self._next) > now:
                return max(self._until, self._next) - now
            self._next = now + self._gap
        if self._left is not None and (seconds := self._wait_for_the_window()):
            return seconds
        self._requests += 1
        self._under_way += 1
        return 0.0

    def began(self) -> float:
        """The time to hand to `heard`."""
        return self._clock()

    def heard(self, reply: Reply, began: float) -> None:
        """Learn from what came back for a request that was sent at `began`."""
        self._under_way = max(0, self._under_way - 1)
        if isinstance(reply, Answer) and reply.status not in _CONGESTED:
            self._clean += 1
            if self._latency.doubled(self._clock() - began):
                self._cut(began)
            elif self._clean >= self.limit:
                self._widen()
            if not _BUDGETS.isdisjoint(reply.headers):
                self._mind_the_budget(reply)
            return
        if isinstance(reply, Answer):
            self._hold(retry_after_of(reply, time.time()))
        self._cut(began)

    def _cut(self, began: float) -> None:
        if began >= self._cut_at:
            self.limit = max(1, self.limit // 2)
            self._cut_at = self._clock()
        self._clean = 0

    def _mind_the_budget(self, answer: Answer) -> None:
        """Send no more than the server's window has left, less what is under way, and wait for the next one."""
        budget = rate_limit_of(answer)
        if budget is None or not budget.resets_in or budget.remaining > 2 * self.limit:
            self._left = None
            return
        self._left = budget.remaining - self._under_way
        self._next_window = self._clock() + budget.resets_in
        if not budget.remaining:
            self._hold(budget.resets_in)

    def _wait_for_the_window(self) -> float:
        """Seconds until one may ask again; 0 takes one of what is left."""
        now, left = self._clock(), self._left or 0
        if now >= self._next_window:
            self._left = None
        elif left > 0:
            self._left = left - 1
        else:
            return _LOOK_SOON if self._under_way else self._next_window - now
        return 0.0

    def _widen(self) -> None:
        self._clean = 0
        if self.limit < self._ceiling:
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

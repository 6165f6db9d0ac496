"""How long, how often, and when to stop: time-outs, deadlines, backoff. Clocks and chance are passed in."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from sexton.client.errors import Refused

RETRYABLE = frozenset({429, 500, 502, 503, 504})
_LEAST = 0.02


@dataclass(frozen=True, slots=True)
class Timeout:
    """Seconds: to connect, for one whole answer, and for one whole logical call with its retries.

    Raises:
        Refused: a value is missing, zero, negative or infinite. There is no "wait for ever".
    """

    connect: float = 3.05
    read: float = 10.0
    total: float = 30.0

    def __post_init__(self) -> None:
        for name in ("connect", "read", "total"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
                raise Refused(
                    f"The {name} time-out must be a number of seconds above 0: without one a call can hang for ever."
                )


TimeoutLike = Timeout | tuple[float, float]


def timeout_of(value: TimeoutLike, default: Timeout | None = None) -> Timeout:
    """A `Timeout`, or (connect, read) with the default's total.

    Raises:
        Refused: None, or anything else.
    """
    if isinstance(value, Timeout):
        return value
    if isinstance(value, tuple) and len(value) == 2:  # noqa: PLR2004 — connect and read
        return Timeout(*value, total=(default or Timeout()).total)
    raise Refused("timeout= takes (connect, read) in seconds or a Timeout; None would wait for ever.")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """At most `retries` further sends; before each a random wait up to `base`·2ⁿ seconds, `cap` at most (full jitter).

    A `Retry-After` beyond `retry_after_cap` seconds ends the call. A 202 is polled `polls` times.
    """

    retries: int = 3
    base: float = 0.5
    cap: float = 8.0
    retry_after_cap: float = 30.0
    looks: int = 2
    polls: int = 6

    def backoff(self, tries: int, chance: float) -> float:
        """Seconds before try `tries` + 1 (from 1), by `chance` from 0 to 1."""
        return chance * min(self.cap, self.base * 2.0 ** (max(tries, 1) - 1))

    def wait(self, tries: int, chance: float, retry_after: float | None) -> float | None:
        """Seconds before the next try; None where the server asks for more patience than there is."""
        if retry_after is not None and retry_after > self.retry_after_cap:
            return None
        return max(retry_after or 0.0, self.backoff(tries, chance))


@dataclass(frozen=True, slots=True)
class Tools:
    """What the pure parts need from the world: a monotonic clock, the time of day, chance."""

    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random


class Budget:
    """The deadline of one logical call, by a monotonic clock."""

    def __init__(self, timeout: Timeout, clock: Callable[[], float]) -> None:
        self.timeout = timeout
        self._clock = clock
        self._end = clock() + timeout.total

    def remaining(self) -> float:
        """Seconds left; 0 where nothing useful fits any more."""
        left = self._end - self._clock()
        return left if left > _LEAST else 0.0

    def affords(self, wait: float | None) -> bool:
        """Whether so long a wait leaves time for a try after it."""
        return wait is not None and wait < self.remaining() - _LEAST

    def limits(self) -> tuple[float, float, float]:
        """(connect, read, both) for the next request, cut to what is left."""
        left, chosen = self.remaining(), self.timeout
        return min(chosen.connect, left), min(chosen.read, left), min(chosen.connect + chosen.read, left)

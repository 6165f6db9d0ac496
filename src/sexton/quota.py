"""The arithmetic of item quotas: a bucket that refills evenly over an hour."""

from __future__ import annotations

import math
from dataclasses import dataclass

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Bucket:
    """An account's bucket as it was left: `capacity` items an hour, `remaining` of them now."""

    capacity: int
    remaining: float
    taken: bool = True

    @property
    def left(self) -> int:
        """Whole items that can be taken now."""
        return max(0, math.floor(self.remaining))

    def seconds_until(self, items: int) -> int:
        """Seconds until so many items can be taken, rounded up; at least 1 where it is not now."""
        missing = min(items, self.capacity) - self.remaining
        return 0 if missing <= 0 else max(1, math.ceil(missing * HOUR / self.capacity))

    @property
    def full_in(self) -> int:
        """Seconds until the bucket is full."""
        return self.seconds_until(self.capacity)

"""How long to wait before the next try: short at first, about a day in all."""

from __future__ import annotations

_DELAYS = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800)
_JITTER = 0.2

TRIES = len(_DELAYS) + 1


def delay(attempts: int, chance: float) -> float | None:
    """Seconds after the failure of try `attempts` (from 1), ±20 % by `chance` (0 to 1); None after the last try."""
    if attempts >= TRIES:
        return None
    return _DELAYS[max(attempts, 1) - 1] * (1 - _JITTER + 2 * _JITTER * chance)

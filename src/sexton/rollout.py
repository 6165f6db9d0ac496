"""A rollout in stages: a random few first, the rest only if few enough of them failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from random import SystemRandom
from typing import Any

from sexton.model import Job

CANARY, REST = 0, 1
NAMES = {CANARY: "canary", REST: "rest"}


@dataclass(frozen=True, slots=True)
class Gate:
    """What a stage must keep to: failed items, as a share of the stage's items, in percent."""

    canary_percent: float
    max_failure_percent: float
    waived: frozenset[int] = frozenset()

    def is_waived(self, stage: int) -> bool:
        """Whether somebody resumed the job after this stage had halted it."""
        return stage in self.waived

    def breach(self, stage: int, size: int, counts: Mapping[str, int]) -> str | None:
        """Why the job must not go on, with the numbers; None where it may."""
        failed = counts.get("failed", 0)
        share = 100 * failed / size if size else 0.0
        if share <= self.max_failure_percent:
            return None
        return (
            f"halted: {failed:,} of the {size:,} items of the stage `{NAMES[stage]}` failed ({share:.3g} %), more than"
            f" {self.max_failure_percent:g} %: see them with ?status=failed, then resume, cancel or restore the job"
        )


def gate_of(job: Job) -> Gate | None:
    """The rollout that a job was asked for with."""
    asked: dict[str, Any] | None = job.options.get("rollout")
    if asked is None:
        return None
    return Gate(asked["canary_percent"], asked["max_failure_percent"], frozenset(job.options.get("waived", ())))


def canaries(total: int, percent: float) -> list[int]:
    """The positions of the canary stage, in order: a random share of `total`, at least one."""
    count = min(total, max(1, ceil(total * percent / 100)))
    return sorted(SystemRandom().sample(range(total), count))

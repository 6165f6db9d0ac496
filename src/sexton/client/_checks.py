"""What must hold before the first DELETE of a plan: its age, its size, and that the service is the one that was planned."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Self

from sexton.client._address import Base, is_loopback
from sexton.client._carrier import Carrier
from sexton.client._guard import check_production
from sexton.client._judge import judge_look
from sexton.client._planning import DENIED, shape_of
from sexton.client._request import strong
from sexton.client._response import Answer, problem_of
from sexton.client.errors import CallFailed, Refused, Unreachable
from sexton.client.outcome import Finding
from sexton.client.plan_file import Plan, PlannedItem

SAMPLES = 3
_DAY = 86_400.0
_CLOCK_SKEW = 300.0


class GuardRefused(Refused):
    """A guard stands against it: what was asked, what is allowed, and the deliberate override. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class ErrorLimit:
    """How many items may fail before a run stops: a number, or a share of the answers so far (after twenty)."""

    count: int | None = None
    percent: float | None = 10.0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `25` or `5%`.

        Raises:
            ValueError: it is neither.
        """
        found = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", text)
        if not found or (not found[2] and "." in found[1]) or (found[2] and float(found[1]) > 100):  # noqa: PLR2004
            raise ValueError(f"{text!r} is neither a number of items nor a percentage")
        return cls(None, float(found[1])) if found[2] else cls(int(found[1]), None)

    def exceeded(self, errors: int, answers: int) -> bool:
        """Whether a run must stop."""
        if self.count is not None:
            return errors > self.count
        return errors > (self.percent or 0.0) / 100 * max(answers, 20)


@dataclass(frozen=True, slots=True)
class Limits:
    """The guards of a run. Ages in seconds, percentages from 0 to 100; None: no limit."""

    max_delete: int | None = None
    max_percent: float | None = None
    max_errors: ErrorLimit = field(default_factory=ErrorLimit)
    max_age: float = _DAY
    canary_percent: float = 2.0
    production: bool | None = None  # None: every host but this one


def check_plan(plan: Plan, base: Base, limits: Limits, now: float) -> None:
    """The guards that need no network; `now` in seconds since 1970.

    Raises:
        GuardRefused, DeleteNotAllowed: one of them stands against it.
    """
    header = plan.header
    if not header.to_delete:
        raise GuardRefused(
            f"The plan holds nothing to delete ({header.count} items, none of them seen). Nothing was sent."
        )
    age = header.age(now)
    if age > limits.max_age or age < -_CLOCK_SKEW:
        raise GuardRefused(
            f"The plan was made {_hours(age)} (at {header.created_at}), and may be {_hours(limits.max_age)[:-4]} old: "
            "what it saw may not be there any more. Nothing was sent. Make a new plan, or pass --max-age."
        )
    _check_size(plan, limits)
    if is_production(base, limits):
        check_production(base)


def is_production(base: Base, limits: Limits) -> bool:
    """Whether a host counts as production: every one but this machine, unless it is said."""
    return not is_loopback(base.host) if limits.production is None else limits.production


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours ago"


def _check_size(plan: Plan, limits: Limits) -> None:
    count, population = plan.header.to_delete, plan.header.population
    if limits.max_delete is not None and count > limits.max_delete:
        raise GuardRefused(
            f"The plan deletes {count} items, and --max-delete allows {limits.max_delete}. None was deleted: "
            "a limit is no quota. Plan fewer, or allow more."
        )
    if limits.max_percent is None:
        return
    if not population:
        raise GuardRefused(
            "--max-percent needs to know how many items there are, and the plan does not say it. Nothing was sent. "
            "Give --population to `sexton plan`."
        )
    percent = 100 * count / population
    if percent > limits.max_percent:
        raise GuardRefused(
            f"The plan deletes {count} of {population} items ({percent:.1f} %), and --max-percent allows "
            f"{limits.max_percent:g} %. None was deleted."
        )


async def check_identity(carrier: Carrier, plan: Plan, standings: bytearray | None = None) -> int:
    """GET the first items that are still to be deleted: at least one must be as it was planned. How many were.

    Args:
        carrier: Sends the GETs.
        plan: What was seen.
        standings: On a resume, where each item stands; only those that were never begun show anything.

    Raises:
        GuardRefused: another service answers there, or everything changed since.
        CallFailed: these credentials may not look.
    """
    untouched = (i for i in plan.items() if i.seen.to_delete and (standings is None or not standings[i.position]))
    samples = list(islice(untouched, SAMPLES))
    findings = [await _recognise(carrier, plan, item) for item in samples]
    if samples and not any(finding is None for finding in findings):
        told = "; ".join(f"{item.id!r} {why}" for item, why in zip(samples, findings, strict=True))
        raise GuardRefused(
            f"{plan.header.base_url} does not answer as the service that was planned: {told}. No DELETE was sent. "
            "Is it the right host, account and token? If everything changed, make a new plan."
        )
    return findings.count(None)


async def _recognise(carrier: Carrier, plan: Plan, item: PlannedItem) -> str | None:
    """None where the item is as it was planned; else what is not."""
    try:
        answer = await carrier.get(plan.header.resource, item.id)
    except Unreachable as error:
        return f"gave no answer ({error.kind})"
    if answer.status in DENIED:
        raise CallFailed(answer.status, problem_of(answer), "identity probe")
    if judge_look(answer, etag=None, collection=False) is not Finding.PRESENT:
        return f"answers {answer.status}"
    if item.etag is not None and strong(answer.etag) != item.etag:
        return "has another version"
    return None if _alike(plan.header.shape, answer) else "has other members"


def _alike(shape: tuple[str, ...], answer: Answer) -> bool:
    """Whether an item has at least half of the members that were seen."""
    found = set(shape_of(answer))
    return not shape or 2 * len(found & set(shape)) >= len(shape)

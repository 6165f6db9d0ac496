"""What must hold before the first DELETE of a plan, and needs no network: its age, its size, who allowed it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Self

from sexton.client._address import Base, is_loopback
from sexton.client._guard import check_production as check_allowed
from sexton.client.errors import Refused
from sexton.client.plan_file import Plan

_DAY = 86_400.0
_CLOCK_SKEW = 300.0
_ENOUGH = 12


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
    """The guards of a run. Ages in seconds, percentages from 0 to 100; None: no limit.

    `approve` is the digest of the one plan that may be applied (its first twelve characters will do).
    """

    max_delete: int | None = None
    max_percent: float | None = None
    max_errors: ErrorLimit = field(default_factory=ErrorLimit)
    max_age: float = _DAY
    canary_percent: float = 2.0
    production: bool | None = None  # None: every host but this one
    approve: str | None = None


def check_plan(plan: Plan, limits: Limits, now: float) -> None:
    """Whether a plan may be looked at with these limits; `now` in seconds since 1970.

    Raises:
        GuardRefused: a guard stands against it.
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
    if limits.approve is not None and not _names(limits.approve, plan.digest):
        raise GuardRefused(
            f"The plan's digest is {plan.digest}, and --approve names another one. Nothing was sent. "
            "Look at the plan (`sexton show`), and approve the digest that stands there: twelve characters at least."
        )


def check_production(plan: Plan, base: Base, limits: Limits) -> None:
    """Whether a plan may be applied on production: the environment names the host, and somebody named the plan.

    Raises:
        GuardRefused, DeleteNotAllowed: one of the two is missing.
    """
    if not is_production(base, limits):
        return
    check_allowed(base)
    if limits.approve is None:
        raise GuardRefused(
            f"{base.host} counts as production, and nobody approved this plan. Nothing was sent. After a look at it "
            f"(`sexton show {plan.path}`), pass --approve {plan.digest[:_ENOUGH]}; --env says that it is no production."
        )


def _names(approved: str, digest: str) -> bool:
    text = approved.lower().removeprefix("sha256:")
    return len(text) >= _ENOUGH and digest.startswith(text)


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

"""The words for what became of a delete, and the evidence for them. No I/O, standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of one logical delete."""

    DELETED = "deleted"
    ALREADY_ABSENT = "already_absent"
    ACCEPTED = "accepted"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    PRECONDITION_FAILED = "precondition_failed"
    FORBIDDEN = "forbidden"
    THROTTLED = "throttled"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def succeeded(self) -> bool:
        """Whether the item is gone, or the server promised that it will be."""
        return self in _SUCCESSES


_SUCCESSES = frozenset({Outcome.DELETED, Outcome.ALREADY_ABSENT, Outcome.ACCEPTED})


class Finding(StrEnum):
    """What one attempt tells."""

    DONE = "done"  # 200, 204, 207: the server says it deleted
    ACCEPTED = "accepted"  # 202
    ABSENT = "absent"  # 404, 410
    NOT_SENT = "not_sent"  # no byte of the request left
    DOUBTFUL = "doubtful"  # it may have been done: time-out, broken connection, 5xx, 1xx
    THROTTLED = "throttled"  # 429
    REFUSED = "refused"  # any other answer that says no
    PRESENT = "present"  # a GET found the item as it was
    CHANGED = "changed"  # a GET found another version of it
    UNCLEAR = "unclear"  # a GET that does not tell


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request on the wire, or one that did not get there. `latency` and `waited` in seconds."""

    number: int
    method: str
    status: int | None
    error: str | None
    latency: float
    finding: Finding
    waited: float = 0.0
    resent: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document (RFC 9457). What the server wrote about itself; never what was sent."""

    type: str = "about:blank"
    title: str = ""
    status: int | None = None
    detail: str = ""
    members: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def code(self) -> str:
        """The last part of the type, for example `referenced`."""
        return self.type.rstrip("/").rsplit("/", 1)[-1]

    @property
    def sentence(self) -> str:
        """The detail, or the title where there is none."""
        return self.detail or self.title


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What is left in the server's window: units, and seconds until it is refilled (None: not said)."""

    remaining: int
    resets_in: int | None = None

"""An answer: status, headers, body; and how values look in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sexton.api import problems
from sexton.errors import Problem
from sexton.model import ItemResult

JSON = "application/json"


@dataclass(slots=True)
class Answer:
    """What the caller is told. `changed` counts the items that this request deleted, for the quota."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    changed: int = 0
    log: dict[str, Any] = field(default_factory=dict)
    poll: Callable[[], Answer | None] | None = None
    poll_seconds: int = 0
    pieces: Iterator[bytes | float] | None = None
    """A body that is made while it is sent: bytes, and between them seconds to wait."""


def rfc3339(value: datetime) -> str:
    """A time in UTC, as RFC 3339 writes it."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def item_result(result: ItemResult) -> dict[str, Any]:
    """One item of a batch."""
    told: dict[str, Any] = {"id": result.id, "status": str(result.outcome)}
    return told | ({"error": problems.document(result.error)} if result.error else {})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, Problem):
        return problems.document(value)
    if isinstance(value, ItemResult):
        return item_result(value)
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value)
    raise TypeError(repr(value))


def dumps(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, default=_plain, separators=(",", ":"), allow_nan=False).encode()


def reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
    """A JSON answer."""
    return Answer(status, dumps(value), {"Content-Type": JSON, **(headers or {})}, **more)


def refuse(problem: Problem, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
    """A problem as an answer; the correlation id is added at the end."""
    status = problems.STATUS[problem.code]
    return Answer(
        status,
        dumps(problems.document(problem)),
        {"Content-Type": problems.MEDIA_TYPE, "Cache-Control": "no-store", **(headers or {})},
        log={"problem": str(problem.code)},
        **more,
    )

"""What is announced to webhooks, and the message that says it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

MOST_BYTES = 20_000
MOST_LISTED = 200


class Event(StrEnum):
    """What an endpoint can ask for."""

    JOB_COMPLETED = "bulk_job.completed"
    """A job has ended, and every item came to its plain end."""
    JOB_COMPLETED_WITH_FAILURES = "bulk_job.completed_with_failures"
    """A job has ended, and some items failed."""
    JOB_FAILED = "bulk_job.failed"
    """A job could not go on. No job of this release ends so."""
    JOB_HALTED = "bulk_job.halted"
    """A stage of a rollout failed more than it may; `reason` has the numbers."""
    JOB_CANCELLED = "bulk_job.cancelled"
    """Somebody cancelled a job."""
    ITEM_PURGED = "item.purged"
    """Items are past their recovery window and were removed for good; one message for each batch."""


def message(event: Event, data: Mapping[str, Any], at: datetime) -> str:
    """The body, ASCII and under 20 kB: `{"type", "timestamp", "data"}`.

    Lists are cut to 200 members, and further until the message fits, so that whoever announces a list should say its
    length beside it; what does not fit even without lists is left out, the largest member first.
    """
    kept = {name: value[:MOST_LISTED] if isinstance(value, list) else value for name, value in data.items()}
    while len(told := _written(event, kept, at)) >= MOST_BYTES:
        lists = {name: _size(value) for name, value in kept.items() if isinstance(value, list) and value}
        if lists:
            longest = max(lists, key=lists.__getitem__)
            kept[longest] = kept[longest][: len(kept[longest]) // 2]
        else:
            del kept[max(kept, key=lambda name: _size(kept[name]))]
    return told


def _written(event: Event, data: Mapping[str, Any], at: datetime) -> str:
    stamp = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"type": event, "timestamp": stamp, "data": data}, separators=(",", ":"), default=_plain)


def _size(value: Any) -> int:
    return len(json.dumps(value, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(repr(value))

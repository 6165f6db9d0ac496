"""The events, and the members of their data: those that a real job and a real purge announced to a test."""

from __future__ import annotations

from reference.writing import code, document, table, told
from sexton.events import MOST_BYTES, MOST_LISTED, Event

DATA = {
    "bulk_job": ("job_id", "state", "reason", "kind", "resource", "requested_by", "created_at", "summary", "at"),
    "item": ("resource", "count", "ids", "audit_id"),
}
_HEAD = f"""
What an endpoint of `/webhooks` can ask for. A message is `{{"type": …, "timestamp": …, "data": …}}`, signed as Standard
Webhooks; lists in it are cut to {MOST_LISTED} members and the whole to {MOST_BYTES // 1000} kB. How to receive them:
[webhooks](../how-to/webhooks.md).
""".strip()


def page() -> str:
    """docs/reference/events.md."""
    said = told(Event)
    rows = [(code(event), said[event.name], ", ".join(map(code, DATA[event.partition(".")[0]]))) for event in Event]
    return document("Events", _HEAD, table(("Event", "When", "Members of `data`"), rows))

"""The audit: who deleted what, when, why, and what failed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sexton.api import problems
from sexton.api.answer import Answer, refuse, reply
from sexton.api.call import Call
from sexton.api.schemas import AuditQuery, Nothing
from sexton.errors import Code, Problem
from sexton.storage import audit


def _shown(entry: dict[str, Any]) -> dict[str, Any]:
    failed = [{"id": one["id"], "error": problems.stored(one)} for one in entry["failed"]]
    return entry | {"failed": failed}


def _aware(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def search_audit(call: Call) -> Answer:
    """Entries of the account, newest first."""
    query = call.read_query(AuditQuery)
    place = call.after(query.cursor)
    with call.store.read() as connection:
        found = audit.search(
            connection,
            call.store,
            call.principal.account,
            filters={name: getattr(query, name) for name in ("resource", "job_id", "key_id", "action")},
            item_id=query.item_id,
            since=_aware(query.since),
            until=_aware(query.until),
            after=(datetime.fromisoformat(place[0]), place[1]) if place else None,
            limit=query.limit + 1,
        )
    last = found[query.limit - 1] if len(found) > query.limit else None
    cursor = call.next_cursor([last["at"].astimezone(UTC).isoformat(), last["audit_id"]]) if last else None
    return reply({"items": [_shown(entry) for entry in found[: query.limit]], "next_cursor": cursor})


def get_audit(call: Call) -> Answer:
    """One entry."""
    call.read_query(Nothing)
    with call.store.read() as connection:
        found = audit.get(connection, call.store, call.principal.account, call.params["audit_id"])
    return reply(_shown(found)) if found else refuse(Problem(Code.NOT_FOUND, "there is no such audit entry"))

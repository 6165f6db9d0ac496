"""Delete one item."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from sexton.actions.prepare import Order, TooManyRows, prepare
from sexton.actions.remove import Record, can_free, execute_one, free
from sexton.errors import Code, Problem, Refused
from sexton.model import ItemResult, Outcome, Principal, Removal, Target
from sexton.names import new_id
from sexton.plan import Row
from sexton.resource import MAX_PLANNED_ROWS, Resource
from sexton.storage import audit, rows
from sexton.storage.store import Store
from sexton.telemetry.instruments import ITEMS


@dataclass(frozen=True, slots=True)
class Deleted:
    """What became of the item. `audit_id` names the entry that tells it, where something was done or refused.

    `dependents` went with it and `detached` stay without their link to it: how many, by resource.
    """

    result: ItemResult
    removal: Removal
    dependents: dict[str, int]
    detached: dict[str, int] = field(default_factory=dict)
    audit_id: str | None = None
    deleted_at: datetime | None = None
    restorable_until: datetime | None = None

    @property
    def outcome(self) -> Outcome:
        """`deleted`, `gone` (it was deleted before), `not_found` or `failed`."""
        return self.result.outcome

    @property
    def error(self) -> Problem | None:
        """Why it was not deleted, where it `failed`."""
        return self.result.error


def delete(  # noqa: PLR0913 — the switches of the endpoint
    connection: Connection,
    store: Store,
    resource: Resource,
    target: Target,
    *,
    principal: Principal,
    now: datetime,
    cascade: bool = False,
    confirmed: bool = False,
) -> Deleted:
    """Delete one item, with its dependents where `cascade` is asked for. A refusal is returned, and audited.

    Raises Refused where the dependents need a confirmation that was not given.
    """
    if not cascade and target.if_match is None and not resource.require_if_match:
        gone = _at_once(connection, store, resource, target, principal, now)
        if gone is not None:
            store.count(connection, ITEMS, {"deleted": 1}, "delete", resource.name)
            return gone
    order = Order(resource, [target], principal.account, cascade, only_exact=resource.require_if_match)
    try:
        prepared = prepare(connection, store, order, now)
    except TooManyRows as error:
        detail = f"{error}: POST {resource.name}/bulk_delete with `cascade` does it as a job"
        raise Refused(Code.TOO_MANY_DEPENDENTS, detail, limit=MAX_PLANNED_ROWS) from None
    planned, dependents = 0, {}
    if cascade:
        planned, dependents = prepared.planned, prepared.dependents()
        _require_confirmation(store, principal, planned, confirmed=confirmed)
    record = Record(principal, new_id("aud"), now)
    tell = partial(_entry, record, resource, target)
    removal, detached = execute_one(connection, store, prepared, record, tell)
    result = removal.results[0]
    store.count(connection, ITEMS, {str(result.outcome): 1}, "delete", resource.name)
    if result.outcome not in (Outcome.DELETED, Outcome.FAILED):
        return Deleted(result, removal, dependents)
    until = record.stamp(resource).restorable_until
    return Deleted(result, removal, dependents, detached, record.audit_id, now, until)


def _at_once(
    connection: Connection, store: Store, resource: Resource, target: Target, principal: Principal, now: datetime
) -> Deleted | None:
    """The common case in the fewest statements; None where it is another, and nothing has changed."""
    parts = rows.parse(store, resource, target.id)
    if parts is None or not can_free(store, resource) or not rows.owned_by(store.dialect, resource, principal.account):
        return None
    row = Row(resource, parts)
    record = Record(principal, new_id("aud"), now)
    removal = Removal((ItemResult(target.id, Outcome.DELETED),), {resource.name: [row.item_id]})
    if not free(connection, store, row, record, _entry(record, resource, target, removal)):
        return None
    return Deleted(removal.results[0], removal, {}, {}, record.audit_id, now, record.stamp(resource).restorable_until)


def _require_confirmation(store: Store, principal: Principal, planned: int, *, confirmed: bool) -> None:
    limit = store.limits_of(principal.account).confirm_above
    if planned > limit and not confirmed:
        detail = f"{planned} rows would go, more than {limit}: look at them with ?dry_run=true, then add &confirm=true"
        raise Refused(Code.CONFIRMATION_REQUIRED, detail, count=planned)


def _entry(record: Record, resource: Resource, target: Target, removal: Removal) -> audit.Entry:
    result = removal.results[0]
    failed = [failure(result.id, result.error)] if result.error else []
    return audit.Entry(
        record.audit_id,
        record.now,
        record.principal,
        "delete",
        resource.name,
        removal.removed,
        item_id=target.id,
        requested={"ids": [target.id], "if_match": target.if_match},
        failed=failed,
        summary={"deleted": removal.rows, "failed": len(failed)},
    )


def failure(item_id: str, problem: Problem) -> dict[str, object]:
    """A failed item as audits and chunks keep it."""
    return {"id": item_id, "code": str(problem.code), "detail": problem.detail, "members": dict(problem.members)}

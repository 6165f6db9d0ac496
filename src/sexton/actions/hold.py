"""Place and lift legal holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sexton.model import Principal
from sexton.names import new_id
from sexton.plan import Row
from sexton.resource import Resource
from sexton.storage import audit, holds, rows, tombstones
from sexton.storage.store import Store


def known_as(
    connection: Connection, store: Store, resource: Resource, item_id: str, principal: Principal, now: datetime
) -> str | None:
    """The id of an item that is live (its row is locked) or remembered; None where there is none."""
    parts = rows.parse(store, resource, item_id)
    if parts is None:
        return None
    if rows.lock(connection, store, resource, [parts], principal.account, versions=False):
        return Row(resource, parts).item_id
    spelled = Row(resource, parts).item_id
    found = tombstones.remembered(connection, store, resource.name, principal.account, [spelled], now)
    return spelled if found else None


def place(  # noqa: PLR0913 — who holds what, why and when
    connection: Connection,
    store: Store,
    resource: Resource,
    item_id: str,
    reason: str,
    principal: Principal,
    now: datetime,
) -> dict[str, Any] | None:
    """Hold an item (again: with another reason); None where there is no such item."""
    spelled = known_as(connection, store, resource, item_id, principal, now)
    if spelled is None:
        return None
    standing = holds.find(connection, store, principal.account, resource.name, spelled)
    if standing is not None:
        if standing["reason"] != reason:
            holds.restate(connection, store, standing["id"], reason)
            _tell(connection, store, resource, spelled, "hold", reason, principal, now)
        return standing | {"reason": reason}
    _tell(connection, store, resource, spelled, "hold", reason, principal, now)
    return holds.place(connection, store, resource.name, spelled, reason, principal, now)


def lift(
    connection: Connection, store: Store, resource: Resource, item_id: str, principal: Principal, now: datetime
) -> bool:
    """Lift the hold of an item; False where none stands."""
    parts = rows.parse(store, resource, item_id)
    spelled = Row(resource, parts).item_id if parts else ""
    standing = holds.find(connection, store, principal.account, resource.name, spelled) if parts else None
    if standing is None:
        return False
    holds.lift(connection, store, standing["id"], now)
    _tell(connection, store, resource, spelled, "unhold", standing["reason"], principal, now)
    return True


def _tell(  # noqa: PLR0913
    connection: Connection,
    store: Store,
    resource: Resource,
    item_id: str,
    action: str,
    reason: str,
    principal: Principal,
    now: datetime,
) -> None:
    entry = audit.Entry(
        new_id("aud"),
        now,
        principal,
        action,
        resource.name,
        item_id=item_id,
        reason=reason,
        requested={"ids": [item_id]},
    )
    audit.write(connection, store, entry)

"""Legal holds: while one stands, its item is neither deleted nor purged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from sexton.model import Principal
from sexton.names import new_id
from sexton.storage.store import Store


def find(connection: Connection, store: Store, account: str, resource: str, item_id: str) -> dict[str, Any] | None:
    """The hold on an item, where one stands."""
    table = store.tables["holds"]
    query = select(table).where(
        table.c.account == account,
        table.c.resource == resource,
        table.c.item_id == item_id,
        table.c.lifted_at.is_(None),
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def place(  # noqa: PLR0913 — the hold's facts
    connection: Connection, store: Store, resource: str, item_id: str, reason: str, principal: Principal, now: datetime
) -> dict[str, Any]:
    """Place a hold."""
    hold = {
        "id": new_id("hold"),
        "account": principal.account,
        "resource": resource,
        "item_id": item_id,
        "reason": reason,
        "placed_by": principal.key_id,
        "placed_at": now,
        "lifted_at": None,
    }
    connection.execute(store.tables["holds"].insert(), hold)
    return hold


def restate(connection: Connection, store: Store, hold_id: str, reason: str) -> None:
    """Give a standing hold another reason."""
    table = store.tables["holds"]
    connection.execute(update(table).where(table.c.id == hold_id).values(reason=reason))


def lift(connection: Connection, store: Store, hold_id: str, now: datetime) -> None:
    """Lift a hold; its record stays."""
    table = store.tables["holds"]
    connection.execute(update(table).where(table.c.id == hold_id).values(lifted_at=now))


def standing(
    connection: Connection, store: Store, account: str, *, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """The holds of an account, oldest first."""
    table = store.tables["holds"]
    query = select(table).where(table.c.account == account, table.c.lifted_at.is_(None))
    if after is not None:
        query = query.where(table.c.id > after)
    return [dict(row) for row in connection.execute(query.order_by(table.c.id).limit(limit)).mappings()]

"""The endpoints that an account wants to be called at."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, select, update

from sexton.events import Event
from sexton.names import new_id
from sexton.storage.store import Store

OVERLAP = timedelta(hours=24)
_SECRET_BYTES = 32


def new_secret() -> str:
    """A secret as Standard Webhooks write it: `whsec_` and base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def create(
    connection: Connection, store: Store, account: str, url: str, events: Sequence[Event], now: datetime
) -> dict[str, Any]:
    """A new endpoint, with its secret."""
    webhook = {
        "id": new_id("wh"),
        "account": account,
        "url": url,
        "events": [str(event) for event in events],
        "secret": new_secret(),
        "created_at": now,
    }
    connection.execute(store.tables["webhooks"].insert(), webhook)
    return webhook | {"disabled_at": None, "disabled_because": None}


def get(connection: Connection, store: Store, account: str, webhook_id: str) -> dict[str, Any] | None:
    """An endpoint of an account."""
    table = store.tables["webhooks"]
    query = select(table).where(table.c.id == webhook_id, table.c.account == account)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def page(connection: Connection, store: Store, account: str, *, after: str | None, limit: int) -> list[dict[str, Any]]:
    """The endpoints of an account, oldest first."""
    table = store.tables["webhooks"]
    query = select(table).where(table.c.account == account)
    if after is not None:
        query = query.where(table.c.id > after)
    return [dict(row) for row in connection.execute(query.order_by(table.c.id).limit(limit)).mappings()]


def count(connection: Connection, store: Store, account: str) -> int:
    """How many endpoints an account has."""
    table = store.tables["webhooks"]
    return int(connection.execute(select(func.count()).where(table.c.account == account)).scalar_one())


def wanting(connection: Connection, store: Store, account: str, event: Event) -> list[str]:
    """The enabled endpoints of an account that want an event."""
    table = store.tables["webhooks"]
    query = select(table.c.id, table.c.events).where(table.c.account == account, table.c.disabled_at.is_(None))
    return [row.id for row in connection.execute(query.order_by(table.c.id)) if event in row.events]


def rotate(connection: Connection, store: Store, account: str, webhook_id: str, now: datetime) -> str | None:
    """Give an endpoint a new secret; the one before signs too for 24 h. None where there is no such endpoint."""
    table, secret = store.tables["webhooks"], new_secret()
    mine = and_(table.c.id == webhook_id, table.c.account == account)
    values = {"secret": secret, "old_secret": table.c.secret, "old_secret_until": now + OVERLAP}
    return secret if connection.execute(update(table).where(mine).values(values)).rowcount else None


def disable(connection: Connection, store: Store, webhook_id: str, because: str, now: datetime) -> None:
    """Call an endpoint no more; what waits for it is dead."""
    table, deliveries = store.tables["webhooks"], store.tables["webhook_deliveries"]
    standing = and_(table.c.id == webhook_id, table.c.disabled_at.is_(None))
    connection.execute(update(table).where(standing).values(disabled_at=now, disabled_because=because))
    waiting = and_(deliveries.c.webhook_id == webhook_id, deliveries.c.state == "pending")
    connection.execute(update(deliveries).where(waiting).values(state="dead", last_error=because))


def remove(connection: Connection, store: Store, account: str, webhook_id: str) -> bool:
    """Delete an endpoint and its deliveries; False where there is no such endpoint."""
    table, deliveries = store.tables["webhooks"], store.tables["webhook_deliveries"]
    gone = delete(table).where(table.c.id == webhook_id, table.c.account == account)
    if not connection.execute(gone).rowcount:
        return False
    connection.execute(delete(deliveries).where(deliveries.c.webhook_id == webhook_id))
    return True

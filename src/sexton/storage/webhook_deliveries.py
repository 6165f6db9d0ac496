"""Messages on their way to endpoints: an outbox. `attempts` only grows and is the fencing token of a claim.

A row is `pending` until it is `delivered` or `dead`. Whoever claims it has a lease of 60 s; a claim that outlives its
lease is fenced off when it reports. A replay counts from `attempts_before`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal_column, or_, select, update

from sexton.events import Event
from sexton.names import new_id
from sexton.storage.store import Store

LEASE = timedelta(seconds=60)
KEPT = timedelta(days=30)
_EACH = 5


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in hand: where it goes, with which secrets it is signed, and which try this is (from 1)."""

    id: str
    webhook_id: str
    token: int
    attempt: int
    body: str
    url: str
    secrets: tuple[str, ...]

    @property
    def job_id(self) -> str | None:
        """The job that the message is about; None where it is about none."""
        found: str | None = json.loads(self.body)["data"].get("job_id")
        return found


def enqueue(  # noqa: PLR0913 — the message's facts
    connection: Connection,
    store: Store,
    account: str,
    webhook_ids: Iterable[str],
    event: Event,
    body: str,
    now: datetime,
) -> None:
    """One message to each endpoint, in the caller's transaction."""
    common = {"account": account, "event": str(event), "body": body, "state": "pending"}
    start = {"attempts": 0, "attempts_before": 0, "not_before": now, "created_at": now}
    rows = [{"id": new_id("msg"), "webhook_id": webhook_id} | common | start for webhook_id in webhook_ids]
    if rows:
        connection.execute(store.tables["webhook_deliveries"].insert(), rows)


def claim(connection: Connection, store: Store, now: datetime, limit: int) -> list[Claimed]:
    """Lease due messages, at most 5 of one endpoint, so that one that hangs does not keep the others waiting."""
    table = store.tables["webhook_deliveries"]
    due = _due(store, now)
    turn = func.row_number().over(partition_by=table.c.webhook_id, order_by=(table.c.not_before, table.c.id))
    ranked = select(table.c.id, turn.label("turn")).where(due).subquery()
    fair = select(ranked.c.id).where(ranked.c.turn <= _EACH)
    chosen = select(table.c.id).where(due, table.c.id.in_(fair)).order_by(table.c.not_before, table.c.id)
    locked = connection.execute(chosen.limit(limit).with_for_update(skip_locked=True)).scalars().all()
    return _lease(connection, store, locked, now) if locked else []


def _due(store: Store, now: datetime) -> ColumnElement[bool]:
    table, webhooks = store.tables["webhook_deliveries"], store.tables["webhooks"]
    enabled = select(webhooks.c.id).where(webhooks.c.id == table.c.webhook_id, webhooks.c.disabled_at.is_(None))
    free = or_(table.c.locked_until.is_(None), table.c.locked_until <= now)
    # a constant and no parameter: only so can the partial index serve a prepared statement
    return and_(table.c.state == literal_column("'pending'"), table.c.not_before <= now, free, enabled.exists())


def waiting(connection: Connection, store: Store, now: datetime) -> int:
    """How many messages are due, or in somebody's hand."""
    table = store.tables["webhook_deliveries"]
    in_hand = and_(table.c.state == "pending", table.c.locked_until > now)
    query = select(func.count()).select_from(table).where(or_(_due(store, now), in_hand))
    return int(connection.execute(query).scalar_one())


def _lease(connection: Connection, store: Store, ids: Sequence[str], now: datetime) -> list[Claimed]:
    table, webhooks = store.tables["webhook_deliveries"], store.tables["webhooks"]
    taken = {"locked_until": now + LEASE, "attempts": table.c.attempts + 1}
    connection.execute(update(table).where(table.c.id.in_(ids)).values(taken))
    columns = (webhooks.c.url, webhooks.c.secret, webhooks.c.old_secret, webhooks.c.old_secret_until)
    query = select(table, *columns).join(webhooks, webhooks.c.id == table.c.webhook_id).where(table.c.id.in_(ids))
    return [_claimed(row, now) for row in connection.execute(query.order_by(table.c.id))]


def _claimed(row: Any, now: datetime) -> Claimed:
    overlap = row.old_secret is not None and row.old_secret_until > now
    secrets = (row.secret, row.old_secret) if overlap else (row.secret,)
    attempt = row.attempts - row.attempts_before
    return Claimed(row.id, row.webhook_id, row.attempts, attempt, row.body, row.url, secrets)


def delivered(connection: Connection, store: Store, claimed: Claimed, status: int, now: datetime) -> bool:
    """It was taken; False where another claim has come in between."""
    told = {"state": "delivered", "delivered_at": now, "last_status": status, "last_error": None}
    return _report(connection, store, claimed, told)


def failed(
    connection: Connection,
    store: Store,
    claimed: Claimed,
    status: int | None,
    error: str,
    again: datetime | None,
) -> bool:
    """It was not taken: try `again` then, or never; False where another claim has come in between."""
    told: dict[str, Any] = {"last_status": status, "last_error": error}
    told |= {"state": "dead"} if again is None else {"not_before": again}
    return _report(connection, store, claimed, told)


def _report(connection: Connection, store: Store, claimed: Claimed, told: dict[str, Any]) -> bool:
    table = store.tables["webhook_deliveries"]
    mine = and_(table.c.id == claimed.id, table.c.attempts == claimed.token)
    return connection.execute(update(table).where(mine).values(told | {"locked_until": None})).rowcount == 1


def get(connection: Connection, store: Store, webhook_id: str, delivery_id: str) -> dict[str, Any] | None:
    """A message to an endpoint."""
    table = store.tables["webhook_deliveries"]
    query = select(table).where(table.c.id == delivery_id, table.c.webhook_id == webhook_id)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def page(
    connection: Connection, store: Store, webhook_id: str, *, state: str | None, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """The messages to an endpoint, newest first."""
    table = store.tables["webhook_deliveries"]
    query = select(table).where(table.c.webhook_id == webhook_id).order_by(table.c.id.desc())
    if state is not None:
        query = query.where(table.c.state == state)
    if after is not None:
        query = query.where(table.c.id < after)
    return [dict(row) for row in connection.execute(query.limit(limit)).mappings()]


def replay(connection: Connection, store: Store, delivery_id: str, now: datetime) -> None:
    """Send a message again, under the same id and with the same body, from the first try on."""
    table = store.tables["webhook_deliveries"]
    anew = {"state": "pending", "attempts_before": table.c.attempts, "not_before": now, "delivered_at": None}
    connection.execute(update(table).where(table.c.id == delivery_id).values(anew))


def is_old(store: Store, now: datetime) -> ColumnElement[bool]:
    """SQL condition that a message is older than 30 days."""
    return store.tables["webhook_deliveries"].c.created_at <= now - KEPT

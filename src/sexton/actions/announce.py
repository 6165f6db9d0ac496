"""Tell an account's webhooks: in the transaction of what they are told, so that both happen or neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sexton.events import Event, message
from sexton.storage import webhook_deliveries, webhooks
from sexton.storage.store import Store


def announce(
    connection: Connection,
    store: Store,
    account: str,
    event: Event,
    data: Mapping[str, Any] | Callable[[], Mapping[str, Any]],
    now: datetime,
) -> None:
    """Put one message for each enabled endpoint of the account that wants the event into the outbox.

    `data`, or what makes it where somebody wants it, holds JSON values and times; its lists are cut to 200 members or fewer, so say their lengths beside them.
    """
    wanting = webhooks.wanting(connection, store, account, event)
    if wanting:
        body = message(event, data() if callable(data) else data, now)
        webhook_deliveries.enqueue(connection, store, account, wanting, event, body, now)

"""Send what waits in the outbox: at least once, the same id and body at each try, with no transaction open meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import timedelta
from http import HTTPStatus
from random import SystemRandom
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from sexton.actions.send import Sent, send
from sexton.backoff import delay
from sexton.storage import jobs, webhook_deliveries, webhooks
from sexton.storage.store import Store
from sexton.storage.webhook_deliveries import Claimed
from sexton.telemetry import traces
from sexton.telemetry.instruments import WEBHOOK_TRIES
from sexton.telemetry.logs import Logger

MOST = 20
_chance = SystemRandom().random
_log = Logger("sexton.webhooks")


def deliver(store: Store) -> int:
    """Claim up to 20 due messages, send them side by side, record each as it ends; how many were sent."""
    with store.write() as connection:
        claimed = webhook_deliveries.claim(connection, store, store.dialect.now(connection), MOST)
        asked = jobs.traces(connection, store, {one.job_id for one in claimed if one.job_id})
    if not claimed:
        return 0
    with ThreadPoolExecutor(len(claimed), thread_name_prefix="sexton-webhook") as pool:
        running: dict[Future[Sent], Claimed] = {
            pool.submit(_send, store, one, asked.get(one.job_id or "")): one for one in claimed
        }
        for done in as_completed(running):
            try:
                _record(store, running[done], done.result())
            except SQLAlchemyError as error:  # sent again after the lease; the others are still recorded
                _log.warning("webhook_not_recorded", delivery_id=running[done].id, error=type(error).__name__)
    return len(claimed)


def _send(store: Store, one: Claimed, asked: Mapping[str, Any] | None) -> Sent:
    """Send one message, in the trace of the request that made its job."""
    told = {"delivery_id": one.id, "webhook_id": one.webhook_id, "job_id": one.job_id, "try": one.attempt}
    with traces.delivery(asked, told) as headers:
        sent = send(store.reach, one.url, one.id, one.body, one.secrets, headers)
        traces.received(sent.status)
    return sent


def _record(store: Store, claimed: Claimed, sent: Sent) -> None:
    with store.write() as connection:
        now = store.dialect.now(connection)
        if sent.status is not None and HTTPStatus(200) <= sent.status < HTTPStatus(300):
            outcome, mine = "delivered", webhook_deliveries.delivered(connection, store, claimed, sent.status, now)
        else:
            gone = sent.status == HTTPStatus.GONE
            wait = None if gone else delay(claimed.attempt, _chance())
            again = None if wait is None else now + timedelta(seconds=wait)
            error = sent.error or _reason(sent.status)
            outcome = "dead" if again is None else "retry"
            mine = webhook_deliveries.failed(connection, store, claimed, sent.status, error, again)
            if gone and mine:
                webhooks.disable(connection, store, claimed.webhook_id, error, now)
    outcome = outcome if mine else "fenced"
    store.recorder.tell(WEBHOOK_TRIES, 1, outcome)
    told = {"delivery_id": claimed.id, "webhook_id": claimed.webhook_id, "attempt": claimed.attempt}
    _log.info("webhook", outcome=outcome, status=sent.status, error=sent.error, **told)


def _reason(status: int | None) -> str:
    if status == HTTPStatus.GONE:
        return "the receiver answered 410 Gone"
    if status is not None and 300 <= status < 400:  # noqa: PLR2004 — redirections
        return f"the receiver answered {status}: redirects are not followed"
    return f"the receiver answered {status}"

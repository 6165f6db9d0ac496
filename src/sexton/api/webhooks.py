"""Webhooks: the endpoints of an account, their secrets, and what was sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sexton.actions.send import resolve
from sexton.api.answer import Answer, refuse, reply
from sexton.api.call import Call
from sexton.api.schemas import DeliveriesQuery, Nothing, Page, WebhookBody
from sexton.errors import Code, Problem, Refused
from sexton.receivers import Receiver
from sexton.storage import webhook_deliveries, webhooks

MOST = 20
_NONE = "there is no such webhook"
_ONCE = {"Cache-Control": "no-store"}


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "url", "events", "created_at", "disabled_at", "disabled_because")
    return {name: found[name] for name in names}


def _delivery_shown(found: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "event", "state", "created_at", "delivered_at", "last_status", "last_error")
    waits = found["not_before"] if found["state"] == "pending" else None
    counted = found["attempts"] - found["attempts_before"]
    return {name: found[name] for name in names} | {"attempts": counted, "next_attempt_at": waits}


def _find(call: Call, connection: Connection) -> dict[str, Any]:
    found = webhooks.get(connection, call.store, call.principal.account, call.params["webhook_id"])
    if found is None:
        raise Refused(Code.NOT_FOUND, _NONE)
    return found


def _require_callable(call: Call, url: str) -> None:
    """Refuse (422) a URL that is none, or leads where webhooks may not go; looked at again at each connection."""
    try:
        resolve(call.store.reach, Receiver.of(url))
    except ValueError as error:
        raise Refused(
            Code.INVALID_REQUEST, f"#/url: {error}", errors=[{"detail": str(error), "pointer": "#/url"}]
        ) from None


def create_webhook(call: Call) -> Answer:
    """Register an endpoint; its secret is shown here and never again."""
    call.read_query(Nothing)
    body = call.read_body(WebhookBody)
    _require_callable(call, body.url)

    def work(connection: Connection, now: datetime) -> Answer:
        account = call.principal.account
        if webhooks.count(connection, call.store, account) >= MOST:
            detail = f"an account has at most {MOST} webhooks: delete one that is no longer used"
            raise Refused(Code.CONFLICT, detail)
        made = webhooks.create(connection, call.store, account, body.url, body.events, now)
        told = {"Location": f"{call.base}/webhooks/{made['id']}", **_ONCE}
        return reply(_shown(made) | {"secret": made["secret"]}, 201, told)

    return call.once(work, call.idempotency_key())


def list_webhooks(call: Call) -> Answer:
    """The account's endpoints, oldest first, without their secrets."""
    query, account = call.read_query(Page), call.principal.account
    with call.store.read() as connection:
        found = webhooks.page(connection, call.store, account, after=call.after(query.cursor), limit=query.limit + 1)
    cursor = call.next_cursor(found[query.limit - 1]["id"]) if len(found) > query.limit else None
    return reply({"items": [_shown(one) for one in found[: query.limit]], "next_cursor": cursor})


def get_webhook(call: Call) -> Answer:
    """One endpoint, without its secret."""
    call.read_query(Nothing)
    with call.store.read() as connection:
        return reply(_shown(_find(call, connection)))


def delete_webhook(call: Call) -> Answer:
    """Remove an endpoint and what waits for it."""
    call.read_query(Nothing)

    def work(connection: Connection, now: datetime) -> Answer:
        del now
        removed = webhooks.remove(connection, call.store, call.principal.account, call.params["webhook_id"])
        return Answer(204, headers=dict(_ONCE)) if removed else refuse(Problem(Code.NOT_FOUND, _NONE))

    return call.once(work, call.idempotency_key())


def rotate_secret(call: Call) -> Answer:
    """Give an endpoint a new secret, shown here and never again; the one before signs too for 24 hours."""
    call.read_query(Nothing)

    def work(connection: Connection, now: datetime) -> Answer:
        secret = webhooks.rotate(connection, call.store, call.principal.account, call.params["webhook_id"], now)
        if secret is None:
            raise Refused(Code.NOT_FOUND, _NONE)
        until = now + webhooks.OVERLAP
        return reply({"id": call.params["webhook_id"], "secret": secret, "old_secret_until": until}, headers=_ONCE)

    return call.once(work, call.idempotency_key())


def list_deliveries(call: Call) -> Answer:
    """What was and will be sent to an endpoint, newest first; kept for 30 days."""
    query = call.read_query(DeliveriesQuery)
    after = call.after(query.cursor)
    with call.store.read() as connection:
        webhook = _find(call, connection)
        found = webhook_deliveries.page(
            connection, call.store, webhook["id"], state=query.state, after=after, limit=query.limit + 1
        )
    cursor = call.next_cursor(found[query.limit - 1]["id"]) if len(found) > query.limit else None
    return reply({"items": [_delivery_shown(one) for one in found[: query.limit]], "next_cursor": cursor})


def replay_delivery(call: Call) -> Answer:
    """Send a message again, under the same id and with the same body; its attempts start anew."""
    call.read_query(Nothing)

    def work(connection: Connection, now: datetime) -> Answer:
        webhook = _find(call, connection)
        found = webhook_deliveries.get(connection, call.store, webhook["id"], call.params["delivery_id"])
        if found is None:
            raise Refused(Code.NOT_FOUND, "there is no such delivery: they are kept for 30 days")
        if webhook["disabled_at"] is not None:
            detail = f"this webhook is disabled ({webhook['disabled_because']}): delete it and register it again"
            raise Refused(Code.STATE_CONFLICT, detail)
        webhook_deliveries.replay(connection, call.store, found["id"], now)
        again = webhook_deliveries.get(connection, call.store, webhook["id"], found["id"])
        return reply(_delivery_shown(again or found), 202)

    return call.once(work, call.idempotency_key())

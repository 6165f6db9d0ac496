"""Legal holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sexton import ids
from sexton.actions import hold
from sexton.api.answer import Answer, refuse, reply
from sexton.api.call import Call
from sexton.api.schemas import HoldBody, Nothing, Page
from sexton.errors import Code, Problem
from sexton.storage import holds, rows

_NO_ITEM = "there is no such item, and there was none that is remembered"


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    names = ("resource", "item_id", "reason", "placed_by", "placed_at")
    return {"hold_id": found["id"]} | {name: found[name] for name in names}


def put_hold(call: Call) -> Answer:
    """Place a hold; again it only changes the reason."""
    resource = call.resource()
    call.read_query(Nothing)
    body = call.read_body(HoldBody)
    call.log |= {"resource": resource.name, "ids": 1}

    def work(connection: Connection, now: datetime) -> Answer:
        item_id = call.params["id"]
        found = hold.place(connection, call.store, resource, item_id, body.reason, call.principal, now)
        return reply(_shown(found)) if found else refuse(Problem(Code.NOT_FOUND, _NO_ITEM))

    return call.once(work, call.idempotency_key())


def delete_hold(call: Call) -> Answer:
    """Lift a hold; 204 also where none stands on a known item."""
    resource = call.resource()
    call.read_query(Nothing)
    call.log |= {"resource": resource.name, "ids": 1}

    def work(connection: Connection, now: datetime) -> Answer:
        item_id = call.params["id"]
        lifted = hold.lift(connection, call.store, resource, item_id, call.principal, now)
        known = lifted or hold.known_as(connection, call.store, resource, item_id, call.principal, now)
        return (
            Answer(204, headers={"Cache-Control": "no-store"}) if known else refuse(Problem(Code.NOT_FOUND, _NO_ITEM))
        )

    return call.once(work, call.idempotency_key())


def get_hold(call: Call) -> Answer:
    """The hold of an item."""
    resource = call.resource()
    call.read_query(Nothing)
    parts, account = rows.parse(call.store, resource, call.params["id"]), call.principal.account
    with call.store.read() as connection:
        found = holds.find(connection, call.store, account, resource.name, ids.join(parts)) if parts else None
    return reply(_shown(found)) if found else refuse(Problem(Code.NOT_FOUND, "no hold stands on such an item"))


def list_holds(call: Call) -> Answer:
    """The account's standing holds."""
    query = call.read_query(Page)
    with call.store.read() as connection:
        found = holds.standing(
            connection, call.store, call.principal.account, after=call.after(query.cursor), limit=query.limit + 1
        )
    cursor = call.next_cursor(found[query.limit - 1]["id"]) if len(found) > query.limit else None
    return reply({"items": [_shown(one) for one in found[: query.limit]], "next_cursor": cursor})

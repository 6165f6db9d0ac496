"""One item: delete, read, list, create, change, restore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from sexton import etag, ids
from sexton.actions import create as creating
from sexton.actions import remove
from sexton.actions.delete import Deleted, delete
from sexton.actions.restore import restore
from sexton.api import headers, problems
from sexton.api.answer import Answer, refuse, reply, rfc3339
from sexton.api.call import Call
from sexton.api.schemas import DeleteQuery, ListQuery, Nothing, Page
from sexton.errors import Code, PlanDiffers, Problem, Refused
from sexton.filters import Condition, Operator
from sexton.model import Outcome, Target, Tombstone
from sexton.resource import Resource, Strategy
from sexton.storage import items, rows, tombstones

_NEVER = "there is no such item, and there was none that is remembered"


# -- DELETE ----------------------------------------------------------------------------------------------------


def delete_item(call: Call) -> Answer:
    """Delete one item."""
    resource, query = call.resource(), call.read_query(DeleteQuery)
    target = Target(call.params["id"], _if_match(call))
    call.log |= {"resource": resource.name, "ids": 1}
    key = call.idempotency_key()
    if query.dry_run:
        return _dry_run(call, resource, target, query)
    preferred = headers.preferences(call.headers.get("prefer", ()))

    def work(connection: Connection, now: datetime) -> Answer:
        call.take(connection, 1, now)
        done = _delete(call, connection, resource, target, query, now)
        return _deleted(call, done, query, representation=preferred.get("return") == "representation")

    try:
        return call.once(work, key)
    except (IntegrityError, PlanDiffers, DBAPIError) as error:
        if isinstance(error, DBAPIError) and call.store.dialect.is_transient(error):
            raise
        return refuse(remove.database_refusal(call.store, error), call.rate_limit())


def _delete(
    call: Call, connection: Connection, resource: Resource, target: Target, query: DeleteQuery, now: datetime
) -> Deleted:
    return delete(
        connection,
        call.store,
        resource,
        target,
        principal=call.principal,
        now=now,
        cascade=query.cascade,
        confirmed=query.confirm,
    )


def _if_match(call: Call) -> str | None:
    values = call.headers.get("if-match")
    return ", ".join(values) if values else None


def _deleted(call: Call, done: Deleted, query: DeleteQuery, *, representation: bool) -> Answer:
    match done.result.outcome:
        case Outcome.DELETED:
            return _gone_now(done, call.params["id"], representation=representation)
        case Outcome.GONE | Outcome.NOT_FOUND if query.allow_missing:
            return Answer(204, headers={"Cache-Control": "no-store"})
        case Outcome.GONE:
            return _gone_before(call, done.result.tombstone)
        case Outcome.NOT_FOUND:
            return refuse(Problem(Code.NOT_FOUND, _NEVER))
    told = {"Sexton-Audit-Id": done.audit_id} if done.audit_id else {}
    return refuse(done.result.error or Problem(Code.INTERNAL, "no reason"), told)


def _gone_now(done: Deleted, item_id: str, *, representation: bool) -> Answer:
    told = {"Cache-Control": "no-store", "Sexton-Audit-Id": done.audit_id or ""}
    until = done.restorable_until
    if until is not None:
        told["Sexton-Restorable-Until"] = rfc3339(until)
    if not representation:
        return Answer(204, headers=told, changed=1)
    body = {
        "id": item_id,
        "status": "deleted",
        "deleted_at": done.deleted_at,
        "restorable_until": until,
        "audit_id": done.audit_id,
    }
    return reply(body, headers={**told, "Preference-Applied": "return=representation"}, changed=1)


def _gone_before(call: Call, stone: Tombstone | None) -> Answer:
    detail = "it was deleted before: `deleted_by` says by which request, so that a retry knows its own success"
    return refuse(Problem(Code.GONE, detail, _about(call, stone)))


def _about(call: Call, stone: Tombstone | None) -> dict[str, Any]:
    if stone is None:
        return {"deleted_at": None, "restorable_until": None}
    purged = stone.purged_at is not None
    return {
        "deleted_at": stone.deleted_at,
        "restorable_until": None if purged else stone.restorable_until,
        "deleted_by": {
            "audit_id": stone.audit_id,
            "job_id": stone.job_id,
            "correlation_id": stone.correlation_id,
            "same_key": stone.key_id == call.principal.key_id,
        },
    }


class _Undone(Exception):
    """Carries the answer of a dry run out of the transaction it rolls back."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__()
        self.answer = answer


def _dry_run(call: Call, resource: Resource, target: Target, query: DeleteQuery) -> Answer:
    """The real path, then a rollback."""
    try:
        with call.store.write() as connection:
            now = call.store.dialect.now(connection)
            confirmed = query.model_copy(update={"confirm": True})
            raise _Undone(_would(_delete(call, connection, resource, target, confirmed, now)))
    except _Undone as undone:
        return reply(undone.answer, headers={"Cache-Control": "no-store"})
    except Refused as refused:
        error = refused.problem
    except (PlanDiffers, DBAPIError) as fault:
        if isinstance(fault, DBAPIError) and call.store.dialect.is_transient(fault):
            raise
        error = remove.database_refusal(call.store, fault)
    return reply(
        {"would": "failed", "error": problems.document(error), "dependents": [], "detached": []},
        headers={"Cache-Control": "no-store"},
    )


def _would(done: Deleted) -> dict[str, Any]:
    told: dict[str, Any] = {"would": str(done.result.outcome)}
    if done.result.error is not None:
        told["error"] = problems.document(done.result.error)
    return told | {"dependents": _counts(done.dependents), "detached": _counts(done.detached)}


def _counts(by_resource: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"resource": name, "count": n} for name, n in sorted(by_resource.items())]


def refuse_collection(call: Call) -> Answer:
    """DELETE of a collection: never."""
    resource = call.resource()
    where = f"{call.base}/{resource.name}/bulk_delete"
    detail = (
        "a collection is not deleted by DELETE; was the id empty? To delete many items POST their ids to"
        f" {where}, or a filter to {where}/preview, and send its token"
    )
    members = {"bulk_delete": where, "preview": f"{where}/preview"}
    return refuse(Problem(Code.METHOD_NOT_ALLOWED, detail, members), {"Allow": "GET, HEAD, POST"})


# -- GET -------------------------------------------------------------------------------------------------------


def get_item(call: Call) -> Answer:
    """Read one item."""
    resource = call.resource()
    call.read_query(Nothing)
    parts = rows.parse(call.store, resource, call.params["id"])
    with call.store.read() as connection:
        item = items.get(connection, call.store, resource, call.principal.account, parts) if parts else None
        if item is not None and not item.trashed:
            return _shown(call, item)
        now, spelled = call.store.dialect.now(connection), [ids.join(parts)] if parts else []
        account = call.principal.account
        stones = tombstones.remembered(connection, call.store, resource.name, account, spelled, now)
    if not stones:
        return refuse(Problem(Code.NOT_FOUND, _NEVER))
    stone = next(iter(stones.values()))
    return refuse(Problem(Code.GONE, "it was deleted", _about(call, stone)))


def _shown(call: Call, item: items.Item, status: int = 200) -> Answer:
    tag = etag.quote(item.etag or "")
    if status == 200 and call.method in ("GET", "HEAD") and _unchanged(call, item.etag or ""):  # noqa: PLR2004
        return Answer(304, headers={"ETag": tag})
    return reply(item.document, status, {"ETag": tag})


def _unchanged(call: Call, tag: str) -> bool:
    condition = call.header("if-none-match")
    tags = etag.parse(condition.replace("W/", "")) if condition else None
    return tags is not None and ("*" in tags or tag in tags)


def list_items(call: Call) -> Answer:
    """A page of live items, or of the trash."""
    resource, query = call.resource(), call.read_query(ListQuery)
    conditions = _equalities(resource, query.model_extra or {})
    after = call.after(query.cursor)
    trash = query.deleted is not None
    with call.store.read() as connection:
        if trash and not resource.soft:
            return _archived(call, connection, resource, conditions, after, query)
        found = items.page(
            connection,
            call.store,
            resource,
            call.principal.account,
            conditions=conditions,
            after=after,
            limit=query.limit + 1,
            trash=trash,
        )
    more = len(found) > query.limit
    cursor = call.next_cursor(found[query.limit - 1].parts) if more else None
    return reply({"items": [item.document for item in found[: query.limit]], "next_cursor": cursor})


def _equalities(resource: Resource, wanted: Mapping[str, Any]) -> list[Condition]:
    unknown = [name for name in wanted if name not in resource.table.by_name]
    if unknown:
        known = ", ".join(resource.table.by_name)
        errors = [{"detail": f"there is no column {n!r}; the columns are {known}", "pointer": f"?{n}"} for n in unknown]
        raise Refused(Code.INVALID_REQUEST, errors[0]["detail"], errors=errors)
    columns = resource.table.by_name
    return [Condition(columns[n], Operator.EQ, _from_text(columns[n].kind, v)) for n, v in wanted.items()]


def _from_text(kind: str, value: str) -> Any:
    return {"true": True, "false": False}.get(value, value) if kind == "boolean" else value


def _archived(
    call: Call, connection: Connection, resource: Resource, conditions: list[Condition], after: Any, query: Page
) -> Answer:
    if resource.strategy is Strategy.HARD:
        return reply({"items": [], "next_cursor": None})
    found = items.archived(
        connection,
        call.store,
        resource,
        call.principal.account,
        conditions=conditions,
        after=after or 0,
        limit=query.limit + 1,
        now=call.store.dialect.now(connection),
    )
    cursor = call.next_cursor(found[query.limit - 1][0]) if len(found) > query.limit else None
    shown = []
    for _, item, (deleted_at, until, audit_id) in found[: query.limit]:
        dates = {"deleted_at": deleted_at, "restorable_until": until, "audit_id": audit_id}
        shown.append({**{n: v for n, v in dates.items() if n not in item.document}, **item.document})
    return reply({"items": shown, "next_cursor": cursor})


# -- POST, PATCH -----------------------------------------------------------------------------------------------


def create_item(call: Call) -> Answer:
    """Create an item; with its key in the body a retry is harmless."""
    resource = call.resource()
    call.read_query(Nothing)
    document = _object(call)
    call.log |= {"resource": resource.name, "ids": 1}

    def work(connection: Connection, now: datetime) -> Answer:
        made = creating.create(connection, call.store, resource, document, principal=call.principal, now=now)
        if made.tombstone is not None:
            detail = "an item with this id was deleted: a late retry of a create does not bring it back; restore it"
            return refuse(Problem(Code.GONE, detail, _about(call, made.tombstone)))
        answer = _shown(call, made.item, 201 if made.created else 200)
        if made.created:
            answer.headers["Location"] = (
                f"{call.base}/{creating.segment(resource.name)}/{creating.segment(made.item.id)}"
            )
        return answer

    return call.once(work, call.idempotency_key())


def _object(call: Call) -> dict[str, Any]:
    document = call.read_json()
    if not isinstance(document, dict):
        detail = "the body must be a JSON object: column names and values"
        raise Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": "#"}])
    document.pop("_id", None)
    return document


def patch_item(call: Call) -> Answer:
    """Change an item by a JSON merge patch."""
    resource = call.resource()
    call.read_query(Nothing)
    patch = _object(call)
    call.log |= {"resource": resource.name, "ids": 1}
    target = Target(call.params["id"], _if_match(call))

    def work(connection: Connection, now: datetime) -> Answer:
        changed = creating.patch(connection, call.store, resource, target, patch, principal=call.principal, now=now)
        if isinstance(changed, Problem):
            return refuse(changed)
        if isinstance(changed, items.Item):
            return _shown(call, changed)
        return _gone_before(call, changed) if changed else refuse(Problem(Code.NOT_FOUND, _NEVER))

    return call.once(work, call.idempotency_key())


# -- restore ---------------------------------------------------------------------------------------------------


def restore_item(call: Call) -> Answer:
    """Bring an item back, with what went with it."""
    resource = call.resource()
    call.read_query(Nothing)
    call.log |= {"resource": resource.name, "ids": 1}

    def work(connection: Connection, now: datetime) -> Answer:
        item_id, account = call.params["id"], call.principal.account
        done = restore(connection, call.store, resource, item_id, principal=call.principal, now=now)
        result = done.results[0]
        call.log["outcome"] = str(result.outcome)
        match result.outcome:
            case Outcome.NOT_FOUND:
                return refuse(Problem(Code.NOT_FOUND, _NEVER))
            case Outcome.PURGED:
                detail = "it cannot be restored: it was deleted for good"
                return refuse(Problem(Code.GONE, detail, _about(call, result.tombstone)))
            case Outcome.FAILED:
                return refuse(result.error or Problem(Code.RESTORE_CONFLICT, "it does not fit any more"))
        parts = rows.parse(call.store, resource, item_id)
        item = items.get(connection, call.store, resource, account, parts) if parts else None
        if item is None:
            return refuse(Problem(Code.NOT_FOUND, _NEVER))
        answer = _shown(call, item)
        if result.outcome is Outcome.RESTORED:
            answer.headers["Sexton-Audit-Id"] = done.audit_id
        return answer

    return call.once(work, call.idempotency_key())

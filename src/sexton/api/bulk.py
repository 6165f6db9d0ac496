"""Many items: preview and bulk delete."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sexton.actions.bulk_delete import BulkDeleted, BulkRequest, Rollout, bulk_delete, distinct, size
from sexton.actions.preview import Previewed, preview
from sexton.api import headers
from sexton.api.answer import Answer, item_result, reply, rfc3339
from sexton.api.call import Call
from sexton.api.jobs import accepted
from sexton.api.schemas import JSON_IDS, BulkDelete, Listed, Nothing, Preview, StreamOptions
from sexton.api.spool import Spool
from sexton.errors import Code, Refused
from sexton.filters import parse
from sexton.model import DELETE_OUTCOMES, Target, summarize
from sexton.resource import MAX_PLANNED_ROWS, Resource
from sexton.storage.store import Store


def _targets(ids: Iterable[str | int] | None, items: Iterable[Listed] | None) -> list[Target]:
    if ids is not None:
        return list(map(Target, map(str, ids)))
    return [Target(str(item.id), item.if_match) for item in items or ()]


def _require_one(given: dict[str, Any], names: tuple[str, ...]) -> None:
    present = [name for name in names if given.get(name) is not None]
    if len(present) != 1:
        what = "one of " + ", ".join(f"`{name}`" for name in names)
        detail = f"give {what}, not {' and '.join(present)}" if present else f"give {what}"
        raise Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": "#"}])
    _require_some(given[present[0]], present[0])


def _require_some(listed: Any, name: str) -> None:
    if isinstance(listed, list) and not listed:
        detail = f"`{name}` is empty: name at least one item"
        raise Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": f"#/{name}"}])
    if isinstance(listed, list) and len(listed) > JSON_IDS:
        detail = f"a JSON body holds up to {JSON_IDS:,} ids: send more as application/x-ndjson or text/csv"
        raise Refused(Code.BODY_TOO_LARGE, detail, limit=JSON_IDS)


# -- preview ---------------------------------------------------------------------------------------------------


def bulk_preview(call: Call) -> Answer:
    """Say exactly what a bulk delete would do, and give a token for just that."""
    resource = call.resource()
    call.read_query(Nothing)
    asked = call.read_body(Preview)
    _require_one({"ids": asked.ids, "items": asked.items, "filter": asked.filter}, ("ids", "items", "filter"))
    conditions = parse(resource.table, asked.filter) if asked.filter is not None else ()
    targets = None
    if asked.filter is None:
        targets, _ = distinct(call.store, resource, _targets(asked.ids, asked.items))
    call.log |= {"resource": resource.name, "ids": None if targets is None else len(targets)}

    def work(connection: Connection, now: datetime) -> Answer:
        found = preview(
            connection,
            call.store,
            resource,
            targets=targets,
            conditions=conditions,
            cascade=asked.cascade,
            request={"filter": asked.filter, "cascade": asked.cascade}
            if targets is None
            else {"cascade": asked.cascade},
            principal=call.principal,
            now=now,
        )
        return reply(_previewed(found), headers={"Cache-Control": "no-store"})

    return call.once(work)


def _previewed(found: Previewed) -> dict[str, Any]:
    findings = found.findings
    return {
        "preview_id": found.id,
        "confirm_token": found.token,
        "expires_at": found.expires_at,
        "count": findings.count,
        "not_found": findings.not_found,
        "gone": findings.gone,
        "percent_of_account": found.percent_of_account,
        "sample": found.sample,
        "dependents": [{"resource": name, "count": n} for name, n in sorted(findings.dependents.items())],
        "detached": [{"resource": name, "count": n} for name, n in sorted(findings.detached.items())],
        "blocked": {
            "count": findings.blocked_count,
            "sample": [{"id": one["id"], "error": one["problem"]} for one in findings.blocked],
        },
        "mode": found.mode,
    }


# -- bulk delete -----------------------------------------------------------------------------------------------


def bulk_delete_items(call: Call) -> Answer:
    """Delete many items: at once where they are few, else as a job."""
    resource = call.resource()
    preferred = headers.preferences(call.headers.get("prefer", ()))
    request, key = _read(call, resource, respond_async="respond-async" in preferred)
    call.log |= {"resource": resource.name, "ids": None if request.targets is None else len(request.targets)}

    def work(connection: Connection, now: datetime) -> Answer:
        items = size(connection, call.store, resource, request, call.principal, now)
        call.take(connection, items, now)
        done = bulk_delete(connection, call.store, resource, request, principal=call.principal, now=now)
        return _bulk_deleted(call, request, done)

    answer = call.once(work, call.idempotency_key(key))
    if answer.status == 202:  # noqa: PLR2004
        call.wake()
        answer.poll_seconds = headers.wait_seconds(preferred)
    return answer


def _read(call: Call, resource: Resource, *, respond_async: bool) -> tuple[BulkRequest, str | None]:
    if call.streamed is not None:
        options = call.read_query(StreamOptions)
        request = _streamed(call.store, resource, call.streamed, options)
        return replace(request, respond_async=respond_async), options.idempotency_key
    call.read_query(Nothing)
    asked = call.read_body(BulkDelete)
    if asked.confirm_token is not None and asked.ids is None and asked.items is None:
        _alone(asked)
        return replace(_request(asked, None), respond_async=respond_async), asked.idempotency_key
    if asked.confirm_token is not None:
        _alone(asked)
    _require_one({"ids": asked.ids, "items": asked.items}, ("ids", "items"))
    targets, duplicates = distinct(call.store, resource, _targets(asked.ids, asked.items))
    request = _request(asked, targets, duplicates=duplicates, respond_async=respond_async)
    return request, asked.idempotency_key


def _streamed(store: Store, resource: Resource, spool: Spool, options: StreamOptions) -> BulkRequest:
    """A list that came as lines; one that may be done in one transaction is small enough to hold in memory."""
    if not len(spool):
        _require_some([], "ids")
    if len(spool) > MAX_PLANNED_ROWS:
        return _request(options, spool, may_repeat=True)
    targets, duplicates = distinct(store, resource, list(spool))
    return _request(options, targets, duplicates=duplicates)


def _alone(asked: BulkDelete) -> None:
    """Beside a token nothing may say which items."""
    beside = [name for name in ("ids", "items", "cascade") if name in asked.model_fields_set]
    if beside:
        detail = f"the token says which items: {', '.join(f'`{name}`' for name in beside)} may not stand beside it"
        raise Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": f"#/{n}"} for n in beside])


def _request(asked: BulkDelete | StreamOptions, targets: Collection[Target] | None, **more: Any) -> BulkRequest:
    names = (
        "confirm",
        "confirm_token",
        "atomic",
        "cascade",
        "reason",
        "expected_count",
        "max_affected",
        "delay_seconds",
    )
    options = {name: getattr(asked, name) for name in names}
    stages = asked.rollout
    rollout = Rollout(stages.canary_percent, stages.max_failure_percent) if stages else None
    return BulkRequest(targets, rollout=rollout, **options, **more)


def _bulk_deleted(call: Call, request: BulkRequest, done: BulkDeleted) -> Answer:
    job = done.job
    if done.results is None:
        return accepted(call, job.id, job.state, job.requested, changed=job.requested)
    summary = summarize(done.results, DELETE_OUTCOMES)
    call.log |= {"outcomes": summary, "job_id": job.id}
    body = {
        "job_id": job.id,
        "audit_id": job.audit_id,
        "deleted": [item_result(result) for result in done.results],
        "summary": summary | {"duplicates": request.duplicates},
    }
    told = {"Cache-Control": "no-store", "Sexton-Audit-Id": job.audit_id or ""}
    if job.restorable_until is not None:
        told["Sexton-Restorable-Until"] = rfc3339(job.restorable_until)
    return reply(body, headers=told, changed=summary["deleted"])

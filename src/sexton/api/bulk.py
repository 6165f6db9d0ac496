"""Many items: preview and bulk delete."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sexton.actions.bulk_delete import BulkDeleted, BulkRequest, bulk_delete, distinct, size
from sexton.actions.preview import Previewed, preview
from sexton.api import headers
from sexton.api.answer import Answer, item_result, reply, rfc3339
from sexton.api.call import Call
from sexton.api.jobs import accepted
from sexton.api.schemas import JSON_IDS, BulkDelete, BulkOptions, Listed, Nothing, Preview
from sexton.errors import Code, Refused
from sexton.filters import parse
from sexton.model import DELETE_OUTCOMES, Target, summarize
from sexton.resource import Resource

MOST_STREAMED = 10_000_000


def _targets(ids: Iterable[str | int] | None, items: Iterable[Listed] | None) -> list[Target]:
    if ids is not None:
        return [Target(str(item)) for item in ids]
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
    _require_one(asked.model_dump(), ("ids", "items", "filter"))
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
        options: BulkOptions = call.read_query(BulkOptions)
        _require_some(call.streamed, "ids")
        targets, duplicates = distinct(call.store, resource, call.streamed)
        return _request(options, targets, duplicates, respond_async=respond_async), options.idempotency_key
    call.read_query(Nothing)
    asked = call.read_body(BulkDelete)
    if asked.rollout is not None:
        detail = "staged rollouts are not part of this release: leave `rollout` out, nothing was deleted"
        raise Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": "#/rollout"}])
    given = asked.model_dump()
    if asked.confirm_token is not None and asked.ids is None and asked.items is None:
        _alone(asked)
        return _request(asked, None, 0, respond_async=respond_async), asked.idempotency_key
    if asked.confirm_token is not None:
        _alone(asked)
    _require_one(given, ("ids", "items"))
    targets, duplicates = distinct(call.store, resource, _targets(asked.ids, asked.items))
    return _request(asked, targets, duplicates, respond_async=respond_async), asked.idempotency_key


def _alone(asked: BulkDelete) -> None:
    """Beside a token nothing may say which items."""
    beside = [name for name in ("ids", "items", "cascade") if name in asked.model_fields_set]
    if beside:
        detail = f"the token says which items: {', '.join(f'`{name}`' for name in beside)} may not stand beside it"
        raise Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": f"#/{n}"} for n in beside])


def _request(
    asked: BulkOptions, targets: tuple[Target, ...] | None, duplicates: int, *, respond_async: bool
) -> BulkRequest:
    return BulkRequest(
        targets,
        duplicates,
        confirm=asked.confirm,
        confirm_token=asked.confirm_token,
        atomic=asked.atomic,
        cascade=asked.cascade,
        reason=asked.reason,
        expected_count=asked.expected_count,
        max_affected=asked.max_affected,
        delay_seconds=asked.delay_seconds,
        respond_async=respond_async,
    )


def _bulk_deleted(call: Call, request: BulkRequest, done: BulkDeleted) -> Answer:
    job = done.job
    if done.results is None:
        return accepted(call, job.id, job.state, job.requested, changed=job.requested)
    summary = summarize(done.results, DELETE_OUTCOMES)
    call.log["outcomes"] = summary
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


# -- streams of ids --------------------------------------------------------------------------------------------


class LineReader:
    """Reads NDJSON or CSV piece by piece, keeping only the ids."""

    def __init__(self, media_type: str) -> None:
        """Read one of `application/x-ndjson` and `text/csv`."""
        self.targets: list[Target] = []
        self._csv = media_type == "text/csv"
        self._rest = b""
        self._line = 0
        self._columns: list[str] | None = None

    def feed(self, piece: bytes) -> None:
        """Take a piece of the body. Raises Refused (400, 413, 422) with the line's number."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > 1 << 20:
            raise self._fault("the line is longer than 1 MiB")
        for line in lines:
            self._take(line)

    def close(self) -> list[Target]:
        """Take what is left; returns the items."""
        if self._rest:
            self._take(self._rest)
        return self.targets

    def _take(self, line: bytes) -> None:
        self._line += 1
        try:
            text = line.decode("utf-8-sig" if self._line == 1 else "utf-8").strip("\r")
        except UnicodeDecodeError:
            raise self._fault("the line is not UTF-8") from None
        if not text.strip():
            return
        target = self._from_csv(text) if self._csv else self._from_json(text)
        if target is not None:
            self.targets.append(target)
        if len(self.targets) > MOST_STREAMED:
            raise Refused(Code.BODY_TOO_LARGE, f"a stream holds up to {MOST_STREAMED:,} ids", limit=MOST_STREAMED)

    def _from_json(self, text: str) -> Target:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = text.strip() if not text.lstrip().startswith(("{", "[", '"')) else None
        if isinstance(value, dict) and set(value) <= {"id", "if_match"} and _is_id(value.get("id")):
            tag = value.get("if_match")
            if tag is None or isinstance(tag, str):
                return Target(str(value["id"]), tag)
        if _is_id(value):
            return Target(str(value))
        raise self._fault('a line is an id, or {"id": …, "if_match": …}')

    def _from_csv(self, text: str) -> Target | None:
        cells = next(csv.reader([text]))
        if self._columns is None:
            if cells not in (["id"], ["id", "if_match"]):
                raise self._fault("the first line names the columns: `id` or `id,if_match`")
            self._columns = cells
            return None
        if len(cells) != len(self._columns) or not cells[0]:
            raise self._fault(f"the line must have {len(self._columns)} cell(s), the first one an id")
        return Target(cells[0], (cells[1] or None) if len(cells) > 1 else None)

    def _fault(self, why: str) -> Refused:
        detail = f"line {self._line}: {why}; nothing was deleted"
        return Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": f"#/{self._line}"}])


def _is_id(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)

"""Every address of the API in one table: method, path, scope, handler. Paths are matched segment by segment.

A segment is what stands between two slashes of the path *as it was sent*, so that an encoded slash stays part of an
id, and an empty id is an empty segment and not another address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from pydantic import BaseModel

from sexton.api import audit, bulk, holds, items, job_events, jobs, schemas, service, webhooks
from sexton.api.answer import Answer
from sexton.api.call import Call
from sexton.model import Scope

OWN_PATHS = frozenset({"audit", "bulk_jobs", "holds", "webhooks", "log"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path; `media` is what a success is. Answers of one that `spends` carry the quota's headers."""

    method: str
    path: str
    scope: Scope
    handler: Callable[[Call], Answer]
    summary: str
    query: type[BaseModel] = schemas.Nothing
    body: type[BaseModel] | None = None
    answers: tuple[int, ...] = (200,)
    media: str = "application/json"
    streams: bool = False
    spends: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)

    segments: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Cut the path into its segments."""
        object.__setattr__(self, "segments", tuple(self.path.split("/")[1:]))


_JOB = "/bulk_jobs/{job_id}"
_ITEM = "/{resource}/{id}"
_WEBHOOK = "/webhooks/{webhook_id}"
_MOVES = ("cancel", "pause", "resume", "approve")

_WEBHOOKS: tuple[Operation, ...] = (
    Operation("GET", "/webhooks", Scope.ADMIN, webhooks.list_webhooks, "The webhooks", query=schemas.Page),
    Operation(
        "POST",
        "/webhooks",
        Scope.ADMIN,
        webhooks.create_webhook,
        "Register a webhook",
        body=schemas.WebhookBody,
        answers=(201, 409, 413, 415),
    ),
    Operation("GET", _WEBHOOK, Scope.ADMIN, webhooks.get_webhook, "One webhook", answers=(200, 404)),
    Operation("DELETE", _WEBHOOK, Scope.ADMIN, webhooks.delete_webhook, "Remove a webhook", answers=(204, 404, 409)),
    Operation(
        "POST",
        f"{_WEBHOOK}/rotate_secret",
        Scope.ADMIN,
        webhooks.rotate_secret,
        "A new secret for a webhook",
        answers=(200, 404, 409),
    ),
    Operation(
        "GET",
        f"{_WEBHOOK}/deliveries",
        Scope.ADMIN,
        webhooks.list_deliveries,
        "The messages to a webhook",
        query=schemas.DeliveriesQuery,
        answers=(200, 404),
    ),
    Operation(
        "POST",
        f"{_WEBHOOK}/deliveries/{{delivery_id}}/replay",
        Scope.ADMIN,
        webhooks.replay_delivery,
        "Send a message again",
        answers=(202, 404, 409),
    ),
)

OPERATIONS: tuple[Operation, ...] = (
    *_WEBHOOKS,
    Operation("GET", "/", Scope.READ, service.list_resources, "The resources"),
    Operation("GET", "/audit", Scope.AUDIT, audit.search_audit, "Search the audit", query=schemas.AuditQuery),
    Operation("GET", "/audit/{audit_id}", Scope.AUDIT, audit.get_audit, "One audit entry", answers=(200, 404)),
    Operation("GET", "/holds", Scope.HOLD, holds.list_holds, "The holds that stand", query=schemas.Page),
    Operation("GET", "/bulk_jobs", Scope.READ, jobs.list_jobs, "The jobs, newest first", query=schemas.JobsQuery),
    Operation("GET", _JOB, Scope.READ, jobs.get_job, "One job", answers=(200, 304, 404)),
    Operation(
        "GET",
        f"{_JOB}/items",
        Scope.READ,
        jobs.job_items,
        "The results of a job's items",
        query=schemas.JobItemsQuery,
        answers=(200, 404),
    ),
    Operation(
        "GET",
        f"{_JOB}/events",
        Scope.READ,
        job_events.job_events,
        "The progress of a job, as it happens",
        answers=(200, 204, 404),
        media="text/event-stream",
    ),
    *(
        Operation(
            "POST",
            f"{_JOB}/{move}",
            Scope.APPROVE if move == "approve" else Scope.DELETE,
            jobs.control_job,
            f"{move.capitalize()} a job",
            answers=(200, 404, 409),
            fixed={"move": move},
        )
        for move in _MOVES
    ),
    Operation(
        "POST",
        f"{_JOB}/restore",
        Scope.RESTORE,
        jobs.restore_bulk,
        "Undo a whole job",
        answers=(200, 202, 404, 409),
    ),
    Operation(
        "POST",
        "/{resource}/bulk_delete",
        Scope.DELETE,
        bulk.bulk_delete_items,
        "Delete many items",
        body=schemas.BulkDelete,
        answers=(200, 202, 404, 409, 413, 415, 428, 429),
        streams=True,
        spends=True,
    ),
    Operation(
        "POST",
        "/{resource}/bulk_delete/preview",
        Scope.DELETE,
        bulk.bulk_preview,
        "Say what a bulk delete would do",
        body=schemas.Preview,
        answers=(200, 404, 409, 413, 415),
    ),
    Operation(
        "GET",
        "/{resource}",
        Scope.READ,
        items.list_items,
        "A page of items",
        query=schemas.ListQuery,
        answers=(200, 404),
    ),
    Operation(
        "POST",
        "/{resource}",
        Scope.WRITE,
        items.create_item,
        "Create an item",
        answers=(200, 201, 403, 404, 409, 410, 415),
    ),
    Operation("DELETE", "/{resource}", Scope.DELETE, items.refuse_collection, "Never", answers=(404, 405)),
    Operation("DELETE", "/{resource}/", Scope.DELETE, items.refuse_collection, "Never", answers=(404, 405)),
    Operation("GET", "/{resource}/", Scope.READ, items.list_items, "A page of items", query=schemas.ListQuery),
    Operation("POST", "/{resource}/", Scope.WRITE, items.create_item, "Create an item"),
    Operation(
        "DELETE",
        _ITEM,
        Scope.DELETE,
        items.delete_item,
        "Delete an item",
        query=schemas.DeleteQuery,
        answers=(200, 204, 404, 409, 410, 412, 428, 429),
        spends=True,
    ),
    Operation("GET", _ITEM, Scope.READ, items.get_item, "Read an item", answers=(200, 304, 404, 410)),
    Operation(
        "PATCH", _ITEM, Scope.WRITE, items.patch_item, "Change an item", answers=(200, 404, 409, 410, 412, 415, 428)
    ),
    Operation(
        "POST", f"{_ITEM}/restore", Scope.RESTORE, items.restore_item, "Restore an item", answers=(200, 404, 409, 410)
    ),
    Operation(
        "PUT",
        f"{_ITEM}/hold",
        Scope.HOLD,
        holds.put_hold,
        "Hold an item",
        body=schemas.HoldBody,
        answers=(200, 404, 415),
    ),
    Operation("DELETE", f"{_ITEM}/hold", Scope.HOLD, holds.delete_hold, "Lift a hold", answers=(204, 404)),
    Operation("GET", f"{_ITEM}/hold", Scope.HOLD, holds.get_hold, "The hold of an item", answers=(200, 404)),
)


_BY_LENGTH: Mapping[int, Sequence[Operation]] = {
    length: [operation for operation in OPERATIONS if len(operation.segments) == length]
    for length in {len(operation.segments) for operation in OPERATIONS}
}


def segments_of(raw_path: bytes) -> tuple[str, ...]:
    """The segments of a path as it was sent, each decoded; bytes that are no UTF-8 become lone surrogates."""
    return tuple(unquote_to_bytes(part).decode(errors="surrogateescape") for part in raw_path.split(b"/")[1:])


def _parameters(operation: Operation, segments: Sequence[str]) -> dict[str, str] | None:
    pattern = operation.segments
    if len(pattern) != len(segments):
        return None
    found = dict(operation.fixed)
    for expected, given in zip(pattern, segments, strict=True):
        if expected.startswith("{"):
            if given == "" or (expected == "{resource}" and given in OWN_PATHS):
                return None
            found[expected[1:-1]] = given
        elif expected != given:
            return None
    return found


def find(method: str, segments: Sequence[str]) -> tuple[Operation, dict[str, str]] | frozenset[str]:
    """The operation of a request with its parameters, or the methods that the path allows (none: no such path)."""
    allowed: dict[str, set[str]] = {}
    for operation in _BY_LENGTH.get(len(segments), ()):
        parameters = _parameters(operation, segments)
        if parameters is not None:
            if operation.method == method:
                return operation, parameters
            allowed.setdefault(operation.path, set()).add(operation.method)
    methods = allowed[min(allowed, key=lambda path: path.count("{"))] if allowed else set[str]()
    return frozenset(methods | {"HEAD"} if "GET" in methods else methods)

"""What both clients share: from a call's arguments to its flow and its telemetry. No I/O."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar, Unpack

from sexton.client._address import Address, Filters, Segment, address_of
from sexton.client._calls import call_flow, get_flow, job_flow
from sexton.client._flow import DeleteFlow, DeletePlan, Verify
from sexton.client._guard import check_production
from sexton.client._request import LARGE_BODY, Request, delete_request, headers_of, key_of, quoted
from sexton.client._response import Answer
from sexton.client._retry import Timeout, TimeoutLike, timeout_of
from sexton.client._settings import ClientOptions, Settings, settings_of
from sexton.client._telemetry import Operation
from sexton.client._wire import Context, Echo, Flow, Wire
from sexton.client.errors import UnsafeAddress
from sexton.client.outcome import Attempt, Outcome
from sexton.client.result import DeleteResult
from sexton.client.server import JobStatus

T = TypeVar("T")
VerifyLike = bool | Literal["always"] | Verify
CLIENTS_OWN = Timeout()
"""The default of every `timeout=`: what the client was made with."""

_VERIFY: dict[Any, Verify] = {
    True: Verify.DOUBTFUL,
    False: Verify.NEVER,
    **{word.value: word for word in Verify},
}


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One logical call: its telemetry, its flow once an observer is known, and what is made of its end."""

    operation: Operation
    begin: Callable[[Callable[[Attempt], None]], Flow[Any]]
    finish: Callable[[Any, Operation], T]


class Core:
    """The checks and flows of one client. Use `Client` or `AsyncClient`."""

    def __init__(self, base_url: str, **options: Unpack[ClientOptions]) -> None:
        self._settings: Settings = settings_of(base_url, **options)
        self._context = Context(self._settings.retry, self._settings.tools, Echo())

    def __repr__(self) -> str:
        base = self._settings.base
        return f"<{type(self).__name__} {base.origin}{base.path}>"

    def _timeout(self, timeout: TimeoutLike) -> Timeout:
        own = self._settings.timeout
        return own if timeout is CLIENTS_OWN else timeout_of(timeout, own)

    def _call(
        self,
        request: Request,
        address: Address,
        timeout: TimeoutLike,
        flow: Callable[[Wire], Flow[Any]],
        finish: Callable[[Any, Operation], T] = lambda found, _: found,
    ) -> Call[T]:
        chosen = self._timeout(timeout)
        operation = Operation(request.method, address, self._settings.base, request.correlation_id)
        return Call(operation, lambda observe: flow(Wire(self._context, chosen, observe)), finish)

    def _delete_call(
        self, kind: type[DeleteFlow], segments: Sequence[Segment], timeout: TimeoutLike, **asked: Any
    ) -> Call[DeleteResult]:
        plan = self._plan(segments, **asked)
        return self._call(plan.request, plan.address, timeout, lambda wire: kind(plan, wire).run(), self._finish)

    def _plan(  # noqa: PLR0913 — the options of `delete`
        self,
        segments: Sequence[Segment],
        *,
        headers: Mapping[str, str] | None,
        verify: VerifyLike,
        idempotent: bool,
        idempotency_key: str | None,
        if_match: str | None = None,
        allow_collection: bool = False,
        filters: Filters | None = None,
    ) -> DeletePlan:
        """Everything that can be refused is refused here, before a connection is opened."""
        address = address_of(self._settings.base, segments, filters=filters)
        if address.collection and not allow_collection:
            raise UnsafeAddress(_collection_lesson(address))
        if not isinstance(verify, bool | str) or verify not in _VERIFY:
            raise UnsafeAddress('verify= is True (after a doubtful try), False (never) or "always".')
        if self._settings.production:
            check_production(self._settings.base)
        key = key_of(idempotency_key)
        request = delete_request(address, headers_of(self._settings.agent, headers), key=key, if_match=if_match)
        return DeletePlan(address, self._settings.base, request, key, if_match, idempotent, _VERIFY[verify])

    def _finish(self, result: DeleteResult, operation: Operation) -> DeleteResult:
        operation.end(result)
        if self._settings.raise_errors and result.outcome is not Outcome.NOT_FOUND:
            result.raise_for_outcome()
        return result

    def _get_call(
        self,
        segments: Sequence[Segment],
        filters: Filters | None,
        headers: Mapping[str, str] | None,
        timeout: TimeoutLike,
    ) -> Call[Answer]:
        address = address_of(self._settings.base, segments, filters=filters)
        request = Request("GET", address.url, headers_of(self._settings.agent, headers), body_limit=LARGE_BODY)
        return self._call(request, address, timeout, lambda wire: get_flow(wire, request))

    def _post_call(
        self,
        segments: Sequence[Segment],
        body: Mapping[str, Any] | None,
        read: Callable[[Answer], T],
        *,
        timeout: TimeoutLike,
        key: str | None = None,
        deletes: bool = False,
    ) -> Call[T]:
        if deletes and self._settings.production:
            check_production(self._settings.base)
        address = address_of(self._settings.base, segments)
        request = self._post(address, body, key)
        return self._call(
            request, address, timeout, lambda wire: call_flow(wire, request), lambda answer, _: read(answer)
        )

    def _post(self, address: Address, body: Mapping[str, Any] | None, key: str | None) -> Request:
        headers = headers_of(self._settings.agent) | {"Idempotency-Key": quoted(key_of(key))}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body, allow_nan=False).encode()
        return Request("POST", address.url, headers, content, LARGE_BODY)

    def _job_call(self, job_id: str, within: float | None, timeout: TimeoutLike) -> Call[JobStatus]:
        """Look once (`within` None: as long as one look takes), or until the job ends, `within` seconds at most."""
        chosen = self._timeout(timeout)
        address = address_of(self._settings.base, ("bulk_jobs", job_id))
        request = Request("GET", address.url, headers_of(self._settings.agent), body_limit=LARGE_BODY)
        if within is None:
            return self._call(request, address, chosen, lambda wire: job_flow(wire, request, once=True))
        return self._call(request, address, replace(chosen, total=within), lambda wire: job_flow(wire, request))


def _collection_lesson(address: Address) -> str:
    return (
        f"DELETE {address.path} names a whole collection (an odd number of segments, or a filter), and everything in it "
        "would go. Nothing was sent. Add the item's id as a last segment; where the collection, or a single thing with "
        "such a path, is really meant, pass allow_collection=True."
    )

"""Spans by OpenTelemetry's API, and W3C trace context (traceparent, tracestate; never baggage).

Without an SDK nothing is recorded, and a context that came with a request still goes on to its job and its webhooks.
No ids of items, bodies, headers, paths or queries are ever attributes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from http import HTTPStatus
from typing import Any

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from sexton.version import __version__

_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_OWN = contexts.create_key("sexton.span")
_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("sexton", __version__)

Known = Mapping[str, Any]
"""Attributes of Sexton's own, without their `sexton.`; those that are None are left out."""


def method_of(method: str) -> str:
    """A method as an attribute: anybody can send any word."""
    return method if method in _METHODS else "_OTHER"


# -- the context that goes from hand to hand -----------------------------------------------------------------------


def carrier() -> dict[str, str]:
    """The current trace context as headers (W3C Trace Context, level 1); empty where there is none."""
    told: dict[str, str] = {}
    _propagator.inject(told)
    return told


def continued(told: Mapping[str, Any] | None) -> Context:
    """A context that goes on where these headers were written; one without a trace where they name none."""
    known = (
        {name: told[name] for name in ("traceparent", "tracestate") if isinstance(told.get(name), str)} if told else {}
    )
    return _propagator.extract(known, Context())


def trace_id() -> dict[str, str]:
    """`trace_id` of the current trace, for a log line; empty where there is none."""
    found = trace.get_current_span().get_span_context()
    return {"trace_id": trace.format_trace_id(found.trace_id)} if found.is_valid else {}


# -- spans -----------------------------------------------------------------------------------------------------------


def serving(
    method: str, headers: Mapping[str, Sequence[str]], correlation_id: str
) -> AbstractContextManager[Span, None]:
    """The span of one request: the server's own, or a part of the one that the host has begun."""
    kind, parent = SpanKind.INTERNAL, None
    if trace.get_current_span() is trace.INVALID_SPAN:
        kind, parent = SpanKind.SERVER, _sent(headers)
    known = {"http.request.method": method_of(method), "sexton.correlation_id": correlation_id}
    return _Spanned(method_of(method), kind, known, parent)


def _sent(headers: Mapping[str, Sequence[str]]) -> Context | None:
    if "traceparent" not in headers:
        return None
    # several of the first are none: joined, they cannot be read; several of the second are one list (Trace Context, 3)
    return continued({name: ",".join(headers.get(name, ())) for name in ("traceparent", "tracestate")})


def answered(span: Span, method: str, route: str, status: int, known: Known) -> None:
    """Say how a request ended; `route` is empty where nothing matched."""
    if not span.is_recording():
        return
    if route:
        span.update_name(f"{method_of(method)} {route}")
        span.set_attribute("http.route", route)
    span.set_attribute("http.response.status_code", status)
    span.set_attributes(_named(known))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        failed(span, str(status))


def chunk(action: str, told: Mapping[str, Any] | None, known: Known) -> AbstractContextManager[Span, None]:
    """The span of one chunk: a trace of its own, for a job has thousands, linked to the request that made the job."""
    asked = trace.get_current_span(continued(told)).get_span_context()
    links = [Link(asked)] if asked.is_valid else []
    return _Spanned(f"chunk {action}", SpanKind.CONSUMER, _named(known), Context(), links)


@contextmanager
def delivery(told: Mapping[str, Any] | None, known: Known) -> Iterator[dict[str, str]]:
    """The span of one POST to a receiver, in the trace of the request that made the job; the headers to send."""
    with _Spanned("POST webhook", SpanKind.CLIENT, {"http.request.method": "POST", **_named(known)}, continued(told)):
        yield carrier()


def received(status: int | None) -> None:
    """Say what a receiver answered, on the span that is open; None where it did not."""
    span = own()
    if status is not None:
        span.set_attribute("http.response.status_code", status)
    if status is None or status >= HTTPStatus.BAD_REQUEST:
        failed(span, "no_answer" if status is None else str(status))


def failed(span: Span, kind: str) -> None:
    """Mark a span as failed; `kind` is a status or the name of an exception, never its text."""
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)


def _named(known: Known) -> dict[str, Any]:
    return {f"sexton.{name}": value for name, value in known.items() if value is not None}


def own() -> Span:
    """The span of Sexton's that is open; one that takes nothing where there is none."""
    found = contexts.get_value(_OWN)
    return found if isinstance(found, Span) else trace.INVALID_SPAN


class _Spanned:
    """A span for as long as a block lasts; costs next to nothing where there is no SDK and no trace to go on with."""

    __slots__ = ("_held", "_start", "span")

    def __init__(
        self, name: str, kind: SpanKind, known: Mapping[str, Any], parent: Context | None, links: Sequence[Link] = ()
    ) -> None:
        self._start = (name, parent, kind, known, links)
        self._held: Any = None

    def __enter__(self) -> Span:
        self.span = span = _tracer.start_span(*self._start)
        if span is not trace.INVALID_SPAN:
            self._held = contexts.attach(contexts.set_value(_OWN, span, trace.set_span_in_context(span)))
        return span

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._held is None:
            return
        if kind is not None:
            failed(self.span, kind.__name__)
        contexts.detach(self._held)
        self.span.end()

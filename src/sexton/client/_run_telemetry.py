"""The telemetry of a bulk run: a span of its own, and for each delete one span linked to it, one duration, one log line.

A delete's span is written when the delete has ended, with its attempts as events at the times they took. Where there is
no SDK, and nobody listens to the log, a delete costs two calls that do nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, NamedTuple, Self

from sexton.client._address import Base
from sexton.client._carrier import PlainDelete
from sexton.client._telemetry import hears_info, instruments, logger, told_of, tracer
from sexton.client.outcome import Attempt, Finding, Outcome
from sexton.client.result import DeleteResult

_NANOSECONDS = 1e9


class _Ended(NamedTuple):
    """One delete that has ended; `seconds` are those of its attempts and of the waits between them."""

    item_id: str
    correlation_id: str
    outcome: Outcome
    status: int | None
    verified: bool
    attempts: tuple[Attempt, ...]

    @property
    def seconds(self) -> float:
        return sum(attempt.waited + attempt.latency for attempt in self.attempts)

    @property
    def resends(self) -> int:
        return max(0, sum(attempt.method == "DELETE" for attempt in self.attempts) - 1)


class RunTelemetry:
    """A context manager for as long as a run lasts; told of each delete's end."""

    def __init__(self, mode: str, resource: str, base: Base, run_id: str, plan: str) -> None:
        self._name = mode
        self._resource = resource
        self._where = {"server.address": base.host, "server.port": base.port}
        self._run = {"sexton.run_id": run_id, "sexton.resource": resource}
        self._about = {"sexton.mode": mode, "sexton.plan": plan}
        self._points = {outcome: {"sexton.outcome": outcome.value, "server.address": base.host} for outcome in Outcome}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        from opentelemetry import context, trace  # noqa: PLC0415 — imported at the first call

        self._tracer, (self._durations, self._deletes) = tracer(), instruments()
        attributes = {**self._where, **self._run, **self._about}
        self._span = self._tracer.start_span(f"sexton {self._name}", attributes=attributes)
        self._traced = self._span.get_span_context().is_valid
        self._links = [trace.Link(self._span.get_span_context())]
        self._log = logger().bind(resource=self._resource, run_id=self._run["sexton.run_id"])
        self._logged = hears_info(self._log)
        # Instrumented HTTP libraries would add spans that hold the whole URL, query included.
        quiet = context.attach(context.set_value(context._SUPPRESS_HTTP_INSTRUMENTATION_KEY, value=True))  # noqa: SLF001
        self._stack.callback(context.detach, quiet)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            _fail(self._span, kind.__name__)
        self._span.end()
        self._stack.close()

    def ended(self, outcomes: Mapping[str, int], cause: str | None) -> None:
        """What became of the run: its results by outcome, and why it stopped, if it did."""
        told = {f"sexton.{outcome}": count for outcome, count in outcomes.items()}
        self._span.set_attributes(told)
        if cause is not None:
            _fail(self._span, cause)
        self._log.info("client.run", mode=self._name, stopped=cause, **outcomes)

    def plain(self, item_id: str, result: PlainDelete) -> None:
        """One delete of which a single request was plainly answered: what almost every one is."""
        point = self._points[Outcome.DELETED]
        self._durations.record(result.latency, point)
        self._deletes.add(1, point)
        if self._traced or self._logged:
            attempt = Attempt(1, "DELETE", result.status, None, result.latency, Finding.DONE)
            self._tell(
                _Ended(
                    item_id, result.correlation_id, Outcome.DELETED, result.status, verified=False, attempts=(attempt,)
                )
            )

    def settled(self, item_id: str, result: DeleteResult) -> None:
        """Any other delete."""
        ended = _Ended(item_id, result.correlation_id, result.outcome, result.status, result.verified, result.attempts)
        self._durations.record(ended.seconds, self._points[result.outcome])
        self._deletes.add(1, self._points[result.outcome])
        if self._traced or self._logged or not result.succeeded:
            self._tell(ended)

    def counted(self, item_id: str, outcome: Outcome) -> None:
        """One delete that a bulk job of a Sexton server did: nobody here knows its attempts."""
        self._deletes.add(1, self._points[outcome])
        if self._logged or not outcome.succeeded:
            log = self._log.info if outcome.succeeded else self._log.warning
            log("client.delete", id=item_id, outcome=outcome.value)

    def _tell(self, ended: _Ended) -> None:
        if self._traced:
            self._trace(ended)
        if not self._logged and ended.outcome.succeeded:
            return
        log = self._log.bind(id=ended.item_id, correlation_id=ended.correlation_id)
        for attempt in ended.attempts:
            log.debug("client.attempt", **told_of(attempt))
        (log.info if ended.outcome.succeeded else log.warning)(
            "client.delete",
            outcome=ended.outcome.value,
            status=ended.status,
            attempts=len(ended.attempts),
            latency=round(ended.seconds, 6),
        )

    def _trace(self, ended: _Ended) -> None:
        from opentelemetry import context, trace  # noqa: PLC0415 — imported at the first call

        end = time.time_ns()
        moment = begin = end - int(_NANOSECONDS * ended.seconds)
        span = self._tracer.start_span(
            f"DELETE {self._resource}/{{id}}",
            context=context.Context(),
            kind=trace.SpanKind.CLIENT,
            attributes={**self._where, **self._run, **_attributes_of(ended, self._resource)},
            links=self._links,
            start_time=begin,
        )
        for attempt in ended.attempts:
            moment += int(_NANOSECONDS * (attempt.waited + attempt.latency))
            span.add_event("attempt", told_of(attempt), moment)
        if not ended.outcome.succeeded:
            _fail(span, ended.outcome.value)
        span.end(end)


def _attributes_of(ended: _Ended, resource: str) -> dict[str, Any]:
    told = {
        "http.request.method": "DELETE",
        "url.template": f"{resource}/{{id}}",
        "sexton.id": ended.item_id,
        "sexton.correlation_id": ended.correlation_id,
        "sexton.outcome": ended.outcome.value,
        "sexton.verified": ended.verified,
        "http.request.resend_count": ended.resends,
        "http.response.status_code": ended.status,
    }
    return {name: value for name, value in told.items() if value is not None}


def _fail(span: Any, kind: str) -> None:
    from opentelemetry.trace import StatusCode  # noqa: PLC0415 — imported at the first call

    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR, kind)

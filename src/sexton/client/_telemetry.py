"""One span, one duration, one outcome per logical call; attempts are events. Never bodies, headers or queries.

OpenTelemetry's API does nothing without an SDK; it and structlog are imported at the first call, to keep the import of
this package light.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from types import TracebackType
from typing import Any, Self

from sexton.client._address import Address, Base
from sexton.client.outcome import Attempt
from sexton.client.result import DeleteError, DeleteResult
from sexton.version import __version__

NAME = "sexton.client"
_NOBODY = logging.NullHandler()


@cache
def tracer() -> Any:
    from opentelemetry import trace  # noqa: PLC0415 — imported at the first call

    return trace.get_tracer(NAME, __version__)


@cache
def instruments() -> tuple[Any, Any]:
    from opentelemetry import metrics  # noqa: PLC0415 — imported at the first call

    meter = metrics.get_meter(NAME, __version__)
    duration = meter.create_histogram("sexton.client.delete.duration", "s", "Seconds of one logical delete")
    return duration, meter.create_counter("sexton.client.deletes", "{delete}", "Logical deletes by outcome")


def logger() -> Any:
    """Structlog as the host configured it; else the standard logging, for structlog's default prints to stdout."""
    import structlog  # noqa: PLC0415 — imported at the first call

    from sexton.telemetry.logs import plain_logger  # noqa: PLC0415 — the same

    if structlog.is_configured():
        return structlog.get_logger(NAME)
    logging.getLogger(NAME).addHandler(_NOBODY)  # without any handler, logging prints warnings to stderr
    return plain_logger(NAME)


def hears_info(log: Any) -> bool:
    """Whether anybody can hear this logger's INFO; a host's processors may, whatever the standard library's level is."""
    import structlog  # noqa: PLC0415 — imported at the first call

    if not structlog.is_configured():
        return logging.getLogger(NAME).isEnabledFor(logging.INFO)
    filtering = hasattr(log, "is_enabled_for") and not isinstance(log, structlog.stdlib.BoundLogger)
    return not filtering or bool(log.is_enabled_for(logging.INFO))


class Operation:
    """The telemetry of one logical call: a context manager that is told of attempts and of the end."""

    def __init__(self, method: str, address: Address, base: Base, correlation_id: str) -> None:
        self._method = method
        self._known = {"resource": address.label, "id": address.item, "correlation_id": correlation_id}
        self._attributes = {
            "http.request.method": method,
            "server.address": base.host,
            "server.port": base.port,
            "url.template": f"{address.label}/{{id}}",
            **{f"sexton.{name}": value for name, value in self._known.items()},
        }
        self._stack = ExitStack()
        self._result: DeleteResult | None = None

    def __enter__(self) -> Self:
        from opentelemetry import context, trace  # noqa: PLC0415 — imported at the first call

        self._log = logger().bind(**self._known)
        self._began = time.monotonic()
        self._span = self._stack.enter_context(
            tracer().start_as_current_span(
                f"{self._method} {self._attributes['url.template']}",
                kind=trace.SpanKind.CLIENT,
                attributes=self._attributes,
                record_exception=False,
                set_status_on_exception=False,
            )
        )
        # Instrumented HTTP libraries would add spans that hold the whole URL, query included.
        quiet = context.attach(context.set_value(context._SUPPRESS_HTTP_INSTRUMENTATION_KEY, value=True))  # noqa: SLF001
        self._stack.callback(context.detach, quiet)
        return self

    def attempt(self, attempt: Attempt) -> None:
        """Note one attempt."""
        told = told_of(attempt)
        self._span.add_event("attempt", told)
        self._log.debug("client.attempt", **told)

    def end(self, result: DeleteResult) -> None:
        """Note what became of a delete."""
        self._result = result

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, DeleteError):
            self._result = error.result
        if self._result is not None:
            self._tell(self._result)
        elif kind is not None:
            self._fail(kind.__name__)
        self._stack.close()

    def _tell(self, result: DeleteResult) -> None:
        seconds = time.monotonic() - self._began
        self._span.set_attribute("sexton.outcome", result.outcome.value)
        self._span.set_attribute("sexton.verified", result.verified)
        self._span.set_attribute("http.request.resend_count", max(result.sent - 1, 0))
        if result.status is not None:
            self._span.set_attribute("http.response.status_code", result.status)
        if not result.succeeded:
            self._fail(result.outcome.value)
        duration, deletes = instruments()
        told = {"sexton.outcome": result.outcome.value, "server.address": self._attributes["server.address"]}
        duration.record(seconds, told)
        deletes.add(1, told)
        log = self._log.info if result.succeeded else self._log.warning
        log(
            "client.delete",
            outcome=result.outcome.value,
            status=result.status,
            attempts=len(result.attempts),
            latency=round(seconds, 6),
        )

    def _fail(self, kind: str) -> None:
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 — imported at the first call

        self._span.set_attribute("error.type", kind)
        self._span.set_status(StatusCode.ERROR, kind)


def told_of(attempt: Attempt) -> Mapping[str, Any]:
    told = {
        "number": attempt.number,
        "method": attempt.method,
        "status": attempt.status,
        "error": attempt.error,
        "latency": round(attempt.latency, 6),
        "waited": round(attempt.waited, 6),
        "finding": attempt.finding.value,
        "resent": attempt.resent,
    }
    return {name: value for name, value in told.items() if value is not None}

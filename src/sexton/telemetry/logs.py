"""Events to structlog where the host has configured it, else to the standard `logging`: structlog's default prints."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from functools import cache
from typing import Any

import structlog

from sexton.telemetry import traces

_write = structlog.processors.KeyValueRenderer(key_order=["event"])


class Logger:
    """A logger by name that looks at each event where it goes, and adds `trace_id` where there is a trace."""

    def __init__(self, name: str) -> None:
        """Nothing is opened or configured yet."""
        self._name = name
        self._configured = structlog.get_logger(name)

    def _to(self) -> Any:
        return self._configured if structlog.is_configured() else plain_logger(self._name)

    def debug(self, event: str, **known: Any) -> None:
        """What only a developer asks for."""
        self._to().debug(event, **traces.trace_id(), **known)

    def info(self, event: str, **known: Any) -> None:
        """What happened."""
        self._to().info(event, **traces.trace_id(), **known)

    def warning(self, event: str, **known: Any) -> None:
        """What was got over."""
        self._to().warning(event, **traces.trace_id(), **known)

    def error(self, event: str, **known: Any) -> None:
        """What went wrong."""
        self._to().error(event, **traces.trace_id(), **known)

    def exception(self, event: str, **known: Any) -> None:
        """What was not, with the traceback."""
        self._to().exception(event, **traces.trace_id(), **known)


@cache
def plain_logger(name: str) -> Any:
    """The standard library's logger of that name, whose messages are `event='…' key=value …`."""
    return structlog.wrap_logger(
        logging.getLogger(name),
        processors=[structlog.stdlib.filter_by_level, _render],
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _render(logger: Any, method: str, event: MutableMapping[str, Any]) -> tuple[tuple[str], dict[str, Any]]:
    exc_info = event.pop("exc_info", None)
    return (_write(logger, method, event),), {"exc_info": exc_info}

"""Logs of the stand-alone process: one JSON object a line on stderr."""

from __future__ import annotations

import logging
import os
import sys

import structlog


def configure_logging() -> None:
    """Send Sexton's events to stderr; `SEXTON_LOG_LEVEL` sets the least level (info)."""
    level = logging.getLevelNamesMapping().get(os.environ.get("SEXTON_LOG_LEVEL", "info").upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )

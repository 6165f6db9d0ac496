"""Every metric in one table: name, unit, meaning, labels. Prometheus' names are those OpenTelemetry translates to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an instrument does with a value: add it, put it into a bucket, or show it."""

    COUNTER = "counter"
    HISTOGRAM = "histogram"
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One metric. A unit in braces says what is counted (UCUM)."""

    kind: Kind
    name: str
    unit: str
    help: str
    labels: tuple[str, ...] = ()

    @property
    def prometheus(self) -> str:
        """Its name on a Prometheus page, without the `_total` of counters."""
        name = self.name.replace(".", "_")
        return f"{name}_seconds" if self.unit == "s" else name


Labels = tuple[str, ...]
Sample = tuple[Instrument, float, Labels]
"""An instrument, a value, and the values of its labels in their order."""
Source = Callable[[], Iterable[Sample]]

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Bounds of the histograms: those of OpenTelemetry's conventions for HTTP."""

ITEMS = Instrument(
    Kind.COUNTER,
    "sexton.items",
    "{item}",
    "Requested items by what became of them, once that is committed; dependents that went along are not counted.",
    ("sexton.action", "sexton.resource", "sexton.outcome"),
)
JOBS = Instrument(
    Kind.COUNTER,
    "sexton.jobs",
    "{job}",
    "Bulk deletes and undos that ended or halted, by state.",
    ("sexton.action", "sexton.state"),
)
WEBHOOK_TRIES = Instrument(
    Kind.COUNTER,
    "sexton.webhook.tries",
    "{try}",
    "Sends of webhooks: delivered, retry (will be tried again), dead (given up), fenced (another took over).",
    ("sexton.outcome",),
)
REQUEST_DURATION = Instrument(
    Kind.HISTOGRAM,
    "sexton.request.duration",
    "s",
    "Time from a request's headers to the end of its answer.",
    ("http.request.method", "http.route", "http.response.status_code"),
)
CHUNK_DURATION = Instrument(
    Kind.HISTOGRAM,
    "sexton.chunk.duration",
    "s",
    "Time of one chunk of a job, commit included.",
    ("sexton.action",),
)
DATABASE_UP = Instrument(
    Kind.GAUGE, "sexton.database.up", "", "1 where the database answered the other gauges' questions, else 0."
)
JOBS_OPEN = Instrument(
    Kind.GAUGE, "sexton.jobs.open", "{job}", "Jobs that have not ended, by state.", ("sexton.state",)
)
CHUNKS_OPEN = Instrument(
    Kind.GAUGE,
    "sexton.chunks.open",
    "{chunk}",
    "Chunks (up to 1,000 items each) that wait or run, of jobs that are due.",
)
CHUNKS_AGE = Instrument(
    Kind.GAUGE, "sexton.chunks.age", "s", "How long the oldest job that is due and has an open chunk has been due."
)
PURGE_LAG = Instrument(
    Kind.GAUGE, "sexton.purge.lag", "s", "How long the oldest item that no hold keeps is past its recovery window."
)
WEBHOOK_LAG = Instrument(
    Kind.GAUGE, "sexton.webhook.lag", "s", "How long the oldest undelivered message has been due for its next try."
)
WORKERS = Instrument(Kind.GAUGE, "sexton.workers", "{worker}", "Workers seen in the last minute.")

INSTRUMENTS = (
    ITEMS,
    JOBS,
    WEBHOOK_TRIES,
    REQUEST_DURATION,
    CHUNK_DURATION,
    DATABASE_UP,
    JOBS_OPEN,
    CHUNKS_OPEN,
    CHUNKS_AGE,
    PURGE_LAG,
    WEBHOOK_LAG,
    WORKERS,
)
GAUGES = tuple(one for one in INSTRUMENTS if one.kind is Kind.GAUGE)

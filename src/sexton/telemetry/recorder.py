"""Where everything that is measured is told, once: to OpenTelemetry, and to a Prometheus page where there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any, Protocol

from opentelemetry import metrics, trace
from opentelemetry.metrics import CallbackOptions, Meter, Observation

from sexton.telemetry import traces
from sexton.telemetry.instruments import GAUGES, INSTRUMENTS, ITEMS, SECONDS, Instrument, Kind, Labels, Sample, Source
from sexton.version import __version__

_FLUSH_MILLIS = 5_000
_watched: dict[Source, str] = {}


class Page(Protocol):
    """Something beside OpenTelemetry that is told the same."""

    source: Source | None

    def tell(self, instrument: Instrument, value: float, labels: Labels) -> None:
        """Add a value to a counter, or put it into a histogram."""


class Recorder:
    """Tells values to OpenTelemetry, and to `page`. One of each store; a library's outlives closing and opening."""

    def __init__(self, page: Page | None = None) -> None:
        """Nothing is opened."""
        self.page = page

    def tell(self, instrument: Instrument, value: float, *labels: str) -> None:
        """Count or measure something that has happened for good; labels in the instrument's order."""
        _opentelemetry()[instrument.name](value, dict(zip(instrument.labels, labels, strict=True)))
        if self.page is not None:
            self.page.tell(instrument, value, labels)

    def tell_all(self, samples: Sequence[Sample]) -> None:
        """Tell what a transaction has done; its items are summed up on the span that is open."""
        for instrument, value, labels in samples:
            self.tell(instrument, value, *labels)
        span = traces.own()
        if span.is_recording():
            span.set_attributes(_outcomes(samples))

    def watch(self, source: Source, name: str) -> None:
        """Show the gauges of a source, a database called `name`, from now on."""
        _opentelemetry()
        _watched[source] = name
        if self.page is not None:
            self.page.source = source

    def unwatch(self, source: Source) -> None:
        """Show them no more."""
        _watched.pop(source, None)
        if self.page is not None:
            self.page.source = None


def _outcomes(samples: Sequence[Sample]) -> dict[str, float]:
    told: Counter[str] = Counter()
    for instrument, value, labels in samples:
        if instrument is ITEMS:
            told[f"sexton.items.{labels[-1]}"] += int(value)
    return dict(told)


def flush() -> None:
    """Let an SDK send what it still holds: for a process of Sexton's own that a signal is about to end."""
    for provider in (trace.get_tracer_provider(), metrics.get_meter_provider()):
        force = getattr(provider, "force_flush", None)  # the SDK's; the API has none
        if force is not None:
            force(_FLUSH_MILLIS)


@cache
def _opentelemetry() -> dict[str, Callable[[float, dict[str, Any]], None]]:
    """What takes the values of each counter and histogram; made once, for instruments are the process's."""
    meter = metrics.get_meter("sexton", __version__)
    for gauge in GAUGES:
        callbacks = [partial(_observed, gauge)]
        meter.create_observable_gauge(gauge.name, callbacks, unit=gauge.unit, description=gauge.help)
    return {one.name: _taker(meter, one) for one in INSTRUMENTS if one not in GAUGES}


def _taker(meter: Meter, one: Instrument) -> Callable[[float, dict[str, Any]], None]:
    if one.kind is Kind.COUNTER:
        return meter.create_counter(one.name, one.unit, one.help).add
    return meter.create_histogram(one.name, one.unit, one.help, explicit_bucket_boundaries_advisory=SECONDS).record


def _observed(gauge: Instrument, _: CallbackOptions) -> Iterator[Observation]:
    for source, name in list(_watched.items()):
        for instrument, value, labels in source():
            if instrument is gauge:
                known = dict(zip(instrument.labels, labels, strict=True))
                yield Observation(value, {"db.namespace": name, **known})

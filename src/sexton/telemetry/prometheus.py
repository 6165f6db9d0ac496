"""The same numbers as a collector of `prometheus_client`, for a registry of the host's or of the server's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import Counter, Histogram
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sexton.telemetry.instruments import GAUGES, INSTRUMENTS, SECONDS, Instrument, Kind, Labels, Source

_Made = Counter | Histogram


class Page(Collector):
    """Counters of this process, and the gauges of `source`, the database. `registry.register(Page())` shows them."""

    def __init__(self) -> None:
        """All metrics at zero."""
        self.source: Source | None = None
        self._made: Mapping[str, _Made] = {one.name: _made(one) for one in INSTRUMENTS if one not in GAUGES}

    def tell(self, instrument: Instrument, value: float, labels: Labels) -> None:
        """Add a value to a counter, or put it into a histogram."""
        _TAKES[instrument.kind](self._made[instrument.name].labels(*labels), value)

    def collect(self) -> Iterator[Metric]:
        """What is so now; asks the database."""
        yield from self._own()
        yield from _gauges(self.source() if self.source is not None else ())

    def describe(self) -> Iterator[Metric]:
        """The names, for a registry that looks for doubles; asks nobody."""
        yield from self._own()
        yield from _gauges(())

    def _own(self) -> Iterator[Metric]:
        for family in (family for one in self._made.values() for family in one.collect()):
            family.samples = [one for one in family.samples if not one.name.endswith("_created")]
            yield family


_TAKES: Mapping[Kind, Callable[[Any, float], None]] = {
    Kind.COUNTER: lambda made, value: made.inc(value),
    Kind.HISTOGRAM: lambda made, value: made.observe(value),
}


def _names(one: Instrument) -> tuple[str, ...]:
    return tuple(label.replace(".", "_") for label in one.labels)


def _made(one: Instrument) -> _Made:
    if one.kind is Kind.COUNTER:
        return Counter(one.prometheus, one.help, _names(one), registry=None)
    return Histogram(one.prometheus, one.help, _names(one), buckets=SECONDS, registry=None)


def _gauges(samples: Iterable[Any]) -> Iterator[Metric]:
    families = {one: GaugeMetricFamily(one.prometheus, one.help, labels=_names(one)) for one in GAUGES}
    for instrument, value, labels in samples:
        families[instrument].add_metric(labels, value)
    yield from families.values()

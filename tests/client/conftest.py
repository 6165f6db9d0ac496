"""Both transports, and a server that is not nice to them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from hostile import TRANSPORTS, Hostile, hostile, make


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile() as running:
        yield running


@pytest.fixture
def other() -> Iterator[Hostile]:
    with hostile() as running:
        yield running


@pytest.fixture
def client_of(transport: str, server: Hostile) -> Iterator[Callable[..., Any]]:
    made = []

    def build(url: str | None = None, **options: Any) -> Any:
        made.append(make(transport, url or server.url, **options))
        return made[-1]

    yield build
    for client in made:
        client.close()


@pytest.fixture
def client(client_of: Callable[..., Any]) -> Any:
    return client_of()


@pytest.fixture
def quiet_client(client_of: Callable[..., Any]) -> Any:
    """One that returns every outcome."""
    return client_of(raise_errors=False)


@pytest.fixture(scope="session")
def _exporters() -> Any:
    """One SDK for the process: OpenTelemetry's providers are set once."""
    from opentelemetry import metrics, trace  # noqa: PLC0415
    from opentelemetry.sdk.metrics import MeterProvider  # noqa: PLC0415
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter  # noqa: PLC0415

    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    metrics.set_meter_provider(MeterProvider([reader]))
    return exporter, reader


@pytest.fixture
def spans(_exporters: Any) -> Any:
    _exporters[0].clear()
    return _exporters[0]


@pytest.fixture
def measures(_exporters: Any) -> Any:
    return _exporters[1]


@pytest.fixture
def loud() -> Iterator[None]:
    """Logs from debug on; the other tests hear warnings only."""
    import logging  # noqa: PLC0415

    import structlog  # noqa: PLC0415

    before = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    yield
    structlog.configure(wrapper_class=before)

"""Databases for tests: a fresh one for each, on SQLite and on every PostgreSQL there is."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from postgres import DATA, Server, binaries, postgres_server

MAJORS = {"pg18": 18, "pg15": 15}
DATABASES = ["sqlite", *MAJORS]
_SAKILA = ("sakila_pg_schema.sql", "sakila_pg_copy.sql")


# where nothing is said in SQL of our own: the older server is for `make matrix` and `make soak`
_NEWEST_ONLY = ("tests/library/", "tests/testing/", "tests/worker/test_many_dependents")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("SEXTON_SOAK") or os.environ.get("SEXTON_EVERY_DATABASE"):
        return
    left_out = [one for one in items if one.nodeid.startswith(_NEWEST_ONLY) and "pg15" in _parameters(one)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [one for one in items if one not in set(left_out)]


def _parameters(item: pytest.Item) -> list[object]:
    callspec = getattr(item, "callspec", None)
    return list(callspec.params.values()) if callspec else []


class Servers:
    """Starts each version once, when it is first asked for."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self._stack = stack
        self._running: dict[int, Server] = {}
        self._templates: dict[tuple[int, str], str] = {}

    def get(self, major: int) -> Server:
        if major not in self._running:
            if binaries(major) is None:
                pytest.skip(f"PostgreSQL {major} is not installed")
            self._running[major] = self._stack.enter_context(postgres_server(major))
        return self._running[major]

    def template(self, major: int, name: str, files: tuple[str, ...]) -> str:
        if (major, name) not in self._templates:
            server = self.get(major)
            database = server.create_database()
            server.load(database, *files)
            self._templates[major, name] = database
        return self._templates[major, name]


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with contextlib.ExitStack() as stack:
        yield Servers(stack)


def _data(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{path} is missing")
        pytest.skip(f"{path} is not here")
    return path


@contextlib.contextmanager
def fresh(
    kind: str, servers: Servers, folder: Path, files: tuple[str, ...] = (), source: str | None = None
) -> Iterator[str]:
    """A database of a kind, empty or with sample data in it; its URL."""
    if kind == "sqlite":
        path = folder / f"{source or 'empty'}.db"
        if source:
            shutil.copy(_data(f"{source}.db"), path)
            path.chmod(0o644)
        else:
            path.touch()
        yield f"sqlite:///{path}"
        return
    for file in files:
        _data(file)
    server = servers.get(MAJORS[kind])
    name = server.create_database(servers.template(MAJORS[kind], source or "", files) if files else None)
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Iterator[str]:
    with fresh(request.param, servers, tmp_path) as url:
        yield url


@pytest.fixture
def another_url(database_url: str, request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Iterator[str]:
    """A second empty database, of the kind of `database_url`."""
    folder = tmp_path / "another"
    folder.mkdir()
    with fresh(request.node.callspec.params["database_url"], servers, folder) as url:
        yield url


@pytest.fixture(params=DATABASES, scope="class")
def class_database_url(
    request: pytest.FixtureRequest, servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with fresh(request.param, servers, tmp_path_factory.mktemp("class")) as url:
        yield url


@pytest.fixture(params=DATABASES)
def chinook_url(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Iterator[str]:
    with fresh(request.param, servers, tmp_path, ("chinook_pg.sql",), "chinook") as url:
        yield url


@pytest.fixture(params=DATABASES)
def sakila_url(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Iterator[str]:
    with fresh(request.param, servers, tmp_path, _SAKILA, "sakila") as url:
        yield url


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """One line an event; structlog's pretty tracebacks take seconds each."""
    import logging  # noqa: PLC0415

    import structlog  # noqa: PLC0415

    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )


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

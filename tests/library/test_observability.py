"""A host's own telemetry stays the host's: its logging, its traces, its Prometheus page."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from functools import partial
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry.trace import SpanKind
from prometheus_client import CollectorRegistry, Counter, generate_latest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from host_models import Flag, Order
from hosting import Host, application, current_principal
from sexton import ConfigurationError, Principal, Refused
from test_verbs import async_urls

ACME = Principal("acme", "key_1")
QUIET = """
import logging, sys, warnings
root = logging.getLogger()
heard = []
class Ear(logging.Handler):
    def emit(self, record): heard.append(record)
root.addHandler(Ear())
root.setLevel(logging.DEBUG)
import structlog, urllib3, requests  # each has habits of its own at its import
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry import metrics, trace
from sqlalchemy import Column, Text, create_engine
from sqlalchemy.orm import DeclarativeBase
state = lambda: {name: (one.level, [*one.handlers], one.propagate, one.disabled)
  for name in ("root", "sexton", "sqlalchemy", "uvicorn", "fastapi", "urllib3") for one in [logging.getLogger(name)]}
before = state(), logging.getLoggerClass(), logging.getLogRecordFactory(), sys.excepthook, [*warnings.filters]
import sexton, sexton.client
class Base(DeclarativeBase): pass
class Note(Base):
    __tablename__ = "notes"
    id = Column(Text, primary_key=True)
engine = create_engine(f"sqlite:///{sys.argv[1]}")
Base.metadata.create_all(engine)
with engine.begin() as connection:
    connection.exec_driver_sql("INSERT INTO notes VALUES ('n1'), ('n2')")
mine = sexton.Sexton(engine, [sexton.Resource(Note)])
app = FastAPI(lifespan=mine.lifespan)
app.include_router(mine.router(principal=lambda: sexton.Principal("default", "k", frozenset({"read", "delete"}))), prefix="/api")
with TestClient(app) as client:
    assert client.delete("/api/notes/n1", headers={"X-Correlation-Id": "c-1"}).status_code == 204
    Note.__table__.drop(engine)
    assert client.get("/api/notes/n2").status_code == 500
assert before == (state(), logging.getLoggerClass(), logging.getLogRecordFactory(), sys.excepthook, [*warnings.filters])
assert not structlog.is_configured()
assert type(trace.get_tracer_provider()).__name__ == "ProxyTracerProvider"
assert "Proxy" in type(metrics.get_meter_provider()).__name__
assert "prometheus_client" not in sys.modules
told = [record.getMessage() for record in heard if record.name == "sexton.api"]
assert "event='request'" in told[0] and "correlation_id='c-1'" in told[0] and "status=204" in told[0], told
(fault,) = [record for record in heard if record.levelname == "ERROR"]
assert fault.exc_info and fault.exc_info[1], fault
"""


def test_the_hosts_logging_is_left_alone(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", QUIET, str(tmp_path / "notes.db")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == done.stderr == ""


def host_of(sexton: Any, engine: Any) -> Host:
    return Host(TestClient(application(sexton), follow_redirects=False), engine)


def test_the_numbers_are_on_the_hosts_own_page_while_sexton_is_open(make_sexton, engine):
    registry = CollectorRegistry(auto_describe=True)
    Counter("sales", "The host's own.", registry=registry)
    sexton = make_sexton(registry=registry, with_worker=False)
    assert b"sexton_" not in generate_latest(registry)
    host = host_of(sexton, engine)
    with host.client:
        assert host("DELETE", "/flags/f4").status_code == 409
        assert sexton.sync.delete(Flag, "f1", principal=ACME, cascade=True).outcome == "deleted"
        page = generate_latest(registry).decode()
    counted = 'sexton_items_total{sexton_action="delete",sexton_outcome="%s",sexton_resource="flags"} 1.0'
    assert counted % "failed" in page
    assert counted % "deleted" in page
    assert "sexton_database_up 1.0" in page
    assert "sales_total 0.0" in page
    assert b"sexton_" not in generate_latest(registry)
    sexton.open()
    assert counted % "deleted" in generate_latest(registry).decode()


def test_one_registry_shows_one_sexton(make_sexton):
    registry = CollectorRegistry(auto_describe=True)
    make_sexton(registry=registry).open()
    with pytest.raises(ConfigurationError, match="a registry of its own"):
        make_sexton(registry=registry).open()


def test_a_request_is_a_part_of_the_hosts_span(sexton, engine, spans):
    host = host_of(sexton, engine)
    with host.client:
        assert host("DELETE", "/flags/f1?cascade=true").status_code == 204
    found = spans.get_finished_spans()
    (server,) = [span for span in found if span.kind is SpanKind.SERVER]
    (own,) = [span for span in found if span.instrumentation_scope.name == "sexton"]
    assert (own.kind, own.context.trace_id) == (SpanKind.INTERNAL, server.context.trace_id)
    assert own.attributes["http.route"] == "/{resource}/{id}"
    assert own.attributes["sexton.items.deleted"] == 1
    assert not [name for name in server.attributes if name.startswith("sexton.")]


def test_a_verb_leaves_the_hosts_span_as_it_is(sexton, spans):
    from opentelemetry import trace  # noqa: PLC0415

    with trace.get_tracer("host").start_as_current_span("nightly") as nightly:
        assert sexton.sync.delete(Flag, "f1", principal=ACME, cascade=True).outcome == "deleted"
    assert dict(nightly.attributes) == {}


@pytest.fixture
def counted(make_sexton):
    """A Sexton, and how many orders were deleted as its page has it."""
    registry = CollectorRegistry()
    sexton = make_sexton(registry=registry)
    sexton.open()
    labels = {"sexton_action": "delete", "sexton_outcome": "deleted", "sexton_resource": "orders"}
    return sexton, lambda: registry.get_sample_value("sexton_items_total", labels) or 0


def test_a_verb_in_the_hosts_transaction_is_counted_when_the_host_commits(counted, engine):
    sexton, seen = counted
    with engine.connect() as connection:
        for number, end, total in ((1, "rollback", 0), (1, "commit", 1), (2, "commit", 2)):
            before = seen()
            assert sexton.sync.delete(Order, number, principal=ACME, connection=connection).outcome == "deleted"
            assert seen() == before
            getattr(connection, end)()
            assert seen() == total
        connection.commit()
    assert seen() == 2, "once"


def test_a_savepoint_of_the_hosts_takes_back_what_it_took_back(counted, engine):
    sexton, seen = counted
    with Session(engine) as session:
        delete = partial(sexton.sync.delete, Order, principal=ACME, connection=session)
        around = session.begin_nested()
        assert delete(1).outcome == "deleted"
        around.rollback()
        assert delete(1).outcome == "deleted"
        later = session.begin_nested()
        assert delete(2).outcome == "deleted"
        later.rollback()
        with pytest.raises(Refused):
            sexton.sync.bulk_delete(Order, [2], principal=ACME, connection=session, expected_count=9)
        session.commit()
    assert seen() == 1


def test_an_asynchronous_host_is_counted_too(counted, database_url):
    sexton, seen = counted

    async def delete() -> None:
        theirs = create_async_engine(async_urls(database_url)[0])
        if theirs.dialect.name == "sqlite":
            event.listen(theirs.sync_engine, "connect", lambda c, _: c.cursor().execute("PRAGMA foreign_keys=ON"))
        async with AsyncSession(theirs) as session:
            for end in (session.rollback, session.commit):
                await sexton.delete(Order, 1, principal=ACME, connection=session)
                assert seen() == 0
                await end()
        await theirs.dispose()

    asyncio.run(delete())
    assert seen() == 1


def test_a_fault_is_logged_without_the_values_of_its_statement(sexton, engine, caplog, capsys):
    host = host_of(sexton, engine)
    with host.client:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE orders RENAME TO others"))
        assert host("POST", "/orders", json={"id": 77123, "total": "881.23"}).status_code == 500
    logged = caplog.text + capsys.readouterr().out
    assert "INSERT INTO" in logged or "SELECT" in logged
    assert not [value for value in ("77123", "881.23") if value in logged]


def test_a_host_shows_them_beside_its_own_routes(make_sexton, engine):
    from prometheus_client import make_asgi_app  # noqa: PLC0415

    registry = CollectorRegistry()
    sexton = make_sexton(registry=registry)
    app = FastAPI(lifespan=sexton.lifespan)
    app.include_router(sexton.router(principal=current_principal), prefix="/api/v1")
    app.mount("/metrics", make_asgi_app(registry=registry))
    with TestClient(app) as client:
        assert "sexton_workers" in client.get("/metrics").text

"""docs/how-to/observability.md: every name, unit, label and sentence of its tables, its configuration, its code."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Column, Text, create_engine
from sqlalchemy.orm import DeclarativeBase

from sexton import Principal, Resource, Sexton
from sexton.model import Scope
from sexton.server.configuration import MetricsSettings, load
from sexton.telemetry.instruments import INSTRUMENTS, Kind

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/how-to/observability.md").read_text()
SUFFIXES = {Kind.COUNTER: ("_total",), Kind.HISTOGRAM: ("_bucket", "_sum", "_count"), Kind.GAUGE: ("",)}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def rows(head: str) -> list[list[str]]:
    table = TEXT[TEXT.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_table_is_the_instruments():
    told = [
        (name.strip("`"), unit.strip("`"), labels.replace("`", ""), help_)
        for name, unit, labels, help_ in rows("metric")
    ]
    assert told == [(one.name, one.unit, ", ".join(one.labels), one.help) for one in INSTRUMENTS]
    assert [one.kind is Kind.GAUGE for one in INSTRUMENTS] == [False] * 5 + [True] * 7


def test_every_name_of_prometheus_that_is_written_exists():
    known = {one.prometheus + suffix for one in INSTRUMENTS for suffix in SUFFIXES[one.kind]}
    labels = {label.replace(".", "_") for one in INSTRUMENTS for label in one.labels}
    alerts = blocks("yaml")[1]
    named = set(re.findall(r"\b(?:sexton|http)_[a-z_]+\b", TEXT))
    assert named <= known | labels
    assert len(re.findall(r"expr: .*sexton_", alerts)) == len(re.findall(r"alert: ", alerts)) == 9


def test_the_configuration_loads(tmp_path):
    (script,) = blocks("toml")
    (tmp_path / "sexton.toml").write_text(script)
    told = load(tmp_path / "sexton.toml").metrics
    assert (told.enabled, told.worker_port, told.worker_host, told.token) == (True, 9464, "0.0.0.0", None)
    plain = MetricsSettings()
    assert (plain.enabled, plain.worker_port, plain.worker_host) == (False, None, "127.0.0.1")


class Base(DeclarativeBase):
    pass


class Flag(Base):
    __tablename__ = "flags"
    id = Column(Text, primary_key=True)
    account_id = Column(Text)


def test_its_code_runs(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'flags.db'}")
    Base.metadata.create_all(engine)
    names: dict[str, Any] = {"FastAPI": FastAPI, "Sexton": Sexton, "Resource": Resource, "Flag": Flag, "engine": engine}
    names["current_principal"] = lambda: Principal("acme", "key", frozenset(Scope))
    script = tmp_path / "page.py"
    script.write_text(blocks("python")[0])
    app = runpy.run_path(str(script), names)["app"]
    with TestClient(app) as client:
        assert client.delete("/api/v1/flags/none").status_code == 404
        page = client.get("/metrics").text
    counted = 'sexton_items_total{sexton_action="delete",sexton_outcome="not_found",sexton_resource="flags"} 1.0'
    assert counted in page
    engine.dispose()


def test_the_loggers_are_those_that_are_named():
    source = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    named = set(re.findall(r"`(sexton\.(?:api|worker|webhooks|idempotency|client))`", TEXT))
    assert named == {*re.findall(r'Logger\("(sexton\.\w+)"\)', source), "sexton.client"}

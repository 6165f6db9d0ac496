"""A bulk run: one span linked to the run's, one duration, one log line per delete; and nothing secret in any of them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest
import structlog
from hostile import Hostile, drop, status
from shop import HASTY, Shop, plan_of, planned, run
from structlog.testing import capture_logs
from test_telemetry import PATHS, TOKEN

from serving import sexton
from sexton.client import ClientError, Timeout
from sexton.client._checks import ErrorLimit, Limits
from sexton.client._settings import settings_of
from sexton.client._telemetry import hears_info
from sexton.client.apply import Application, ApplyOptions
from sexton.client.journal import recover
from sexton.client.plan_file import Plan

PATIENT = Limits(canary_percent=0, max_errors=ErrorLimit(1000, None))


@pytest.fixture
def shop(server: Hostile) -> Shop:
    return Shop(server)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.plan"


def test_one_span_a_delete_linked_to_the_run(shop, path, spans):
    planned(path, shop, shop.stock(6))
    shop.special = {"r3": status(409)}
    first = [drop, shop.server.act]

    def once_dropped(seen: Any) -> Any:
        if seen.method == "DELETE" and seen.path.endswith("r5") and first[0] is drop:
            first[0] = None
            return drop
        return first[1](seen)

    shop.server.act = once_dropped
    run(path, limits=PATIENT)
    told = spans.get_finished_spans()
    (whole,) = (span for span in told if span.name == "sexton apply")
    deletes = {span.attributes["sexton.id"]: span for span in told if span.name == "DELETE reports/{id}"}
    assert sorted(deletes) == [f"r{n}" for n in range(6)]
    assert len(told) == 7
    for span in deletes.values():
        assert span.parent is None
        assert [link.context.span_id for link in span.links] == [whole.context.span_id]
        assert span.attributes["sexton.run_id"] == whole.attributes["sexton.run_id"]
        assert span.attributes["sexton.correlation_id"].startswith(whole.attributes["sexton.run_id"])
        assert span.start_time <= span.events[0].timestamp <= span.end_time
    assert [event.attributes["status"] for event in deletes["r0"].events] == [204]
    assert deletes["r3"].attributes["error.type"] == "conflict"
    assert [event.attributes["method"] for event in deletes["r5"].events] == ["DELETE", "GET", "DELETE"]
    assert deletes["r5"].attributes["http.request.resend_count"] == 1
    assert whole.attributes["sexton.deleted"] == 5
    journal = [json.loads(line) for line in path.with_name("some.plan.journal").read_text().splitlines()]
    assert {line["run_id"] for line in journal if line.get("e") == "run"} == {whole.attributes["sexton.run_id"]}
    assert {line["correlation_id"] for line in journal if line.get("e") == "result"} == {
        span.attributes["sexton.correlation_id"] for span in deletes.values()
    }


def test_a_run_that_stops_says_so_in_its_span(shop, path, spans):
    ids = shop.stock(30)
    shop.special = dict.fromkeys(ids, status(404))
    run(planned(path, shop, ids), limits=PATIENT)
    (whole,) = (span for span in spans.get_finished_spans() if span.name == "sexton apply")
    assert whole.attributes["error.type"] == "all_absent"


def test_each_delete_is_measured(shop, path, measures):
    def points() -> dict[str, Any]:
        data = measures.get_metrics_data()
        found = data.resource_metrics[0].scope_metrics if data else ()
        metrics = {m.name: m.data.data_points for scope in found for m in scope.metrics}
        return {
            f"{name} {point.attributes['sexton.outcome']}": getattr(point, "value", None) or getattr(point, "count", 0)
            for name in ("sexton.client.deletes", "sexton.client.delete.duration")
            for point in metrics.get(name, ())
        }

    before = points()
    shop.special = {"r3": status(409)}
    run(planned(path, shop, shop.stock(20)))
    after = points()
    for name, more in (("deletes deleted", 19), ("deletes conflict", 1), ("delete.duration deleted", 19)):
        assert after[f"sexton.client.{name}"] - before.get(f"sexton.client.{name}", 0) == more


def test_each_delete_is_one_line_of_the_log(shop, path, loud):
    shop.special = {"r3": status(409)}
    planned(path, shop, shop.stock(5))
    with capture_logs() as events:
        run(path, limits=PATIENT)
    lines = {event["id"]: event for event in events if event["event"] == "client.delete"}
    assert sorted(lines) == [f"r{n}" for n in range(5)]
    assert len([event for event in events if event["event"] == "client.delete"]) == 5
    assert {line["resource"] for line in lines.values()} == {"reports"}
    assert (lines["r0"]["outcome"], lines["r0"]["status"], lines["r0"]["attempts"]) == ("deleted", 204, 1)
    assert lines["r0"]["latency"] > 0
    assert (lines["r3"]["outcome"], lines["r3"]["log_level"]) == ("conflict", "warning")
    assert len([event for event in events if event["event"] == "client.attempt"]) == 5
    (whole,) = (event for event in events if event["event"] == "client.run")
    assert (whole["deleted"], whole["conflict"]) == (4, 1)


def test_where_nobody_listens_nothing_is_said(shop, path):
    """Without an SDK and without a log, in a process of its own."""
    shop.special = {"r3": status(409)}
    planned(path, shop, shop.stock(5))
    done = sexton("apply", str(path), "--execute", "--max-errors", "100", "--canary", "0", "--quiet", "--json")
    assert (done.returncode, done.stderr) == (3, "")
    assert all(json.loads(line)["type"] in {"result", "summary"} for line in done.stdout.splitlines())
    script = (
        "import sys; sys.modules['opentelemetry.sdk'] = None\n"
        "from sexton.client._address import base_of; from sexton.client._run_telemetry import RunTelemetry\n"
        "with RunTelemetry('apply', 'r', base_of('http://127.0.0.1/v1'), 'x', 'y') as t: print(t._traced, t._logged)\n"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "False False\n"


# -- secrets -------------------------------------------------------------------------------------------------------


def outcomes_of(path: Path, url: str, **client: Any) -> list[str]:
    """Apply, resume and verify a plan; whatever they show: reports, results, errors, their tracebacks."""
    shown: list[str] = []
    plan_of(path, url, [(f"r{n}", None) for n in range(3)])
    journal = path.with_name(path.name + ".journal")
    options = ApplyOptions(limits=PATIENT, client=client, retries=2, emit=lambda told: shown.append(repr(told)))  # type: ignore[arg-type]

    async def go(step: str) -> None:
        with Plan(path) as plan:
            async with Application(plan, options) as application:
                shown.append(repr(application.__dict__))
                if step == "verify":
                    await application.verify(recover(journal), lambda *told: shown.append(repr(told)))
                else:
                    shown.append(repr(await getattr(application, step)(journal)))

    for step in ("apply", "resume", "verify"):
        try:
            asyncio.run(go(step))
        except (ClientError, ExceptionGroup, OSError) as error:
            shown += [repr(error), "".join(traceback.format_exception(error))]
    return shown


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("recognised", [True, False])
def test_a_planted_token_is_nowhere_in_a_bulk_run(
    server: Hostile,
    spans: Any,
    measures: Any,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    loud: None,
    path: Path,
    recognised: bool,
    name: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    for library in ("aiohttp.client", "aiohttp.internal", "urllib3", "asyncio"):
        logging.getLogger(library).setLevel(logging.DEBUG)
    deletes, gets = PATHS[name]
    server.on = {"DELETE": deletes, "GET": [status(200, b"{}")] * 4 + gets if recognised else gets}
    token = path.with_name("token")
    token.write_text(TOKEN)
    with capture_logs() as events:
        shown = outcomes_of(
            path, server.url, token_file=token, timeout=Timeout(0.3, 0.2, 1.0), retry=HASTY, service="tests/1"
        )
    shown += [span.to_json() for span in spans.get_finished_spans()]
    shown += [repr(events), caplog.text, *capfd.readouterr(), repr(measures.get_metrics_data())]
    shown += [file.read_text() for file in path.parent.iterdir() if file != token]
    assert any(seen.headers.get("authorization") == f"Bearer {TOKEN}" for seen in server.seen)
    assert server.of("DELETE") or not recognised
    assert [text for text in shown if TOKEN in text] == []


@pytest.mark.parametrize("code", [401, 500])  # 200: tests/client/test_cli_bulk.py
def test_a_planted_token_is_in_no_output_of_any_command(server, tmp_path, code):
    """Every command, with the libraries' logs at DEBUG and echoes of the token in every answer."""
    echo = f'{{"title": "no", "token": "{TOKEN}"}}'.encode()
    server.on = {
        "GET": [status(code, echo, ETag=f'"{TOKEN[:3]}"', Location=f"https://evil.example/?t={TOKEN}")],
        "DELETE": [status(code if code != 200 else 204, echo if code != 200 else b"")],
        "HEAD": [status(code)],
    }
    log = (
        "import logging, sys; logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)\n"
        "from sexton.cli import main; main()\n"
    )
    (tmp_path / "ids").write_text("r1\nr2\n")
    plan, connection = str(tmp_path / "p"), ["--token-env", "API_TOKEN", "--max-retry-after", "1", "--retries", "1"]
    plan_of(tmp_path / "q", server.url, [("r1", None)])
    few = ["--token-env", "API_TOKEN"]
    commands = [
        ["doctor", server.url, *few],
        ["rm", f"{server.url}/reports/r1", *few, "--retries", "1"],
        ["plan", f"{server.url}/reports", "--ids-from", str(tmp_path / "ids"), "-o", plan, *connection],
        ["apply", f"{tmp_path / 'q'}", *connection],
        [
            "apply",
            f"{tmp_path / 'q'}",
            "--execute",
            *connection,
            "--throttle-url",
            f"{server.url}/health",
            "--max-time",
            "2",
        ],
        ["resume", f"{tmp_path / 'q'}.journal", *connection],
        ["verify", f"{tmp_path / 'q'}.journal", *connection],
        ["report", f"{tmp_path / 'q'}.journal"],
    ]
    environment = {**os.environ, "API_TOKEN": TOKEN}
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-c", log, *command], capture_output=True, text=True, env=environment, check=False
        )
        assert "Traceback" not in done.stderr
        assert TOKEN not in done.stdout + done.stderr, command
    for file in tmp_path.iterdir():
        assert TOKEN.encode() not in file.read_bytes(), file


def test_a_token_that_is_renewed_is_nowhere_either(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN)
    token = settings_of("http://127.0.0.1/v1", service="x", token_file=file).token
    assert token is not None
    file.write_text(f"{TOKEN}-2")
    assert token.renew()
    file.write_text(f"{TOKEN} 3")
    assert not token.renew()
    file.unlink()
    assert not token.renew()
    assert token.reveal() == f"{TOKEN}-2"
    assert TOKEN not in f"{token!r} {token}"


@pytest.mark.parametrize(("level", "heard"), [(logging.INFO, True), (logging.ERROR, False)])
def test_nothing_is_told_to_a_filter_that_drops_it(level: int, heard: bool) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    try:
        assert hears_info(structlog.get_logger().bind(a=1)) is heard
    finally:
        structlog.reset_defaults()

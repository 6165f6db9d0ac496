"""One span, one duration, one log line per delete; and nothing secret in any of them, on any path."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from typing import Any

import pytest
import structlog
from hostile import Hostile, drip, drop, json, raw, stall, status
from structlog.testing import capture_logs

from sexton.client import ClientError, Timeout

TOKEN = "planted-s3cret-1984"
ECHO = f'{{"title": "no", "detail": "no", "token": "{TOKEN}"}}'
PATHS: dict[str, tuple[list[Any], list[Any]]] = {
    "deleted": ([status(204)], [status(404)]),
    "dropped": ([drop], [drop]),
    "stalled": ([stall(1)], [status(401)]),
    "garbage": ([raw(b"\x00\xff\r\n\r\n", keep=False)], [raw(b"HTTP/9 what\r\n\r\n", keep=False)]),
    "half an answer": ([raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nx", keep=False)], [status(500)]),
    "drip": ([drip(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", 0.1, 10)], [status(403)]),
    "redirect": ([status(302, Location=f"https://u:{TOKEN}@evil.example/?t={TOKEN}")], [status(404)]),
    "refused": ([json(403, ECHO)], [status(404)]),
    "says no": ([json(200, f'{{"error": "{TOKEN}"}}')], [status(404)]),
    "page": ([status(200, TOKEN.encode(), Content_Type="text/html")], [json(200, ECHO, ETag=f'"{TOKEN}')]),
    "accepted": ([status(202, Location=f"/v1/jobs/1?sig={TOKEN}")], [json(200, '{"state": "running"}')]),
    "throttled": ([status(429, Retry_After=f"x{TOKEN}")], [status(404)]),
    "server error": ([json(500, ECHO)], [json(200, "{}")]),
}


def everything(client: Any, server: Hostile) -> list[str]:
    """Every way to delete, and whatever it shows: results, errors, their tracebacks."""
    shown = [repr(client), str(client)]
    calls = [
        lambda: client.delete("items", "r_1"),
        lambda: client.fetch_and_delete("items", "r_1"),
        lambda: client.delete("items", filters={"api_key": TOKEN}, allow_collection=True),
        lambda: client.bulk_delete("items", ids=["a"]),
        lambda: client.get("items", "r_1", filters={"api_key": TOKEN}),
        lambda: client.delete("items", "r_1", headers={"X-Secret": f"{TOKEN}"}),
        lambda: client.delete("items", "r_1", if_match=TOKEN),
        lambda: client.delete("items", TOKEN + "\n"),
        lambda: client.delete("items", "r_1", headers={"X-Secret": f"{TOKEN}\n"}),
        lambda: client.delete("items", "r_1", idempotency_key=TOKEN + " "),
    ]
    for call in calls:
        try:
            result = call()
        except ClientError as error:
            frames = "".join(traceback.format_exception(error))
            shown += [repr(error), str(error), frames]
        else:
            shown += [repr(result), str(result)]
    return shown


@pytest.mark.parametrize("name", PATHS)
def test_a_planted_token_is_nowhere(
    client_of: Any,
    server: Hostile,
    spans: Any,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    loud: None,
    name: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    deletes, gets = PATHS[name]
    server.on = {"DELETE": deletes, "GET": gets, "POST": deletes}
    client = client_of(token=TOKEN, timeout=Timeout(0.3, 0.2, 1.0))
    with capture_logs() as events:
        shown = everything(client, server)
    shown += [span.to_json() for span in spans.get_finished_spans()]
    shown += [repr(events), caplog.text, *capfd.readouterr()]
    assert any(event["event"] == "client.attempt" for event in events)
    assert any(seen.headers.get("authorization") == f"Bearer {TOKEN}" for seen in server.seen)
    assert [text for text in shown if TOKEN in text] == []


def test_a_span_tells_the_whole_delete(client_of: Any, server: Hostile, spans: Any) -> None:
    server.on = {"DELETE": [drop], "GET": [status(401)]}
    client_of(raise_errors=False).delete("items", "r_1")
    (span,) = spans.get_finished_spans()
    assert span.name == "DELETE items/{id}"
    assert span.attributes["sexton.outcome"] == span.attributes["error.type"] == "unknown"
    assert span.attributes["sexton.id"] == "r_1"
    assert span.attributes["server.port"] == server.port
    assert [(e.attributes["method"], e.attributes["finding"]) for e in span.events] == [
        ("DELETE", "doubtful"),
        ("GET", "unclear"),
    ]


def test_durations_and_outcomes_are_counted(client: Any, server: Hostile, measures: Any) -> None:
    client.delete("items", "r_1")
    found = measures.get_metrics_data().resource_metrics[0].scope_metrics
    metrics = {m.name: m.data.data_points for scope in found for m in scope.metrics}
    points = {point.attributes["sexton.outcome"]: point for point in metrics["sexton.client.deletes"]}
    assert points["deleted"].value >= 1
    assert metrics["sexton.client.delete.duration"][0].count >= 1


def test_a_log_line_has_what_one_looks_for(client: Any, server: Hostile, loud: None) -> None:
    with capture_logs() as events:
        result = client.delete("users", 5, "sessions", "s_1")
    line = next(event for event in events if event["event"] == "client.delete")
    assert line["resource"] == "users/{id}/sessions"
    assert (line["id"], line["correlation_id"]) == ("s_1", result.correlation_id)
    assert (line["outcome"], line["status"], line["attempts"]) == ("deleted", 204, 1)
    assert line["latency"] > 0


def test_without_a_configuration_nothing_goes_to_stdout(server: Hostile) -> None:
    script = (
        "from sexton.client import Client\n"
        f"with Client({server.url!r}) as client: print(client.delete('items', 'r_1').outcome.value)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("deleted\n", "")
    assert structlog.is_configured()

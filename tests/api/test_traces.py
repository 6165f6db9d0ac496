"""Traces: a span of each request, chunk and delivery; the caller's trace goes on to the job and to the receivers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from opentelemetry.trace import SpanKind, StatusCode
from structlog.testing import capture_logs

from hooks import hurry, register
from sexton.actions import run_chunk
from sexton.actions.deliver import deliver
from sexton.worker.hand import Hand

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SENT = {
    "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01",
    "tracestate": "vendor=1",
    "baggage": "secret=planted-s3cret-1984",
    "X-Correlation-Id": "corr-7",
}
WAIT = {"Prefer": "respond-async"}


@pytest.fixture
def shop(make_shop):
    return make_shop()


def work(api: Any) -> None:
    hand = Hand(api.store, "wrk_test")
    while hand.step():
        pass


def trace_of(span: Any) -> str:
    return f"{span.context.trace_id:032x}"


def of_kind(spans: Any, kind: SpanKind) -> list[Any]:
    return [span for span in spans.get_finished_spans() if span.kind is kind]


def test_a_request_is_one_span_in_the_callers_trace(shop, spans):
    assert shop("DELETE", "/flags/f1", headers=SENT).status_code == 204
    (span,) = spans.get_finished_spans()
    assert (span.name, span.kind) == ("DELETE /api/v1/{resource}/{id}", SpanKind.SERVER)
    assert (trace_of(span), f"{span.parent.span_id:016x}") == (TRACE, "00f067aa0ba902b7")
    assert dict(span.attributes) == {
        "http.request.method": "DELETE",
        "http.route": "/api/v1/{resource}/{id}",
        "http.response.status_code": 204,
        "sexton.correlation_id": "corr-7",
        "sexton.resource": "flags",
        "sexton.items.deleted": 1,
    }


def test_a_batch_says_how_many_items_came_to_what(shop, spans):
    done = shop("POST", "/flags/bulk_delete", json={"ids": ["f1", "f2", "f9"]}).json()
    shop("POST", f"/bulk_jobs/{done['job_id']}/restore")
    shop("POST", "/flags/bulk_delete/preview", json={"ids": ["f1"]})
    deleted, restored, previewed = spans.get_finished_spans()
    known = {name: value for name, value in deleted.attributes.items() if name.startswith("sexton.")}
    assert known.pop("sexton.correlation_id")
    assert known == {
        "sexton.resource": "flags",
        "sexton.job_id": done["job_id"],
        "sexton.items.deleted": 2,
        "sexton.items.not_found": 1,
    }
    assert restored.attributes["sexton.items.restored"] == 2
    assert restored.attributes["http.route"] == "/api/v1/bulk_jobs/{job_id}/restore"
    assert previewed.name == "POST /api/v1/{resource}/bulk_delete/preview"
    assert {trace_of(span) for span in (deleted, restored, previewed)} != {TRACE}


def test_refusals_are_named_and_only_faults_are_errors(shop, spans, monkeypatch):
    shop("DELETE", "/shops/2")
    shop("BREW", "/shops/2")
    shop("GET", "/no/such/address")
    monkeypatch.setattr(shop.store.dialect, "now", lambda _: 1 / 0)
    assert shop("DELETE", "/shops/4").status_code == 500
    refused, odd, lost, failed = spans.get_finished_spans()
    assert refused.attributes["sexton.problem"] == "blocked"
    assert refused.attributes["sexton.items.failed"] == 1
    assert (odd.name, odd.attributes["http.request.method"]) == ("_OTHER", "_OTHER")
    assert (lost.name, lost.attributes.get("http.route")) == ("GET", None)
    assert [span.status.status_code for span in (refused, odd, lost)] == [StatusCode.UNSET] * 3
    assert (failed.status.status_code, failed.attributes["error.type"]) == (StatusCode.ERROR, "500")
    assert failed.status.description is None
    assert not failed.events
    assert not [name for name in failed.attributes if name.startswith("sexton.items")]


def test_the_trace_goes_through_the_job_to_the_receiver(hooks, receiver, spans, loud):
    register(hooks, receiver.url)
    asked = hooks("POST", "/flags/bulk_delete", json={"ids": ["f1", "f9"]}, headers={**SENT, **WAIT})
    job = asked.json()["job_id"]
    (request,) = [span for span in of_kind(spans, SpanKind.SERVER) if trace_of(span) == TRACE]
    assert request.attributes["sexton.job_id"] == job
    with capture_logs() as logs:
        work(hooks)
    (chunk,) = of_kind(spans, SpanKind.CONSUMER)
    assert (chunk.name, chunk.parent) == ("chunk delete", None)
    assert [(link.context.trace_id, link.context.span_id) for link in chunk.links] == [
        (request.context.trace_id, request.context.span_id)
    ]
    assert dict(chunk.attributes) == {
        "sexton.job_id": job,
        "sexton.resource": "flags",
        "sexton.chunk": 0,
        "sexton.tries": 0,
        "sexton.correlation_id": "corr-7",
        "sexton.items.deleted": 1,
        "sexton.items.not_found": 1,
    }
    assert {line["correlation_id"] for line in logs if "job_id" in line} == {"corr-7"}
    receiver.answers[:] = [500, 204]
    deliver(hooks.store)
    hurry(hooks)
    deliver(hooks.store)
    first, second = of_kind(spans, SpanKind.CLIENT)
    for span, got in zip((first, second), receiver.wait(2), strict=True):
        assert (span.context.trace_id, span.parent.span_id) == (request.context.trace_id, request.context.span_id)
        assert got.headers["traceparent"] == f"00-{TRACE}-{span.context.span_id:016x}-01"
        assert got.headers["tracestate"] == "vendor=1"
        assert "baggage" not in got.headers
        assert json.loads(got.body)["data"]["job_id"] == span.attributes["sexton.job_id"] == job
    assert (first.attributes["error.type"], first.attributes["sexton.try"]) == ("500", 1)
    assert second.status.status_code is StatusCode.UNSET
    assert second.attributes["http.response.status_code"] == 204


def test_the_undo_of_a_job_has_the_trace_of_who_undoes(shop, spans):
    job = shop("POST", "/flags/bulk_delete", json={"ids": ["f1"]}, headers=SENT).json()["job_id"]
    mine = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    undo = shop("POST", f"/bulk_jobs/{job}/restore", headers={**mine, **WAIT})
    assert undo.status_code == 202
    work(shop)
    (chunk,) = of_kind(spans, SpanKind.CONSUMER)
    assert chunk.name == "chunk restore"
    assert [f"{link.context.trace_id:032x}" for link in chunk.links] == ["a" * 32]


NONE = (
    [],
    [("traceparent", "garbage")],
    [("traceparent", f"00-{'0' * 32}-{'b' * 16}-01")],
    [("traceparent", SENT["traceparent"]), ("traceparent", SENT["traceparent"])],
)


def test_a_trace_that_is_none_is_not_continued(shop, spans):
    for headers in NONE:
        told = [*headers, ("authorization", f"Bearer {shop.token}")]
        assert shop.client.get("/api/v1/flags/f1", headers=told).status_code == 200
    found = of_kind(spans, SpanKind.SERVER)
    assert [span.parent for span in found] == [None] * len(NONE)
    assert TRACE not in map(trace_of, found)


def test_a_chunk_that_fails_is_an_error_without_the_faults_words(shop, spans, monkeypatch):
    asked = shop("POST", "/flags/bulk_delete", json={"ids": ["f1"]}, headers={**SENT, **WAIT})
    assert asked.status_code == 202
    monkeypatch.setattr(run_chunk.chunks, "finish", lambda *_: [].pop())
    assert Hand(shop.store, "wrk_test").step()
    (chunk,) = of_kind(spans, SpanKind.CONSUMER)
    assert (chunk.status.status_code, chunk.attributes["error.type"]) == (StatusCode.ERROR, "IndexError")
    assert not chunk.events
    assert "sexton.items.deleted" not in chunk.attributes


def test_logs_name_the_trace(shop, spans, loud):
    with capture_logs() as logs:
        shop("DELETE", "/flags/f1", headers=SENT)
    (line,) = [line for line in logs if line["event"] == "request"]
    assert (line["trace_id"], line["correlation_id"]) == (TRACE, "corr-7")
    assert line["route"] == "/api/v1/{resource}/{id}"


def test_nothing_secret_and_no_id_of_an_item_is_told(hooks, receiver, spans, measures, loud):
    hook = register(hooks, f"http://127.0.0.1:{receiver.port}/hook?token=planted-s3cret-1984")
    headers = {**SENT, "X-Secret": "planted-s3cret-1984", "Idempotency-Key": "planted-s3cret-1984"}
    with capture_logs() as logs:
        hooks("DELETE", "/flags/f1?allow_missing=true", headers=headers)
        hooks("GET", "/flags?name=planted-s3cret-1984", headers=headers)
        reason = {"ids": ["f2", "g1"], "reason": "planted-s3cret-1984"}
        hooks("POST", "/flags/bulk_delete", json=reason, headers={**SENT, **WAIT})
        hooks("POST", f"/webhooks/{hook['id']}/rotate_secret", headers=headers)
        hooks.client.delete("/api/v1/flags/f1", headers={"Authorization": "Bearer sx_planted-s3cret-1984"})
        work(hooks)
        deliver(hooks.store)
    assert len(receiver.got) == 1
    told = [span.to_json() for span in spans.get_finished_spans()]
    assert len(told) == 8
    told += [measures.get_metrics_data().to_json(), json.dumps(logs, default=repr)]
    for secret in ("planted-s3cret-1984", hooks.token, hook["secret"], '"f1"', '"f2"', "'f2'", "/flags/f1"):
        assert [text for text in told if secret in text] == []

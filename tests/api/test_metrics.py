"""Metrics: every item counted once, when it is committed; what waits, asked of the database; the page and its door."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families

import serving as serving_
from hooks import deliveries, hurry, register, tell
from serving import SEXTON, create_key, serving, sexton
from sexton.actions.delete import delete
from sexton.actions.deliver import deliver
from sexton.actions.purge import purge
from sexton.errors import ConfigurationError
from sexton.model import Principal, Target
from sexton.server.configuration import load
from sexton.storage import backlog
from sexton.telemetry.instruments import INSTRUMENTS, Kind
from sexton.worker.hand import Hand

ON = {"enabled": True}
TOKEN = "a-token-for-scrapes-1984"


@pytest.fixture
def shop(make_shop, monkeypatch):
    monkeypatch.setattr(backlog, "FRESH_SECONDS", 0.0)
    return make_shop(metrics=ON)


def _values(labels: Any) -> tuple[str, ...]:
    """In the order of the labels' names."""
    return tuple(value for _, value in sorted(labels.items()))


def scrape(api: Any) -> dict[str, dict[tuple[str, ...], float]]:
    """Sample name → label values, by the labels' names → value."""
    answer = api.client.get("/metrics")
    assert answer.status_code == 200, answer.text
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[_values(sample.labels)] = sample.value
    return found


def told(reader: Any, name: str) -> dict[tuple[Any, ...], float]:
    """What OpenTelemetry has of a metric: attribute values → value, or how often for a histogram."""
    data = reader.get_metrics_data()
    metrics = [m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics if m.name == name]
    points = [point for metric in metrics for point in metric.data.data_points]
    return {_values(p.attributes): p.value if hasattr(p, "value") else p.count for p in points}


def growth(before: dict[Any, float], after: dict[Any, float]) -> dict[Any, float]:
    return {name: n - before.get(name, 0) for name, n in after.items() if n != before.get(name, 0)}


def do_everything(api: Any) -> None:
    twice = {"Idempotency-Key": "k1"}
    assert api("DELETE", "/flags/f1", headers=twice).status_code == 204
    assert api("DELETE", "/flags/f1", headers=twice).status_code == 204  # a replay
    assert api("DELETE", "/flags/f1").status_code == 410
    assert api("DELETE", "/flags/never").status_code == 404
    assert api("DELETE", "/flags/f2?dry_run=true").status_code == 200
    assert api("DELETE", "/shops/2").status_code == 409
    assert api("DELETE", "/products/p1?cascade=true").status_code == 204
    assert api("POST", "/products/p1/restore").status_code == 200
    assert api("POST", "/products/p1/restore").status_code == 200
    bulk = {"ids": ["f2", "f1", "f9"]}
    assert api("POST", "/flags/bulk_delete", json={**bulk, "atomic": True}).status_code == 409
    done = api("POST", "/flags/bulk_delete", json=bulk).json()
    assert api("POST", f"/bulk_jobs/{done['job_id']}/restore").status_code == 200


ITEMS = {
    ("delete", "deleted", "flags"): 2,
    ("delete", "gone", "flags"): 2,
    ("delete", "not_found", "flags"): 2,
    ("delete", "failed", "shops"): 1,
    ("delete", "deleted", "products"): 1,
    ("restore", "restored", "products"): 1,
    ("restore", "live", "products"): 1,
    ("restore", "restored", "flags"): 1,
}
JOBS = {("delete", "completed"): 1, ("restore", "completed"): 1}


def test_each_item_is_counted_once_by_its_outcome(shop, measures):
    before = {name: told(measures, name) for name in ("sexton.items", "sexton.jobs")}
    do_everything(shop)
    page = scrape(shop)
    assert page["sexton_items_total"] == ITEMS
    assert page["sexton_jobs_total"] == JOBS
    assert growth(before["sexton.items"], told(measures, "sexton.items")) == ITEMS
    assert growth(before["sexton.jobs"], told(measures, "sexton.jobs")) == JOBS


def delete_and_fail(store: Any) -> None:
    with store.write() as connection:
        resource, now = store.catalog.resources["flags"], store.dialect.now(connection)
        delete(connection, store, resource, Target("f1"), principal=Principal("acme", "key"), now=now)
        raise RuntimeError


def test_what_is_rolled_back_is_not_counted(shop):
    with pytest.raises(RuntimeError):
        delete_and_fail(shop.store)
    assert "sexton_items_total" not in scrape(shop)
    assert shop("DELETE", "/flags/f2").status_code == 204
    assert scrape(shop)["sexton_items_total"] == {("delete", "deleted", "flags"): 1}


def test_requests_are_measured_by_route_and_never_by_address(shop):
    do_everything(shop)
    shop("BREW", "/flags/f1")
    shop("GET", "/nothing/at/all/here")
    page = scrape(shop)
    counted = page["sexton_request_duration_seconds_count"]
    assert counted["DELETE", "204", "/api/v1/{resource}/{id}"] == 3
    assert counted["POST", "409", "/api/v1/{resource}/bulk_delete"] == 1
    assert counted["_OTHER", "405", ""] == 1
    assert counted["GET", "404", ""] == 1
    assert sum(counted.values()) == 14
    assert all(total > 0 for total in page["sexton_request_duration_seconds_sum"].values())
    text = shop.client.get("/metrics").text
    assert not [word for word in ("f1", "p1", "acme", shop.key_id, shop.token) if re.search(rf"\b{word}\b", text)]


def test_every_metric_is_on_both_pages(shop, measures):
    do_everything(shop)
    shop("POST", "/flags/bulk_delete", json={"ids": ["f2"]}, headers={"Prefer": "respond-async"})
    work(shop)
    answer = shop.client.get("/metrics", headers={"Accept": "application/openmetrics-text"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert {family.name for family in read_openmetrics(answer.text)} == {one.prometheus for one in INSTRUMENTS}
    plain = shop.client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain; version=")
    helps = {family.name: family.documentation for family in text_string_to_metric_families(plain.text)}
    assert helps == {one.prometheus: one.help for one in INSTRUMENTS}
    gauges = [one.name for one in INSTRUMENTS if one.kind is Kind.GAUGE and one.name != "sexton.jobs.open"]
    assert [name for name in gauges if not told(measures, name)] == []
    assert told(measures, "sexton.chunk.duration")["delete",] >= 1


def work(api: Any) -> None:
    hand = Hand(api.store, "wrk_test")
    while hand.step():
        pass


def later(api: Any, seconds: int) -> str:
    """So many seconds ago, as the database writes it."""
    if api.store.dialect.name == "sqlite":
        return f"strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now', '-{seconds} seconds')"
    return f"now() - interval '{seconds} seconds'"


def test_what_waits_is_asked_of_the_database(shop):
    own = shop.store.dialect.own
    calm = scrape(shop)
    assert calm["sexton_database_up"] == {(): 1}
    names = ("chunks_open", "chunks_age_seconds", "purge_lag_seconds", "webhook_lag_seconds", "workers")
    assert [calm[f"sexton_{name}"] for name in names] == [{(): 0}] * 5
    wait = {"Prefer": "respond-async"}
    for body in ({"ids": ["f1"]}, {"ids": ["f2"], "delay_seconds": 600}):
        assert shop("POST", "/flags/bulk_delete", json=body, headers=wait).status_code == 202
    shop.run(f"UPDATE {own('bulk_jobs')} SET created_at = {later(shop, 90)}")
    for name in ("p2", "p3"):
        assert shop("DELETE", f"/products/{name}?cascade=true").status_code == 204
    shop("PUT", "/products/p2/hold", json={"reason": "court"})
    shop.run(f"UPDATE {own('tombstones')} SET restorable_until = {later(shop, 500)} WHERE item_id = 'p2'")
    shop.run(f"UPDATE {own('tombstones')} SET restorable_until = {later(shop, 300)} WHERE item_id = 'p3'")
    page = scrape(shop)
    assert page["sexton_jobs_open"] == {("queued",): 2}
    assert page["sexton_chunks_open"] == {(): 1}
    assert 90 <= page["sexton_chunks_age_seconds"][()] < 120
    assert 300 <= page["sexton_purge_lag_seconds"][()] < 330
    work(shop)
    purge(shop.store)
    after = scrape(shop)
    assert after["sexton_chunks_open"] == after["sexton_chunks_age_seconds"] == {(): 0}
    assert after["sexton_purge_lag_seconds"] == {(): 0}
    assert after["sexton_items_total"]["purge", "purged", "products"] == 1
    assert after["sexton_chunk_duration_seconds_count"] == {("delete",): 1}


def test_messages_that_wait_and_their_tries(make_shop, receiver, monkeypatch):
    monkeypatch.setattr(backlog, "FRESH_SECONDS", 0.0)
    api = make_shop(metrics=ON, webhooks={"allow_private": True})
    made = register(api, receiver.url)
    receiver.answers[:] = [500, 204]
    tell(api)
    api.run(f"UPDATE {api.store.dialect.own('webhook_deliveries')} SET not_before = {later(api, 40)}")
    assert 40 <= scrape(api)["sexton_webhook_lag_seconds"][()] < 70
    deliver(api.store)
    assert scrape(api)["sexton_webhook_lag_seconds"] == {(): 0}  # its next try is not due
    hurry(api)
    deliver(api.store)
    assert deliveries(api, made)[0]["state"] == "delivered"
    assert scrape(api)["sexton_webhook_tries_total"] == {("retry",): 1, ("delivered",): 1}


def test_the_database_is_asked_every_five_seconds_at_most(make_shop, monkeypatch):
    api = make_shop(metrics=ON)
    assert "sexton_jobs_open" not in scrape(api)
    api("POST", "/flags/bulk_delete", json={"ids": ["f1"]}, headers={"Prefer": "respond-async"})
    assert "sexton_jobs_open" not in scrape(api)
    monkeypatch.setattr(backlog, "FRESH_SECONDS", 0.0)
    assert scrape(api)["sexton_jobs_open"] == {("queued",): 1}


def test_a_database_that_does_not_answer_is_said_and_the_counters_still_told(shop, monkeypatch):
    assert shop("DELETE", "/flags/f1").status_code == 204
    monkeypatch.setattr(shop.store.dialect, "own", lambda name: f"no_such_{name}")
    backlog._statements.cache_clear()
    page = scrape(shop)
    monkeypatch.undo()
    backlog._statements.cache_clear()
    assert page["sexton_database_up"] == {(): 0}
    assert "sexton_chunks_open" not in page
    assert page["sexton_items_total"] == {("delete", "deleted", "flags"): 1}


def test_the_page_is_off_by_default(api):
    assert api.client.get("/metrics").status_code == 404
    assert api("DELETE", "/flags/f1").status_code == 204


def test_a_token_is_the_doors_key(make_shop):
    api = make_shop(metrics={**ON, "token": TOKEN})
    for header in (None, "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {api.token}", "Bearer ü"):
        sent = {} if header is None else {"Authorization": header.encode("latin-1")}
        answer = api.client.get("/metrics", headers=sent)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="metrics"')
        assert "sexton_items" not in answer.text
    answer = api.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert TOKEN not in answer.text


@pytest.mark.parametrize("token", ["", "short"])
def test_a_token_that_keeps_nobody_out_is_refused(token, monkeypatch):
    monkeypatch.setenv("SEXTON_METRICS_TOKEN", token)
    with pytest.raises(ConfigurationError, match=r"metrics\.token: .*at least 16"):
        load()


@contextmanager
def working(url: str, config: str, folder: Path) -> Iterator[str]:
    """A `sexton worker` and the address of its page."""
    (folder / "sexton.toml").write_text(config)
    worker = subprocess.Popen(
        [*SEXTON, "worker", "--database", url], cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    try:
        yield worker.stderr.readline().removeprefix("metrics at ").removesuffix("/metrics\n")
    finally:
        worker.terminate()
        assert worker.wait(timeout=30) == 0
        worker.stderr.close()


HOLDING = """
import sys
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter(), schedule_delay_millis=60000))
trace.set_tracer_provider(provider)
metrics.set_meter_provider(MeterProvider([PeriodicExportingMetricReader(ConsoleMetricExporter(), 60000)]))
from sexton.cli import main
main()
"""


def test_what_an_sdk_still_holds_is_sent_before_a_signal_ends_the_server(tmp_path, monkeypatch):
    (tmp_path / "empty.db").touch()
    (tmp_path / "held.py").write_text(HOLDING)
    monkeypatch.setattr(serving_, "SEXTON", [sys.executable, str(tmp_path / "held.py")])
    log = tmp_path / "log"
    monkeypatch.setenv("SEXTON_TEST_LOG", "1")
    with contextlib.redirect_stderr(log.open("w")) as heard:
        with serving(f"sqlite:///{tmp_path}/empty.db") as base:
            assert requests.get(f"{base}/api/v1/", timeout=10).status_code == 401
        heard.close()
    told = log.read_text()
    assert '"name": "GET /api/v1/"' in told
    assert '"name": "sexton.request.duration"' in told
    assert '"name": "sexton.workers"' in told


def test_real_processes_answer_where_they_are_told_to(database_url, tmp_path, monkeypatch):
    if not database_url.startswith("sqlite"):
        pytest.skip("a process that serves is the same over every database")
    sexton("migrate", "--database", database_url)
    with serving(database_url) as base:
        assert requests.get(f"{base}/metrics", timeout=10).status_code == 404
    monkeypatch.setenv("SEXTON_METRICS_TOKEN", TOKEN)
    key = create_key(database_url)
    with serving(database_url, config="[metrics]\nenabled = true\n") as base:
        gone = requests.delete(f"{base}/api/v1/none/1", headers={"Authorization": f"Bearer {key}"}, timeout=10)
        assert gone.status_code == 404
        assert requests.get(f"{base}/metrics", timeout=10).status_code == 401
        page = requests.get(f"{base}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)
    with working(database_url, "[metrics]\nenabled = true\nworker_port = 0\n", tmp_path) as base:
        assert requests.get(f"{base}/metrics", timeout=10).status_code == 401
        beside = requests.get(f"{base}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)
        assert requests.get(f"{base}/healthz", timeout=10).status_code == 404
    assert "sexton_chunks_open 0.0" in beside.text
    assert 'http_route="/api/v1/{resource}/{id}"' in page.text
    assert "sexton_workers 1.0" in page.text
    assert key not in page.text

"""The four products, each a real process, as their customers meet them: one walk a product, with the real client."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from sqlalchemy import create_engine, insert, text

from conftest import fresh
from products import PRODUCTS, fill, running
from receiving import receiving
from serving import dump
from sexton.client import CallFailed, Client, RetryPolicy, Timeout
from sexton.examples import webhookvault
from sexton.examples.host import connect

FACTORY = "--factory"


@contextmanager
def caller(base: str, account: str = "acme", retries: int = 0):
    """A client of an account; without retries a 429 is heard at once."""
    options: dict[str, Any] = {"service": "spring-cleaning/1.0", "token": f"key-{account}"}
    with Client(f"{base}/api/v1", **options, retry=RetryPolicy(retries=retries)) as client:
        yield client


def items(first: int, count: int) -> list[str]:
    return [f"i{n:04}" for n in range(first, first + count)]


@pytest.mark.parametrize("database", ["sqlite", "pg18"])
@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.name)
def test_a_product_keeps_its_promises(product, database, servers, tmp_path):
    with fresh(database, servers, tmp_path) as url:
        fill(product, url)
        target = f"sexton.examples.{product.name}:create_app"
        with running(target, url, FACTORY, WEBHOOKS="private") as base, caller(base) as client:
            walk = SimpleNamespace(product=product, url=url, base=base, client=client, resource=product.resource)
            for part in (statuses_and_replay, confirmation, quota, job_with_its_webhook):
                part(walk)


def statuses_and_replay(walk) -> None:
    before = dump(walk.url)
    asked = ["i0001", "i0002", walk.product.kept, "i0001", "nowhere", "g001"]
    assert walk.client.delete(walk.resource, "i0002").status == 204
    told: dict[str, Any] = {"ids": asked, "options": {"reason": "spring"}, "idempotency_key": "spring-1"}
    done = walk.client.bulk_delete(walk.resource, **told)
    assert [(one.id, one.status) for one in done.items] == [
        ("i0001", "deleted"),
        ("i0002", "gone"),
        (walk.product.kept, "failed"),
        ("nowhere", "not_found"),
        ("g001", "not_found"),
    ]
    expected = {"requested": 5, "deleted": 1, "gone": 1, "not_found": 2, "failed": 1, "duplicates": 1}
    assert (done.ended, done.summary) == (True, expected)
    error = done.items[2].error
    assert error["type"].endswith(f"/{walk.product.code}")
    assert walk.product.reason in json.dumps(error)

    again = walk.client.bulk_delete(walk.resource, **told)
    assert (done.replayed, again.replayed, again.document) == (False, True, done.document)
    with caller(walk.base, "globex") as other:
        own = other.bulk_delete(walk.resource, ids=["g001"], idempotency_key="spring-1")
        assert (own.replayed, own.summary["deleted"]) == (False, 1)
        assert other.get("audit", done.document["audit_id"]).status == 404
        other.restore_job(own.job_id)

    audited(walk, done.document["audit_id"], asked)
    assert walk.client.restore_job(done.job_id).summary["restored"] == 1
    walk.client.restore(walk.resource, "i0002")
    assert dump(walk.url) == before


def audited(walk, audit_id: str, asked: list[str]) -> None:
    entry = walk.client.get("audit", audit_id).json()
    who = [entry[name] for name in ("account", "key_id", "ip", "action", "resource", "reason")]
    assert who == ["acme", "key-acme", "127.0.0.1", "bulk_delete", walk.resource, "spring"]
    assert entry["user_agent"].startswith("spring-cleaning/1.0")
    assert entry["at"].endswith("Z")
    assert entry["requested"]["ids"] == list(dict.fromkeys(asked))
    assert entry["deleted"] == [{"resource": walk.resource, "id": "i0001"}]
    assert [(one["id"], one["error"]["type"].rpartition("/")[2]) for one in entry["failed"]] == [
        (walk.product.kept, walk.product.code)
    ]


def confirmation(walk) -> None:
    many = items(100, 101)
    with pytest.raises(CallFailed) as refused:
        walk.client.bulk_delete(walk.resource, ids=many)
    assert (refused.value.status, refused.value.problem.members["count"]) == (428, 101)
    assert walk.client.get(walk.resource, many[0]).status == 200
    found = walk.client.preview(walk.resource, ids=many)
    done = walk.client.bulk_delete(walk.resource, confirm_token=found.confirm_token)
    assert (found.count, done.ended, done.summary["deleted"]) == (101, True, 101)
    most = walk.client.bulk_delete(walk.resource, ids=items(201, 200), confirm=True)
    assert (most.ended, most.summary["deleted"]) == (True, 200)
    for job in (done.job_id, most.job_id):
        walk.client.restore_job(job)


def quota(walk) -> None:
    """The account `trial` may delete 300 items an hour; they count, not requests."""
    with caller(walk.base, "trial") as client:
        ids = [f"t{n:03}" for n in range(301)]
        client.bulk_delete(walk.resource, ids=ids[:100])
        left = client.delete(walk.resource, ids[100]).rate_limit
        assert 199 <= left.remaining <= 205  # it is refilled evenly
        with pytest.raises(CallFailed) as refused:
            client.bulk_delete(walk.resource, ids=ids[:250], confirm=True)
        told = refused.value.problem.members
        assert (refused.value.status, told["items_requested"]) == (429, 250)
        assert told["items_remaining"] < 250
        assert told["resets_in_seconds"] > 0
        with pytest.raises(CallFailed) as refused:
            client.bulk_delete(walk.resource, ids=ids, confirm=True)
        assert refused.value.problem.members["split_to"] == 300


def job_with_its_webhook(walk) -> None:
    before = dump(walk.url)
    with receiving() as receiver:
        told = {"url": receiver.url, "events": ["bulk_job.completed"]}
        made = requests.post(f"{walk.base}/api/v1/webhooks", json=told, headers=walk.product.headers, timeout=20)
        assert made.status_code == 201, made.text
        job = walk.client.bulk_delete(walk.resource, ids=items(300, 201), confirm=True)
        assert (job.ended, job.summary) == (False, {"requested": 201})
        ended = walk.client.wait_for_job(job.job_id, within=60)
        assert (ended.state, ended.summary["deleted"]) == ("completed", 201)
        (message,) = receiver.wait(1)
        event = message.verified(made.json()["secret"])
        assert (event["type"], event["data"]["job_id"]) == ("bulk_job.completed", job.job_id)
    assert dump(walk.url) != before
    undo = walk.client.restore_job(job.job_id)
    assert walk.client.wait_for_job(undo.job_id, within=60).summary["restored"] == 201
    assert dump(walk.url) == before


PATIENT = Timeout(3, 600, 600)
ACME = {"Authorization": "Bearer key-acme"}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("database", ["sqlite", "pg18"])
def test_an_endpoint_goes_with_all_it_captured(database, servers, tmp_path):
    endpoint_with(20_000, database, servers, tmp_path, within=60)


@pytest.mark.skipif(not os.environ.get("SEXTON_SOAK"), reason="the long form: SEXTON_SOAK=1")
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("database", ["sqlite", "pg18"])
def test_an_endpoint_goes_with_a_million_captured_requests(database, servers, tmp_path):
    endpoint_with(1_000_000, database, servers, tmp_path, within=1200)


def endpoint_with(count: int, database: str, servers: Any, folder: Path, within: float) -> None:
    """A single DELETE refuses it, a job takes it with all it captured and says so, and its undo brings all back."""
    with vault_of(count, database, servers, folder) as (base, client, url), receiving() as receiver:
        before = dump(url)
        answer = requests.delete(f"{base}/api/v1/endpoints/big?cascade=true&confirm=true", headers=ACME, timeout=60)
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "too-many-dependents")
        told = {"url": receiver.url, "events": ["bulk_job.completed"]}
        made = requests.post(f"{base}/api/v1/webhooks", json=told, headers=ACME, timeout=20)
        job = client.bulk_delete("endpoints", ids=["big"], confirm=True, options={"cascade": True})
        ended = client.wait_for_job(job.job_id, within=within)
        assert (job.ended, ended.state, captured(url)) == (False, "completed", 0)
        (message,) = receiver.wait(1)
        assert message.verified(made.json()["secret"])["data"]["job_id"] == job.job_id
        undo = client.restore_job(job.job_id, timeout=PATIENT)
        assert client.wait_for_job(undo.job_id, within=within).state == "completed"
        assert dump(url) == before


@contextmanager
def vault_of(count: int, database: str, servers: Any, folder: Path):
    """WebhookVault with one endpoint that captured so many requests."""
    with fresh(database, servers, folder) as url:
        capture(url, count)
        with (
            running("sexton.examples.webhookvault:create_app", url, FACTORY, WEBHOOKS="private") as base,
            caller(base, retries=3) as client,
        ):
            yield base, client, url


def capture(url: str, count: int) -> None:
    engine = connect(url, webhookvault.Base.metadata)
    rows = ({"id": f"q{n:07}", "account_id": "acme", "endpoint_id": "big", "body": {"n": n}} for n in range(count))
    with engine.begin() as connection:
        big = {"id": "big", "account_id": "acme", "url": "https://big.example"}
        connection.execute(insert(webhookvault.Endpoint), big)
        while batch := list(islice(rows, 20_000)):
            connection.execute(insert(webhookvault.CapturedRequest), batch)
    engine.dispose()


def captured(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM captured_requests"))
    engine.dispose()
    return int(found or 0)

"""The endpoints of webhooks: registered, listed, removed, and what is refused."""

from __future__ import annotations

import json

import pytest

from hooks import SCRIPT, deliveries, register, tell
from sexton.actions.deliver import deliver
from sexton.actions.finish_job import finish_jobs
from sexton.actions.run_chunk import run_next_chunk
from sexton.events import Event
from sexton.model import Scope


def test_registered_listed_read_and_removed(hooks, receiver):
    made = register(hooks, receiver.url, events=["item.purged"])
    assert made["secret"].startswith("whsec_")
    assert made["id"].startswith("wh_")
    assert made["events"] == ["item.purged"]
    every = register(hooks, receiver.url)
    assert every["events"] == [str(event) for event in Event]
    shown = {name: value for name, value in made.items() if name != "secret"}
    assert hooks("GET", f"/webhooks/{made['id']}").json() == shown
    listed = hooks("GET", "/webhooks").json()["items"]
    assert [one["id"] for one in listed] == [made["id"], every["id"]]
    assert listed[0] == shown
    first = hooks("GET", "/webhooks?limit=1").json()
    rest = hooks("GET", "/webhooks", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == [made["id"], every["id"]]
    assert rest["next_cursor"] is None
    assert hooks("DELETE", f"/webhooks/{made['id']}").status_code == 204
    assert hooks("DELETE", f"/webhooks/{made['id']}").status_code == 404
    assert hooks("GET", f"/webhooks/{made['id']}").status_code == 404


def test_what_waits_for_a_removed_endpoint_is_not_sent(hooks, receiver):
    made = register(hooks, receiver.url)
    tell(hooks)
    hooks("DELETE", f"/webhooks/{made['id']}")
    assert deliver(hooks.store) == 0
    assert hooks.sql(f"SELECT count(*) FROM {hooks.store.dialect.own('webhook_deliveries')}") == [(0,)]


def test_only_admins_and_only_their_own_account(hooks, receiver):
    made = register(hooks, receiver.url)
    tell(hooks)
    delivery = deliveries(hooks, made)[0]["id"]
    here = f"/webhooks/{made['id']}"
    calls = [("GET", here), ("POST", f"{here}/rotate_secret"), ("GET", f"{here}/deliveries")]
    calls += [("POST", f"{here}/deliveries/{delivery}/replay"), ("DELETE", here)]
    other, weak = hooks.other(), hooks.other("acme", [scope for scope in Scope if scope is not Scope.ADMIN])
    assert [other(*call).status_code for call in calls] == [404] * 5
    assert [weak(*call).status_code for call in [*calls, ("GET", "/webhooks")]] == [403] * 6
    assert weak("POST", "/webhooks", json={"url": receiver.url}).status_code == 403
    assert other("GET", "/webhooks").json()["items"] == []
    assert hooks("GET", here).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": 1},
        {"url": "https://u:p@example.com/"},
        {"url": "http://169.254.169.254/latest/meta-data/"},
        {"url": "http://224.0.0.1/"},
        {"url": "http://[::]/"},
        {"url": "http://8.8.8.8/"},
        {"url": "https://no-such-host.invalid/"},
        {"url": "ftp://127.0.0.1/"},
        {"url": "http://127.0.0.1/\x00"},
        {"url": "http://127.0.0.1/", "events": []},
        {"url": "http://127.0.0.1/", "events": ["item.created"]},
        {"url": "http://127.0.0.1/", "secret": "mine"},
    ],
)
def test_what_cannot_be_registered(hooks, body):
    answer = hooks("POST", "/webhooks", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].startswith("#/")
    assert hooks("GET", "/webhooks").json()["items"] == []


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "localhost", "[::1]", "[::ffff:10.0.0.1]", "100.64.0.1"])
def test_private_targets_are_refused_unless_allowed(make_api, host):
    api = make_api(SCRIPT, with_worker=False, webhooks={"allowed_networks": ["10.1.0.0/16"]})
    for scheme in ("http", "https"):
        expected = 201 if host == "10.1.2.3" else 422
        assert api("POST", "/webhooks", json={"url": f"{scheme}://{host}/"}).status_code == expected


def test_a_repeated_registration_is_one(hooks, receiver):
    key = {"Idempotency-Key": "r-1"}
    answers = [hooks("POST", "/webhooks", json={"url": receiver.url}, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(hooks("GET", "/webhooks").json()["items"]) == 1


def test_an_account_has_twenty_at_most(hooks, receiver):
    statuses = [hooks("POST", "/webhooks", json={"url": receiver.url}).status_code for _ in range(21)]
    assert statuses == [201] * 20 + [409]


def test_the_end_of_a_job_is_told_in_its_own_transaction(hooks, receiver):
    created = hooks("POST", "/webhooks", json={"url": receiver.url})
    assert created.status_code == 201, created.text
    for headers in ({}, {"Prefer": "respond-async"}):
        hooks("POST", "/flags/bulk_delete", json={"ids": ["f1", "never"], "reason": "why"}, headers=headers)
    with hooks.store.write() as connection:
        run_next_chunk(connection, hooks.store)
    with hooks.store.write() as connection:
        finish_jobs(connection, hooks.store, hooks.store.dialect.now(connection))
        assert finish_jobs(connection, hooks.store, hooks.store.dialect.now(connection)) == []
    delayed = hooks("POST", "/flags/bulk_delete", json={"ids": ["f2"], "delay_seconds": 60}).json()["job_id"]
    for _ in range(2):
        hooks("POST", f"/bulk_jobs/{delayed}/cancel")
    listed = hooks("GET", f"/webhooks/{created.json()['id']}/deliveries").json()["items"]
    assert sorted(one["event"] for one in listed) == ["bulk_job.cancelled", "bulk_job.completed", "bulk_job.completed"]
    deliver(hooks.store)
    told = [json.loads(call.body) for call in receiver.got]
    ended = [one["data"] for one in told if one["type"] == "bulk_job.completed"]
    assert {one["summary"]["not_found"] for one in ended} == {1}
    assert {one["reason"] for one in ended} == {"why"}
    assert ended[0]["job_id"] != ended[1]["job_id"]

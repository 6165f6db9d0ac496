"""Webhooks over the API: registered, announced in the transaction, delivered at least once to a real receiver."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from receiving import receiving
from sexton.actions.announce import announce
from sexton.actions.deliver import deliver
from sexton.backoff import TRIES
from sexton.events import Event
from sexton.model import Scope

SCRIPT = """
CREATE TABLE flags (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, name TEXT, deleted_at TIMESTAMP);
INSERT INTO flags VALUES ('f1', 'acme', 'one', NULL), ('f2', 'acme', 'two', NULL), ('g1', 'globex', 'three', NULL)
"""
FLAGS = {"flags": {"account_column": "account_id", "strategy": "soft", "recovery_window": "0s"}}


@pytest.fixture
def hooks(make_api):
    """An application without a worker, which may call private addresses."""
    return make_api(SCRIPT, with_worker=False, resources=FLAGS, webhooks={"allow_private": True})


@pytest.fixture
def receiver():
    with receiving() as found:
        yield found


def _register(api, url, **more):
    answer = api("POST", "/webhooks", json={"url": url, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def _announce(api, event=Event.JOB_COMPLETED, account="acme", **data):
    with api.store.write() as connection:
        announce(connection, api.store, account, event, {"job_id": "job_1", **data}, api.store.dialect.now(connection))


def _deliveries(api, webhook, **params):
    answer = api("GET", f"/webhooks/{webhook['id']}/deliveries", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def _hurry(api):
    """Let the time until the next try, and the leases of the dead, pass."""
    api.run(f"UPDATE {api.store.dialect.own('webhook_deliveries')} SET not_before = created_at, locked_until = NULL")


# -- the endpoints ---------------------------------------------------------------------------------------------


def test_registered_listed_read_and_removed(hooks, receiver):
    made = _register(hooks, receiver.url, events=["item.purged"])
    assert made["secret"].startswith("whsec_")
    assert made["id"].startswith("wh_")
    assert made["events"] == ["item.purged"]
    every = _register(hooks, receiver.url)
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
    made = _register(hooks, receiver.url)
    _announce(hooks)
    hooks("DELETE", f"/webhooks/{made['id']}")
    assert deliver(hooks.store) == 0
    assert hooks.sql(f"SELECT count(*) FROM {hooks.store.dialect.own('webhook_deliveries')}") == [(0,)]


def test_only_admins_and_only_their_own_account(hooks, receiver):
    made = _register(hooks, receiver.url)
    _announce(hooks)
    delivery = _deliveries(hooks, made)[0]["id"]
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


# -- messages --------------------------------------------------------------------------------------------------


def test_those_who_want_it_get_it_signed(hooks, receiver):
    wants = _register(hooks, receiver.url, events=["bulk_job.completed"])
    _register(hooks, receiver.url, events=["bulk_job.failed"])
    _register(hooks.other(), receiver.url)
    _announce(hooks, summary={"deleted": 3})
    assert deliver(hooks.store) == 1
    (got,) = receiver.got
    told = got.verified(wants["secret"])
    assert (told["type"], told["data"]) == ("bulk_job.completed", {"job_id": "job_1", "summary": {"deleted": 3}})
    (shown,) = _deliveries(hooks, wants)
    assert (shown["id"], shown["state"], shown["attempts"], shown["last_status"]) == (got.id, "delivered", 1, 204)
    assert shown["delivered_at"] is not None
    assert shown["next_attempt_at"] is None
    assert deliver(hooks.store) == 0


def test_what_is_rolled_back_is_not_announced(hooks, receiver):
    made = _register(hooks, receiver.url)

    def fail():
        with hooks.store.write() as connection:
            announce(connection, hooks.store, "acme", Event.JOB_FAILED, {}, hooks.store.dialect.now(connection))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert deliver(hooks.store) == 0
    assert _deliveries(hooks, made) == []


def test_a_failure_is_tried_again_with_the_same_id_and_bytes(hooks, receiver):
    made = _register(hooks, receiver.url)
    receiver.answers = [500, 204]
    _announce(hooks)
    deliver(hooks.store)
    (shown,) = _deliveries(hooks, made)
    assert (shown["state"], shown["attempts"], shown["last_status"]) == ("pending", 1, 500)
    assert shown["last_error"] == "the receiver answered 500"
    assert shown["next_attempt_at"] > shown["created_at"]
    assert deliver(hooks.store) == 0
    _hurry(hooks)
    deliver(hooks.store)
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert second.verified(made["secret"])
    (shown,) = _deliveries(hooks, made)
    assert (shown["state"], shown["attempts"], shown["last_error"]) == ("delivered", 2, None)


def test_a_redirect_is_a_failure(hooks, receiver):
    made = _register(hooks, receiver.url)
    receiver.answers = [lambda handler: handler.answer(301, Location="/elsewhere")]
    _announce(hooks)
    deliver(hooks.store)
    (shown,) = _deliveries(hooks, made)
    assert (shown["state"], shown["last_status"]) == ("pending", 301)
    assert "redirects are not followed" in shown["last_error"]
    assert len(receiver.got) == 1


def test_a_name_that_moves_to_a_private_address_is_not_called(hooks, receiver, monkeypatch):
    real, answers = socket.getaddrinfo, ["127.0.0.1", "169.254.169.254"]

    def lookup(host, *arguments, **options):
        return real(answers.pop(0) if host == "hooks.example.test" else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    made = _register(hooks, f"http://hooks.example.test:{receiver.port}/")
    _announce(hooks)
    deliver(hooks.store)
    (shown,) = _deliveries(hooks, made)
    assert (shown["state"], shown["last_status"]) == ("pending", None)
    assert "may not call" in shown["last_error"]
    assert (receiver.got, answers) == ([], [])


def test_gone_disables_the_endpoint(hooks, receiver):
    made = _register(hooks, receiver.url)
    receiver.answers = [410, 204]
    _announce(hooks)
    _announce(hooks, Event.JOB_FAILED)
    with hooks.store.write() as connection:  # the second waits a while, so that it is not in hand with the first
        table = hooks.store.tables["webhook_deliveries"]
        later = hooks.store.dialect.now(connection).replace(year=2100)
        connection.execute(table.update().where(table.c.event == "bulk_job.failed").values(not_before=later))
    deliver(hooks.store)
    shown = hooks("GET", f"/webhooks/{made['id']}").json()
    assert shown["disabled_at"] is not None
    assert "410" in shown["disabled_because"]
    deliveries = _deliveries(hooks, made)
    assert [one["state"] for one in deliveries] == ["dead", "dead"]
    _announce(hooks)
    assert len(_deliveries(hooks, made)) == 2
    replay = hooks("POST", f"/webhooks/{made['id']}/deliveries/{deliveries[0]['id']}/replay")
    assert (replay.status_code, replay.json()["type"].rsplit("/", 1)[1]) == (409, "state-conflict")
    _hurry(hooks)
    assert deliver(hooks.store) == 0
    assert len(receiver.got) == 1


def test_after_a_rotation_both_secrets_sign_for_a_day(hooks, receiver):
    made = _register(hooks, receiver.url)
    rotated = hooks("POST", f"/webhooks/{made['id']}/rotate_secret")
    assert rotated.status_code == 200
    assert rotated.json()["secret"] != made["secret"]
    _announce(hooks)
    deliver(hooks.store)
    got = receiver.got[0]
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    assert got.verified(made["secret"]) == got.verified(rotated.json()["secret"])
    table = hooks.store.dialect.own("webhooks")
    hooks.run(f"UPDATE {table} SET old_secret_until = created_at")
    _announce(hooks)
    deliver(hooks.store)
    later = receiver.got[1]
    assert len(later.headers["webhook-signature"].split(" ")) == 1
    assert later.verified(rotated.json()["secret"])


def test_dead_after_the_last_try_and_sent_again_on_request(hooks, receiver):
    made = _register(hooks, receiver.url)
    receiver.answers = [*[503] * (TRIES + 1), 200]
    _announce(hooks)
    for _ in range(TRIES):
        assert deliver(hooks.store) == 1
        _hurry(hooks)
    assert deliver(hooks.store) == 0
    (dead,) = _deliveries(hooks, made, state="dead")
    assert (dead["attempts"], dead["last_status"]) == (TRIES, 503)
    assert _deliveries(hooks, made, state="pending") == []
    replay = hooks("POST", f"/webhooks/{made['id']}/deliveries/{dead['id']}/replay")
    assert replay.status_code == 202
    assert (replay.json()["state"], replay.json()["attempts"]) == ("pending", 0)
    deliver(hooks.store)
    (again,) = _deliveries(hooks, made)
    assert (again["state"], again["attempts"]) == ("pending", 1)
    _hurry(hooks)
    deliver(hooks.store)
    (done,) = _deliveries(hooks, made, state="delivered")
    assert done["id"] == dead["id"]
    assert {(got.id, got.body) for got in receiver.got} == {(dead["id"], receiver.got[0].body)}
    assert len(receiver.got) == TRIES + 2
    nothing = hooks("POST", f"/webhooks/{made['id']}/deliveries/msg_none/replay")
    assert nothing.status_code == 404


def test_deliveries_are_listed_newest_first_page_by_page(hooks, receiver):
    made = _register(hooks, receiver.url)
    for n in range(5):
        _announce(hooks, n=n)
        time.sleep(0.002)
    path, found, cursor = f"/webhooks/{made['id']}/deliveries", [], None
    while True:
        page = hooks("GET", path, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 5
    assert hooks("GET", path, params={"state": "lost"}).status_code == 422
    assert hooks("GET", path, params={"stat": "dead"}).status_code == 422


# -- races and crashes -----------------------------------------------------------------------------------------


def test_deliverers_side_by_side_send_each_message_once(hooks, receiver):
    for _ in range(4):
        _register(hooks, receiver.url)
    receiver.answers = [lambda handler: (time.sleep(0.05), handler.answer(204))]
    for n in range(10):
        _announce(hooks, n=n)
    start, faults = threading.Barrier(4), []

    def run():
        try:
            start.wait()
            while deliver(hooks.store):
                pass
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    counts = Counter(got.id for got in receiver.got)
    assert (len(counts), set(counts.values())) == (40, {1})


def test_an_endpoint_that_hangs_does_not_take_all_places(hooks, receiver):
    busy, quiet = _register(hooks, receiver.url), None
    for _ in range(30):
        _announce(hooks)
    quiet = _register(hooks, receiver.url + "&quiet", events=["bulk_job.failed"])
    _announce(hooks, Event.JOB_FAILED)
    deliver(hooks.store)
    assert _deliveries(hooks, quiet)[0]["state"] == "delivered"
    assert len(_deliveries(hooks, busy, state="delivered")) == 5


_DELIVER = """
import sys
from sexton.actions.deliver import deliver
from sexton.server.assembly import open_store
from sexton.server.configuration import Settings
deliver(open_store(Settings(database={"url": sys.argv[1]}, webhooks={"allow_private": True})))
"""


def test_a_crash_between_send_and_record_delivers_twice_with_one_id(hooks, receiver, database_url):
    made = _register(hooks, receiver.url)
    processes = []
    receiver.answers = [lambda _handler: os.kill(processes[0].pid, signal.SIGKILL), 204]
    _announce(hooks)
    processes.append(subprocess.Popen([sys.executable, "-c", _DELIVER, database_url]))
    assert processes[0].wait(timeout=60) == -signal.SIGKILL
    (shown,) = _deliveries(hooks, made)
    assert (shown["state"], shown["attempts"]) == ("pending", 1)
    assert deliver(hooks.store) == 0  # the lease of the dead holds
    _hurry(hooks)
    assert deliver(hooks.store) == 1
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert _deliveries(hooks, made)[0]["state"] == "delivered"


def test_who_comes_back_after_the_lease_records_nothing(hooks, receiver):
    made = _register(hooks, receiver.url)
    late, go = threading.Event(), threading.Event()

    def slow(handler):
        late.set()
        go.wait(9)
        handler.answer(500)

    receiver.answers = [slow, 204]
    _announce(hooks)
    sleeper = threading.Thread(target=deliver, args=[hooks.store])
    sleeper.start()
    assert late.wait(10)
    _hurry(hooks)
    assert deliver(hooks.store) == 1
    go.set()
    sleeper.join()
    (shown,) = _deliveries(hooks, made)
    assert (shown["state"], shown["attempts"], shown["last_status"]) == ("delivered", 2, 204)


def test_no_transaction_is_open_while_a_receiver_takes_its_time(hooks, receiver):
    _register(hooks, receiver.url)
    seen = []

    def look(handler):
        started = time.monotonic()
        seen.append(hooks("POST", "/webhooks", json={"url": receiver.url}).status_code)
        seen.append(time.monotonic() - started < 3)
        handler.answer(204)

    receiver.answers = [look]
    _announce(hooks)
    deliver(hooks.store)
    assert seen == [201, True]


# -- with the workers ------------------------------------------------------------------------------------------


def test_a_purge_tells_each_account_once_for_each_resource(make_api, receiver):
    api = make_api(SCRIPT, resources=FLAGS, webhooks={"allow_private": True}, server={"purge_interval": "200ms"})
    made = _register(api, receiver.url, events=["item.purged"])
    confirmed = api("POST", "/flags/bulk_delete", json={"ids": ["f1", "f2"], "confirm": True})
    assert confirmed.status_code == 200, confirmed.text
    (got,) = receiver.wait(1)
    told = got.verified(made["secret"])
    assert told["type"] == "item.purged"
    assert (told["data"]["resource"], told["data"]["count"], sorted(told["data"]["ids"])) == ("flags", 2, ["f1", "f2"])
    assert api("GET", f"/audit/{told['data']['audit_id']}").json()["action"] == "purge"
    assert json.loads(got.body) == told
    time.sleep(0.5)
    assert len(receiver.got) == 1

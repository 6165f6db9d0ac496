"""Messages to webhooks: announced in the transaction, signed, tried again, given up, sent again on request."""

from __future__ import annotations

import json
import socket
import time
from datetime import timedelta

import pytest

from hooks import FLAGS, SCRIPT, deliveries, hurry, register, tell
from sexton.actions.announce import announce
from sexton.actions.deliver import deliver
from sexton.actions.purge import purge
from sexton.backoff import TRIES
from sexton.events import Event


def test_those_who_want_it_get_it_signed(hooks, receiver):
    wants = register(hooks, receiver.url, events=["bulk_job.completed"])
    register(hooks, receiver.url, events=["bulk_job.failed"])
    register(hooks.other(), receiver.url)
    tell(hooks, summary={"deleted": 3})
    assert deliver(hooks.store) == 1
    (got,) = receiver.got
    told = got.verified(wants["secret"])
    assert (told["type"], told["data"]) == ("bulk_job.completed", {"job_id": "job_1", "summary": {"deleted": 3}})
    (shown,) = deliveries(hooks, wants)
    assert (shown["id"], shown["state"], shown["attempts"], shown["last_status"]) == (got.id, "delivered", 1, 204)
    assert shown["delivered_at"] is not None
    assert shown["next_attempt_at"] is None
    assert deliver(hooks.store) == 0


def test_what_is_rolled_back_is_not_announced(hooks, receiver):
    made = register(hooks, receiver.url)

    def fail():
        with hooks.store.write() as connection:
            announce(connection, hooks.store, "acme", Event.JOB_FAILED, {}, hooks.store.dialect.now(connection))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert deliver(hooks.store) == 0
    assert deliveries(hooks, made) == []


def test_a_failure_is_tried_again_with_the_same_id_and_bytes(hooks, receiver):
    made = register(hooks, receiver.url)
    receiver.answers = [500, 204]
    tell(hooks)
    deliver(hooks.store)
    (shown,) = deliveries(hooks, made)
    assert (shown["state"], shown["attempts"], shown["last_status"]) == ("pending", 1, 500)
    assert shown["last_error"] == "the receiver answered 500"
    assert shown["next_attempt_at"] > shown["created_at"]
    assert deliver(hooks.store) == 0
    hurry(hooks)
    deliver(hooks.store)
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert second.verified(made["secret"])
    (shown,) = deliveries(hooks, made)
    assert (shown["state"], shown["attempts"], shown["last_error"]) == ("delivered", 2, None)


def test_a_redirect_is_a_failure(hooks, receiver):
    made = register(hooks, receiver.url)
    receiver.answers = [lambda handler: handler.answer(301, Location="/elsewhere")]
    tell(hooks)
    deliver(hooks.store)
    (shown,) = deliveries(hooks, made)
    assert (shown["state"], shown["last_status"]) == ("pending", 301)
    assert "redirects are not followed" in shown["last_error"]
    assert len(receiver.got) == 1


def test_a_name_that_moves_to_a_private_address_is_not_called(hooks, receiver, monkeypatch):
    real, answers = socket.getaddrinfo, ["127.0.0.1", "169.254.169.254"]

    def lookup(host, *arguments, **options):
        return real(answers.pop(0) if host == "hooks.example.test" else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    made = register(hooks, f"http://hooks.example.test:{receiver.port}/")
    tell(hooks)
    deliver(hooks.store)
    (shown,) = deliveries(hooks, made)
    assert (shown["state"], shown["last_status"]) == ("pending", None)
    assert "may not call" in shown["last_error"]
    assert (receiver.got, answers) == ([], [])


def test_gone_disables_the_endpoint(hooks, receiver):
    made = register(hooks, receiver.url)
    receiver.answers = [410, 204]
    tell(hooks)
    tell(hooks, Event.JOB_FAILED)
    with hooks.store.write() as connection:  # the second waits a while, so that it is not in hand with the first
        table = hooks.store.tables["webhook_deliveries"]
        later = hooks.store.dialect.now(connection) + timedelta(hours=1)
        connection.execute(table.update().where(table.c.event == "bulk_job.failed").values(not_before=later))
    deliver(hooks.store)
    shown = hooks("GET", f"/webhooks/{made['id']}").json()
    assert shown["disabled_at"] is not None
    assert "410" in shown["disabled_because"]
    found = deliveries(hooks, made)
    assert [one["state"] for one in found] == ["dead", "dead"]
    tell(hooks)
    assert len(deliveries(hooks, made)) == 2
    replay = hooks("POST", f"/webhooks/{made['id']}/deliveries/{found[0]['id']}/replay")
    assert (replay.status_code, replay.json()["type"].rsplit("/", 1)[1]) == (409, "state-conflict")
    hurry(hooks)
    assert deliver(hooks.store) == 0
    assert len(receiver.got) == 1


def test_after_a_rotation_both_secrets_sign_for_a_day(hooks, receiver):
    made = register(hooks, receiver.url)
    rotated = hooks("POST", f"/webhooks/{made['id']}/rotate_secret")
    assert rotated.status_code == 200
    assert rotated.json()["secret"] != made["secret"]
    tell(hooks)
    deliver(hooks.store)
    got = receiver.got[0]
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    assert got.verified(made["secret"]) == got.verified(rotated.json()["secret"])
    table = hooks.store.dialect.own("webhooks")
    hooks.run(f"UPDATE {table} SET old_secret_until = created_at")
    tell(hooks)
    deliver(hooks.store)
    later = receiver.got[1]
    assert len(later.headers["webhook-signature"].split(" ")) == 1
    assert later.verified(rotated.json()["secret"])


def test_dead_after_the_last_try_and_sent_again_on_request(hooks, receiver):
    made = register(hooks, receiver.url)
    receiver.answers = [*[503] * (TRIES + 1), 200]
    tell(hooks)
    for _ in range(TRIES):
        assert deliver(hooks.store) == 1
        hurry(hooks)
    assert deliver(hooks.store) == 0
    (dead,) = deliveries(hooks, made, state="dead")
    assert (dead["attempts"], dead["last_status"]) == (TRIES, 503)
    assert deliveries(hooks, made, state="pending") == []
    replay = hooks("POST", f"/webhooks/{made['id']}/deliveries/{dead['id']}/replay")
    assert replay.status_code == 202
    assert (replay.json()["state"], replay.json()["attempts"]) == ("pending", 0)
    deliver(hooks.store)
    (again,) = deliveries(hooks, made)
    assert (again["state"], again["attempts"]) == ("pending", 1)
    hurry(hooks)
    deliver(hooks.store)
    (done,) = deliveries(hooks, made, state="delivered")
    assert done["id"] == dead["id"]
    assert {(got.id, got.body) for got in receiver.got} == {(dead["id"], receiver.got[0].body)}
    assert len(receiver.got) == TRIES + 2
    nothing = hooks("POST", f"/webhooks/{made['id']}/deliveries/msg_none/replay")
    assert nothing.status_code == 404


def test_deliveries_are_listed_newest_first_page_by_page(hooks, receiver):
    made = register(hooks, receiver.url)
    for n in range(5):
        tell(hooks, n=n)
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


def test_a_purge_tells_each_account_once_for_each_resource(make_api, receiver):
    api = make_api(SCRIPT, resources=FLAGS, webhooks={"allow_private": True}, server={"purge_interval": "200ms"})
    made = register(api, receiver.url, events=["item.purged"])
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


def test_a_dry_run_tells_nobody_and_old_messages_are_forgotten(hooks, receiver):
    made = register(hooks, receiver.url)
    assert hooks("DELETE", "/flags/f1").status_code == 204
    purge(hooks.store, dry_run=True)
    assert deliveries(hooks, made) == []
    purge(hooks.store)
    (shown,) = deliveries(hooks, made)
    assert shown["event"] == "item.purged"
    with hooks.store.read() as connection:
        now = hooks.store.dialect.now(connection)
    purge(hooks.store, now=now + timedelta(days=29))
    assert len(deliveries(hooks, made)) == 1
    purge(hooks.store, now=now + timedelta(days=31))
    assert deliveries(hooks, made) == []

"""Promises of jobs, of the webhooks that tell of them, and of the audit."""

from __future__ import annotations

import uuid
from typing import Any

from requests import Response

from sexton.testing.clock import time_machine
from sexton.testing.promises.api import Api, outcomes, said
from sexton.testing.promises.base import Promises
from sexton.testing.receiver import webhook_receiver
from sexton.testing.work import run_jobs


class Jobs(Promises):
    """Every bulk delete is a job; a large one is worked off later."""

    def test_a_large_list_becomes_a_job(self, api: Api) -> None:
        """Above sync_limit: 202, Location, Retry-After; at the end each item has its outcome, in request order."""
        items = api.items(2)
        asked = [items[0], *(api.never() for _ in range(api.most("sync_limit"))), items[1]]
        job_id = _accepted(api.bulk(asked))
        run_jobs(api.sexton)
        job = api.job(job_id)
        assert (job["state"], job["progress"], job["kind"]) == ("completed", 1.0, "delete")
        assert (job["summary"]["requested"], job["summary"]["deleted"]) == (len(asked), 2)
        listed = _listed(api, job_id)
        assert [one["id"] for one in listed] == asked
        assert {one["id"] for one in listed if one["status"] == "deleted"} == set(items)
        assert not any(api.there(item) for item in items)

    def test_a_job_is_undone_as_a_whole(self, api: Api) -> None:
        """respond-async: 202 for few items too; the restore of that job brings each back as it was."""
        api.needs_undo()
        items = api.items(2)
        before = {item: api.shown(item) for item in items}
        job_id = _accepted(api.bulk(items, headers={"Prefer": "respond-async"}))
        run_jobs(api.sexton)
        assert api.job(job_id)["state"] == "completed"
        answer = api.caller.post(api.own(f"/bulk_jobs/{job_id}/restore"))
        assert answer.status_code == 200, said(answer)
        assert {item: api.shown(item) for item in items} == before

    def test_a_delayed_job_can_be_taken_back(self, api: Api) -> None:
        """delay_seconds: nothing is touched until then, and a cancel is free and total."""
        items = api.items(2)
        job_id = _accepted(api.bulk(items, delay_seconds=3600))
        run_jobs(api.sexton)
        assert all(api.there(item) for item in items)
        answer = api.caller.post(api.own(f"/bulk_jobs/{job_id}/cancel"))
        assert answer.status_code == 200, said(answer)
        with time_machine(api.sexton) as clock:
            clock.advance(hours=2)
            run_jobs(api.sexton)
        assert api.job(job_id)["state"] == "cancelled"
        assert all(api.there(item) for item in items)

    def test_a_delayed_job_runs_when_its_time_has_come(self, api: Api) -> None:
        """delay_seconds: after that the job runs."""
        items = api.items(2)
        with time_machine(api.sexton) as clock:
            job_id = _accepted(api.bulk(items, delay_seconds=3600))
            clock.advance(hours=2)
            run_jobs(api.sexton)
            assert api.job(job_id)["state"] == "completed"
        assert not any(api.there(item) for item in items)

    def test_the_end_of_a_job_is_told_and_signed(self, api: Api) -> None:
        """A webhook gets bulk_job.completed, signed as Standard Webhooks, with an id that is the same each try."""
        with webhook_receiver(api.sexton) as receiver:
            made = api.caller.post(api.own("/webhooks"), json={"url": receiver.url})
            api.needs_scope(made)
            assert made.status_code == 201, said(made)
            job_id = _accepted(api.bulk(api.items(), headers={"Prefer": "respond-async"}))
            run_jobs(api.sexton)
            told = [one.verified(made.json()["secret"]) for one in receiver.received]
            ended = [one for one in told if one["type"].startswith("bulk_job.") and one["data"]["job_id"] == job_id]
            assert [one["type"] for one in ended] == ["bulk_job.completed"], told
            assert ended[0]["data"]["summary"]["deleted"] == 1
            assert receiver.received[0].headers["webhook-id"]
            api.caller.delete(api.own(f"/webhooks/{made.json()['id']}"))


class Audit(Promises):
    """Who, when, what was asked, what was deleted, what failed and why."""

    def test_the_audit_tells_of_a_delete(self, api: Api) -> None:
        """The entry that Sexton-Audit-Id names: account, key, correlation id, time, action and item."""
        (item,) = api.items()
        correlation = f"promise-{uuid.uuid4()}"
        done = api.delete(item, headers={"X-Correlation-Id": correlation})
        entry = api.audited(done.headers["Sexton-Audit-Id"])
        assert (entry["action"], entry["resource"], entry["item_id"]) == ("delete", api.resource, item)
        assert {"resource": api.resource, "id": item} in entry["deleted"]
        assert entry["account"]
        assert entry["key_id"]
        assert entry["at"]
        assert entry["correlation_id"] == correlation == done.headers.get("X-Correlation-Id")

    def test_the_audit_tells_of_a_bulk_delete(self, api: Api) -> None:
        """What was asked, what was deleted, what failed, the reason, and the job; the undo has an entry of its own."""
        items = api.items(2)
        stale = {"id": items[1], "if_match": '"another-version"'}
        told = {"items": [{"id": items[0], "if_match": api.etag(items[0])}, stale], "reason": "a promise is tested"}
        done = api.caller.post(api.path("bulk_delete"), json={**told, "confirm": True})
        assert outcomes(done) == {items[0]: "deleted", items[1]: "failed"}
        entry = api.audited(done.json()["audit_id"])
        assert (entry["action"], entry["reason"]) == ("bulk_delete", "a promise is tested")
        assert entry["job_id"] == done.json()["job_id"]
        assert entry["deleted"] == [{"resource": api.resource, "id": items[0]}]
        assert [one["id"] for one in entry["failed"]] == [items[1]]
        assert entry["summary"]["deleted"] == 1

    def test_the_audit_finds_an_item(self, api: Api) -> None:
        """GET audit?resource=&item_id=: what happened to one item, and nothing of others."""
        (item,) = api.items()
        deleted = api.delete(item)
        assert deleted.status_code == 204, said(deleted)
        answer = api.caller.get(api.own("/audit"), params={"resource": api.resource, "item_id": item})
        api.needs_scope(answer)
        entries = answer.json()["items"]
        assert deleted.headers["Sexton-Audit-Id"] in [one["audit_id"] for one in entries], said(answer)
        assert all(_names(one, api.resource, item) for one in entries), said(answer)


def _names(entry: dict[str, Any], resource: str, item: str) -> bool:
    touched = {"resource": resource, "id": item}
    return entry["item_id"] == item or touched in entry.get("deleted", []) + entry.get("restored", [])


def _accepted(answer: Response) -> str:
    assert answer.status_code == 202, said(answer)
    job_id = str(answer.json()["job_id"])
    assert answer.headers.get("Location", "").endswith(f"/bulk_jobs/{job_id}")
    assert int(answer.headers.get("Retry-After", -1)) >= 0
    return job_id


def _listed(api: Api, job_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        told = {"limit": "1000"} | ({"cursor": cursor} if cursor else {})
        answer = api.caller.get(api.own(f"/bulk_jobs/{job_id}/items"), params=told)
        assert answer.status_code == 200, said(answer)
        found += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return found

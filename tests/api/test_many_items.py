"""Contract 1.2, on every database."""

from __future__ import annotations

import threading
import time

import pytest

PLAIN = "".join(f"INSERT INTO plain VALUES ('r{n:04}', 'b{n % 3}');" for n in range(1200))
TABLES = """CREATE TABLE plain (id TEXT PRIMARY KEY, body TEXT);
CREATE TABLE tree (id INTEGER PRIMARY KEY, up INTEGER REFERENCES tree (id)); CREATE INDEX ix_up ON tree (up);
INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 2), (4, 2), (5, NULL);"""


def slug(answer):
    return answer.json()["type"].rpartition("/")[2]


def statuses(answer):
    return [item["status"] for item in answer.json()["deleted"]]


@pytest.fixture
def many(make_api):
    return make_api(TABLES + PLAIN).other("default")


def wait(api, job_id, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job = api("GET", f"/bulk_jobs/{job_id}").json()
        if job["finished_at"]:
            return job
        time.sleep(0.05)
    raise AssertionError(job)


def test_every_item_hears_its_own_outcome(api):
    api("DELETE", "/products/p2")
    answer = api("POST", "/products/bulk_delete", json={"ids": ["p3", "p2", "nope", "p1", "g1", "p3"], "reason": "why"})
    assert answer.status_code == 200
    told = answer.json()
    assert [i["id"] for i in told["deleted"]] == ["p3", "p2", "nope", "p1", "g1"]
    assert statuses(answer) == ["failed", "gone", "not_found", "failed", "not_found"]
    assert told["deleted"][0]["error"]["type"].endswith("/referenced")
    assert told["summary"] == {"requested": 5, "deleted": 0, "gone": 1, "not_found": 2, "failed": 2, "duplicates": 1}
    entry = api("GET", f"/audit/{told['audit_id']}").json()
    assert entry["reason"] == "why"
    assert entry["requested"]["ids"][0] == "p3"
    assert {f["id"] for f in entry["failed"]} == {"p1", "p3"}


def test_cascade_and_undo_of_the_job(api):
    before = {t: api.sql(f"SELECT * FROM {t} ORDER BY 1, 2") for t in ("shops", "products", "reviews", "notes")}
    done = api("POST", "/shops/bulk_delete", json={"ids": [1, 2, 3, 4], "cascade": True}).json()
    assert [i["status"] for i in done["deleted"]] == ["deleted", "failed", "not_found", "deleted"]
    job = api("GET", f"/bulk_jobs/{done['job_id']}").json()
    assert (job["state"], job["progress"], job["kind"]) == ("completed_with_failures", 1.0, "delete")
    listed = api("GET", f"/bulk_jobs/{done['job_id']}/items").json()["items"]
    assert listed == done["deleted"]
    undone = api("POST", f"/bulk_jobs/{done['job_id']}/restore").json()
    assert [i["status"] for i in undone["restored"]] == ["restored", "restored"]
    assert undone["summary"] == {"requested": 2, "restored": 2, "live": 0, "purged": 0, "failed": 0}
    assert {t: api.sql(f"SELECT * FROM {t} ORDER BY 1, 2") for t in before} == before
    again = api("POST", f"/bulk_jobs/{done['job_id']}/restore").json()
    assert [i["status"] for i in again["restored"]] == ["live", "live"]


def test_rows_that_point_at_each_other_go_together(many):
    answer = many("POST", "/tree/bulk_delete", json={"ids": [1, 2, 3, 4]})
    assert statuses(answer) == ["deleted"] * 4
    assert many.sql("SELECT id FROM tree") == [(5,)]
    many("POST", f"/bulk_jobs/{answer.json()['job_id']}/restore")
    many("PUT", "/tree/3/hold", json={"reason": "x"})
    answer = many("POST", "/tree/bulk_delete", json={"ids": [1, 2, 3, 4]})
    assert statuses(answer) == ["failed", "failed", "failed", "deleted"]
    kinds = [i.get("error", {}).get("type", "").rpartition("/")[2] for i in answer.json()["deleted"]]
    assert kinds == ["referenced", "referenced", "held", ""]


def test_a_dependent_of_another_item_is_deleted(many):
    answer = many("POST", "/tree/bulk_delete", json={"ids": [1, 3, 5], "cascade": True})
    assert statuses(answer) == ["deleted", "deleted", "deleted"]
    assert many.sql("SELECT id FROM tree") == []
    many("POST", f"/bulk_jobs/{answer.json()['job_id']}/restore")
    assert many.sql("SELECT id, up FROM tree ORDER BY 1") == [(1, None), (2, 1), (3, 2), (4, 2), (5, None)]


def test_confirmation(many):
    ids = [f"r{n:04}" for n in range(101)]
    asked = many("POST", "/plain/bulk_delete", json={"ids": ids})
    assert (asked.status_code, slug(asked), asked.json()["count"]) == (428, "confirmation-required", 101)
    assert "preview" in asked.json()
    assert many("POST", "/plain/bulk_delete", json={"ids": ids[:100]}).status_code == 200
    assert many("POST", "/plain/bulk_delete", json={"ids": ids, "confirm": True}).json()["summary"]["gone"] == 100


def test_preview_deletes_exactly_what_it_found(many):
    found = many("POST", "/plain/bulk_delete/preview", json={"filter": {"body": "b1", "id": {"lt": "r0030"}}}).json()
    assert (found["count"], found["mode"], found["not_found"], found["gone"]) == (10, "sync", 0, 0)
    assert len(found["sample"]) == 10
    assert found["percent_of_account"] == round(100 * 10 / 1200, 2)
    many.run("INSERT INTO plain VALUES ('r0000x', 'b1')")
    many.run("UPDATE plain SET body = 'other' WHERE id = 'r0001'")
    token = {"confirm_token": found["confirm_token"]}
    assert many("POST", "/plain/bulk_delete", json={**token, "ids": ["r0001"]}).status_code == 422
    assert slug(many("POST", "/tree/bulk_delete", json=token)) == "confirm-token-invalid"
    assert many.other("acme")("POST", "/plain/bulk_delete", json=token).status_code == 409
    done = many("POST", "/plain/bulk_delete", json=token).json()
    assert done["summary"] == {"requested": 10, "deleted": 9, "gone": 0, "not_found": 0, "failed": 1, "duplicates": 0}
    assert done["deleted"][0]["error"]["type"].endswith("/version-mismatch")
    assert many.sql("SELECT id FROM plain WHERE id < 'r0003' AND body <> 'b0' ORDER BY 1") == [
        ("r0000x",),
        ("r0001",),
        ("r0002",),
    ]
    used = many("POST", "/plain/bulk_delete", json=token)
    assert used.headers["RateLimit"].startswith('"items";r=')
    assert (used.status_code, slug(used), used.json()["job_id"]) == (409, "confirm-token-invalid", done["job_id"])


def test_filters_are_never_guessed(many):
    path = "/plain/bulk_delete/preview"
    for wrong in ({}, {"colour": "x"}, {"body": {"like": "x"}}, {"body": None}, {"body": {"in": []}}, {"all": False}):
        assert many("POST", path, json={"filter": wrong}).status_code == 422, wrong
    assert many("POST", path, json={}).status_code == 422
    assert many("POST", path, json={"ids": ["r0001"], "filter": {"all": True}}).status_code == 422
    assert many("POST", path, json={"filter": {"all": True}, "cascde": True}).status_code == 422
    assert many("POST", "/plain/bulk_delete", json={"filter": {"all": True}}).status_code == 422
    assert many("POST", path, json={"filter": {"all": True}}).json()["count"] == 1200
    assert many("POST", path, json={"filter": {"body": {"prefix": "b%"}}}).json()["count"] == 0
    assert many("POST", path, json={"filter": {"body": {"in": ["b1", "b2"]}}}).json()["count"] == 800
    assert many("POST", path, json={"filter": {"body": {"is_null": True}}}).json()["count"] == 0
    assert many("POST", "/tree/bulk_delete/preview", json={"filter": {"id": {"gte": 4}}}).json()["count"] == 2
    assert many("POST", "/tree/bulk_delete/preview", json={"filter": {"id": "x"}}).status_code == 422


def test_atomic(api):
    answer = api("POST", "/products/bulk_delete", json={"ids": ["p2", "p1", "nope"], "atomic": True})
    assert (answer.status_code, slug(answer)) == (409, "atomic-failed")
    assert statuses(answer) == ["rolled_back", "failed", "not_found"]
    assert api.sql("SELECT count(*) FROM products") == [(4,)]
    assert api("GET", "/audit?action=bulk_delete").json()["items"] == []
    api("DELETE", "/products/p2")
    fine = api("POST", "/products/bulk_delete", json={"ids": ["p2", "p3"], "atomic": True, "cascade": True})
    assert (fine.status_code, statuses(fine)) == (200, ["gone", "deleted"])


def test_counts_are_asserted(api):
    wrong = api("POST", "/shops/bulk_delete", json={"ids": [1], "cascade": True, "expected_count": 3})
    assert (wrong.status_code, slug(wrong), wrong.json()["actual_count"]) == (409, "count-mismatch", 5)
    over = api("POST", "/shops/bulk_delete", json={"ids": [1], "cascade": True, "max_affected": 4})
    assert (over.status_code, over.json()["actual_count"]) == (409, 5)
    assert api.sql("SELECT count(*) FROM shops") == [(5,)]
    right = {"ids": [1], "cascade": True, "expected_count": 5, "max_affected": 5}
    assert api("POST", "/shops/bulk_delete", json=right).status_code == 200


def test_versions_in_a_batch(api):
    tag = api("GET", "/products/p2").headers["ETag"]
    items = [{"id": "p2", "if_match": tag}, {"id": "p3", "if_match": '"no"'}]
    assert statuses(api("POST", "/products/bulk_delete", json={"items": items})) == ["deleted", "failed"]
    twice = [{"id": "p3", "if_match": '"a"'}, {"id": "p3", "if_match": '"b"'}]
    assert api("POST", "/products/bulk_delete", json={"items": twice}).status_code == 422
    mine = api.other("default")
    plain = mine("POST", "/versions/bulk_delete", json={"ids": ["v1"]})
    assert plain.status_code == 428


def test_a_large_one_is_a_job(many):
    ids = [f"r{n:04}" for n in range(1150)]
    answer = many("POST", "/plain/bulk_delete", json={"ids": ids, "confirm": True})
    assert answer.status_code == 202
    assert answer.headers["Location"] == answer.json()["status_url"]
    assert answer.headers["Retry-After"]
    job = wait(many, answer.json()["job_id"])
    assert (job["state"], job["summary"]["deleted"], job["progress"]) == ("completed", 1150, 1.0)
    assert many.sql("SELECT count(*) FROM plain") == [(50,)]
    first = many("GET", f"/bulk_jobs/{job['job_id']}/items?limit=1000").json()
    rest = many("GET", f"/bulk_jobs/{job['job_id']}/items?limit=1000&cursor={first['next_cursor']}").json()
    assert [i["id"] for i in first["items"] + rest["items"]] == ids
    undo = many("POST", f"/bulk_jobs/{job['job_id']}/restore", headers={"Prefer": "wait=20"})
    assert (undo.status_code, undo.json()["state"], undo.json()["summary"]["restored"]) == (200, "completed", 1150)
    assert many.sql("SELECT count(*) FROM plain") == [(1200,)]


def test_respond_async_delay_and_cancel(many):
    body = {"ids": ["r0001", "r0002"], "delay_seconds": 60}
    answer = many("POST", "/plain/bulk_delete", json=body)
    assert answer.status_code == 202
    job_id = answer.json()["job_id"]
    time.sleep(1.2)
    assert many.sql("SELECT count(*) FROM plain") == [(1200,)]
    assert many("POST", f"/bulk_jobs/{job_id}/cancel").json()["state"] == "cancelled"
    assert many("POST", f"/bulk_jobs/{job_id}/cancel").json()["state"] == "cancelled"
    assert many("POST", f"/bulk_jobs/{job_id}/resume").status_code == 409
    quick = many("POST", "/plain/bulk_delete", json={"ids": ["r0003"]}, headers={"Prefer": "respond-async, wait=20"})
    assert (quick.status_code, quick.json()["state"]) == (200, "completed")
    assert quick.json()["deleted"] == [{"id": "r0003", "status": "deleted"}]


def test_a_chunk_that_cannot_be_run_is_given_up_and_told(many, monkeypatch):
    from sexton.worker import hand  # noqa: PLC0415

    def broken(*_):
        raise RuntimeError("broken")

    monkeypatch.setattr(hand, "run_chunk", broken)
    answer = many("POST", "/plain/bulk_delete", json={"ids": ["r0001", "r0002"]}, headers={"Prefer": "respond-async"})
    job = wait(many, answer.json()["job_id"])
    assert (job["state"], job["summary"]["failed"]) == ("completed_with_failures", 2)
    items = many("GET", f"/bulk_jobs/{job['job_id']}/items").json()["items"]
    assert {item["error"]["type"].rpartition("/")[2] for item in items} == {"internal-error"}
    monkeypatch.undo()
    after = many("POST", "/plain/bulk_delete", json={"ids": ["r0001"]}, headers={"Prefer": "respond-async, wait=10"})
    assert after.json()["summary"]["deleted"] == 1


def test_a_cancel_gives_the_quota_back(make_api):
    api = make_api(TABLES + PLAIN, accounts={"default": {"items_per_hour": 100}}).other("default")
    answer = api("POST", "/plain/bulk_delete", json={"ids": ["r0001", "r0002"], "delay_seconds": 60})
    assert answer.headers["RateLimit"].startswith('"items";r=98;')
    api("POST", f"/bulk_jobs/{answer.json()['job_id']}/cancel")
    assert api("DELETE", "/plain/nope").headers["RateLimit"].startswith('"items";r=100;')


def test_approval(make_api):
    api = make_api(TABLES + PLAIN, defaults={"approve_above": 5}).other("default")
    answer = api("POST", "/plain/bulk_delete", json={"ids": [f"r{n:04}" for n in range(6)]})
    assert (answer.status_code, answer.json()["state"]) == (202, "awaiting_approval")
    job_id = answer.json()["job_id"]
    assert api("POST", f"/bulk_jobs/{job_id}/approve").status_code == 409
    assert api.other("default", ["delete"])("POST", f"/bulk_jobs/{job_id}/approve").status_code == 403
    assert api.other("default", ["approve"])("POST", f"/bulk_jobs/{job_id}/approve").status_code == 200
    assert wait(api, job_id)["summary"]["deleted"] == 6


def test_streams(many):
    lines = '"r0001"\nr0002\n{"id": "r0003"}\n\n"nope"\n'
    answer = many("POST", "/plain/bulk_delete", content=lines, headers={"Content-Type": "application/x-ndjson"})
    assert statuses(answer) == ["deleted", "deleted", "deleted", "not_found"]
    rows = 'id,if_match\r\nr0004,\r\nr0005,"""x"""\r\n'
    answer = many("POST", "/plain/bulk_delete?reason=csv", content=rows, headers={"Content-Type": "text/csv"})
    assert statuses(answer) == ["deleted", "failed"]
    bad = many("POST", "/plain/bulk_delete", content="id\nr0006\n,\n", headers={"Content-Type": "text/csv"})
    assert (bad.status_code, "line 3" in bad.json()["detail"]) == (422, True)
    typo = many(
        "POST", "/plain/bulk_delete?confrm=true", content="r0007", headers={"Content-Type": "application/x-ndjson"}
    )
    assert typo.status_code == 422
    assert (
        many("POST", "/plain/bulk_delete", content="r0007", headers={"Content-Type": "text/plain"}).status_code == 415
    )
    assert many.sql("SELECT count(*) FROM plain WHERE id IN ('r0006', 'r0007')") == [(2,)]


def test_quota_counts_items(make_api):
    api = make_api(TABLES + PLAIN, accounts={"default": {"items_per_hour": 10}}).other("default")
    first = api(
        "POST", "/plain/bulk_delete", json={"ids": ["r0001", "r0002", "nope"]}, headers={"Idempotency-Key": "k"}
    )
    assert first.headers["RateLimit-Policy"] == '"items";q=10;w=3600'
    assert first.headers["RateLimit"].startswith('"items";r=8;t=')
    replay = api(
        "POST", "/plain/bulk_delete", json={"ids": ["r0001", "r0002", "nope"]}, headers={"Idempotency-Key": "k"}
    )
    assert replay.content == first.content
    few = api("POST", "/plain/bulk_delete", json={"ids": [f"r{n:04}" for n in range(10, 19)]})
    assert (few.status_code, slug(few)) == (429, "quota-exceeded")
    told = few.json()
    assert (told["items_requested"], told["items_remaining"]) == (9, 8)
    assert int(few.headers["Retry-After"]) == told["resets_in_seconds"] > 0
    never = api("POST", "/plain/bulk_delete", json={"ids": [f"r{n:04}" for n in range(10, 22)]})
    assert (never.status_code, never.json()["split_to"]) == (429, 10)
    assert api("DELETE", "/plain/nope").headers["RateLimit"].startswith('"items";r=8;')
    assert api("DELETE", "/plain/r0003").headers["RateLimit"].startswith('"items";r=7;')


def test_keys_of_batches(many):
    body = {"ids": ["r0001"], "idempotency_key": "batch-1"}
    first = many("POST", "/plain/bulk_delete", json=body)
    again = many("POST", "/plain/bulk_delete", json={"ids": ["r0001"]}, headers={"Idempotency-Key": '"batch-1"'})
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.content == first.content
    assert many("POST", "/plain/bulk_delete", json={"ids": ["r0002"], "idempotency_key": "batch-1"}).status_code == 422
    both = many("POST", "/plain/bulk_delete", json=body, headers={"Idempotency-Key": "other"})
    assert both.status_code == 400
    assert many.other("acme")("POST", "/plain/bulk_delete", json=body).json()["summary"]["not_found"] == 1


def test_fifty_twins_have_one_effect(many):
    body = {"ids": [f"r{n:04}" for n in range(50)], "idempotency_key": "twins"}
    answers = []

    def fire():
        answers.append(many("POST", "/plain/bulk_delete", json=body))

    threads = [threading.Thread(target=fire) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(a.status_code, a.content) for a in answers} == {(200, answers[0].content)}
    assert answers[0].json()["summary"]["deleted"] == 50
    assert len(many("GET", "/bulk_jobs").json()["items"]) == 1
    assert len(many("GET", "/audit?action=bulk_delete").json()["items"]) == 1


def test_two_jobs_over_the_same_ids(many):
    answers = []

    def fire(ids):
        answers.append(many("POST", "/plain/bulk_delete", json={"ids": ids}))

    ids = [f"r{n:04}" for n in range(90)]
    threads = [threading.Thread(target=fire, args=(order,)) for order in (ids[:60], list(reversed(ids[30:])))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcomes: dict[str, list[str]] = {}
    for answer in answers:
        for item in answer.json()["deleted"]:
            outcomes.setdefault(item["id"], []).append(item["status"])
    assert len(outcomes) == 90
    for item, found in outcomes.items():
        assert sorted(found) in (["deleted"], ["deleted", "gone"]), (item, found)


def test_bodies_are_bounded_and_read_one_way_only(many):
    too_many = many("POST", "/plain/bulk_delete", json={"ids": ["x"] * 100_001})
    assert too_many.status_code == 413
    for wrong in (
        '{"ids": ["r0001"], "ids": ["r0002"]}',
        "{",
        '{"ids": [NaN]}',
        "[" * 100_000,
        '{"ids": [true]}',
        '{"ids": "r0001"}',
        "[]",
    ):
        answer = many("POST", "/plain/bulk_delete", content=wrong, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), (wrong[:30], answer.status_code)
    assert many.sql("SELECT count(*) FROM plain") == [(1200,)]

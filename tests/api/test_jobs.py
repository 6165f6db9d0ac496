"""Jobs as contract 1.3 has them: stages, control, streams, events, undo at scale, on every database."""

from __future__ import annotations

import json
import threading
import time

import pytest

from sexton.actions.run_chunk import run_next_chunk

PLAIN = "CREATE TABLE plain (id TEXT PRIMARY KEY, body TEXT); CREATE TABLE tree (id INTEGER PRIMARY KEY, up INTEGER REFERENCES tree (id));"
CHILDREN = "CREATE TABLE kids (id INTEGER PRIMARY KEY, plain_id TEXT REFERENCES plain (id)); CREATE INDEX ix_kids ON kids (plain_id);"
ASYNC = {"Prefer": "respond-async"}
NDJSON = {"Content-Type": "application/x-ndjson"}


def fill(api, count):
    with api.store.write() as connection:
        rows = [{"i": f"r{n:06}"} for n in range(count)]
        connection.exec_driver_sql(
            "INSERT INTO plain (id, body) VALUES (%(i)s, 'x')"
            if api.pg
            else "INSERT INTO plain (id, body) VALUES (:i, 'x')",
            rows,
        )
    return [row["i"] for row in rows]


@pytest.fixture
def shop(make_api):
    def make(count=0, *, with_worker=True, script=PLAIN + CHILDREN, **settings):
        api = make_api(script, with_worker=with_worker, **settings).other("default")
        api.pg = api.store.dialect.own_schema is not None
        api.ids = fill(api, count) if count else []
        return api

    return make


def wait(api, job_id, states=("completed", "completed_with_failures", "cancelled", "halted"), seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job = api("GET", f"/bulk_jobs/{job_id}").json()
        if job["state"] in states:
            return job
        time.sleep(0.05)
    raise AssertionError(job)


def start(api, **body):
    answer = api("POST", "/plain/bulk_delete", json={"confirm": True, **body}, headers=ASYNC)
    assert answer.status_code == 202, answer.text
    return answer.json()["job_id"]


def results(api, job_id):
    """All results of a job, page by page."""
    found, cursor = [], None
    while True:
        query = f"?limit=700{f'&cursor={cursor}' if cursor else ''}"
        page = api("GET", f"/bulk_jobs/{job_id}/items{query}").json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def protect(api, ids):
    """Let rows point at some items, so that they cannot go."""
    for n, item in enumerate(ids):
        api.run(f"INSERT INTO kids VALUES ({n}, '{item}')")


# -- stages -----------------------------------------------------------------------------------------------------


def test_a_canary_that_fails_keeps_the_rest_untouched(shop):
    api = shop(1500)
    protect(api, api.ids)
    job = wait(api, start(api, ids=api.ids, rollout={"canary_percent": 2, "max_failure_percent": 1}))
    assert job["state"] == "halted"
    assert (job["stage"]["name"], job["stage"]["requested"], job["stage"]["failed"]) == ("canary", 30, 30)
    assert "30 of the 30 items" in job["reason"]
    assert job["summary"] == {"requested": 1500, "deleted": 0, "gone": 0, "not_found": 0, "failed": 30, "duplicates": 0}
    listed = results(api, job["job_id"])
    assert [item["id"] for item in listed] == api.ids
    assert sum(item["status"] == "failed" for item in listed) == 30
    chosen = [n for n, item in enumerate(listed) if item["status"] == "failed"]
    assert chosen[-1] > 500, "the canary is chosen at random, not off the list's top"
    assert sum(item["status"] == "pending" for item in listed) == 1470

    api.run("DELETE FROM kids")
    assert api("POST", f"/bulk_jobs/{job['job_id']}/resume").json()["state"] in (
        "queued",
        "running",
        "completed_with_failures",
    )
    job = wait(api, job["job_id"], ("completed_with_failures",))
    assert (job["summary"]["deleted"], job["summary"]["failed"], job["progress"]) == (1470, 30, 1.0)
    assert [item["id"] for item in results(api, job["job_id"])] == api.ids


def test_a_canary_that_goes_well_opens_the_rest(shop):
    api = shop(1200)
    job = wait(api, start(api, ids=api.ids, rollout={"canary_percent": 10, "max_failure_percent": 0}))
    assert (job["state"], job["summary"]["deleted"], job["stage"]["name"]) == ("completed", 1200, "rest")
    undo = api("POST", f"/bulk_jobs/{job['job_id']}/restore", headers={"Prefer": "respond-async, wait=20"}).json()
    assert undo["summary"]["restored"] == 1200
    assert api.sql("SELECT count(*) FROM plain") == [(1200,)]


def test_too_many_failures_in_the_rest_halt_too(shop):
    api = shop(4000)
    protect(api, api.ids[:3900])
    job = wait(api, start(api, ids=api.ids, rollout={"canary_percent": 0.025, "max_failure_percent": 50}))
    if job["stage"]["name"] == "canary":  # the one canary was itself protected
        api("POST", f"/bulk_jobs/{job['job_id']}/resume")
        time.sleep(0.2)
        job = wait(api, job["job_id"])
    assert (job["state"], job["stage"]["name"]) == ("halted", "rest")
    assert job["summary"]["failed"] < 3900
    undo = api("POST", f"/bulk_jobs/{job['job_id']}/restore").json()
    assert undo["summary"]["requested"] == job["summary"]["deleted"]


def test_a_rollout_of_a_preview_keeps_its_order_and_versions(shop):
    api = shop(600)
    token = api("POST", "/plain/bulk_delete/preview", json={"filter": {"all": True}}).json()["confirm_token"]
    api.run("UPDATE plain SET body = 'changed' WHERE id = 'r000007'")
    answer = api(
        "POST",
        "/plain/bulk_delete",
        json={"confirm_token": token, "rollout": {"canary_percent": 50, "max_failure_percent": 5}},
    )
    job = wait(api, answer.json()["job_id"])
    assert (job["state"], job["summary"]["deleted"], job["summary"]["failed"]) == ("completed_with_failures", 599, 1)
    listed = results(api, job["job_id"])
    assert [item["id"] for item in listed] == api.ids
    assert listed[7]["error"]["type"].endswith("/version-mismatch")


@pytest.mark.parametrize(
    "rollout", [{"canary_percent": 0}, {"canary_percent": 2, "extra": 1}, {"max_failure_percent": 101}]
)
def test_a_rollout_that_cannot_be(shop, rollout):
    api = shop(2)
    assert api("POST", "/plain/bulk_delete", json={"ids": api.ids, "rollout": rollout}).status_code == 422
    both = api("POST", "/plain/bulk_delete", json={"ids": api.ids, "rollout": {"canary_percent": 5}, "atomic": True})
    assert both.status_code == 422
    assert api.sql("SELECT count(*) FROM plain") == [(2,)]


# -- control ----------------------------------------------------------------------------------------------------


def test_pause_resume_cancel_are_exact_and_repeatable(shop):
    api = shop(3000, with_worker=False)
    job_id = start(api, ids=api.ids)
    with api.store.write() as connection:
        assert run_next_chunk(connection, api.store).counts == {"deleted": 1000}
    for _ in range(2):
        assert api("POST", f"/bulk_jobs/{job_id}/pause").json()["state"] == "paused"
    with api.store.write() as connection:
        assert run_next_chunk(connection, api.store) is None
    for _ in range(2):
        assert api("POST", f"/bulk_jobs/{job_id}/resume").json()["state"] == "queued"
    with api.store.write() as connection:
        assert run_next_chunk(connection, api.store, job_id=job_id).counts == {"deleted": 1000}
    shown = [api("POST", f"/bulk_jobs/{job_id}/cancel").json() for _ in range(2)]
    assert [job["state"] for job in shown] == ["cancelled"] * 2
    assert shown[0]["summary"] == {
        "requested": 3000,
        "deleted": 2000,
        "gone": 0,
        "not_found": 0,
        "failed": 0,
        "duplicates": 0,
    }
    with api.store.write() as connection:
        assert run_next_chunk(connection, api.store) is None
    assert api.sql("SELECT count(*) FROM plain") == [(1000,)]
    assert api("POST", f"/bulk_jobs/{job_id}/resume").status_code == 409
    undo = api("POST", f"/bulk_jobs/{job_id}/restore", headers=ASYNC).json()
    with api.store.write() as connection:
        while run_next_chunk(connection, api.store):
            pass
    assert api.sql("SELECT count(*) FROM plain") == [(3000,)]
    assert undo["summary"]["requested"] == 2000


def test_the_chunk_and_the_hosts_own_work_are_one_transaction(shop):
    api = shop(10, with_worker=False)
    start(api, ids=api.ids)
    with pytest.raises(RuntimeError), api.store.write() as connection:  # noqa: PT012 — the block is the transaction
        assert run_next_chunk(connection, api.store).counts == {"deleted": 10}
        raise RuntimeError
    assert api.sql("SELECT count(*) FROM plain") == [(10,)]
    assert api.sql(
        "SELECT count(*) FROM sexton.tombstones" if api.pg else "SELECT count(*) FROM sexton_tombstones"
    ) == [(0,)]


def test_an_intent_whose_maker_died_does_not_stop_a_job_for_ever(shop):
    api = shop(10, with_worker=False)
    job_id = start(api, ids=api.ids)
    table = api.store.tables["job_controls"]
    from datetime import timedelta  # noqa: PLC0415

    with api.store.write() as connection:
        now = api.store.dialect.now(connection)
        connection.execute(table.insert(), {"id": "i1", "job_id": job_id, "move": "pause", "at": now})
    with api.store.write() as connection:
        assert run_next_chunk(connection, api.store) is None
        connection.execute(table.update().values(at=now - timedelta(minutes=2)))
        assert run_next_chunk(connection, api.store) is not None


# -- streams ----------------------------------------------------------------------------------------------------


def test_a_long_list_is_stored_as_it_is_read_and_repeats_are_left_out(shop):
    api = shop(12_000)
    sent = [*api.ids[:11_000], *api.ids[:500], *api.ids[11_000:], "never", api.ids[0]]
    body = "\n".join(json.dumps(item) for item in sent).encode()
    answer = api("POST", "/plain/bulk_delete?confirm=true&reason=long", content=body, headers=NDJSON)
    assert (answer.status_code, answer.json()["summary"]["requested"]) == (202, 12_001)
    job = wait(api, answer.json()["job_id"])
    assert job["summary"] == {
        "requested": 12_001,
        "deleted": 12_000,
        "gone": 0,
        "not_found": 1,
        "failed": 0,
        "duplicates": 501,
    }
    answer = api("GET", f"/bulk_jobs/{job['job_id']}/items", headers={"Accept": "application/x-ndjson"})
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["id"] for line in lines] == [*api.ids, "never"]
    assert lines[-1]["status"] == "not_found"
    missed = api("GET", f"/bulk_jobs/{job['job_id']}/items?status=not_found").json()
    assert (missed["items"], missed["next_cursor"]) == ([{"id": "never", "status": "not_found"}], None)


def test_a_long_list_with_one_item_under_two_conditions_is_refused(shop):
    api = shop(1)
    lines = [{"id": f"n{n}", "if_match": '"a"'} for n in range(10_500)] + [{"id": "n3", "if_match": '"b"'}]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    answer = api("POST", "/plain/bulk_delete?confirm=true", content=body, headers=NDJSON)
    assert (answer.status_code, "n3" in answer.json()["detail"]) == (422, True)
    assert api("GET", "/bulk_jobs").json()["items"] == []


def test_a_stream_may_ask_for_stages_and_is_replayed_by_its_key(shop):
    api = shop(300)
    body = "id\n" + "\n".join(api.ids)
    told = {"Content-Type": "text/csv", "Idempotency-Key": "k1"}
    path = "/plain/bulk_delete?confirm=true&canary_percent=10"
    first, second = (api("POST", path, content=body, headers=told) for _ in range(2))
    assert (first.status_code, first.content) == (202, second.content)
    assert second.headers["Idempotent-Replayed"] == "true"
    other = api("POST", path, content=body + "\nx", headers=told)
    assert other.status_code == 422
    assert wait(api, first.json()["job_id"])["summary"]["deleted"] == 300


# -- events -----------------------------------------------------------------------------------------------------


def events(answer):
    found = []
    for block in answer.text.split("\n\n"):
        told = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if told:
            found.append((told["id"], told["event"], json.loads(told["data"])))
    return found


def test_events_end_with_the_job_and_go_on_where_they_were(shop):
    api = shop(3000, with_worker=False)
    job_id = start(api, ids=api.ids)

    def work():
        for _ in range(3):
            time.sleep(0.7)
            with api.store.write() as connection:
                run_next_chunk(connection, api.store)
        from sexton.actions.finish_job import finish_jobs  # noqa: PLC0415

        with api.store.write() as connection:
            finish_jobs(connection, api.store, api.store.dialect.now(connection))

    thread = threading.Thread(target=work)
    thread.start()
    answer = api("GET", f"/bulk_jobs/{job_id}/events")
    thread.join()
    assert answer.headers["Content-Type"] == "text/event-stream"
    heard = events(answer)
    assert heard[-1][1] == "end"
    assert heard[-1][2]["state"] == "completed"
    done = [data["summary"]["deleted"] for _, _, data in heard]
    assert done == sorted(done)
    assert {1000, 2000} <= set(done)
    assert len({name for name, _, _ in heard}) == len(heard)
    again = events(api("GET", f"/bulk_jobs/{job_id}/events", headers={"Last-Event-ID": heard[0][0]}))
    assert [event[1] for event in again] == ["end"]
    assert api("GET", f"/bulk_jobs/{job_id}/events", headers={"Last-Event-ID": heard[-1][0]}).status_code == 204
    assert api.other("globex")("GET", f"/bulk_jobs/{job_id}/events").status_code == 404


# -- undo -------------------------------------------------------------------------------------------------------


def test_children_wait_for_parents_in_other_chunks(shop):
    """Each row points at a row that another chunk brings back later, so that no order of chunks is right."""
    api = shop(with_worker=False, script=PLAIN)
    with api.store.write() as connection:
        rows = [f"({n}, {n + 1000 if n < 1500 else 'NULL'})" for n in range(2500)]
        for batch in (rows[1500:], rows[500:1500], rows[:500]):
            connection.exec_driver_sql(f"INSERT INTO tree VALUES {', '.join(batch)}")
        half = [f"({10_000 + n}, {n})" for n in range(2500)]
        connection.exec_driver_sql(f"INSERT INTO tree VALUES {', '.join(half)}")
    before = api.sql("SELECT * FROM tree ORDER BY id")
    ids = [*range(10_000, 12_500), *range(2500)]
    answer = api("POST", "/tree/bulk_delete", json={"ids": ids, "confirm": True}, headers=ASYNC)
    drain(api)
    assert api("GET", answer.headers["Location"].removeprefix("/api/v1")).json()["summary"]["deleted"] == 5000
    undo = api("POST", f"/bulk_jobs/{answer.json()['job_id']}/restore", headers=ASYNC).json()
    api.run(f"UPDATE {'sexton.' if api.pg else 'sexton_'}bulk_chunks SET n = 100 - n WHERE job_id = '{undo['job_id']}'")
    drain(api)
    job = api("GET", f"/bulk_jobs/{undo['job_id']}").json()
    assert (job["state"], job["summary"]["restored"]) == ("completed", 5000)
    assert api.sql("SELECT * FROM tree ORDER BY id") == before
    assert [item["id"] for item in results(api, undo["job_id"])] == [str(n) for n in ids]


def test_parents_wait_for_children_in_other_chunks(shop):
    api = shop(with_worker=False, script=PLAIN)
    with api.store.write() as connection:
        connection.exec_driver_sql(f"INSERT INTO tree VALUES {', '.join(f'({n}, NULL)' for n in range(1500))}")
        children = ", ".join(f"({2000 + n}, {n})" for n in range(1500))
        connection.exec_driver_sql(f"INSERT INTO tree VALUES {children}, (9999, 7)")
    ids = [*range(1500), *range(2000, 3500)]
    answer = api("POST", "/tree/bulk_delete", json={"ids": ids, "confirm": True}, headers=ASYNC)
    drain(api)
    job_id = answer.json()["job_id"]
    job = api("GET", f"/bulk_jobs/{job_id}").json()
    assert (job["state"], job["summary"]["deleted"], job["summary"]["failed"]) == ("completed_with_failures", 2999, 1)
    listed = results(api, job_id)
    assert [item["id"] for item in listed] == [str(n) for n in ids]
    assert [item["id"] for item in listed if item["status"] == "failed"] == ["7"]
    assert api.sql("SELECT id FROM tree ORDER BY id") == [(7,), (9999,)]


def test_what_cannot_come_back_says_why_and_the_job_ends(shop):
    api = shop(2500, with_worker=False)
    job_id = start(api, ids=api.ids)
    drain(api)
    api.run("INSERT INTO plain VALUES ('r000003', 'new')")
    api.run("INSERT INTO plain VALUES ('r002003', 'new')")
    undo = api("POST", f"/bulk_jobs/{job_id}/restore", headers=ASYNC).json()["job_id"]
    drain(api)
    job = api("GET", f"/bulk_jobs/{undo}").json()
    assert job["summary"] == {"requested": 2500, "restored": 2498, "live": 2, "purged": 0, "failed": 0, "duplicates": 0}


def drain(api):
    from sexton.worker.hand import Hand  # noqa: PLC0415

    hand = Hand(api.store, "test")
    while hand.step():
        pass


def test_a_job_says_when_it_will_have_ended(shop):
    api = shop(3000, with_worker=False)
    job_id = start(api, ids=api.ids)
    with api.store.write() as connection:
        run_next_chunk(connection, api.store)
    time.sleep(0.05)
    job = api("GET", f"/bulk_jobs/{job_id}").json()
    assert (job["state"], job["progress"]) == ("running", 0.3333)
    assert job["eta_seconds"] == pytest.approx(2000 / job["items_per_second"], abs=1)
    answer = api("GET", f"/bulk_jobs/{job_id}", headers={"If-None-Match": '"x"'})
    assert answer.status_code == 200


def test_an_undo_of_few_items_with_many_dependents_is_a_job_too(shop):
    api = shop(with_worker=False)
    api.run("INSERT INTO plain VALUES ('p', 'x')")
    with api.store.write() as connection:
        children = ", ".join(f"({n}, 'p')" for n in range(10_050))
        connection.exec_driver_sql(f"INSERT INTO kids VALUES {children}")
    answer = api("POST", "/plain/bulk_delete", json={"ids": ["p"], "cascade": True, "confirm": True})
    assert answer.status_code == 202
    drain(api)
    undo = api("POST", f"/bulk_jobs/{answer.json()['job_id']}/restore")
    assert (undo.status_code, undo.json()["summary"]) == (202, {"requested": 1})
    drain(api)
    assert api("GET", undo.headers["Location"].removeprefix("/api/v1")).json()["summary"]["restored"] == 1
    assert api.sql("SELECT count(*) FROM kids") == [(10_050,)]

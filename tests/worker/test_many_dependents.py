"""One item with more dependents than one plan holds: a job takes all of them or none, and an undo brings all back."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import pytest

from processes import small_plans, wait_at
from scene import _list, until
from serving import dump
from where import everywhere, long, usually

TABLES = """
CREATE TABLE endpoints (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, note TEXT);;
CREATE TABLE requests (id INTEGER PRIMARY KEY, account_id TEXT NOT NULL, endpoint_id TEXT NOT NULL REFERENCES endpoints,
  reply_to INTEGER REFERENCES requests, state TEXT, body TEXT);;
CREATE INDEX requests_of ON requests (endpoint_id);;
CREATE INDEX replies_of ON requests (reply_to);;
CREATE TABLE parts (request_id INTEGER NOT NULL REFERENCES requests, n INTEGER NOT NULL, body TEXT, PRIMARY KEY (request_id, n));;
CREATE TABLE marks (id INTEGER PRIMARY KEY, request_id INTEGER REFERENCES requests ON DELETE SET NULL);;
CREATE INDEX marks_of ON marks (request_id);;
ALTER TABLE endpoints ADD COLUMN latest INTEGER REFERENCES requests (id);;
INSERT INTO endpoints (id, account_id) VALUES ('big', 'default'), ('small', 'default'), ('theirs', 'globex');;
INSERT INTO requests VALUES (0, 'default', 'small', NULL, 'done', 'stays')
"""
CONFIG = """
[resources.endpoints]
account_column = "account_id"
[resources.requests]
account_column = "account_id"
block_when = "state = 'open'"
block_reason = "the request is still open"
"""
COUNT = 20_000


@pytest.fixture
def vault(make_scene):
    """Endpoint `big` with so many requests; of ten, one has a part, one a mark, and one replies to another."""

    def make(count=COUNT, replies=True):
        scene = make_scene(script=TABLES, config=CONFIG)
        numbers = f"generate_series(1, {count})"
        if scene.is_sqlite:
            numbers = (
                f"(WITH RECURSIVE n(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM n WHERE g < {count}) SELECT g FROM n)"
            )
        reply = f"CASE WHEN g % 10 = 3 THEN {count} - g / 2 END" if replies else "NULL"
        scene.run(
            f"INSERT INTO requests SELECT g, 'default', 'big', {reply}, 'done', 'body ' || g FROM {numbers} AS s(g)"
            if not scene.is_sqlite
            else f"INSERT INTO requests SELECT g, 'default', 'big', {reply}, 'done', 'body ' || g FROM {numbers}"
            " ORDER BY g DESC"
        )
        scene.run("INSERT INTO parts SELECT id, 1, 'part' FROM requests WHERE id % 10 = 1 AND endpoint_id = 'big'")
        scene.run("INSERT INTO marks SELECT id, id FROM requests WHERE id % 10 = 2 AND endpoint_id = 'big'")
        scene.run("UPDATE endpoints SET latest = (SELECT id FROM requests WHERE id = 7) WHERE id = 'big'")
        return scene

    return make


def ask(scene, *ids, **options):
    body = {"ids": [*ids], "cascade": True, "confirm": True, **options}
    answer = scene.api("POST", "/endpoints/bulk_delete", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def left(scene):
    return [int(scene.one(f"SELECT count(*) FROM {table}")) for table in ("endpoints", "requests", "parts", "marks")]


def audited(scene, job, action="bulk_delete"):
    listed = "SELECT items FROM {audit_log} WHERE job_id = :id AND action = :action"
    return sorted(item for found in scene.sql(listed, id=job, action=action) for item in _list(found))


@everywhere
def test_a_job_takes_an_item_with_all_its_dependents_and_the_undo_brings_back_just_these(vault):
    scene = vault()
    before = dump(scene.url)
    job = ask(scene, "big", "small", "nowhere")
    with scene.workers(fault=small_plans):
        ended = scene.ended(job)
        assert (ended["state"], ended["summary"]["deleted"], ended["summary"]["not_found"]) == ("completed", 2, 1)
        assert left(scene) == [1, 0, 0, COUNT // 10]
        assert scene.one("SELECT count(*) FROM marks WHERE request_id IS NULL") == COUNT // 10
        names = [f"endpoints/{name}" for name in ("big", "small")]
        names += [f"requests/{n}" for n in range(COUNT + 1)]
        names += [f"parts/{n},1" for n in range(1, COUNT, 10)]
        assert audited(scene, job) == sorted(names)
        assert scene.tombstones(job) == len(names)
        undo = scene.ended(scene.undo(job))
    assert (undo["state"], undo["summary"]["restored"]) == ("completed", 2)
    assert dump(scene.url) == before
    assert audited(scene, undo["job_id"], "bulk_restore") == sorted(names)
    assert scene.tombstones(job) == 0


@usually
def test_nothing_is_gone_where_one_dependent_must_stay(vault):
    scene = vault(12_000)
    held = scene.api("PUT", "/requests/11999/hold", json={"reason": "case 7"})
    assert held.is_success, held.text
    before = dump(scene.url)
    job = ask(scene, "big")
    with scene.workers(fault=small_plans):
        assert scene.ended(job)["state"] == "completed_with_failures"
        (told,) = scene.outcomes(job)
        assert told["error"]["type"].endswith("/held")
        assert told["error"]["dependent"] == {"resource": "requests", "id": "11999"}
        assert (dump(scene.url), scene.tombstones(job)) == (before, 0)
        scene.api("DELETE", "/requests/11999/hold")
        scene.run("UPDATE requests SET state = 'open' WHERE id = 11000")
        blocked = ask(scene, "big")
        scene.ended(blocked)
        (told,) = scene.outcomes(blocked)
        assert "the request is still open" in told["error"]["detail"]
        scene.run("UPDATE requests SET state = 'done' WHERE id = 11000")
        scene.run("UPDATE requests SET account_id = 'globex' WHERE id = 10500")
        theirs = ask(scene, "big")
        scene.ended(theirs)
        (told,) = scene.outcomes(theirs)
        assert told["error"]["type"].endswith("/referenced")
        assert "10500" not in str(told)
    assert left(scene) == [3, 12_001, 1_200, 1_200]


@everywhere
def test_they_are_counted_before_anybody_confirms_and_refused_to_a_single_delete(vault):
    scene = vault(12_000)
    rows = 1 + 12_000 + 1_200
    body = {"ids": ["big"], "cascade": True}
    bare = scene.api("POST", "/endpoints/bulk_delete", json=body)
    assert (bare.status_code, bare.json()["count"]) == (428, rows)
    wrong = scene.api("POST", "/endpoints/bulk_delete", json={**body, "confirm": True, "expected_count": rows - 1})
    assert (wrong.status_code, wrong.json()["actual_count"]) == (409, rows)
    whole = scene.api("POST", "/endpoints/bulk_delete", json={**body, "confirm": True, "atomic": True})
    assert (whole.status_code, whole.json()["type"].rpartition("/")[2]) == (409, "too-many-dependents")
    one = scene.api("DELETE", "/endpoints/big?cascade=true&confirm=true")
    assert (one.status_code, one.json()["type"].rpartition("/")[2]) == (409, "too-many-dependents")
    tried = scene.api("DELETE", "/endpoints/big?cascade=true&dry_run=true").json()
    assert (tried["would"], tried["error"]["type"].rpartition("/")[2]) == ("failed", "too-many-dependents")

    found = scene.api("POST", "/endpoints/bulk_delete/preview", json={"ids": ["big", "small"], "cascade": True}).json()
    assert (found["count"], found["mode"], found["blocked"]["count"]) == (2, "async", 0)
    told = {one["resource"]: one["count"] for one in found["dependents"]}
    assert told == {"requests": 12_001, "parts": 1_200}
    asked = scene.api("POST", "/endpoints/bulk_delete", json={"confirm_token": found["confirm_token"]})
    assert asked.status_code == 202
    with scene.workers(fault=small_plans):
        assert scene.ended(asked.json()["job_id"])["summary"]["deleted"] == 2


@pytest.mark.parametrize("database_url", ["pg18", "pg15"], indirect=True)
def test_a_refusal_neither_reads_nor_locks_them_all(vault):
    """Another transaction holds each dependent: who locked one of them would wait for it."""
    scene = vault(12_000)
    with scene.engine.begin() as other:
        other.exec_driver_sql("SELECT 1 FROM requests FOR UPDATE")
        started = time.monotonic()
        assert scene.api("DELETE", "/endpoints/big?cascade=true&confirm=true").status_code == 409
        ask(scene, "big")
        assert time.monotonic() - started < 9  # a wait for a lock ends after ten seconds


@pytest.mark.parametrize(
    ("database_url", "where"),
    [("sqlite", "sexton.storage.chunks:finish"), ("pg18", "sexton.actions.remove_many:execute")],
    indirect=["database_url"],
)
def test_a_worker_killed_in_the_midst_left_all_of_it(vault, where):
    scene = vault(12_000)
    before = dump(scene.url)
    job = ask(scene, "big")
    killed(scene, where)
    assert (dump(scene.url), scene.tombstones(job), audited(scene, job)) == (before, 0, [])
    with scene.workers(fault=small_plans):
        assert scene.ended(job)["summary"]["deleted"] == 1
    undo = scene.undo(job)
    killed(scene, "sexton.storage.tombstones:delete_of_root")
    assert left(scene)[:2] == [2, 1]
    with scene.workers(fault=small_plans):
        assert scene.ended(undo)["summary"]["restored"] == 1
    assert dump(scene.url) == before


def killed(scene, where):
    """A worker that got as far as this, and was killed there."""
    (scene.folder / "here").unlink(missing_ok=True)
    process = scene.worker(partial(small_plans, partial(wait_at, where, scene.folder)))
    until((scene.folder / "here").exists, 60)
    process.kill()


@everywhere
def test_rows_that_hang_on_each_other_in_a_circle_go_and_come_back(vault):
    """All requests but one are replies to that one, and the endpoint points at it."""
    scene = vault(12_000)
    scene.run("UPDATE requests SET reply_to = 1 WHERE id > 1")
    scene.run("UPDATE endpoints SET latest = 1 WHERE id = 'big'")
    before = dump(scene.url)
    job = ask(scene, "big")
    with scene.workers(fault=small_plans):
        assert scene.ended(job)["state"] == "completed", scene.outcomes(job)
        assert left(scene)[:2] == [2, 1]
    assert scene.api("POST", "/endpoints/big/restore").status_code == 200
    assert dump(scene.url) == before


@long
@pytest.mark.timeout(1800)
@usually
def test_a_million_dependents_in_bounded_memory(vault):
    scene = vault(1_000_000, replies=False)
    before = dump(scene.url)
    job = ask(scene, "big")
    with scene.workers() as (worker,):
        base = memory(worker)
        started = time.monotonic()
        ended = scene.ended(job, 900)
        took, most = time.monotonic() - started, memory(worker)
        assert (ended["state"], left(scene)[1]) == ("completed", 1)
        started = time.monotonic()
        undo = scene.ended(scene.undo(job), 900)
        back, at_last = time.monotonic() - started, memory(worker)
    print(
        f"\n1,000,000: {took:.0f} s, undone in {back:.0f} s; memory {base} MB, then {most}, then {at_last} MB at most"
    )
    assert undo["state"] == "completed"
    assert at_last - base < 100
    assert dump(scene.url) == before


def memory(process):
    """The most a process has held, in MB."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))

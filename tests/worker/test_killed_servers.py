"""Servers that die while they accept work, and SQLite files whose writers die (cases 18, 24)."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import threading
import time
from functools import partial

import pytest
import requests

from processes import checkpoint_for_ever, wait_at, write_for_ever
from scene import until
from where import SOAK, on_sqlite, usually

KILLS = 40 if SOAK else 3
SIZE = 60_000 if SOAK else 15_000


def call(base, token, path, body, answers):
    headers = {"Authorization": f"Bearer {token}", "Prefer": "respond-async"}
    with contextlib.suppress(requests.RequestException):
        answers.append(requests.post(base + path, json=body, headers=headers, timeout=30))


def killed_during(scene, path, body, after):
    """What the server answered, if it did, before it was killed so many seconds after the request began."""
    process, base = scene.serve()
    answers = []
    asking = threading.Thread(target=call, args=(base, scene.token(), path, body, answers))
    asking.start()
    time.sleep(after)
    process.kill()
    asking.join()
    return answers


def is_whole(scene):
    """Every job and preview has all its chunks, and every chunk its job or preview."""
    jobs = scene.sql("SELECT id, requested FROM {bulk_jobs}")
    seen = scene.sql("SELECT id, count FROM {previews}")
    sizes = dict(scene.sql("SELECT job_id, sum(size) FROM {bulk_chunks} GROUP BY job_id"))
    spent = scene.sql("SELECT job_id FROM {previews} WHERE job_id IS NOT NULL")
    assert {job: int(size) for job, size in sizes.items()} == dict(jobs) | {
        preview: count for preview, count in seen if preview in sizes
    }
    asked = scene.sql("SELECT job_id FROM {audit_log} WHERE action = 'bulk_delete_requested'")
    assert sorted(asked) == sorted(job for job, _ in jobs)
    return [job for job, _ in jobs], spent


@usually
def test_a_server_killed_while_it_accepts_a_job(make_scene):
    """Case 18: the job exists whole or not at all; the same request again, with its key, makes one job."""
    scene = make_scene(SIZE)
    for n in range(KILLS):
        body = {"ids": list(range(1, SIZE + 1)), "confirm": True, "idempotency_key": f"key-{n}"}
        answers = killed_during(scene, "/items/bulk_delete", body, random.uniform(0, 1 if SOAK else 0.2))
        made, _ = is_whole(scene)
        assert len(made) in (n, n + 1)
        assert not answers or answers[0].status_code == 202
        again = scene.api("POST", "/items/bulk_delete", json=body, headers={"Prefer": "respond-async"})
        assert again.status_code == 202, again.text
        assert len(is_whole(scene)[0]) == n + 1
        if answers:
            assert again.json() == answers[0].json()
        assert scene.rows() == SIZE
    assert scene.one("SELECT count(*) FROM {tombstones}") == 0


@usually
@pytest.mark.parametrize("where", ["sexton.storage.chunks:add", "sexton.storage.audit:write"])
def test_a_server_killed_between_two_steps_of_accepting_a_job(make_scene, where):
    """Case 18: nothing of the job is there, and its idempotency key is free."""
    scene = make_scene(1_000)
    process, base = scene.serve(partial(wait_at, where, scene.folder))
    body = {"ids": list(range(1, 1_001)), "confirm": True, "idempotency_key": "one"}
    asking = threading.Thread(target=call, args=(base, scene.token(), "/items/bulk_delete", body, answers := []))
    asking.start()
    until((scene.folder / "here").exists)
    process.kill()
    asking.join()
    assert (answers, is_whole(scene)[0], scene.one("SELECT count(*) FROM {bulk_chunks}")) == ([], [], 0)
    again = scene.api("POST", "/items/bulk_delete", json=body, headers={"Prefer": "respond-async"})
    assert (again.status_code, len(is_whole(scene)[0])) == (202, 1)


@usually
def test_a_server_killed_while_it_previews(make_scene):
    """Case 18: a preview exists whole or not at all, and its token still makes a whole job."""
    scene = make_scene(SIZE)
    for _ in range(KILLS):
        answers = killed_during(
            scene, "/items/bulk_delete/preview", {"filter": {"id": {"gt": 0}}}, random.uniform(0, 0.3)
        )
        is_whole(scene)
        assert scene.rows() == SIZE
        for answer in answers:
            body = {"confirm_token": answer.json()["confirm_token"]}
            assert scene.api("POST", "/items/bulk_delete", json=body).status_code == 202
            is_whole(scene)


@on_sqlite
def test_writers_killed_during_checkpoints(make_scene):
    """Case 24: workers, a foreign writer and whoever checkpoints are killed at random; file and job stay whole."""
    scene = make_scene(size := 100_000 if SOAK else 20_000)
    scene.run("CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT)")
    path = scene.url.removeprefix("sqlite:///")
    job = scene.ask(range(1, size + 1))
    faults = [None, partial(checkpoint_for_ever, path), partial(write_for_ever, path)]
    running = [scene.worker(fault) for fault in faults]
    killed = 0
    while not scene.sql("SELECT 1 FROM {bulk_jobs} WHERE finished_at IS NOT NULL") or killed < KILLS:
        time.sleep(random.uniform(0.2, 0.5))
        one = random.randrange(3)
        running[one].kill()
        running[one] = scene.worker(faults[one])
        killed += 1
        assert killed < 500
    scene.ended(job)
    for process in running:
        process.kill()
    assert scene.check(job, range(1, size + 1)) == {"deleted": size}
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        ids = [row[0] for row in connection.execute("SELECT id FROM notes ORDER BY id")]
    assert ids == list(range(1, len(ids) + 1))
    assert ids

"""Pause, cancel, halt and finish, against workers that do not wait (cases 14, 15, 16, 21)."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from scene import until
from serving import dump
from sexton.actions import batches
from slow import refuse, slow_down
from where import SOAK, usually

RACES = 1_000 if SOAK else 8
GATES = 100 if SOAK else 5


def effects(scene, job):
    return scene.rows(), scene.tombstones(job), scene.audited(job), scene.done(job)


@usually
def test_nothing_commits_after_a_pause_has_returned(make_scene, monkeypatch):
    """Case 14: with eight busy workers on PostgreSQL, two on SQLite, where they stand in line."""
    monkeypatch.setattr(batches, "CHUNK_SIZE", 300)
    scene = make_scene()
    scene.fill(1, size := 40_000 if SOAK else 4_000 if scene.is_sqlite else 9_000)
    slow_down(scene, 0.0002)
    job = scene.ask(range(1, size + 1))
    with scene.workers(2 if scene.is_sqlite else 8):
        stops = 0
        for _ in range(3):
            done = scene.done(job)
            until(lambda done=done: scene.done(job) > done + 1)
            began = time.monotonic()
            answer = scene.move(job, "pause")
            took, then = time.monotonic() - began, effects(scene, job)
            if answer.status_code == 409:
                break
            assert (answer.status_code, answer.json()["state"]) == (200, "paused")
            assert took < 1
            time.sleep(0.3)
            assert effects(scene, job) == then
            assert then[0] == size - then[1] > 0
            stops += 1
            assert scene.move(job, "resume").json()["state"] == "queued"
        assert stops
        assert scene.ended(job)["state"] == "completed"
    assert scene.check(job, range(1, size + 1)) == {"deleted": size}


@usually
def test_a_job_cancelled_half_way_keeps_and_can_undo_what_it_did(make_scene):
    """Case 15."""
    scene = make_scene(9_000)
    slow_down(scene, 0.0001)
    before = dump(scene.url)
    job = scene.ask(range(1, 9_001))
    with scene.workers(2):
        until(lambda: scene.done(job) >= 3)
        first = scene.move(job, "cancel")
        then = effects(scene, job)
        again = scene.move(job, "cancel")
        assert (first.status_code, first.json()["state"]) == (200, "cancelled")
        assert again.json() == first.json()
        time.sleep(0.2)
        assert effects(scene, job) == then
        summary = first.json()["summary"]
        assert 0 < summary["deleted"] == then[1] == 9_000 - then[0] < 9_000
        counts = scene.check(job, range(1, 9_001))
        assert counts == {"deleted": summary["deleted"], "pending": 9_000 - summary["deleted"]}
        assert scene.move(job, "resume").status_code == 409
        undone = scene.ended(scene.undo(job))
        assert (undone["state"], undone["summary"]["restored"]) == ("completed", summary["deleted"])
    assert dump(scene.url) == before


def race(scene, job, number):
    """Pause, cancel or resume from two sides while workers finish it."""
    moves = random.Random(number).choices(("pause", "cancel", "resume"), k=2)
    barrier = threading.Barrier(2)

    def make(move):
        barrier.wait()
        time.sleep(random.Random(number).random() / 50)
        return scene.move(job, move).status_code

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(make, moves))


@usually
@pytest.mark.timeout(0 if SOAK else 120)
def test_pause_cancel_and_finish_at_once(make_scene):
    """Case 16: one final state, told once, and the counts of that state."""
    scene = make_scene(20 * RACES)
    hook = {"url": "http://127.0.0.1:9/nobody"}
    assert scene.api("POST", "/webhooks", json=hook).status_code == 201
    finals = []
    with scene.workers(2):
        for n in range(RACES):
            job = scene.ask(range(20 * n + 1, 20 * n + 21))
            assert set(race(scene, job, n)) <= {200, 409}
            if scene.job(job)["state"] == "paused":
                assert scene.move(job, "resume").status_code == 200
            finals.append((job, scene.ended(job)))
    for job, ended in finals:
        assert ended["state"] in ("completed", "cancelled")
        assert ended["summary"]["deleted"] in (0, 20)
        assert (ended["summary"]["deleted"] == 20) or ended["state"] == "cancelled"
        assert (scene.tombstones(job), scene.audited(job)) in ((0, 0), (20, 1))
    told = scene.sql("SELECT body FROM {webhook_deliveries}")
    assert sorted(job for job, _ in finals for body in told if job in body) == sorted(job for job, _ in finals)
    assert scene.rows() == sum(20 for _, ended in finals if not ended["summary"]["deleted"])


@usually
def test_a_canary_that_fails_its_gate_stops_before_the_next_stage(make_scene):
    """Case 21: not one item of the rest was touched, however many workers wait for it."""
    scene = make_scene(200 * GATES)
    refuse(scene, "this one stays", "old.id % 3 = 0")
    rollout = {"canary_percent": 20, "max_failure_percent": 5}
    with scene.workers(3):
        for n in range(GATES):
            ids = range(200 * n + 1, 200 * n + 201)
            job = scene.ask(ids, rollout=rollout)
            until(lambda job=job: scene.job(job)["state"] == "halted")
            shown = scene.job(job)
            assert "of the 40 items of the stage `canary` failed" in shown["reason"]
            counts = scene.check(job, ids)
            assert counts["pending"] == 160
            assert counts["deleted"] + counts["failed"] == 40
            assert (
                scene.one(f"SELECT count(*) FROM items WHERE id BETWEEN {ids[0]} AND {ids[-1]}")
                == 200 - counts["deleted"]
            )
            rest = scene.sql("SELECT state, attempts FROM {bulk_chunks} WHERE job_id = :id AND stage = 1", id=job)
            assert set(rest) == {("ready", 0)}

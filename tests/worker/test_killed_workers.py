"""Workers that die, freeze, tell another time or are of another version (cases 1, 2, 3, 13, 17, 25, 26)."""

from __future__ import annotations

import os
import re
import subprocess
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import pytest

from clock import library
from processes import die_at, die_over, only_sweep, wait_at
from scene import until
from serving import SEXTON
from sexton.actions.finish_job import finish_jobs
from sexton.actions.run_chunk import run_next_chunk
from where import everywhere, long, on_postgres, on_sqlite, usually

BEFORE_ITS_END = "sexton.storage.chunks:finish"
AFTER_ITS_STAMP = "sexton.storage.workers:died_with"


def held(scene, where=BEFORE_ITS_END):
    """A worker that stands still inside its first chunk's transaction."""
    process = scene.worker(partial(wait_at, where, scene.folder))
    until((scene.folder / "here").exists)
    return process


def run_one(scene, job_id):
    with scene.store.write() as connection:
        return run_next_chunk(connection, scene.store, job_id=job_id)


@everywhere
def test_a_worker_killed_inside_its_chunk_left_nothing_and_another_takes_it_at_once(make_scene):
    """Case 1."""
    scene = make_scene(2_500)
    job = scene.ask(range(1, 2_501))
    held(scene).kill()
    died = time.monotonic()
    assert (scene.rows(), scene.tombstones(job), scene.audited(job), scene.done(job)) == (2_500, 0, 0, 0)
    ran = until(lambda: run_one(scene, job), 5, 0.002)
    assert time.monotonic() - died < 1
    assert ran.chunk.n == 0
    with scene.workers():
        assert scene.ended(job)["state"] == "completed"
    assert scene.check(job, range(1, 2_501)) == {"deleted": 2_500}


def thawed(scene, frozen, job, ids):
    """The worker wakes, its transaction is lost, and nothing changes any more."""
    with scene.workers():
        scene.ended(job)
        before = scene.check(job, ids), scene.audited(job), scene.tombstones(job)
        (scene.folder / "go").touch()
        frozen.thaw()
        until(lambda: "chunk_failed" in frozen.log.read_text())
        time.sleep(0.5)
        assert (scene.check(job, ids), scene.audited(job), scene.tombstones(job)) == before
    assert before[0] == {"deleted": len(ids)}


@on_postgres
def test_a_frozen_worker_whose_session_was_ended_changes_nothing_when_it_wakes(make_scene):
    """Case 2, without the wait: the test ends the session as the time-out would."""
    scene = make_scene(1_500)
    job = scene.ask(ids := range(1, 1_501))
    frozen = held(scene)
    frozen.freeze()
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = :state"
    assert scene.sql(end, state="idle in transaction") == [True]
    thawed(scene, frozen, job, ids)


@long
@on_postgres
def test_a_frozen_worker_is_freed_by_the_idle_time_out(make_scene):
    """Case 2."""
    scene = make_scene(1_500)
    job = scene.ask(ids := range(1, 1_501))
    frozen = held(scene)
    frozen.freeze()
    began = time.monotonic()
    until(lambda: run_one(scene, job) and scene.done(job) == 2, 40)
    assert 10 < time.monotonic() - began < 30
    thawed(scene, frozen, job, ids)


@on_sqlite
def test_a_frozen_worker_keeps_the_file_and_goes_on_when_it_wakes(make_scene):
    """Case 2: on SQLite nobody can take its lock away; whoever waits says so, and each chunk is done once."""
    scene = make_scene(2_500)
    job = scene.ask(ids := range(1, 2_501))
    frozen = held(scene)
    frozen.freeze()
    with scene.workers():
        time.sleep(0.7)
        assert scene.done(job) == 0
        (scene.folder / "go").touch()
        frozen.thaw()
        scene.ended(job)
    assert scene.check(job, ids) == {"deleted": 2_500}


@usually
def test_a_worker_killed_between_its_stamp_and_its_work(make_scene):
    """Case 3: only the stamp is left, and it is counted."""
    scene = make_scene(1_200)
    job = scene.ask(ids := range(1, 1_201))
    held(scene, AFTER_ITS_STAMP).kill()
    assert scene.sql("SELECT job_id, n FROM {workers}") == [(job, 0)]
    assert (scene.rows(), scene.tombstones(job), scene.audited(job), scene.done(job)) == (1_200, 0, 0, 0)
    with scene.workers():
        assert scene.ended(job)["state"] == "completed"
    assert scene.check(job, ids) == {"deleted": 1_200}


@usually
def test_an_item_that_kills_its_workers_is_found_and_the_rest_deleted(make_scene):
    """Case 13."""
    scene = make_scene(ids := 16)
    job = scene.ask(range(1, ids + 1))
    deaths = 0
    while not scene.sql("SELECT 1 FROM {bulk_jobs} WHERE finished_at IS NOT NULL"):
        process = scene.worker(partial(die_over, "11"))
        with suppress(AssertionError):
            until(lambda process=process: not process.alive or scene.job(job)["finished_at"], 20)
        deaths += not process.alive
        process.kill()
        assert deaths < 20
    assert scene.job(job)["state"] == "completed_with_failures"
    assert deaths == 3 + 4  # three over the chunk, then one for each halving of 16
    assert scene.check(job, range(1, ids + 1)) == {"deleted": ids - 1, "failed": 1}
    bad = next(item for item in scene.outcomes(job) if item["status"] == "failed")
    assert bad["id"] == "11"
    assert "ended with their worker" in bad["error"]["detail"]


@usually
@pytest.mark.parametrize("heir", [None, only_sweep], ids=["a worker", "the sweeper"])
def test_a_job_whose_finisher_was_killed_is_finished(make_scene, heir):
    """Case 17."""
    scene = make_scene(20)
    job = scene.ask(range(1, 21))
    scene.worker(partial(die_at, "sexton.worker.hand:finish_job")).wait()
    assert (scene.done(job), scene.job(job)["state"]) == (1, "running")
    with scene.workers(fault=heir):
        assert scene.ended(job, 5)["state"] == "completed"


@usually
def test_a_job_whose_finisher_was_killed_before_its_commit(make_scene):
    """Case 17: what the finisher wrote and did not commit is nothing."""
    scene = make_scene(20)
    job = scene.ask(range(1, 21))
    run_one(scene, job)
    with suppress(ZeroDivisionError), scene.store.write() as connection:
        assert [one.id for one, _ in finish_jobs(connection, scene.store, scene.store.dialect.now(connection))] == [job]
        raise ZeroDivisionError
    assert scene.job(job)["state"] == "running"
    with scene.workers(2):
        assert scene.ended(job, 5)["state"] == "completed"


@on_postgres
@pytest.mark.parametrize("seconds", [-3_600, 3_600])
def test_the_clock_of_a_worker_means_nothing(make_scene, tmp_path, seconds):
    """Case 25: every time that is written, and whether a job is due, is the database's."""
    preload = library(tmp_path)
    if preload is None:
        pytest.skip("there is no C compiler to make the library that shifts a clock")
    scene = make_scene(1_200)
    delayed, job = scene.ask([1], delay_seconds=600), scene.ask(range(2, 1_201))
    told = {"LD_PRELOAD": str(preload), "CLOCK_OFF": str(seconds)}
    log = scene.folder / "clock.log"
    with log.open("w") as out:
        command = [*SEXTON, "worker", "--database", scene.url, "--config", str(scene.config)]
        process = subprocess.Popen(command, env=os.environ | told, stdout=out, stderr=out)
    try:
        assert scene.ended(job, 20)["state"] == "completed", log.read_text()
    finally:
        process.terminate()
        process.wait(20)
    assert scene.job(delayed)["state"] == "queued"
    stamp = datetime.fromisoformat(re.findall(r'"timestamp": "([^"]+)"', log.read_text())[-1])
    assert abs((stamp - datetime.now(UTC)).total_seconds() - seconds) < 60, "the clock was not shifted"
    near = "BETWEEN now() - interval '1 minute' AND now()"
    times = {"tombstones": "deleted_at", "audit_log": "at", "bulk_jobs": "coalesce(finished_at, created_at)"}
    for table, column in times.items():
        assert set(scene.sql(f"SELECT {column} {near} FROM sexton.{table}")) == {True}, table


@usually
def test_a_worker_of_another_schema_version_is_refused_loudly(make_scene):
    """Case 26: in both directions, and the job waits whole for one that fits."""
    scene = make_scene(10)
    job = scene.ask(range(1, 11))
    own = scene.one("SELECT version_num FROM {schema_version}")
    for other in ("0000", "9999_needs_9998"):
        scene.sql("UPDATE {schema_version} SET version_num = :other", other=other)
        refused = scene.worker()
        refused.wait()
        told = refused.log.read_text()
        assert refused.code == 2
        assert other in told
        assert own in told
        assert "Traceback" not in told
    assert (scene.done(job), scene.rows()) == (0, 10)
    scene.sql("UPDATE {schema_version} SET version_num = :own", own=own)
    with scene.workers():
        assert scene.ended(job)["state"] == "completed"

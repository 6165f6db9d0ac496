"""Who gets a chunk, and what a chunk that cannot be done leaves (cases 5, 10, 11, 12, 17, 22)."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median

import pytest
from sqlalchemy import text

from scene import until
from sexton.actions import batches
from sexton.actions.finish_job import finish_jobs
from sexton.actions.run_chunk import run_next_chunk
from sexton.server.assembly import open_store
from sexton.server.configuration import load
from sexton.storage import jobs
from sexton.worker import hand
from slow import before_delete, refuse
from where import SOAK, everywhere, long, on_postgres, usually

TRIES = 1_000 if SOAK else 30


def at_once(works):
    """What several functions return that start at the same moment, each in a thread."""
    barrier = threading.Barrier(len(works))

    def start(work):
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(start, works))


@pytest.fixture
def two_stores(make_scene):
    """A scene and two stores over it, each with its own connections, as two processes have."""
    scene = make_scene(3 * TRIES)
    settings = load(scene.config, {"database": {"url": scene.url}})
    other = open_store(settings)
    yield scene, (scene.store, other)
    other.dialect.close(other.engine)


def begin(scene):
    """Let the job run; who begins it has its row for itself, and nobody meets over a chunk."""
    with scene.store.write() as connection:
        jobs.start_due(connection, scene.store, scene.store.dialect.now(connection))


def run(store, job_id):
    with store.write() as connection:
        return run_next_chunk(connection, store, job_id=job_id)


def finish(store):
    with store.write() as connection:
        return [job.id for job, _ in finish_jobs(connection, store, store.dialect.now(connection))]


@usually
def test_two_workers_over_one_chunk(two_stores):
    """Cases 5 and 17: one does it, and one of two finishers ends the job."""
    scene, stores = two_stores
    for n in range(TRIES):
        ids = range(3 * n + 1, 3 * n + 4)
        job = scene.ask(ids)
        begin(scene)
        ran = at_once([partial(run, store, job) for store in stores])
        assert sorted(one is not None for one in ran) == [False, True]
        ended = at_once([partial(finish, store) for store in stores])
        assert sorted(ended) == [[], [job]]
        assert (scene.audited(job), scene.tombstones(job)) == (1, 3)
    assert scene.rows() == 0


@usually
def test_the_last_two_chunks_at_the_same_moment(make_scene, monkeypatch):
    """Case 17: both are done once, and the job ends once."""
    monkeypatch.setattr(batches, "CHUNK_SIZE", 3)
    scene = make_scene(6 * (tries := TRIES // 6))
    for n in range(tries):
        job = scene.ask(range(6 * n + 1, 6 * n + 7))
        begin(scene)
        ran = at_once([partial(run, scene.store, job)] * 2)
        while scene.done(job) < 2:  # where one found the job's row taken
            ran.append(run(scene.store, job))
        assert sorted(one.chunk.n for one in ran if one) == [0, 1]
        assert sorted(map(len, at_once([partial(finish, scene.store)] * 3))) == [0, 0, 1]
        assert (scene.audited(job), scene.job(job)["state"]) == (2, "completed")


@usually
def test_a_row_that_a_user_holds(make_scene):
    """Case 10: its chunk waits; on PostgreSQL the others go on; all of it ends once the user is done."""
    scene = make_scene(5_000)
    job = scene.ask(range(1, 5_001))
    with scene.workers(2) as workers:
        workers[0].freeze()
        workers[1].freeze()
        with scene.engine.connect() as user:
            user.execute(text("UPDATE items SET v = 'mine' WHERE id = 1500"))
            for worker in workers:
                worker.thaw()
            until(lambda: scene.done(job) == (0 if scene.is_sqlite else 4), 7)  # sooner than the lock is given up
            time.sleep(0.5)
            assert scene.job(job)["state"] in ("running", "queued")
            user.commit()
        assert scene.ended(job)["state"] == "completed"
    assert scene.check(job, range(1, 5_001)) == {"deleted": 5_000}


@long
@usually
def test_a_row_that_a_user_holds_for_longer_than_anybody_waits(make_scene):
    """Case 10: the chunk backs off, which is not counted as its failure, and is done after the release."""
    scene = make_scene(3_000)
    job = scene.ask(range(1, 3_001))
    with scene.engine.connect() as user:
        user.execute(text("UPDATE items SET v = 'mine' WHERE id = 1500"))
        with scene.workers(2) as workers:
            said = "chunk_failed" if not scene.is_sqlite else "locked"
            until(lambda: any(said in worker.log.read_text() for worker in workers), 40)
            assert set(scene.sql("SELECT attempts FROM {bulk_chunks} WHERE job_id = :id", id=job)) == {0}
            user.rollback()
            assert scene.ended(job)["state"] == "completed"
    assert scene.check(job, range(1, 3_001)) == {"deleted": 3_000}


@on_postgres
def test_conflicts_are_tried_again_and_not_counted(make_scene):
    """Case 11: a deadlock, a serialization failure, a lock, in turn, more often than a chunk has tries."""
    scene = make_scene(1_500)
    scene.run("CREATE SEQUENCE faults")
    states = "(ARRAY['40P01', '40001', '55P03', '53300'])[fault]"
    raising = f"IF fault <= 4 THEN RAISE EXCEPTION 'injected' USING ERRCODE = {states}; END IF"
    before_delete(scene, f"DECLARE fault int := nextval('faults'); BEGIN {raising}; END", when="old.id = 700")
    job = scene.ask(range(1, 1_501))
    with scene.workers(2) as workers:
        assert scene.ended(job)["state"] == "completed"
        told = "".join(worker.log.read_text() for worker in workers)
    assert told.count("chunk_failed") == 4
    assert set(scene.sql("SELECT attempts FROM {bulk_chunks} WHERE job_id = :id", id=job)) == {0}
    assert scene.check(job, range(1, 1_501)) == {"deleted": 1_500}


@on_postgres
def test_a_real_deadlock(make_scene):
    """Case 11: whoever loses, the job ends whole."""
    scene = make_scene(1_000)
    job = scene.ask(range(1, 1_001))
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
    with scene.engine.connect() as user, scene.workers():
        user.execute(text("UPDATE items SET v = 'mine' WHERE id = 900"))
        until(lambda: scene.sql(waiting))
        try:
            user.execute(text("UPDATE items SET v = 'mine' WHERE id = 1"))
        except Exception as error:
            assert "deadlock" in str(error)
        user.rollback()
        assert scene.ended(job)["state"] == "completed"
    assert scene.check(job, range(1, 1_001)) == {"deleted": 1_000}


@everywhere
def test_poison_items_fail_alone_and_say_why(make_scene):
    """Case 12: one that a child keeps, one that a trigger refuses; all others of the chunk go."""
    script = """CREATE TABLE children (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES items (id));;
        CREATE INDEX ix_children ON children (item_id);; INSERT INTO children VALUES (1, 100)"""
    scene = make_scene(500, script=script)
    refuse(scene, "this one stays", "old.id = 250")
    job = scene.ask(range(1, 501))
    with scene.workers():
        assert scene.ended(job)["state"] == "completed_with_failures"
    assert scene.check(job, range(1, 501)) == {"deleted": 498, "failed": 2}
    failed = {item["id"]: item["error"]["detail"] for item in scene.outcomes(job) if item["status"] == "failed"}
    assert set(failed) == {"100", "250"}
    assert "this one stays" in failed["250"]


@usually
@pytest.mark.parametrize(("message", "state"), [("the basket is full", "55000"), ("the order is locked", "P0001")])
def test_a_refusal_that_sounds_like_a_passing_fault_is_one(make_scene, message, state):
    """Case 12: what the host's own rule says of a row is final, in whatever words and with whatever code."""
    scene = make_scene(50)
    refuse(scene, message, "old.id = 25", state)
    job = scene.ask(range(1, 51))
    with scene.workers():
        assert scene.ended(job, 5)["state"] == "completed_with_failures"
    assert scene.check(job, range(1, 51)) == {"deleted": 49, "failed": 1}


@long
@on_postgres
def test_claims_stay_fast_while_a_snapshot_is_held(make_scene, monkeypatch):
    """Case 22: the dead versions of the done chunks, which no vacuum may take, are not walked."""
    monkeypatch.setattr(batches, "CHUNK_SIZE", 5)
    scene = make_scene()
    times = []
    real = hand.claim

    def timed(*args, **options):
        began = time.perf_counter()
        found = real(*args, **options)
        times.append(time.perf_counter() - began)
        return found

    monkeypatch.setattr(hand, "claim", timed)
    with scene.engine.connect() as reader:
        reader.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        reader.execute(text("SELECT count(*) FROM items"))
        job = scene.ask(range(1, 30_001))
        worker = hand.Hand(scene.store, "wrk_timed")
        until(lambda: not worker.step() and scene.job(job)["finished_at"], 300, 0)
    assert len(times) >= 6_000
    early, late = median(times[100:600]), median(times[-600:-100])
    assert late < 2.5 * early, (early, late)

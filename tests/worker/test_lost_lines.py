"""Lines that break, poolers, and databases that do not let anybody write (cases 4, 23, 31)."""

from __future__ import annotations

import re
import time
from functools import partial

import pytest

from pooling import BINARY, pooled
from processes import fill_disk
from proxy import broken
from scene import Scene, until
from serving import Api, dump, serving
from sexton.actions import batches
from slow import slow_down
from where import SOAK, on_postgres, on_sqlite

SIZE = 40_000 if SOAK else 6_000


@on_postgres
def test_lines_that_break_while_a_commit_is_in_flight(make_scene):
    """Case 4: whether the server got it or not, each chunk is done and audited once, and so is its undo."""
    scene = make_scene(SIZE)
    before = dump(scene.url)
    with broken(scene.url, every=7) as (proxy, url):
        for _ in range(2):
            scene.worker(url=url)
        job = scene.ask_stream(range(1, SIZE + 1))
        assert scene.ended(job, 240)["state"] == "completed"
        assert scene.check(job, range(1, SIZE + 1)) == {"deleted": SIZE}
        undo = scene.undo(job)
        assert scene.ended(undo, 240)["summary"]["restored"] == SIZE
        assert min(proxy.lost_requests, proxy.lost_answers) >= 2
        for process in scene.processes:
            process.kill()
    assert scene.audited(undo, "bulk_restore") == scene.done(undo)
    assert dump(scene.url) == before


def waits_and_goes_on(scene, job, worker, release):
    """While nobody may write nothing changes and nobody spins; afterwards the job ends by itself."""
    until(lambda: re.search("chunk_failed|worker_retries", worker.log.read_text()))
    begun = len(worker.log.read_text().splitlines())
    then = scene.rows(), scene.tombstones(job), scene.audited(job), scene.done(job)
    time.sleep(1.2)
    told = worker.log.read_text().splitlines()[begun:]
    assert len(told) < 9, told
    assert (scene.rows(), scene.tombstones(job), scene.audited(job), scene.done(job)) == then
    assert then[0] == 2_000 - then[1]
    release()
    assert scene.ended(job, 30)["state"] == "completed"
    assert set(scene.sql("SELECT attempts FROM {bulk_chunks} WHERE job_id = :id", id=job)) == {0}
    assert scene.check(job, range(1, 2_001)) == {"deleted": 2_000}


@on_sqlite
def test_a_full_disk(make_scene, monkeypatch):
    """Case 23: the chunk rolls back, the worker asks less and less often, and goes on when there is room."""
    monkeypatch.setattr(batches, "CHUNK_SIZE", 20)
    scene = make_scene(2_000)
    slow_down(scene, 0.0002)
    full = scene.folder / "full"
    job = scene.ask(range(1, 2_001))
    with scene.workers(fault=partial(fill_disk, scene.folder)) as workers:
        until(lambda: scene.done(job) >= 1)
        full.touch()
        waits_and_goes_on(scene, job, workers[0], full.unlink)
        assert "is full" in workers[0].log.read_text()


@on_postgres
def test_a_server_that_only_reads(make_scene):
    """Case 23: as after a failover, or when the provider says that the disk is full."""
    scene = make_scene(2_000)
    slow_down(scene, 0.0003)

    def only_read(value):
        with scene.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET default_transaction_read_only = off")
            connection.exec_driver_sql(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
            connection.exec_driver_sql("RESET default_transaction_read_only")

    job = scene.ask(range(1, 2_001))
    try:
        with scene.workers() as workers:
            until(lambda: scene.done(job) >= 1)
            only_read("on")
            waits_and_goes_on(scene, job, workers[0], lambda: only_read("off"))
            assert "read-only" in workers[0].log.read_text()
    finally:
        only_read("off")


@on_postgres
@pytest.mark.skipif(BINARY is None, reason="PgBouncer is not installed")
def test_a_pooler_in_transaction_mode(make_scene):
    """Case 31: deletes, jobs, a pause, an undo and killed workers through PgBouncer, with fewer connections than clients."""
    scene: Scene = make_scene(4_000)
    slow_down(scene, 0.0001)
    scene.config.write_text(scene.config.read_text() + "\n[database]\npooler = true\n")
    before = dump(scene.url)
    with pooled(scene.url) as url, serving(url, "--no-worker", config=scene.config.read_text()) as base:
        api = Api(base, scene.token())
        assert api("DELETE", "/items/1").status_code == 204
        assert api("POST", "/items/1/restore").status_code == 200
        started = [scene.worker(url=url) for _ in range(3)]
        body = {"ids": list(range(1, 4_001)), "confirm": True}
        job = api("POST", "/items/bulk_delete", json=body).json()["job_id"]
        until(lambda: scene.done(job) >= 3)
        began = time.monotonic()
        assert api("POST", f"/bulk_jobs/{job}/pause").json()["state"] == "paused"
        assert time.monotonic() - began < 1
        then = scene.rows(), scene.tombstones(job), scene.audited(job)
        started[0].kill()
        time.sleep(0.3)
        assert (scene.rows(), scene.tombstones(job), scene.audited(job)) == then
        assert api("POST", f"/bulk_jobs/{job}/resume").status_code == 200
        assert api.wait(job)["state"] == "completed"
        assert scene.check(job, range(1, 4_001)) == {"deleted": 4_000}
        undo = api("POST", f"/bulk_jobs/{job}/restore").json()["job_id"]
        assert api.wait(undo)["summary"]["restored"] == 4_000
        told = "".join(process.log.read_text() for process in started)
        assert "prepared statement" not in told
        for process in started:
            process.kill()
    assert dump(scene.url) == before

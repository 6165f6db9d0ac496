"""A whole job and its undo under a random SIGKILL every second, and everything at once for minutes (case 33)."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import requests

from postgres import postgres_server
from scene import Scene, until
from serving import dump
from where import SOAK, everywhere, long

ROWS = int(os.environ.get("SEXTON_SOAK_ROWS", "1000000")) if SOAK else 20_000
SECONDS = float(os.environ.get("SEXTON_SOAK_SECONDS", "600"))
PAUSE = (0.5, 1.5) if SOAK else (0.1, 0.3)
DURABLE = ("fsync=off", "max_connections=200", "shared_buffers=128MB")
"""What a server must not leave out that is stopped by a signal; its log survives that without fsync."""


def survive(scene, job_id):
    """Kill a random worker again and again, and replace it, until the job has ended; how many died."""
    running = [scene.worker() for _ in range(3 if SOAK else 2)]
    killed, done, deadline = 0, 0, time.monotonic() + 60 + ROWS / 500
    while not scene.sql("SELECT 1 FROM {bulk_jobs} WHERE id = :id AND finished_at IS NOT NULL", id=job_id):
        time.sleep(random.uniform(*PAUSE))
        if SOAK or scene.done(job_id) > done:  # a busy machine starts workers more slowly than they would die
            done = scene.done(job_id)
            one = random.randrange(len(running))
            running[one].kill()
            running[one] = scene.worker()
            killed += 1
        assert time.monotonic() < deadline, scene.job(job_id)
    for process in running:
        process.kill()
    return killed


@everywhere
@pytest.mark.timeout(0 if SOAK else 120)
def test_a_job_and_its_undo_while_workers_are_killed(make_scene):
    """Every id one outcome, every chunk one audit entry, no row missing, none left; the undo brings all back."""
    scene = make_scene(ROWS)
    before = dump(scene.url)
    job = scene.ask_stream(range(1, ROWS + 1))
    began = time.monotonic()
    killed = survive(scene, job)
    assert killed > 0
    assert scene.job(job)["state"] == "completed"
    assert scene.check(job, range(1, ROWS + 1)) == {"deleted": ROWS}
    assert scene.rows() == 0
    print(f"{ROWS:,} deleted in {time.monotonic() - began:.0f} s, {killed} workers killed")
    undo = scene.undo(job)
    killed = survive(scene, undo)
    assert scene.job(undo)["summary"]["restored"] == ROWS
    assert scene.audited(undo, "bulk_restore") == scene.done(undo)
    print(f"restored after {time.monotonic() - began:.0f} s, {killed} workers killed")
    assert dump(scene.url) == before


# -- case 33 ----------------------------------------------------------------------------------------------------


@dataclass
class Load:
    """A client that deletes and undoes one range of rows, over and over, and remembers what it was promised."""

    scene: Scene
    base: Callable[[], str]
    first: int
    last: int
    stop: threading.Event
    jobs: list[str] = field(default_factory=list)
    undos: list[str] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)

    def run(self) -> None:
        try:
            n = 0
            while not self.stop.is_set():
                n += 1
                body = {"ids": list(range(self.first, self.last + 1)), "confirm": True}
                job = self._promised("/items/bulk_delete", f"{self.first}-{n}-delete", body)
                self.jobs.append(job)
                assert self._ended(job)["summary"]["deleted"] == self.last - self.first + 1
                undo = self._promised(f"/bulk_jobs/{job}/restore", f"{self.first}-{n}-undo", None)
                self.undos.append(undo)
                assert self._ended(undo)["summary"]["restored"] == self.last - self.first + 1
        except BaseException as error:
            self.faults.append(error)

    def _promised(self, path: str, key: str, body: object) -> str:
        """Ask until there is an answer; the key makes sure that it is one job."""
        headers = {"Idempotency-Key": f'"{key}"', "Prefer": "respond-async"}
        answer = self._answer(lambda: self._call("POST", path, headers, body), (202,))
        return str(answer.json()["job_id"])

    def _ended(self, job: str) -> dict:
        return until(lambda: self._ended_now(job), 300, 0.2)

    def _ended_now(self, job: str) -> dict | None:
        shown = self._answer(lambda: self._call("GET", f"/bulk_jobs/{job}", {}, None), (200,)).json()
        return shown if shown["finished_at"] else None

    def _answer(self, ask: Callable[[], requests.Response], good: tuple[int, ...]) -> requests.Response:
        deadline = time.monotonic() + 300
        while True:
            try:
                answer = ask()
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code in good:
                return answer
            assert answer is None or answer.status_code in (409, 500, 503), answer.text
            assert time.monotonic() < deadline, answer and answer.text
            time.sleep(0.3)

    def _call(self, method: str, path: str, headers: dict, body: object) -> requests.Response:
        told = {"Authorization": f"Bearer {self.scene.token()}", **headers}
        return requests.request(method, self.base() + path, json=body, headers=told, timeout=60)


def chaos(scene, server, seconds, pauses):
    """Restart the server and kill workers at random for so long; how often each."""
    running = [scene.worker() for _ in range(3)]
    done, restarts, kills = time.monotonic() + seconds, 0, 0
    following = time.monotonic() + random.uniform(*pauses)
    while time.monotonic() < done:
        time.sleep(random.uniform(0.5, 3))
        one = random.randrange(len(running))
        running[one].kill()
        kills += 1
        if time.monotonic() > following:
            server.restart()
            restarts += 1
            following = time.monotonic() + random.uniform(*pauses)
        running[one] = scene.worker()
    return restarts, kills


def whole(scene, load):
    """Results are the items, audit entries are the done chunks, and no row is away without a result that says so."""
    size = load.last - load.first + 1
    for job, action in [(job, "bulk_delete") for job in load.jobs] + [(job, "bulk_restore") for job in load.undos]:
        shown = scene.job(job)
        told = scene.outcomes(job)
        assert (shown["state"], len(told), len({item["id"] for item in told})) == ("completed", size, size)
        assert {item["status"] for item in told} == {"deleted" if action == "bulk_delete" else "restored"}
        assert scene.audited(job, action) == scene.done(job)


def soak(folder, major, seconds, pauses):
    """All of it over one server."""
    with postgres_server(major, DURABLE) as server:
        scene = Scene(server.url(server.create_database()), folder, rows := 20_000 if SOAK else 4_000)
        stop = threading.Event()
        try:
            before = dump(scene.url)
            process, base = scene.serve()
            scene.token()
            share = rows // 4
            loads = [Load(scene, lambda: base, n * share + 1, (n + 1) * share, stop) for n in range(4)]
            threads = [threading.Thread(target=load.run, daemon=True) for load in loads]
            for thread in threads:
                thread.start()
            restarts, kills = chaos(scene, server, seconds, pauses)
            stop.set()
            for thread in threads:
                thread.join(300)
            assert [load.faults for load in loads] == [[]] * 4, process.log.read_text()[-3000:]
            count = sum(len(load.jobs) for load in loads)
            print(f"PostgreSQL {major}: {count} jobs and undos, {restarts} restarts, {kills} workers killed")
            scene.forget_connections()
            for load in loads:
                whole(scene, load)
            assert len(scene.sql("SELECT id FROM {bulk_jobs}")) == sum(len(x.jobs) + len(x.undos) for x in loads)
            assert dump(scene.url) == before
            assert min(count, restarts, kills) >= 1
        finally:
            stop.set()
            scene.close()


@pytest.mark.timeout(90)
def test_a_few_seconds_of_chaos(tmp_path):
    """Case 33, in short: two or three restarts."""
    soak(tmp_path, 18, 3, (0.5, 1.5))


@long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("major", [18, 15])
def test_chaos(tmp_path, major):
    """Case 33."""
    soak(tmp_path, major, SECONDS, (5, 40))

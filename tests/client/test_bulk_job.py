"""A bulk job of a Sexton server that is paused, let go on and given up as its run is."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from hostile import Hostile, Seen, json, status
from shop import plan_of, run

from sexton.client._controls import Controls
from sexton.client._engine import Cause


class Jobs:
    """Answers as a Sexton server does to one job of three items, which ends `polls` looks after it may run."""

    def __init__(self, server: Hostile, polls: int) -> None:
        self.state = "running"
        self.polls = polls
        self.calls: list[str] = []
        self.token: str | None = None
        self.begun = lambda: None
        server.act = self._act

    def _act(self, seen: Seen) -> Any:
        if self.token is not None and seen.headers.get("authorization") != f"Bearer {self.token}":
            return status(401)
        last = seen.path.rpartition("/")[2]
        if last == "":
            return json(200, '{"resources": [{"name": "reports", "key": ["id"], "strategy": "archive", "count": 3}]}')
        if last in {"pause", "resume"}:
            self.calls.append(last)
            self.state = "paused" if last == "pause" else "running"
            return json(200, "{}")
        if seen.method == "POST":
            self.begun()
            return json(202, '{"job_id": "job_1", "state": "queued"}')
        if last == "items":
            return status(200, b"".join(b'{"id": "r%d", "status": "deleted"}\n' % n for n in range(3)))
        return self._job() if last == "job_1" else json(200, '{"n": 1}', ETag='"v0"')

    def _job(self) -> Any:
        self.polls -= self.state == "running"
        if self.polls < 0:
            self.state = "completed"
        return json(200, f'{{"job_id": "job_1", "state": "{self.state}", "summary": {{}}}}')


@pytest.fixture
def path(server: Hostile, tmp_path: Path) -> Path:
    return plan_of(tmp_path / "some.plan", server.url, [(f"r{n}", '"v0"') for n in range(3)])


def test_a_paused_run_pauses_its_job(server, path, tmp_path):
    jobs, pause = Jobs(server, polls=6), tmp_path / "pause"

    def hold() -> None:
        pause.touch()
        threading.Timer(1.5, pause.unlink).start()

    jobs.begun = hold
    report, _ = run(path, controls=Controls(pause_file=pause))
    assert jobs.calls == ["pause", "resume"]
    assert report.standings["deleted"] == 3


def test_a_stopped_run_leaves_its_job_paused_and_a_resumed_one_lets_it_go_on(server, path):
    jobs = Jobs(server, polls=3)
    report, _ = run(path, controls=Controls(max_time=0.9))
    assert (report.stopped.cause, jobs.calls) == (Cause.MAX_TIME, ["pause"])
    report, _ = run(path, resume=True)
    assert jobs.calls == ["pause", "resume"]
    assert report.standings["deleted"] == 3


def test_what_somebody_else_paused_is_left_so(server, path):
    jobs = Jobs(server, polls=3)
    jobs.state = "paused"
    report, _ = run(path, controls=Controls(max_time=1.5))
    assert report.stopped.cause is Cause.MAX_TIME
    assert jobs.calls == ["pause"]  # at the end: it is paused already


def test_a_token_that_ends_while_a_job_runs_is_read_again(server, path, tmp_path):
    jobs, file = Jobs(server, polls=2), tmp_path / "token"
    file.write_text("first")

    def rotate() -> None:
        jobs.token = "second"
        file.write_text("second")

    jobs.token = "first"
    threading.Timer(0.7, rotate).start()
    report, _ = run(path, client={"service": "tests/1", "token_file": file})
    assert report.standings["deleted"] == 3

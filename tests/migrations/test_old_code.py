"""The first release's own code while its tables are migrated under it, and after; this release on tables of a later one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from serving import sexton
from sexton.errors import SchemaError
from sexton.server.assembly import open_store
from sexton.storage import migrations
from sexton.worker.hand import Hand
from upgrading import Old, bring, opened, today

FIRST = "800a3ec"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def first_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first release's source, out of the history of this repository."""
    folder = tmp_path_factory.mktemp("first")
    packed = subprocess.run(["git", "archive", FIRST, "src"], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        pytest.skip(f"this clone has no commit {FIRST}")
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    return folder / "src"


class OldProcess:
    """Asks the first release's process."""

    def __init__(self, process: subprocess.Popen[str], old: Old) -> None:
        self.process, self.old = process, old

    def tell(self, **asked: Any) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("{"):  # the others are its log
                return json.loads(line)
        raise AssertionError("it died")

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.old.facts['tokens'][0]}"}
        return self.tell(method=method, url=path, json=body, headers=headers)


def start(old: Old, source: Path) -> subprocess.Popen[str]:
    told = json.dumps({"database": {"url": old.url}, **old.facts["settings"]})
    command = [sys.executable, str(Path(__file__).with_name("old_process.py")), told]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(source)}, text=True, **pipes)


@contextmanager
def running(old: Old, source: Path) -> Iterator[OldProcess]:
    with start(old, source) as process:
        assert process.stdout
        line = process.stdout.readline()
        assert line == "open\n", process.communicate()[1][-2000:]
        yield OldProcess(process, old)
        process.kill()


def finish_all(now):
    hand = Hand(now.store, "wrk_today")
    while hand.step():
        pass


def test_it_goes_on_while_its_tables_are_migrated(old, first_source):
    with running(old, first_source) as first:
        assert first.ask("GET", "/readyz")["status"] == 200
        bring(old.url, "head")
        assert first.ask("GET", "/readyz")["status"] == 503
        assert first.ask("DELETE", "/api/v1/things/t391")["status"] == 204
        assert first.ask("DELETE", "/api/v1/things/t392")["status"] == 204
        assert first.ask("POST", "/api/v1/things/t391/restore")["status"] == 200
        body = {"ids": [f"t{n}" for n in range(340, 385)], "confirm": True}
        made = first.ask("POST", "/api/v1/things/bulk_delete", body)
        assert made["status"] == 202
        assert first.tell(method="WORK", steps=3) == {"ran": [True, True, True]}
    old.facts["jobs"]["late"] = made["body"]["job_id"]
    with today(old.settings, old.facts) as now:
        assert 0 <= now.job("late")["progress"] < 1
        assert now.pages("late", 7) == body["ids"]
        finish_all(now)
        for name, count in {"late": 45, "half": 45, "half_undo": 45, "queued": 30}.items():
            job = now.job(name)
            assert (name, job["state"], job["progress"]) == (name, "completed", 1)
            assert (name, len(set(now.results(name)))) == (name, count)
            assert sorted(now.pages(name, 7)) == sorted(now.results(name)), name
        assert now.ask("DELETE", "/things/t392").status_code == 410
        assert now.ask("POST", "/things/t392/restore").status_code == 200
        assert now.ask("DELETE", "/things/t391").status_code == 204


def test_it_does_not_start_on_newer_tables(old, first_source):
    bring(old.url, "head")
    with start(old, first_source) as process:
        _, told = process.communicate(timeout=60)
    assert "SchemaError" in told
    assert "this release needs 0001" in told


def later(url: str, version: str) -> None:
    """What a later release's migration may do while this release is running."""
    with opened(url) as (engine, dialect), engine.begin() as connection:
        for table in ("tombstones", "bulk_jobs", "bulk_chunks", "audit_log", "idempotency_keys"):
            connection.execute(text(f"ALTER TABLE {dialect.own(table)} ADD COLUMN later TEXT"))
        connection.execute(text(f"CREATE TABLE {dialect.own('laters')} (id TEXT PRIMARY KEY)"))
        connection.execute(text(f"UPDATE {dialect.own('schema_version')} SET version_num = '{version}'"))


@pytest.mark.parametrize("version", ["0003", "0004_needs_0002"])
def test_this_release_goes_on_and_starts_on_a_later_one(old, version):
    """Each verb more than five times before: psycopg has prepared it by then."""
    with today(old.settings, old.facts) as now:
        for turn in range(2):
            assert now.client.get("/readyz").status_code == 200
            for n in range(7):
                path = f"/things/t{380 + n}"
                assert now.ask("DELETE", path, Idempotency_Key=f"k{turn}{n}").status_code == 204
                assert now.ask("DELETE", path).status_code == 410
                assert now.ask("POST", f"{path}/restore").status_code == 200
                body = {"ids": [f"t{n}" for n in range(386, 390)]}
                job = now.ask("POST", "/things/bulk_delete", body).json()["job_id"]
                assert now.ask("POST", f"/bulk_jobs/{job}/restore").json()["summary"]["restored"] == 4
            if turn == 0:
                later(old.url, version)
        finish_all(now)
        assert now.job("half")["state"] == "completed"
    open_store(old.settings, migrate=True).engine.dispose()
    done = sexton("migrate", "--database", old.url, "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"version": version})


@pytest.mark.parametrize(
    ("version", "told"),
    [("0009_needs_0003", "need one of version 0003 or later"), ("a5c9", "which no release made")],
)
def test_tables_that_this_release_cannot_work_with_are_refused(old, version, told):
    with today(old.settings, old.facts) as now:
        later(old.url, version)
        assert now.client.get("/readyz").status_code == 503
    for migrate in (False, True):
        with pytest.raises(SchemaError, match=told):
            open_store(old.settings, migrate=migrate)
    assert migrations.head() < "0003"

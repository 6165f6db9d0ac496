"""One database with a table of items, Sexton over it in this process, and workers in others."""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import requests
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, event, text

from processes import Fault, Process
from sexton.model import Scope
from sexton.server.assembly import make_application, open_store
from sexton.server.configuration import load
from sexton.storage import api_keys

CONFIG = """
[defaults]
items_per_hour = 1000000000
[webhooks]
allow_private = true
[resources.items]
account_column = "account_id"
"""
_SERVING = re.compile(r'"address": "(http[^"]+)"')
_TABLE = "CREATE TABLE items (id INTEGER PRIMARY KEY, account_id TEXT NOT NULL, v TEXT)"


def until(found: Callable[[], Any], seconds: float = 20, step: float = 0.01) -> Any:
    """What a function returns as soon as that is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(step)
    raise AssertionError(f"not within {seconds} s")


class Scene:
    """Asks as a client does; looks into the database past Sexton."""

    def __init__(self, url: str, folder: Path, rows: int = 0, script: str = "", config: str = "") -> None:
        self.url, self.folder, self.is_sqlite = url, folder, url.startswith("sqlite")
        self.config = folder / "sexton.toml"
        self.config.write_text(CONFIG + config)
        self.engine = _engine(url)
        self.run(_TABLE)
        self.fill(1, rows)
        for statement in filter(None, map(str.strip, script.split(";;"))):
            self.run(statement)
        settings = load(self.config, {"database": {"url": url}})
        self.store = open_store(settings)
        self.application = make_application(self.store, settings, with_worker=False)
        self.client = TestClient(self.application)
        self.tokens: dict[str, str] = {}
        self.processes: list[Process] = []

    def close(self) -> None:
        """Leave no process and no connection."""
        for process in self.processes:
            if process.alive:
                process.kill()
        self.client.close()
        self.forget_connections()

    def forget_connections(self) -> None:
        """After a restart of the server."""
        self.store.dialect.close(self.store.engine)
        self.engine.dispose()

    # -- the database ----------------------------------------------------------------------------------------

    def run(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement if self.is_sqlite else statement.replace("%", "%%"))

    def sql(self, statement: str, **bound: Any) -> list[Any]:
        """Rows; a single column's values. `{name}` stands for a table of Sexton's."""
        with self.engine.begin() as connection:
            found = connection.execute(text(statement.format_map(_Own(self))), bound)
            rows = [tuple(row) for row in found] if found.returns_rows else []
        return [row[0] for row in rows] if rows and len(rows[0]) == 1 else rows

    def one(self, statement: str, **bound: Any) -> Any:
        return self.sql(statement, **bound)[0]

    def fill(self, first: int, last: int, account: str = "default") -> None:
        """Rows with these ids."""
        if self.is_sqlite:
            numbers = f"WITH RECURSIVE n(g) AS (SELECT {first} UNION ALL SELECT g + 1 FROM n WHERE g < {last})"
            insert = f"INSERT INTO items {numbers} SELECT g, '{account}', 'v' || g FROM n"
        else:
            insert = f"INSERT INTO items SELECT g, '{account}', 'v' || g FROM generate_series({first}, {last}) AS g"
        if last >= first:
            self.run(insert)

    def rows(self) -> int:
        return int(self.one("SELECT count(*) FROM items"))

    # -- the API ---------------------------------------------------------------------------------------------

    def api(self, method: str, path: str, account: str = "default", **options: Any) -> Any:
        """A call to the application in this process."""
        headers = {"Authorization": f"Bearer {self.token(account)}", **options.pop("headers", {})}
        return self.client.request(method, "/api/v1" + path, headers=headers, **options)

    def token(self, account: str = "default") -> str:
        if account not in self.tokens:
            with self.store.write() as connection:
                now = self.store.dialect.now(connection)
                made = api_keys.create(connection, self.store, account, list(Scope), None, now)
            self.tokens[account] = made[1]
        return self.tokens[account]

    def ask(self, ids: Iterable[int], account: str = "default", **options: Any) -> str:
        """A job that deletes these items; its id."""
        body = {"ids": list(ids), "confirm": True, **options}
        wanted = {"Prefer": "respond-async"}
        answer = self.api("POST", "/items/bulk_delete", account, json=body, headers=wanted)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["job_id"])

    def ask_stream(self, ids: Iterable[int]) -> str:
        """The same for a list of any length."""
        told = {"Prefer": "respond-async", "Content-Type": "application/x-ndjson"}
        body = "\n".join(map(str, ids))
        answer = self.api("POST", "/items/bulk_delete?confirm=true", content=body, headers=told)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["job_id"])

    def undo(self, job_id: str) -> str:
        """A job that undoes another; its id."""
        answer = self.api("POST", f"/bulk_jobs/{job_id}/restore", headers={"Prefer": "respond-async"})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["job_id"])

    def move(self, job_id: str, move: str) -> Any:
        return self.api("POST", f"/bulk_jobs/{job_id}/{move}")

    def job(self, job_id: str, account: str = "default") -> dict[str, Any]:
        found: dict[str, Any] = self.api("GET", f"/bulk_jobs/{job_id}", account).json()
        return found

    def ended(self, job_id: str, seconds: float = 60, account: str = "default") -> dict[str, Any]:
        """The job once it has ended."""
        try:
            until(
                lambda: self.sql("SELECT 1 FROM {bulk_jobs} WHERE id = :id AND finished_at IS NOT NULL", id=job_id),
                seconds,
            )
        except AssertionError:
            logs = "\n".join(process.log.read_text()[-2000:] for process in self.processes)
            raise AssertionError(f"not within {seconds} s: {self.job(job_id, account)}\n{logs}") from None
        return self.job(job_id, account)

    def outcomes(self, job_id: str, account: str = "default") -> list[dict[str, Any]]:
        """Every item of a job with its outcome."""
        wanted = {"Accept": "application/x-ndjson"}
        answer = self.api("GET", f"/bulk_jobs/{job_id}/items", account, headers=wanted)
        return [json.loads(line) for line in answer.text.splitlines()]

    def done(self, job_id: str) -> int:
        """How many chunks of a job are done."""
        return int(self.one("SELECT count(*) FROM {bulk_chunks} WHERE job_id = :id AND state = 'done'", id=job_id))

    def audited(self, job_id: str, action: str = "bulk_delete") -> int:
        """How many chunks of a job the audit knows."""
        return int(
            self.one("SELECT count(*) FROM {audit_log} WHERE job_id = :id AND action = :do", id=job_id, do=action)
        )

    def tombstones(self, job_id: str) -> int:
        return int(self.one("SELECT count(*) FROM {tombstones} WHERE job_id = :id", id=job_id))

    # -- workers ---------------------------------------------------------------------------------------------

    def start(self, *arguments: str, fault: Fault | None = None, url: str | None = None) -> Process:
        """A process of Sexton's over this database."""
        log = Path(tempfile.mkstemp(dir=self.folder, suffix=".log")[1])
        told = [*arguments, "--database", url or self.url, "--config", str(self.config)]
        self.processes.append(Process(told, log, fault))
        return self.processes[-1]

    def worker(self, fault: Fault | None = None, url: str | None = None) -> Process:
        return self.start("worker", fault=fault, url=url)

    def serve(self, fault: Fault | None = None) -> tuple[Process, str]:
        """A server without a worker, and the address of its API."""
        process = self.start("serve", "--no-worker", "--port", "0", fault=fault)
        base = until(lambda: _SERVING.search(process.log.read_text()))[1]

        def answers() -> bool:
            with suppress(requests.ConnectionError):  # it says its address a moment before it listens
                return requests.get(f"{base}/healthz", timeout=5).ok
            return False

        until(answers)
        return process, f"{base}/api/v1"

    @contextmanager
    def workers(self, count: int = 1, fault: Fault | None = None) -> Iterator[list[Process]]:
        """Workers for as long as the block lasts."""
        started = [self.worker(fault) for _ in range(count)]
        with ExitStack() as stack:
            for process in started:
                stack.callback(process.stop)
            yield started

    # -- what must hold --------------------------------------------------------------------------------------

    def check(self, job_id: str, ids: Iterable[int], account: str = "default") -> Counter[str]:
        """Every item one outcome, every chunk one audit entry, every deleted row one tombstone and no row; the counts."""
        listed = self.outcomes(job_id, account)
        told = {int(item["id"]): item["status"] for item in listed}
        assert len(listed) == len(told)
        assert set(told) == set(ids)
        deleted = {item for item, status in told.items() if status == "deleted"}
        assert not deleted & set(self.sql("SELECT id FROM items"))
        stones = [int(item) for item in self.sql("SELECT item_id FROM {tombstones} WHERE job_id = :id", id=job_id)]
        assert len(stones) == len(set(stones))
        assert set(stones) == deleted
        self._check_audit(job_id, len(deleted))
        return Counter(told.values())

    def _check_audit(self, job_id: str, deleted: int) -> None:
        chunks = self.sql("SELECT audit_id FROM {bulk_chunks} WHERE job_id = :id AND state = 'done'", id=job_id)
        named = sorted(one for one in chunks if one is not None)
        entries = self.sql("SELECT id FROM {audit_log} WHERE job_id = :id AND action = 'bulk_delete'", id=job_id)
        assert named == sorted(entries)
        listed = "SELECT items FROM {audit_log} WHERE job_id = :id AND action = 'bulk_delete'"
        items = [item for found in self.sql(listed, id=job_id) for item in _list(found)]
        assert len(items) == len(set(items)) == deleted


class _Own(dict[str, str]):
    """The names of Sexton's tables in this database."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self._scene = scene

    def __missing__(self, name: str) -> str:
        return f"sexton_{name}" if self._scene.is_sqlite else f"sexton.{name}"


def _list(stored: Any) -> list[Any]:
    found = json.loads(stored) if isinstance(stored, str) else stored
    return list(found or ())


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if url.startswith("sqlite"):

        @event.listens_for(engine, "connect")
        def on(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA busy_timeout=20000")

    return engine

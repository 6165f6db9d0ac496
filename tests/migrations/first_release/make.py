"""Fills a database by the first release's own code; what came of it is kept here as SQL and as facts.

git archive 800a3ec src | tar -x -C /tmp/first
PYTHONPATH=/tmp/first/src python make.py URL facts.json     # then `pg_dump --inserts`, or `.dump`
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import sexton.resource

sexton.resource.CHUNK_SIZE = 20  # small chunks make a small file

from fastapi.testclient import TestClient  # noqa: E402 — after the chunks became small
from sqlalchemy import create_engine, text  # noqa: E402

from sexton.model import Scope  # noqa: E402
from sexton.server.assembly import make_application, open_store  # noqa: E402
from sexton.server.configuration import Settings  # noqa: E402
from sexton.storage import api_keys  # noqa: E402
from sexton.worker.loop import step  # noqa: E402

SETTINGS: dict[str, Any] = {
    "defaults": {"recovery_window": "30000d", "memory": "30000d", "sync_limit": 10, "approve_above": 70},
    "resources": {
        "things": {"account_column": "account_id"},
        "papers": {"account_column": "account_id", "strategy": "soft"},
        "bills": {"account_column": "account_id", "recovery_window": "1s"},
    },
}
TABLES = """
CREATE TABLE things (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, title TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY, thing_id TEXT NOT NULL REFERENCES things (id) ON DELETE CASCADE);
CREATE INDEX ix_notes_thing ON notes (thing_id);
CREATE TABLE links (id INTEGER PRIMARY KEY, thing_id TEXT REFERENCES things (id) ON DELETE SET NULL);
CREATE INDEX ix_links_thing ON links (thing_id);
CREATE TABLE papers (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, deleted_at TIMESTAMP);
CREATE TABLE bills (id TEXT PRIMARY KEY, account_id TEXT NOT NULL);
INSERT INTO papers VALUES ('d1', 'acme', NULL), ('d2', 'acme', NULL);
INSERT INTO bills VALUES ('b1', 'acme'), ('b2', 'acme');
"""
THINGS = 400


def fill(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in filter(None, map(str.strip, TABLES.split(";"))):
            connection.execute(text(statement))
        rows = ", ".join(f"('t{n}', 'acme', 'thing {n}')" for n in range(THINGS))
        connection.execute(text(f"INSERT INTO things VALUES {rows}"))
        connection.execute(text("INSERT INTO notes VALUES (1, 't0'), (2, 't30')"))
        connection.execute(text("INSERT INTO links VALUES (1, 't0'), (2, 't31')"))
    engine.dispose()


class Maker:
    """Speaks to the application as a client does."""

    def __init__(self, url: str) -> None:
        settings = Settings(database={"url": url}, **SETTINGS)
        self.store = open_store(settings)
        self.client = TestClient(make_application(self.store, settings, with_worker=False))
        with self.store.write() as connection:
            now = self.store.dialect.now(connection)
            self.tokens = [api_keys.create(connection, self.store, "acme", list(Scope), name, now)[1] for name in "ab"]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        told = {"Authorization": f"Bearer {self.tokens[0]}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        answer = self.client.request(method, f"/api/v1{path}", json=body, headers=told)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def job(self, first: int, last: int, **more: Any) -> str:
        ids = [f"t{n}" for n in range(first, last)]
        body = {"ids": ids, "confirm": True, "cascade": True, **more}
        return self.ask("POST", "/things/bulk_delete", body)["job_id"]

    def run_all(self) -> None:
        while step(self.store):
            pass


def main(url: str, file: str) -> None:
    fill(url)
    maker = Maker(url)
    ask, job = maker.ask, maker.job
    facts: dict[str, Any] = {"settings": SETTINGS, "tokens": maker.tokens, "jobs": (jobs := {})}
    ask("DELETE", "/things/t0?cascade=true", Idempotency_Key="single")
    ask("DELETE", "/papers/d1")
    ask("DELETE", "/bills/b1")
    body = {"ids": ["t1", "t2", "nowhere", "t2"]}
    facts["bulk"] = {"body": body, "answer": ask("POST", "/things/bulk_delete", body, Idempotency_Key="bulk")}
    jobs["done"] = job(20, 65)
    jobs["undone"] = job(70, 85)
    maker.run_all()
    jobs["undo"] = ask("POST", f"/bulk_jobs/{jobs['undone']}/restore")["job_id"]
    maker.run_all()
    jobs["to_undo"] = job(90, 135)
    maker.run_all()
    jobs["awaiting"] = job(140, 215)
    jobs["paused"] = job(220, 245)
    ask("POST", f"/bulk_jobs/{jobs['paused']}/pause")
    jobs["cancelled"] = job(250, 275)
    ask("POST", f"/bulk_jobs/{jobs['cancelled']}/cancel")
    jobs["half"] = job(280, 325)
    assert step(maker.store)
    jobs["half_undo"] = ask("POST", f"/bulk_jobs/{jobs['to_undo']}/restore")["job_id"]
    assert step(maker.store)
    jobs["queued"] = job(330, 360)
    jobs["delayed"] = job(360, 375, delay_seconds=86_400)
    ask("PUT", "/things/t390/hold", {"reason": "in court"})
    ask("PUT", "/papers/d1/hold", {"reason": "in court too"})
    facts["confirm_token"] = ask("POST", "/things/bulk_delete/preview", {"ids": ["t380", "t381"]})["confirm_token"]
    keep(maker.store.engine, maker.store.dialect)
    Path(file).write_text(json.dumps(facts, indent=1) + "\n")


def keep(engine: Any, dialect: Any) -> None:
    """What would expire before the file is read again does not, and what is due stays due."""
    late = "2100-01-01T00:00:00.000000Z"
    with engine.begin() as connection:
        for name in ("previews", "idempotency_keys"):
            connection.execute(text(f"UPDATE {dialect.own(name)} SET expires_at = '{late}'"))
        waits = "not_before IS NOT NULL"
        connection.execute(text(f"UPDATE {dialect.own('bulk_jobs')} SET not_before = '{late}' WHERE {waits}"))


if __name__ == "__main__":
    main(*sys.argv[1:])

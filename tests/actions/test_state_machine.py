"""Random histories against a plain Python model: after every step the database's rows are exactly the model's.

A run takes about 1,000 steps a database; `SEXTON_SOAK=1` takes 10,000.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import create_engine, text

from sexton.actions import create as creating
from sexton.actions import hold as holding
from sexton.actions.bulk_delete import BulkRequest, bulk_delete, distinct
from sexton.actions.delete import delete as delete_one
from sexton.actions.purge import purge as run_purge
from sexton.actions.restore import restore as restore_one
from sexton.actions.restore_job import restore_job
from sexton.api.jobs import items_of
from sexton.errors import Refused
from sexton.model import Principal, Target
from sexton.resource import Limits
from sexton.server.assembly import open_store
from sexton.server.configuration import Settings
from sexton.storage import jobs

EXAMPLES, STEPS = (200, 50) if os.environ.get("SEXTON_SOAK") else (20, 50)
WINDOW, MEMORY = timedelta(days=10), timedelta(days=5)
SCHEMA = """
CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id) ON DELETE CASCADE, v TEXT);
CREATE TABLE n (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE SET NULL);
CREATE TABLE s (id INTEGER PRIMARY KEY, v TEXT, deleted_at TIMESTAMP);
CREATE INDEX ix_c ON c (p_id); CREATE INDEX ix_n ON n (p_id);
"""
KINDS, IDS = st.sampled_from("ppcnns"), st.integers(1, 3)
ME = Principal("default", "k")
Key = tuple[str, int]


@dataclass
class Stone:
    key: Key
    root: Key
    batch: str
    job: str | None
    until: datetime
    row: Any
    purged: bool = False

    def forgotten(self, now: datetime) -> bool:
        return self.purged and self.until + MEMORY <= now


@dataclass
class Model:
    """What should be: live rows, tombstones in order, links that a delete undid, holds."""

    rows: dict[Key, Any] = field(default_factory=dict)
    stones: list[Stone] = field(default_factory=list)
    links: list[tuple[Key, Key]] = field(default_factory=list)
    held: set[Key] = field(default_factory=set)

    def stone(self, key: Key, now: datetime) -> Stone | None:
        found = [s for s in self.stones if s.key == key]
        return found[-1] if found and not found[-1].forgotten(now) else None

    def children(self, key: Key) -> list[Key]:
        return [k for k, row in self.rows.items() if key[0] == "p" and k[0] == "c" and row[0] == key[1]]

    def verdict(self, key: Key, now: datetime, *, cascade: bool) -> str:
        if key not in self.rows:
            return "gone" if self.stone(key, now) else "not_found"
        taken = [key, *self.children(key)] if cascade else [key]
        if self.held & set(taken) or (not cascade and self.children(key)):
            return "failed"
        return "deleted"

    def take(self, key: Key, batch: str, job: str | None, now: datetime) -> None:
        for one in [key, *self.children(key)]:
            self.stones.append(Stone(one, key, batch, job, now + WINDOW, self.rows.pop(one)))
        if key[0] == "p":
            for k in [k for k, row in self.rows.items() if k[0] == "n" and row == key[1]]:
                self.rows[k] = None
                self.links.append((k, key))

    def back(self, key: Key, now: datetime, job: str | None = None) -> str:
        if key in self.rows:
            return "live"
        stone = self.stone(key, now)
        if stone is None:
            return "not_found" if job is None else "purged"
        if stone.purged or (stone.until <= now and key not in self.held):
            return "purged"
        if job is not None and stone.job != job:
            return "failed"
        group = [stone]
        if stone.root == key:
            group = [s for s in self.stones if s.batch == stone.batch and s.root == key and not s.purged]
        return self._revive(group)

    def _revive(self, group: list[Stone]) -> str:
        after = set(self.rows) | {s.key for s in group}
        for s in group:
            parent = {"c": lambda r: r[0], "n": lambda r: r}.get(s.key[0], lambda _: None)(s.row)
            if s.key in self.rows or (parent is not None and ("p", parent) not in after):
                return "failed"
        for s in group:
            self.rows[s.key] = s.row
            self.stones.remove(s)
        came = {s.key for s in group}
        for child, parent in list(self.links):
            if (child in came or parent in came) and child in self.rows and parent in self.rows:
                if self.rows[child] is None:
                    self.rows[child] = parent[1]
                self.links = [link for link in self.links if link != (child, parent)]
        return "restored"

    def purge(self, now: datetime) -> None:
        for s in self.stones:
            if not s.purged and s.until <= now and s.key not in self.held:
                s.purged, s.row = True, None
        self.stones = [s for s in self.stones if not s.forgotten(now) or s.key in self.held]


def machine(url: str) -> type[RuleBasedStateMachine]:
    told = Settings(
        database={"url": url},
        defaults={"recovery_window": WINDOW, "memory": MEMORY},
        resources={"s": {"strategy": "soft"}},
    )
    store = open_store(told)
    object.__setattr__(store, "limits", Limits(confirm_above=1000))

    class Histories(RuleBasedStateMachine):
        @initialize()
        def start(self) -> None:
            self.model, self.jobs = Model(), dict[str, list[int]]()
            self.kinds: dict[str, str] = {}
            self.now = datetime(2026, 1, 1, tzinfo=UTC)
            own = [store.dialect.own(t) for t in ("tombstones", "detached_links", "holds", "bulk_jobs", "bulk_chunks")]
            with store.write() as connection:
                for table in ["c", "n", "p", "s", *own]:
                    connection.execute(text(f"DELETE FROM {table}"))

            for kind, n, parent in ((k, n, 1 + n % 2) for k in "pcns" for n in (1, 2, 3)):
                self._create(kind, n, parent)

        @rule(kind=KINDS, n=IDS, parent=IDS)
        def create(self, kind: str, n: int, parent: int) -> None:
            self._create(kind, n, parent)

        def _create(self, kind: str, n: int, parent: int) -> None:
            document: dict[str, Any] = {"id": n, "v": f"{kind}{n}{self.now.day}"} if kind != "n" else {"id": n}
            if kind in "cn":
                document["p_id"] = parent
            key, now = (kind, n), self.now
            with store.write() as connection:
                try:
                    with connection.begin_nested():
                        resource = store.catalog.resources[kind]
                        made = creating.create(connection, store, resource, document, principal=ME, now=now)
                        got = "gone" if made.tombstone else "created" if made.created else "same"
                except Refused:
                    got = "refused"
            if key in self.model.rows:
                assert got in ("same", "refused")
            elif self.model.stone(key, now):
                assert got == "gone"
            elif kind in "cn" and ("p", parent) not in self.model.rows:
                assert got == "refused"
            else:
                assert got == "created"
                row = {"p": document.get("v"), "c": (parent, document.get("v")), "n": parent, "s": document.get("v")}
                self.model.rows[key] = row[kind]

        @rule(kind=KINDS, n=IDS, cascade=st.booleans())
        def delete(self, kind: str, n: int, cascade: bool) -> None:
            expected = self.model.verdict((kind, n), self.now, cascade=cascade)
            with store.write() as connection:
                resource = store.catalog.resources[kind]
                done = delete_one(
                    connection,
                    store,
                    resource,
                    Target(str(n)),
                    principal=ME,
                    now=self.now,
                    cascade=cascade,
                    confirmed=True,
                )
            assert done.result.outcome == expected
            if expected == "deleted":
                self.model.take((kind, n), done.audit_id or "", None, self.now)

        @rule(kind=KINDS, ns=st.lists(IDS, min_size=1, max_size=4), cascade=st.booleans(), atomic=st.booleans())
        def bulk(self, kind: str, ns: list[int], cascade: bool, atomic: bool) -> None:
            resource = store.catalog.resources[kind]
            targets, _ = distinct(store, resource, [Target(str(n)) for n in ns])
            expected = {int(t.id): self.model.verdict((kind, int(t.id)), self.now, cascade=cascade) for t in targets}
            request = BulkRequest(targets, cascade=cascade, atomic=atomic)
            try:
                with store.write() as connection:
                    done = bulk_delete(connection, store, resource, request, principal=ME, now=self.now)
            except Refused:
                assert atomic
                assert {"failed", "not_found"} & set(expected.values())
                return
            assert {int(r.id): str(r.outcome) for r in done.results or ()} == expected
            going = [n for n, outcome in expected.items() if outcome == "deleted"]
            for n in going:
                self.model.take((kind, n), done.job.audit_id or "", done.job.id, self.now)
            self.jobs[done.job.id], self.kinds[done.job.id] = going, kind

        @rule(kind=KINDS, n=IDS)
        def restore(self, kind: str, n: int) -> None:
            expected = self.model.back((kind, n), self.now)
            with store.write() as connection:
                done = restore_one(connection, store, store.catalog.resources[kind], str(n), principal=ME, now=self.now)
            assert done.results[0].outcome == expected, done.results

        @rule(pick=st.integers(0, 5))
        def undo(self, pick: int) -> None:
            if not self.jobs:
                return
            job_id = list(self.jobs)[-1 - pick % len(self.jobs)]
            expected, waiting = {}, list(self.jobs[job_id])
            for n in waiting:
                expected[str(n)] = self.model.back((self.kinds[job_id], n), self.now, job=job_id)
            with store.write() as connection:
                job = jobs.get(connection, store, "default", job_id)
                undone = restore_job(connection, store, job, principal=ME, now=self.now)
                got = {item["id"]: item["status"] for _, item in items_of(store, connection, undone)}
            assert got == expected

        @rule(kind=KINDS, n=IDS)
        def hold(self, kind: str, n: int) -> None:
            key, resource = (kind, n), store.catalog.resources[kind]
            with store.write() as connection:
                placed = holding.place(connection, store, resource, str(n), "why", ME, self.now)
            assert (placed is not None) == (key in self.model.rows or self.model.stone(key, self.now) is not None)
            if placed:
                self.model.held.add(key)

        @rule(kind=KINDS, n=IDS)
        def lift(self, kind: str, n: int) -> None:
            with store.write() as connection:
                lifted = holding.lift(connection, store, store.catalog.resources[kind], str(n), ME, self.now)
            assert lifted == ((kind, n) in self.model.held)
            self.model.held.discard((kind, n))

        @rule(days=st.integers(1, 8))
        def time_passes(self, days: int) -> None:
            self.now += timedelta(days=days)

        @rule()
        def purge(self) -> None:
            run_purge(store, now=self.now)
            self.model.purge(self.now)

        @invariant()
        def the_database_agrees(self) -> None:
            found: dict[Key, Any] = {}
            with store.read() as connection:
                found |= {("p", n): v for n, v in connection.execute(text("SELECT id, v FROM p"))}
                found |= {("c", n): (p, v) for n, p, v in connection.execute(text("SELECT id, p_id, v FROM c"))}
                found |= {("n", n): p for n, p in connection.execute(text("SELECT id, p_id FROM n"))}
                live = "SELECT id, v FROM s WHERE deleted_at IS NULL"
                found |= {("s", n): v for n, v in connection.execute(text(live))}
                trashed = {n for (n,) in connection.execute(text("SELECT id FROM s WHERE deleted_at IS NOT NULL"))}
                stones = connection.execute(text(f"SELECT count(*) FROM {store.dialect.own('tombstones')}")).scalar()
            assert found == self.model.rows
            assert trashed == {s.key[1] for s in self.model.stones if s.key[0] == "s" and not s.purged}
            assert stones == len(self.model.stones)

    return Histories


@pytest.mark.timeout(1200)
def test_random_histories(database_url):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        for statement in SCHEMA.split(";"):
            if statement.strip():
                connection.execute(text(statement))
    engine.dispose()
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        machine(database_url),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=checks,
            print_blob=True,
        ),
    )

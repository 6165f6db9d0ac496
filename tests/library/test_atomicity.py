"""A host's transaction with a verb in it leaves all or nothing, wherever it ends: rolled back, broken off or killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from crashing import VERBS, WHO, at, engine_of, run
from host_models import Flag
from sexton.events import Event
from sexton.storage import webhooks
from test_verbs import async_urls, state

SOAK = os.environ.get("SEXTON_SOAK") == "1"
HOOK = "https://hooks.example.com/"
COMMITTED = {
    "delete": {"flags", "rules", "tombstones", "audit_log", "idempotency_keys"},
    "bulk_delete": {
        "orders",
        "tombstones",
        "audit_log",
        "idempotency_keys",
        "bulk_jobs",
        "bulk_chunks",
        "webhook_deliveries",
    },
    "restore": {"flags", "rules", "tombstones", "audit_log", "idempotency_keys"},
    "create": {"flags"},
}


class Broken(BaseException):
    """No `except Exception` may swallow it."""


@pytest.fixture
def ready(sexton, engine):
    """A flag with a rule that was deleted before, and an endpoint that hears of jobs."""
    sexton.open()
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO flags (id, account_id, name, status, version) VALUES ('f5', 'acme', 'five', 'off', 1)")
        )
        connection.execute(text("INSERT INTO rules (id, flag_id, value) VALUES (5, 'f5', 'IT')"))
    assert sexton.sync.delete(Flag, "f5", cascade=True, principal=WHO).outcome == "deleted"
    _add_webhook(sexton)
    return sexton


def _add_webhook(sexton) -> None:
    with sexton.store.write() as connection:
        now = sexton.store.dialect.now(connection)
        webhooks.create(connection, sexton.store, "acme", HOOK, list(Event), now)


def urls(url: str) -> list[str]:
    return [url, *async_urls(url)]


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in after if after[name] != before[name]}


@pytest.mark.parametrize("verb", VERBS)
def test_all_or_nothing(ready, engine, database_url, verb):
    """Rolled back; broken off before each statement; and committed: over every driver."""
    before = state(ready, engine)
    drivers = urls(database_url)
    for url in drivers:
        _rolled_back(ready, url, verb)
        assert changed(before, state(ready, engine)) == set(), url
        total = _broken_off(ready, engine, url, verb, before)
        assert total > 5, "a verb takes more statements than that"
    theirs = engine_of(drivers[-1])
    run(ready, theirs, verb, lambda _: None)
    getattr(theirs, "sync_engine", theirs).dispose()
    assert changed(before, state(ready, engine)) == COMMITTED[verb]


def _rolled_back(sexton, url: str, verb: str) -> None:
    theirs = engine_of(url)
    assert run(sexton, theirs, verb, lambda _: None, commits=False) is not None
    getattr(theirs, "sync_engine", theirs).dispose()


def _broken_off(sexton, engine, url: str, verb: str, before: dict[str, Any]) -> int:
    """Break off before the first statement, the second, …; returns how many there are."""
    theirs = engine_of(url)
    for n in range(1, 100):
        watch, sent = at(n, _break)
        try:
            run(sexton, theirs, verb, watch, commits=False)
        except Broken:
            assert changed(before, state(sexton, engine)) == set(), (url, sent)
        else:
            break
    getattr(theirs, "sync_engine", theirs).dispose()
    return n - 1


def _break() -> None:
    raise Broken


def statements(sexton, url: str, verb: str) -> int:
    """How many a verb sends."""
    watch, sent = at(-1, _break)
    theirs = engine_of(url)
    run(sexton, theirs, verb, watch, commits=False)
    getattr(theirs, "sync_engine", theirs).dispose()
    return len(sent)


@pytest.mark.parametrize("verb", VERBS if SOAK else ["delete", "bulk_delete"])
def test_a_killed_process_leaves_nothing(ready, engine, database_url, verb):
    """Before a few statements, the commit among them; the long form before each, over every driver."""
    before = state(ready, engine)
    for url in urls(database_url) if SOAK else [database_url]:
        total = statements(ready, url, verb)
        places = (*range(1, total), 0) if SOAK else (total // 2, 0)
        command = [sys.executable, str(Path(__file__).with_name("crashing.py")), url, verb, ",".join(map(str, places))]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crashing:
            for place in places:
                assert crashing.stdout.readline() == f"{place} {int(signal.SIGKILL)}\n"
                assert changed(before, state(ready, engine)) == set(), (url, place)
                crashing.stdin.write("\n")
                crashing.stdin.flush()
    run(ready, engine, verb, lambda _: None)
    assert changed(before, state(ready, engine)) == COMMITTED[verb]

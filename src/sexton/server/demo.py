"""The four example products on one SQLite file, with a few thousand rows that look like real ones."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ACCOUNTS = ("acme", "globex")
_START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

_SCHEMA = """
CREATE TABLE templates (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
  status TEXT NOT NULL, created_at DATETIME NOT NULL);
CREATE TABLE documents (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, template_id TEXT NOT NULL REFERENCES templates,
  title TEXT NOT NULL, pages INTEGER NOT NULL, created_at DATETIME NOT NULL);
CREATE INDEX ix_documents_template ON documents (template_id);
CREATE TABLE monitors (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, name TEXT NOT NULL, schedule TEXT NOT NULL,
  status TEXT NOT NULL, created_at DATETIME NOT NULL);
CREATE TABLE pings (id TEXT PRIMARY KEY, account_id TEXT NOT NULL,
  monitor_id TEXT NOT NULL REFERENCES monitors ON DELETE CASCADE, state TEXT NOT NULL, duration_ms INTEGER,
  at DATETIME NOT NULL);
CREATE INDEX ix_pings_monitor ON pings (monitor_id);
CREATE TABLE flags (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, name TEXT NOT NULL, enabled BOOLEAN NOT NULL,
  created_at DATETIME NOT NULL, deleted_at DATETIME);
CREATE UNIQUE INDEX ux_flags_name ON flags (account_id, name) WHERE deleted_at IS NULL;
CREATE TABLE rules (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, flag_id TEXT NOT NULL REFERENCES flags,
  attribute TEXT NOT NULL, operator TEXT NOT NULL, value TEXT NOT NULL);
CREATE INDEX ix_rules_flag ON rules (flag_id);
CREATE TABLE endpoints (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, url TEXT NOT NULL, created_at DATETIME NOT NULL);
CREATE TABLE captured_requests (id TEXT PRIMARY KEY, account_id TEXT NOT NULL,
  endpoint_id TEXT NOT NULL REFERENCES endpoints, method TEXT NOT NULL, body JSON, at DATETIME NOT NULL);
CREATE INDEX ix_captured_requests_endpoint ON captured_requests (endpoint_id);
"""

_TABLES = ("templates", "documents", "monitors", "pings", "flags", "rules", "endpoints", "captured_requests")

RESOURCES: dict[str, dict[str, Any]] = {
    **{name: {"account_column": "account_id"} for name in _TABLES},
    "monitors": {
        "account_column": "account_id",
        "block_when": "status = 'running'",
        "block_reason": "the monitor is running: pause it first",
    },
    "flags": {"account_column": "account_id", "strategy": "soft"},
}


def build(path: Path) -> None:
    """Create the file with all its rows; the same ones each time."""
    with sqlite3.connect(path) as connection:
        connection.executescript(_SCHEMA)
        chance = random.Random(20260105)
        for account in ACCOUNTS:
            for make in (_documint, _cronping, _flagbit, _webhookvault):
                for table, row in make(account, chance):
                    connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    connection.close()


def _at(chance: random.Random) -> str:
    return str((_START + timedelta(seconds=chance.randrange(86_400 * 300))).replace(tzinfo=None))


def _name(account: str, prefix: str, n: int) -> str:
    return f"{prefix}_{n:04}" if account == ACCOUNTS[0] else f"{prefix}_{account[0]}{n:04}"


def _documint(account: str, chance: random.Random) -> Iterator[tuple[str, tuple[Any, ...]]]:
    kinds = ("Invoice", "Offer", "Contract", "Certificate", "Receipt", "Delivery note")
    for n in range(1, 121):
        template = _name(account, "tpl", n)
        status = "archived" if n > 60 else "active"
        name = f"{chance.choice(kinds)} v{n}"
        yield "templates", (template, account, name, f"Dear {{{{ name }}}}, your {name.lower()}", status, _at(chance))
        for m in range(0 if n > 60 else chance.randrange(2, 9)):
            title = f"{name} for customer {chance.randrange(1000, 9999)}"
            document = _name(account, "doc", n * 100 + m)
            yield "documents", (document, account, template, title, chance.randrange(1, 12), _at(chance))


def _cronping(account: str, chance: random.Random) -> Iterator[tuple[str, tuple[Any, ...]]]:
    jobs = ("backup", "report", "sync", "cleanup", "invoice run", "certificate check")
    for n in range(1, 91):
        monitor, status = _name(account, "mon", n), "running" if n % 3 == 0 else "paused"
        schedule = f"{chance.randrange(60)} {chance.randrange(24)} * * *"
        yield "monitors", (monitor, account, f"nightly {chance.choice(jobs)} {n}", schedule, status, _at(chance))
        for m in range(chance.randrange(8, 16) if n > 20 else 0):
            state = "late" if chance.random() < 0.05 else "ok"
            yield "pings", (f"{monitor}_p{m:03}", account, monitor, state, chance.randrange(20, 9000), _at(chance))


def _flagbit(account: str, chance: random.Random) -> Iterator[tuple[str, tuple[Any, ...]]]:
    features = ("checkout", "search", "export", "theme", "import", "billing")
    for n in range(1, 81):
        flag = _name(account, "flag", n)
        yield "flags", (flag, account, f"{chance.choice(features)}-{n}", n % 2, _at(chance), None)
        for m in range(chance.randrange(4) if n > 20 else 0):
            value = chance.choice(("DE", "US", "beta", "staff"))
            yield "rules", (f"{flag}_r{m}", account, flag, chance.choice(("country", "group")), "equals", value)


def _webhookvault(account: str, chance: random.Random) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for n in range(1, 41):
        endpoint = _name(account, "end", n)
        yield "endpoints", (endpoint, account, f"https://{account}.example/hooks/{n}", _at(chance))
        for m in range(chance.randrange(10, 25) if n > 10 else 0):
            body = f'{{"event": "order.paid", "order": {chance.randrange(10_000, 99_999)}}}'
            yield "captured_requests", (f"{endpoint}_q{m:03}", account, endpoint, "POST", body, _at(chance))


def curl_lines(base: str, token: str) -> list[tuple[str, str]]:
    """Five things to see, each as a command to paste; they build on each other in this order."""
    api = f"{base}/api/v1"
    curl = f"curl -sS -H 'Authorization: Bearer {token}'"
    send = f"{curl} -H 'Content-Type: application/json'"
    mixed = '{"ids": ["mon_0001", "mon_0003", "mon_9999", "mon_0002"], "reason": "spring cleaning"}'
    old = '{"filter": {"status": "archived"}}'
    return [
        (
            "A retry hears 410, and that it was itself who deleted",
            f"{curl} -o /dev/null -w '%{{http_code}}\\n' -X DELETE {api}/templates/tpl_0100; {curl} -X DELETE {api}/templates/tpl_0100",
        ),
        (
            "A preview says exactly what would go, and gives a token for just that",
            f"{send} -d '{old}' {api}/templates/bulk_delete/preview",
        ),
        (
            "A bulk delete answers for each item: deleted, blocked, not found",
            f"{send} -d '{mixed}' {api}/monitors/bulk_delete",
        ),
        ("An undo brings it back, value for value", f"{curl} -X POST {api}/templates/tpl_0100/restore"),
        (
            "The audit knows who deleted what, and who brought it back",
            f"{curl} '{api}/audit?resource=templates&item_id=tpl_0100'",
        ),
    ]

"""A few thousand rows that look like real ones, the same each time."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table

ACCOUNTS = ("acme", "globex")
_START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def fill(connection: Connection, tables: Sequence[Table]) -> None:
    """Insert all rows; `tables` are those of the four products, parents first."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    chance = random.Random(20260105)
    for account in ACCOUNTS:
        for make in (_documint, _cronping, _flagbit, _webhookvault):
            for name, row in make(account, chance):
                found[name].append(row)
    for table in tables:
        names = table.columns.keys()
        rows = [dict(zip(names, row, strict=True)) for row in found[table.name]]
        if rows:
            connection.execute(table.insert(), rows)


def _at(chance: random.Random) -> datetime:
    return _START + timedelta(seconds=chance.randrange(86_400 * 300))


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
            body = {"event": "order.paid", "order": chance.randrange(10_000, 99_999)}
            yield "captured_requests", (f"{endpoint}_q{m:03}", account, endpoint, "POST", body, _at(chance))

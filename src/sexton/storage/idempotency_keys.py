"""Idempotency keys: inserted first in the transaction of the effect, completed with the answer before its commit.

A crash takes both away; a concurrent twin waits on the key's index entry, then finds the answer. There is no lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, and_, delete, select, text, update

from sexton.storage.dialects import Dialect
from sexton.storage.store import Store

KEPT = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer given before, and the fingerprint of the request it answered; None where there is no answer yet."""

    fingerprint: str
    status: int | None
    headers: dict[str, str]
    body: bytes


def claim(
    connection: Connection, store: Store, account: str, key: str, fingerprint: str, now: datetime
) -> Stored | None:
    """Take a key for this transaction, or return what was answered under it. Waits for a twin that holds it."""
    dialect = store.dialect
    times = {"now": dialect.bind_time(now), "until": dialect.bind_time(now + KEPT)}
    bound = {"account": account, "key": key, "fingerprint": fingerprint, **times}
    if connection.execute(_claim(dialect), bound).first() is not None:
        return None
    table = store.tables["idempotency_keys"]
    row = connection.execute(select(table).where(table.c.account == account, table.c.key == key)).mappings().one()
    return Stored(row["fingerprint"], row["status"], row["headers"], row["body"])


@cache
def _claim(dialect: Dialect) -> TextClause:
    table = dialect.own("idempotency_keys")
    return text(
        f"INSERT INTO {table} AS i (account, key, fingerprint, created_at, expires_at)"
        " VALUES (:account, :key, :fingerprint, :now, :until) ON CONFLICT (account, key) DO UPDATE SET"
        " fingerprint = excluded.fingerprint, created_at = excluded.created_at, expires_at = excluded.expires_at,"
        " status = NULL, headers = NULL, body = NULL WHERE i.expires_at <= :now RETURNING account"
    )


def save(connection: Connection, store: Store, account: str, key: str, answer: dict[str, Any]) -> None:
    """Keep the answer (status, headers, body) under the key."""
    table = store.tables["idempotency_keys"]
    connection.execute(update(table).where(and_(table.c.account == account, table.c.key == key)).values(**answer))


def release(connection: Connection, store: Store, account: str, key: str) -> None:
    """Give a key back: what changed nothing is not stored."""
    table = store.tables["idempotency_keys"]
    connection.execute(delete(table).where(and_(table.c.account == account, table.c.key == key)))

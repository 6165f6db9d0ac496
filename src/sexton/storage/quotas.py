"""Item quotas: one bucket an account, refilled evenly over an hour."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection

from sexton.quota import HOUR, Bucket
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.store import Store


def _bound(store: Store, account: str, items: int, now: datetime) -> dict[str, Any]:
    capacity = store.limits_of(account).items_per_hour
    times = {"now": store.dialect.bind_time(now)}
    return {"account": account, "items": items, "capacity": capacity, "rate": capacity / HOUR, **times}


def take(connection: Connection, store: Store, account: str, items: int, now: datetime) -> Bucket:
    """Take items from the account's bucket; `taken` is False and nothing is taken where it holds too few."""
    capacity = store.limits_of(account).items_per_hour
    bound = _bound(store, account, items, now)
    left = _take(store.dialect).on(connection, bound).scalar() if items <= capacity else None
    return look(connection, store, account, now) if left is None else Bucket(capacity, left)


def look(connection: Connection, store: Store, account: str, now: datetime) -> Bucket:
    """The account's bucket as it is; nothing is taken."""
    capacity = store.limits_of(account).items_per_hour
    found = _look(store.dialect).on(connection, _bound(store, account, 0, now)).scalar()
    return Bucket(capacity, capacity if found is None else found, taken=False)


def give_back(connection: Connection, store: Store, account: str, items: int) -> None:
    """Return what was taken for items that did not change."""
    if items > 0:
        bound = {"account": account, "items": items, "capacity": store.limits_of(account).items_per_hour}
        _give_back(store.dialect).on(connection, bound)


@cache
def _take(dialect: Dialect) -> Statement:
    remaining = dialect.remaining()
    return dialect.statement(
        f"INSERT INTO {dialect.own('quotas')} AS q (account, remaining, refilled_at)"
        " VALUES (:account, :capacity - :items, :now) ON CONFLICT (account) DO UPDATE"
        f" SET remaining = {remaining} - :items, refilled_at = :now"
        f" WHERE {remaining} >= :items RETURNING remaining"
    )


@cache
def _look(dialect: Dialect) -> Statement:
    return dialect.statement(
        f"SELECT {dialect.remaining()} FROM {dialect.own('quotas')} AS q WHERE q.account = :account"
    )


@cache
def _give_back(dialect: Dialect) -> Statement:
    return dialect.statement(
        f"UPDATE {dialect.own('quotas')} AS q SET remaining = {dialect.least()}(:capacity, q.remaining + :items)"
        " WHERE q.account = :account"
    )

"""Item quotas: one bucket an account, refilled evenly over an hour."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import Connection

from sexton.quota import HOUR, Bucket
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.store import Store


def take(connection: Connection, store: Store, account: str, items: int, now: datetime) -> Bucket:
    """Take items from the account's bucket; `taken` is False and nothing is taken where it holds too few."""
    capacity = store.limits_of(account).items_per_hour
    bound = {"account": account, "items": items, "capacity": capacity, "rate": capacity / HOUR}
    bound["now"] = store.dialect.bind_time(now)
    left = _take(store.dialect).on(connection, bound).scalar() if items <= capacity else None
    if left is not None:
        return Bucket(capacity, left, taken=True)
    found = _look(store.dialect).on(connection, bound).scalar()
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

"""API keys: `sx_<key id>_<secret>`, of which only a hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, select, text, update

from sexton.model import Principal, Scope
from sexton.storage.dialects import Dialect
from sexton.storage.store import Store

_NOBODY = hashlib.sha256(b"nobody").hexdigest()


def create(
    connection: Connection, store: Store, account: str, scopes: Sequence[Scope], name: str | None, now: datetime
) -> tuple[str, str]:
    """Make a key; returns its id and the whole token, which cannot be read again."""
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    row = {
        "id": key_id,
        "account": account,
        "secret_hash": _hash(secret),
        "scopes": [str(scope) for scope in scopes],
        "name": name,
        "created_at": now,
        "revoked_at": None,
    }
    connection.execute(store.tables["api_keys"].insert(), row)
    return key_id, f"sx_{key_id}_{secret}"


def authenticate(connection: Connection, store: Store, token: str) -> Principal | None:
    """The principal of a token, compared in constant time; None for one that is unknown, wrong or revoked."""
    prefix, _, rest = token.partition("_")
    key_id, _, secret = rest.partition("_")
    if not token.isascii() or not token.isprintable():
        return None
    row = connection.execute(_find(store.dialect), {"id": key_id}).first()
    same = hmac.compare_digest(_hash(secret), row.secret_hash if row else _NOBODY)
    if row is None or not same or prefix != "sx" or row.revoked_at is not None:
        return None
    return Principal(row.account, key_id, frozenset(store.dialect.from_list(row.scopes)))


@cache
def _find(dialect: Dialect) -> TextClause:
    return text(f"SELECT account, secret_hash, scopes, revoked_at FROM {dialect.own('api_keys')} WHERE id = :id")


def all_keys(connection: Connection, store: Store, account: str | None = None) -> list[dict[str, Any]]:
    """The keys, without anything secret."""
    table = store.tables["api_keys"]
    shown = ("id", "account", "scopes", "name", "created_at", "revoked_at")
    query = select(*(table.c[name] for name in shown)).order_by(table.c.created_at)
    if account is not None:
        query = query.where(table.c.account == account)
    return [dict(row) for row in connection.execute(query).mappings()]


def revoke(connection: Connection, store: Store, key_id: str, now: datetime) -> bool:
    """Revoke a key; False where there is none."""
    table = store.tables["api_keys"]
    missing = table.c.revoked_at.is_(None)
    known = connection.execute(select(table.c.id).where(table.c.id == key_id)).first() is not None
    connection.execute(update(table).where(table.c.id == key_id, missing).values(revoked_at=now))
    return known


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

"""Make and revoke API keys; both are audited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from sexton.model import Principal, Scope
from sexton.names import new_id
from sexton.storage import api_keys, audit
from sexton.storage.store import Store

_OPERATOR = "system:operator"


def create(
    connection: Connection, store: Store, account: str, scopes: Sequence[Scope], name: str | None, now: datetime
) -> tuple[str, str]:
    """Make a key; returns its id and the whole token, which cannot be read again."""
    key_id, token = api_keys.create(connection, store, account, scopes, name, now)
    told: dict[str, object] = {"key_id": key_id, "scopes": [str(scope) for scope in scopes], "name": name}
    _tell(connection, store, account, "key_create", told, now)
    return key_id, token


def revoke(connection: Connection, store: Store, key_id: str, now: datetime) -> bool:
    """Revoke a key; False where there is none."""
    found = [key for key in api_keys.all_keys(connection, store) if key["id"] == key_id]
    if found and api_keys.revoke(connection, store, key_id, now):
        _tell(connection, store, found[0]["account"], "key_revoke", {"key_id": key_id}, now)
    return bool(found)


def _tell(
    connection: Connection, store: Store, account: str, action: str, told: dict[str, object], now: datetime
) -> None:
    entry = audit.Entry(new_id("aud"), now, Principal(account, _OPERATOR), action, "api_keys", requested=told)
    audit.write(connection, store, entry)

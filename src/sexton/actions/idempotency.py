"""One effect a key: what a call under a key does first, and how two requests are told to be the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import rfc8785
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from sexton.errors import Code, Refused
from sexton.storage import idempotency_keys
from sexton.storage.store import Store


class Answered(NamedTuple):
    """What was answered under a key."""

    status: int
    headers: dict[str, str]
    body: bytes


def claim(
    connection: Connection, store: Store, account: str, key: str, fingerprint: str, now: datetime
) -> Answered | None:
    """Take a key for this transaction, or return what was answered under it; waits for a twin that holds it.

    Raises Refused: the key was used for another request, or the first one still runs.
    """
    with waiting(store):
        stored = idempotency_keys.claim(connection, store, account, key, fingerprint, now)
    if stored is None:
        return None
    if stored.fingerprint != fingerprint:
        detail = "this key was used for another request: a new request needs a new key, a retry must be the same"
        raise Refused(Code.IDEMPOTENCY_KEY_REUSED, detail)
    if stored.status is None:
        raise Refused(Code.IDEMPOTENCY_KEY_BUSY, "the first request with this key has no answer yet: ask again")
    return Answered(stored.status, stored.headers, stored.body)


@contextmanager
def waiting(store: Store) -> Iterator[None]:
    """A lock that was not to be had in time is a twin that still runs."""
    try:
        yield
    except SQLAlchemyError as error:
        if not store.dialect.is_lock_timeout(error):
            raise
        detail = "the first request with this key still runs: ask again with the same key"
        raise Refused(Code.IDEMPOTENCY_KEY_BUSY, detail) from None


def fingerprint_of(asked: Any) -> str:
    """A hash of what is asked, over its canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(_canonical(asked))).hexdigest()


def _canonical(value: Any) -> Any:
    """Values that canonical JSON (RFC 8785) has no numbers for, as tagged texts."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 - 1:
        return {"integer": str(value)}
    if isinstance(value, str):
        return value.encode(errors="surrogatepass").decode(errors="backslashreplace")
    if isinstance(value, dict):
        return {_canonical(name): _canonical(member) for name, member in value.items()}
    return [_canonical(member) for member in value] if isinstance(value, (list, tuple)) else value

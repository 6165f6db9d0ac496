"""What the four products have besides Sexton: an engine, a session a request, an authentication of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.orm import Session

from sexton import Limits, Principal, Scope
from sexton.receivers import Reach

KEYS = {"key-acme": "acme", "key-globex": "globex", "key-trial": "trial"}
LIMITS = {"acme": Limits(items_per_hour=2_000_000), "trial": Limits(items_per_hour=300)}
REACH = Reach(allow_private=os.environ.get("WEBHOOKS") == "private")
NAME = r"^[A-Za-z0-9_-]{1,40}$"
# FastAPI answers so where a body is not UTF-8, and has no 400 in its document
UNREADABLE: dict[int | str, dict[str, Any]] = {400: {"description": "The body is no text"}}


def connect(url: str, metadata: MetaData) -> Engine:
    """The engine; SQLite checks foreign keys only where it is told to."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    metadata.create_all(engine)  # a real application runs its migrations instead
    return engine


def current_principal(
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))],
) -> Principal:
    """Who asks, by a key of the product's own."""
    if sent is None or sent.credentials not in KEYS:
        raise HTTPException(401, "send Authorization: Bearer key-acme", {"WWW-Authenticate": "Bearer"})
    return Principal(account=KEYS[sent.credentials], key_id=sent.credentials, scopes=frozenset(Scope))


def session(request: Request) -> Iterator[Session]:
    """A transaction a request, committed before its answer is sent."""
    with request.app.state.sessions.begin() as found:
        yield found


Who = Annotated[Principal, Depends(current_principal)]
Db = Annotated[Session, Depends(session, scope="function")]

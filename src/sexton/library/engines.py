"""The host's engine → a synchronous one of Sexton's own on the same database, and the host's connections as guests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from sexton.errors import ConfigurationError
from sexton.library.counting import tell_at_commit
from sexton.storage.dialects import Dialect, dialect_of
from sexton.storage.store import Store

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

HostConnection = Connection | Session
AnyConnection: TypeAlias = "Connection | Session | AsyncConnection | AsyncSession"
_DRIVERS = {"postgresql": "postgresql+psycopg", "sqlite": "sqlite+pysqlite"}
_OF_ASYNCPG = frozenset({"prepared_statement_cache_size", "prepared_statement_name_func", "async_fallback"})


def address_of(engine: Any) -> URL:
    """The URL for Sexton's own engine. Raises ConfigurationError for what is no engine over a database it speaks."""
    if is_async(engine):
        engine = engine.sync_engine
    if not isinstance(engine, Engine):
        told = (
            f"Sexton(engine, …) takes an Engine or an AsyncEngine, not {type(engine).__name__}: call create_engine(URL)"
        )
        raise ConfigurationError(told)
    dialect_of(engine.dialect.name)
    url = engine.url
    if engine.dialect.name == "sqlite" and url.database in (None, "", ":memory:"):
        told = "a database in memory belongs to one connection, and Sexton opens its own: use a file, sqlite:///app.db"
        raise ConfigurationError(told)
    query = {name: value for name, value in url.query.items() if name not in _OF_ASYNCPG}
    if "ssl" in query:
        query["sslmode"] = query.pop("ssl")
    return url.set(drivername=_DRIVERS[engine.dialect.name], query=query)


@contextmanager
def joined(
    store: Store, host: HostConnection, *, savepoint: bool = True, bounded: bool = False
) -> Iterator[Connection]:
    """The host's connection, in its transaction, inside a savepoint (or not); it is the host that commits.

    A session's pending changes are flushed first. Raises ConfigurationError for what is no connection of this database.
    """
    if isinstance(host, Session):
        host.flush()
        connection = host.connection()
    elif isinstance(host, Connection):
        connection = host
    else:
        told = f"connection=… takes a Connection or a Session, not {type(host).__name__}"
        hint = ": await the method of the same name outside of `sync`" if is_async(host) else ""
        raise ConfigurationError(told + hint)
    _require_same(store.dialect, connection)
    with store.counting(connection) as done, store.dialect.guest(connection, savepoint=savepoint, bounded=bounded):
        yield connection
    tell_at_commit(connection, store.recorder.tell_all, done)


def is_async(host: Any) -> bool:
    """Whether a host's engine, connection, session or sessionmaker is one for the event loop.

    SQLAlchemy's module for these needs greenlet; a host that has one of them has imported it.
    """
    module = sys.modules.get("sqlalchemy.ext.asyncio")
    kinds = ("AsyncEngine", "AsyncConnection", "AsyncSession", "async_sessionmaker")
    return module is not None and isinstance(host, tuple(getattr(module, kind) for kind in kinds))


def _require_same(dialect: Dialect, connection: Connection) -> None:
    if connection.dialect.name != dialect.name:
        told = f"this connection is one to {connection.dialect.name}, and Sexton's tables are in {dialect.name}"
        raise ConfigurationError(f"{told}: hand over one of the database that Sexton was given")

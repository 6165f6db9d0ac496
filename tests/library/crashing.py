"""A verb on a host's connection that is killed (SIGKILL) before its n-th statement: `crashing.py URL VERB N,N,…`.

Each run is a process of its own, forked before anything is opened.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.ext.asyncio import create_async_engine

from host_models import Flag, Order
from hosting import resources
from sexton import Principal, Sexton

WHO = Principal("acme", "code")
VERBS: dict[str, tuple[str, tuple[Any, ...], dict[str, Any]]] = {
    "delete": ("delete", (Flag, "f1"), {"cascade": True, "idempotency_key": "k"}),
    "bulk_delete": ("bulk_delete", (Order, [1, 2, 77]), {"idempotency_key": "k"}),
    "restore": ("restore", (Flag, "f5"), {"idempotency_key": "k"}),
    "create": ("idempotent_create", (Flag, {"id": "f9", "name": "nine"}), {}),
}
"""`f5` is a flag with a rule that were deleted before."""


def engine_of(url: str) -> Any:
    """The host's engine, synchronous or not, with foreign keys on."""
    engine = create_async_engine(url) if "async" in url or "aio" in url else create_engine(url)
    if engine.dialect.name == "sqlite":
        plain = getattr(engine, "sync_engine", engine)
        event.listen(plain, "connect", lambda connection, _: connection.cursor().execute("PRAGMA foreign_keys=ON"))
    return engine


def run(sexton: Sexton, engine: Any, verb: str, watch: Callable[[Connection], None], *, commits: bool = True) -> Any:
    """Run a verb in a transaction of the host's; `watch` is given its connection."""
    name, args, options = VERBS[verb]
    options = {**options, "principal": WHO}
    if hasattr(engine, "sync_engine"):
        return asyncio.run(_run_async(sexton, engine, (name, args, options), watch, commits))
    with engine.connect() as connection:
        watch(connection)
        done = getattr(sexton.sync, name)(*args, connection=connection, **options)
        connection.commit() if commits else connection.rollback()
        return done


async def _run_async(sexton: Sexton, engine: Any, asked: Any, watch: Any, commits: bool) -> Any:
    name, args, options = asked
    try:
        async with engine.connect() as connection:
            watch(connection.sync_connection)
            done = await getattr(sexton, name)(*args, connection=connection, **options)
            await (connection.commit() if commits else connection.rollback())
            return done
    finally:
        await engine.dispose()


def at(n: int, act: Callable[[], None]) -> tuple[Callable[[Connection], None], list[str]]:
    """A watch that acts before the n-th statement (0: before the commit), and the statements so far."""
    sent: list[str] = []

    def count(statement: str) -> None:
        sent.append(statement)
        if len(sent) == n:
            act()

    def watch(connection: Connection) -> None:
        event.listen(connection, "before_cursor_execute", lambda _c, _u, statement, *_: count(statement))
        for name in ("savepoint", "release_savepoint", "rollback_savepoint"):
            event.listen(connection, name, lambda *_, name=name: count(name))
        event.listen(connection, "commit", lambda _: n or act())

    return watch, sent


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, verb: str, places: str) -> None:
    """Fork, run, die at each of these places; after each wait for a line."""
    for place in places.split(","):
        child = os.fork()
        if child == 0:
            engine = engine_of(url)
            sexton = Sexton(engine, resources())
            sexton.open()
            run(sexton, engine, verb, at(int(place), die)[0])
            os._exit(1)
        _, status = os.waitpid(child, 0)
        print(place, os.WIFSIGNALED(status) and os.WTERMSIG(status), flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    main(*sys.argv[1:])

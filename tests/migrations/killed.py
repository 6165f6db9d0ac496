"""A migration that dies at its first statement, at its second, and so on; prints what was there after each death.

Each try is a process of its own, forked from this one, which has no threads.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from host_history import HostHistory
from sexton.storage import migrations
from sexton.storage.opening import open_engine, ready_schema
from test_same_schema import look_at
from upgrading import opened


def die_at(n: int) -> None:
    """End this process as kill -9 does, once the database has done n statements."""
    done = 0

    @event.listens_for(Engine, "after_cursor_execute")
    def count(*_: Any) -> None:
        nonlocal done
        done += 1
        if done == n:
            os.kill(os.getpid(), signal.SIGKILL)


def by_sexton(url: str, _folder: Path) -> None:
    engine, dialect = open_engine(url)
    ready_schema(engine, dialect, migrate=True)


def by_the_host(url: str, folder: Path) -> None:
    HostHistory(folder, url).upgrade("c3")


def killed(run: Callable[[str, Path], None], url: str, folder: Path, n: int) -> bool:
    """Whether it died; False where it came to its end before."""
    child = os.fork()
    if child == 0:
        die_at(n)
        try:
            run(url, folder / str(n))
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def state_of(url: str) -> list[Any]:
    """The version, and what is really there."""
    with opened(url) as (engine, dialect), engine.connect() as connection:
        version = migrations.current(connection, dialect)
    return [version, hashlib.sha256(repr(look_at(url)).encode()).hexdigest()]


def main(url: str, who: str, folder: str, every: str) -> None:
    run, n, states = {"sexton": by_sexton, "host": by_the_host}[who], 1, []
    while killed(run, url, Path(folder), n):
        states.append(state_of(url))
        n += int(every)
    sys.stdout.write(json.dumps(states))


if __name__ == "__main__":
    main(*sys.argv[1:])

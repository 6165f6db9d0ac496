"""Real `sexton` processes that tests kill, and faults that are put into one of them before it starts.

They are forked from a process that has imported Sexton already, so that one is at work within a fifth of a second, and
end with the test process, however that ends. A fault is a function of this module; it runs in the new process.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import multiprocessing
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["_pytest.config", "sexton.cli", "processes"])
_PR_SET_PDEATHSIG = 1
Fault = Callable[[], None]


class Process:
    """One `sexton` process."""

    def __init__(self, arguments: Sequence[str], log: Path, fault: Fault | None = None) -> None:
        self.log = log
        self._process = _CONTEXT.Process(target=_run, args=(list(arguments), str(log), fault), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    @property
    def code(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self._process.kill()
        self._process.join()

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def stop(self, seconds: float = 40) -> None:
        """SIGTERM, and wait until it has ended what it had in hand."""
        with contextlib.suppress(ProcessLookupError):
            self.thaw()
        self._process.terminate()
        self._process.join(seconds)
        if self.alive:
            self.kill()
            raise AssertionError("it did not end:\n" + self.log.read_text()[-4000:])

    def wait(self, seconds: float = 30) -> None:
        """Until it has ended by itself."""
        self._process.join(seconds)
        assert not self.alive, self.log.read_text()[-4000:]


def _run(arguments: list[str], log: str, fault: Fault | None) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    sys.argv = ["sexton", *arguments]
    if fault is not None:
        fault()
    importlib.import_module("sexton.cli").main()


# -- faults -----------------------------------------------------------------------------------------------------


def _replace(where: str, make: Callable[[Any], Any]) -> None:
    """Put something else at `package.module:name.name`."""
    module, _, path = where.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    setattr(owner, name, make(getattr(owner, name)))


def wait_at(where: str, folder: Path) -> None:
    """Before the call, say `here` and wait for `go`, as files of the folder."""

    def make(original: Any) -> Any:
        def replaced(*args: Any, **kwargs: Any) -> Any:
            (folder / "here").touch()
            while not (folder / "go").exists():
                time.sleep(0.02)
            return original(*args, **kwargs)

        return replaced

    _replace(where, make)


def wait_after_first(where: str, folder: Path) -> None:
    """After the first call that returned something true, say `here` and wait for `go` before the next."""

    def make(original: Any) -> Any:
        def replaced(*args: Any, **kwargs: Any) -> Any:
            while (folder / "here").exists() and not (folder / "go").exists():
                time.sleep(0.02)
            result = original(*args, **kwargs)
            if result:
                (folder / "here").touch()
            return result

        return replaced

    _replace(where, make)


def die_at(where: str) -> None:
    """End at once instead of the call."""
    _replace(where, lambda _: lambda *_args, **_kwargs: os._exit(9))


def die_over(item: str) -> None:
    """End at once with an item in hand, as the kernel ends who takes too much memory."""

    def make(original: Any) -> Any:
        def replaced(connection: Any, store: Any, job: Any, chunk: Any, now: Any) -> Any:
            if item in chunk.ids:
                os._exit(9)
            return original(connection, store, job, chunk, now)

        return replaced

    _replace("sexton.worker.hand:run_chunk", make)


def small_plans(fault: Fault | None = None) -> None:
    """Hold a tenth of the rows in one plan, so that fewer are many; beside another fault."""
    for place in ("run_chunk", "restore"):
        _replace(f"sexton.actions.{place}:MAX_CHUNK_ROWS", lambda most: most // 10)
    if fault is not None:
        fault()


def only_sweep() -> None:
    """Do no chunk and end no job; only what is due on a schedule."""
    _replace("sexton.worker.hand:Hand.step", lambda _: lambda _self: False)


def fill_disk(folder: Path) -> None:
    """For as long as there is a file `full`, no chunk may make SQLite's file any larger; small writes find room."""

    def make(original: Any) -> Any:
        @contextmanager
        def replaced(self: Any, engine: Any, **options: Any) -> Iterator[Any]:
            with original(self, engine, **options) as connection:
                full = options.get("patient") and (folder / "full").exists()
                pages = 1 if full else 1 << 30  # never below what it has
                connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
                yield connection

        return replaced

    _replace("sexton.storage.dialects.sqlite:SQLite.write", make)


# -- others over the same file ----------------------------------------------------------------------------------


def checkpoint_for_ever(path: str) -> None:
    """Bring the log into the file, again and again, instead of being a worker."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    while True:
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        time.sleep(0.002)


def write_for_ever(path: str) -> None:
    """Write as the host's application does, a row a transaction."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    while True:
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("INSERT INTO notes (body) VALUES (hex(randomblob(200)))")
        time.sleep(0.005)

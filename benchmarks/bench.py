"""What the benchmarks of jobs share: databases, rows, worker processes, options."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import structlog
from sqlalchemy import create_engine, text

from postgres import postgres_server
from sexton.server.assembly import open_store
from sexton.server.configuration import Settings
from sexton.storage.store import Store

TABLE = (
    "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price NUMERIC(10,2), made TIMESTAMP, note TEXT,"
    " deleted_at TIMESTAMP)"
)
SERVER = ("max_connections=200", "shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=30min")
BOUNDS = "[defaults]\nconfirm_above = 100_000_000\nitems_per_hour = 1_000_000_000\n"
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))


def option(name: str, default: int) -> int:
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


def kinds() -> list[str]:
    """The databases that were named, or both."""
    return [word for word in sys.argv if word in ("sqlite", "postgresql")] or ["postgresql", "sqlite"]


@contextmanager
def databases(kinds: list[str]) -> Iterator[dict[str, Any]]:
    """A way to make a new database of each kind."""
    with ExitStack() as held:
        made: dict[str, Any] = {}
        if "postgresql" in kinds:
            server = held.enter_context(postgres_server(18, SERVER))
            made["PostgreSQL 18"] = lambda: server.url(server.create_database())
        if "sqlite" in kinds:
            folder = held.enter_context(tempfile.TemporaryDirectory())
            made["SQLite"] = lambda: _file(folder)
        yield made


def _file(folder: str) -> str:
    path = Path(folder) / f"{time.monotonic_ns()}.db"
    path.touch()
    return f"sqlite:///{path}"


def fill(url: str, rows: int) -> None:
    """The table with `rows` rows, ids from 1."""
    engine = create_engine(url)
    series = "generate_series(1, :n) AS s(i)" if engine.dialect.name == "postgresql" else "counted"
    counted = "WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < :n) "
    head = "" if engine.dialect.name == "postgresql" else counted
    made = "CAST('2026-01-01 00:00:00' AS timestamp)" if head == "" else "'2026-01-01 00:00:00'"
    with engine.begin() as connection:
        connection.execute(text(TABLE))
        chosen = f"SELECT i, 'item ' || i, i % 100, {made}, 'a note', NULL FROM {series}"
        connection.execute(
            text(f"INSERT INTO items {head}{chosen}" if not head else f"{head}INSERT INTO items {chosen}"), {"n": rows}
        )
    settle(engine)
    engine.dispose()


def settle(engine: Any, *tables: str) -> None:
    """Let the server do now what it would do in the middle of a measurement."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in ("items", *tables):
                connection.execute(text(f"VACUUM ANALYZE {table}"))
            connection.execute(text("CHECKPOINT"))


def store_of(url: str, strategy: str = "archive") -> Store:
    settings = Settings(database={"url": url}, defaults={"strategy": strategy, "items_per_hour": 10**9})
    return open_store(settings)


@contextmanager
def workers(url: str, count: int, strategy: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Worker processes."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "sexton.toml"
        config.write_text(f'[defaults]\nstrategy = "{strategy}"\n')
        command = [sys.executable, "-m", "sexton.cli", "worker", "--database", url, "--config", str(config)]
        running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(count)]
        time.sleep(2.5)
        try:
            yield running
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait()

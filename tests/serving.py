"""A real `sexton serve` process and a small client for it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

SEXTON = [sys.executable, "-m", "sexton.cli"]
ALL = "read,delete,restore,write,hold,approve,audit,admin"
_SERVING = re.compile(r'"address": "(http[^"]+)"')


def sexton(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    given: dict[str, Any] = {"timeout": 60} | options
    return subprocess.run([*SEXTON, *arguments], capture_output=True, text=True, check=False, **given)


def create_key(url: str, account: str = "default", scopes: str = ALL) -> str:
    done = sexton("keys", "create", "--database", url, "--account", account, "--scopes", scopes, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["token"]


@dataclass
class Api:
    """Calls one server with one key."""

    base: str
    token: str | None
    session: requests.Session = field(default_factory=requests.Session)

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        url = f"{self.base}/api/v1{path}"
        return self.session.request(method, url, headers=headers, timeout=60, allow_redirects=False, **options)

    def item(self, resource: str, item_id: str) -> str:
        return f"/{quote(resource, safe='')}/{quote(item_id, safe='')}"

    def wait(self, job_id: str, seconds: float = 120) -> dict[str, Any]:
        """The job once it has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            job = self("GET", f"/bulk_jobs/{job_id}").json()
            if job["finished_at"] is not None:
                return job
            time.sleep(0.05)
        raise AssertionError(f"{job_id} has not ended: {job}")


@contextlib.contextmanager
def serving(url: str, *arguments: str, config: str | None = None) -> Iterator[str]:
    """A server on a free port for as long as the block lasts; its address."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["--database", url, "--port", "0", *arguments]
        if config is not None:
            path = Path(folder) / "sexton.toml"
            path.write_text(config)
            options += ["--config", str(path)]
        log = Path(folder) / "log"
        with log.open("w") as out:
            process = subprocess.Popen(
                [*SEXTON, "serve", *options],
                stdout=out,
                stderr=out,
                cwd=folder,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        try:
            yield _address(process, log)
        finally:
            process.terminate()
            process.wait(timeout=30)
            if os.environ.get("SEXTON_TEST_LOG"):
                sys.stderr.write(log.read_text())


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(400):
        found = _SERVING.search(log.read_text())
        if found:
            with contextlib.suppress(requests.ConnectionError):
                requests.get(f"{found[1]}/healthz", timeout=5).raise_for_status()
                return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError("sexton serve did not start:\n" + log.read_text())


def dump(url: str, leave_out: Sequence[tuple[str, str]] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every ordinary table of the host's, ordered, as the database itself prints the values."""
    from sqlalchemy import create_engine, inspect  # noqa: PLC0415

    warnings.filterwarnings("ignore", "Did not recognize type")  # the inspector's; only the names are asked for
    engine = create_engine(url)
    found: dict[str, list[tuple[Any, ...]]] = {}
    with engine.connect() as connection:
        inspector = inspect(engine)
        postgres = engine.dialect.name == "postgresql"
        schemas = (
            [s for s in inspector.get_schema_names() if s not in ("information_schema", "sexton")]
            if postgres
            else [None]
        )
        odd = (
            "SELECT relname FROM pg_class WHERE relispartition"
            if postgres
            else ("SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow')")
        )
        no_resources = {name for (name,) in connection.exec_driver_sql(odd)}
        for schema in schemas:
            for name in inspector.get_table_names(schema=schema):
                if name.startswith("sexton_") or name in no_resources:
                    continue
                columns = [
                    c["name"] for c in inspector.get_columns(name, schema=schema) if (name, c["name"]) not in leave_out
                ]
                quoted = ['"' + c.replace('"', '""') + '"' for c in columns]
                shown = [f"CAST({c} AS text)" if postgres else f"typeof({c}) || ':' || quote({c})" for c in quoted]
                table = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name) if part)
                sql = f"SELECT {', '.join(shown)} FROM {table}".replace(":", "\\:").replace("'\\:'", "':'")
                rows = connection.exec_driver_sql(
                    sql.replace("\\:", ":").replace("%", "%%") if postgres else sql.replace("\\:", ":")
                )
                found[f"{schema}.{name}"] = sorted((tuple(row) for row in rows), key=repr)
    engine.dispose()
    return found

"""Schemathesis over the documents of the examples, the host's own routes and Sexton's, against real servers.

Left out is `positive_data_acceptance`, as for the stand-alone server: a schema cannot say what is there.
`SEXTON_SOAK=1` runs it on both versions of PostgreSQL too, with more examples, and with the phase `coverage` for all: in
the normal run only those of THOROUGH have it, one synchronous and one asynchronous.

CONFIG: a body is not looked at where If-Match names an old version, which RFC 9110, 13.2.1, lets a server do.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from products import EXAMPLES, running

SOAK = bool(os.environ.get("SEXTON_SOAK"))
BEARER = "Authorization: Bearer key-acme"
PRODUCTS = [f"sexton.examples.{name}:create_app" for name in ("documint", "cronping", "flagbit", "webhookvault")]
HOSTS = {
    **{target: ("", BEARER, ["--factory"], ".*") for target in PRODUCTS},
    "projects:app": ("async_host", "X-Account: acme", [], "^/api/v1"),
    "contacts:app": ("fastcrud_host", BEARER, [], "^/api/v1"),
}
THOROUGH = set(HOSTS) if SOAK else {"sexton.examples.flagbit:create_app", "projects:app"}
LEFT_OUT = () if SOAK else ("pg15", "pg18")
CONFIG = """
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "428", "429"]
"""


@pytest.mark.timeout(900 if SOAK else 280)
@pytest.mark.parametrize("target", HOSTS)
def test_the_document_is_true(target, database_url, tmp_path):
    if any(name in os.environ["PYTEST_CURRENT_TEST"] for name in LEFT_OUT):
        pytest.skip("the long form: SEXTON_SOAK=1")
    folder, header, options, paths = HOSTS[target]
    url = database_url
    if folder:
        url = url.replace("sqlite:", "sqlite+aiosqlite:").replace("+psycopg:", "+asyncpg:")
        options = [*options, "--app-dir", str(EXAMPLES / folder)]
    if folder == "async_host":
        _migrate(EXAMPLES / folder, url)
    with running(target, url, *options) as base:
        phases = "examples,coverage,fuzzing" if target in THOROUGH else "examples,fuzzing"
        done = _ask(base, header, paths, phases, tmp_path)
    assert done.returncode == 0, done.stdout[-20000:]


def _migrate(folder: Path, url: str) -> None:
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(command, cwd=folder, env=os.environ | {"DATABASE_URL": url}, check=True, capture_output=True)


def _ask(base: str, header: str, paths: str, phases: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "schemathesis.toml").write_text(CONFIG)
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{base}/openapi.json", "--url", base]
    command += ["--header", header, "--max-examples", "12" if SOAK else "2", "--seed", "7", "--no-color"]
    command += ["--include-path-regex", paths, "--checks", "all", "--exclude-checks", "positive_data_acceptance"]
    command += ["--phases", phases, "--suppress-health-check", "all"]
    return subprocess.run(command, capture_output=True, text=True, timeout=800, cwd=folder, check=False)

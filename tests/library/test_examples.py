"""The examples, each with its own tests, on every database; short enough to be read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
DRIVERS = {
    "flagbit": {"sqlite": "sqlite", "postgresql+psycopg": "postgresql+psycopg"},
    "async_host": {"sqlite": "sqlite+aiosqlite", "postgresql+psycopg": "postgresql+asyncpg"},
}


def test_all_examples_are_here():
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == set(DRIVERS)


@pytest.mark.parametrize("name", DRIVERS)
def test_its_own_tests(name, database_url):
    scheme, _, rest = database_url.partition("://")
    environment = os.environ | {"DATABASE_URL": f"{DRIVERS[name][scheme]}://{rest}"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(EXAMPLES / name)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("name", DRIVERS)
def test_it_is_short_and_explained(name):
    for path in (EXAMPLES / name).glob("*.py"):
        assert len(path.read_text().splitlines()) <= 150, path
    assert (EXAMPLES / name / "README.md").exists()

"""The examples, each with its own tests; short enough to be read.

On PostgreSQL the normal run leaves the conformance suite out, and version 15: `SEXTON_SOAK=1` runs all on all.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from products import running
from sexton.examples.demo import PRODUCTS

EXAMPLES = Path(__file__).parents[2] / "examples"
SYNC = {"sqlite": "sqlite", "postgresql+psycopg": "postgresql+psycopg"}
ASYNC = {"sqlite": "sqlite+aiosqlite", "postgresql+psycopg": "postgresql+asyncpg"}
OF_THE_DEMO = [product.__name__.rpartition(".")[2] for product in PRODUCTS]
DRIVERS = {"async_host": ASYNC, "fastcrud_host": ASYNC, "script": SYNC} | dict.fromkeys(OF_THE_DEMO, SYNC)


def test_all_examples_are_here_and_listed():
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == set(DRIVERS)
    listed = (EXAMPLES / "README.md").read_text()
    assert [name for name in DRIVERS if f"]({name})" not in listed] == []


@pytest.mark.parametrize("name", DRIVERS)
def test_its_own_tests(name, database_url):
    scheme, _, rest = database_url.partition("://")
    soak, sqlite = os.environ.get("SEXTON_SOAK"), scheme == "sqlite"
    if "pg15" in os.environ["PYTEST_CURRENT_TEST"] and not soak:
        pytest.skip("the examples do not depend on the server's version")
    environment = os.environ | {"DATABASE_URL": f"{DRIVERS[name][scheme]}://{rest}"}
    chosen = [] if sqlite or soak else ["-k", "not TestPromises"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen, str(EXAMPLES / name)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("name", DRIVERS)
def test_it_is_short_and_explained(name):
    code = [path for path in (EXAMPLES / name).rglob("*.py") if not path.name.startswith("test_")]
    assert [path for path in code if len(path.read_text().splitlines()) > 150] == []
    tests = list((EXAMPLES / name).glob("test_*.py"))
    assert len(tests) == 1
    assert f"pytest examples/{name}" in (EXAMPLES / name / "README.md").read_text()


@pytest.mark.parametrize("name", OF_THE_DEMO)
def test_a_product_has_few_lines_of_sexton(name):
    lines = (EXAMPLES / name / f"{name}.py").read_text().splitlines()
    assert 3 <= sum("# Sexton:" in line for line in lines) <= 10


CURLS = {
    "documint": [201, 201, 409, 204, 200],
    "cronping": [201, 201, 204, 200],
    "flagbit": [201, 204, 200],
    "webhookvault": [201, 201, 204, 200, 200],
    "async_host": [201, 402, 204],
    "fastcrud_host": [200, 204, 404, 200],
}


@pytest.mark.parametrize("name", CURLS)
def test_what_its_readme_says_works(name, tmp_path):
    readme = (EXAMPLES / name / "README.md").read_text().replace("\\\n", " ")
    start = re.search(r"uvicorn (.*)", readme)[1].split()
    url = f"{DRIVERS[name]['sqlite']}:///{tmp_path}/app.db"
    if "alembic upgrade head" in readme:
        upgrade = [sys.executable, "-m", "alembic", "upgrade", "head"]
        subprocess.run(upgrade, cwd=EXAMPLES / name, env=os.environ | {"DATABASE_URL": url}, check=True)
    beside = ["--app-dir", str(EXAMPLES / name)] if "&& uvicorn" in readme else []
    with running(start[-1], url, *start[:-1], *beside) as base:
        assert [status(line, base) for line in re.findall(r"^curl .*", readme, re.MULTILINE)] == CURLS[name]


def status(line: str, base: str) -> int:
    told = line.replace("localhost:8000", base).replace("curl", "curl -s -o /dev/null -w '%{http_code}'", 1)
    return int(subprocess.run(["bash", "-c", told], capture_output=True, text=True, check=True).stdout)

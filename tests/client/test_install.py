"""`pip install sexton`, without extras, in an environment of its own: what needs no server works without its packages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile import Hostile, status
from shop import Shop

ROOT = Path(__file__).parents[2]
ABSENT = ("sqlalchemy", "fastapi", "alembic", "uvicorn", "psycopg", "starlette")
USES = f"""
import importlib.util, sys
from sexton.client import AsyncClient, Client, Outcome
import sexton.probe
with Client(sys.argv[1], service="install/1") as client:
    assert client.delete("reports", "r9").outcome is Outcome.DELETED
assert "site-packages" in sexton.probe.__file__, sexton.probe.__file__
assert [name for name in {ABSENT} if importlib.util.find_spec(name)] == []
"""


def called(*command: object, **options: Any) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, env=kept, **options)


def fetched(*command: object, **options: Any) -> None:
    """Run pip; without a registry there is nothing to test here, but in CI there must be one."""
    done = called(*command, "-q", "--disable-pip-version-check", **options)
    if done.returncode and not os.environ.get("CI"):
        pytest.skip(f"pip reaches no registry: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment with the wheel and what it requires, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    fetched(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", folder, ROOT)
    (wheel,) = folder.glob("sexton-*.whl")
    assert called(sys.executable, "-m", "venv", folder / "venv").returncode == 0
    python = folder / "venv/bin/python"
    fetched(python, "-m", "pip", "install", "--prefer-binary", "-c", ROOT / "constraints.txt", wheel)
    return python.parent


def test_an_installation_without_extras_deletes(installed: Path, server: Hostile, tmp_path: Path) -> None:
    shop = Shop(server)
    shop.stock(10)
    assert called(installed / "python", "-c", USES, server.url, cwd=tmp_path).stderr == ""
    (tmp_path / "ids").write_text("r1\nr2\n")
    item = f"{shop.url}/r0"
    for command in (
        ["--help"],
        ["rm", item],
        ["plan", shop.url, "--ids-from", "ids", "-o", "some.plan"],
        ["show", "some.plan"],
        ["apply", "some.plan"],
        ["apply", "some.plan", "--execute"],
        ["verify", "some.plan.journal"],
        ["report", "some.plan.journal"],
    ):
        done = called(installed / "sexton", *command, cwd=tmp_path)
        assert done.returncode == 0, (command, done.stderr)
    assert sorted(shop.items) == ["r3", "r4", "r5", "r6", "r7", "r8"]


def test_an_installation_without_extras_probes(installed: Path, server: Hostile, tmp_path: Path) -> None:
    server.act = lambda seen: status(204 if seen.method == "DELETE" else 404)
    items = [word for n in range(60) for word in ("--item", f"r{n}")]
    done = called(installed / "sexton", "probe", server.url, "--resource", "reports", *items, "--execute", cwd=tmp_path)
    assert done.returncode in {0, 3}, done.stderr
    assert server.deletes
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["serve"], ["keys", "list"], ["doctor", "--database", "sqlite:///a.db"]])
def test_what_needs_a_server_says_what_to_install(installed: Path, tmp_path: Path, command: list[str]) -> None:
    done = called(installed / "sexton", *command, cwd=tmp_path)
    assert done.returncode == 2
    assert "pip install 'sexton[server]'" in done.stderr

"""The code and the commands of docs/how-to/client.md and bulk-deletes.md run as they are written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile import HASTY, Hostile, json, status
from shop import Shop

import sexton.client
from serving import sexton as sexton_command
from sexton.cli.reports import exit_code
from sexton.client import Client, Outcome, Timeout
from sexton.client._engine import Cause
from sexton.client.journal import Standing

HOW_TO = Path(__file__).parents[2] / "docs/how-to"
TEXT = (HOW_TO / "client.md").read_text()
BULK = (HOW_TO / "bulk-deletes.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_its_code_runs(server: Hostile, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def stand_in(url: str, **options: Any) -> Client:
        assert url.startswith("https://")
        kept = {n: v for n, v in options.items() if not n.startswith("token")}
        return Client(server.url, token="t", retry=HASTY, **kept)

    bulk = '{"job_id": "job_1", "state": "completed", "count": 3, "confirm_token": "c", "summary": {}, "deleted": []}'
    server.on = {
        "DELETE": [status(202) if "202" in BLOCKS[number] else status(204)],
        "GET": [json(200, bulk, ETag='"a"')],
        "POST": [json(200, bulk)],
    }
    monkeypatch.setattr(sexton.client, "Client", stand_in)
    with Client(server.url, retry=HASTY) as client:
        names = {"user_id": 5, "key_id": "k", "file_id": "f", "flag_id": "g"}
        exec(BLOCKS[number], {"client": client, "Client": stand_in, "Timeout": Timeout, "Outcome": Outcome, **names})
    assert server.seen or "production=True" in BLOCKS[number]


def test_it_names_every_outcome() -> None:
    assert all(f"`{outcome.value}`" in TEXT for outcome in Outcome)
    names = set(re.findall(r"`([A-Z][A-Za-z]+)`", TEXT)) - {"DELETE", "GET", "Location", "None"}
    assert [name for name in names if not hasattr(sexton.client, name)] == []


def commands(text: str) -> str:
    """All shell blocks in their order, against a server on this machine."""
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))


def run(folder: Path, script: str, server: Hostile) -> subprocess.CompletedProcess[str]:
    shim = folder / "bin" / "sexton"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m sexton.cli "$@"\n')
    shim.chmod(0o755)
    environment = {**os.environ, "PATH": f"{shim.parent}:{os.environ['PATH']}", "API_TOKEN": "t"}
    environment["EXAMPLE_API_TOKEN"] = "t"
    told = script.replace("https://api.example.com/v1", server.url)
    return subprocess.run(
        ["bash", "-euc", told], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_commands_of_the_bulk_page_run(server: Hostile, tmp_path: Path) -> None:
    shop = Shop(server)
    act = shop.server.act
    assert act is not None
    server.act = lambda seen: status(204) if seen.path.endswith("/health") else act(seen)
    (tmp_path / "old.txt").write_text("".join(f"{i}\n" for i in shop.stock(5)))
    digest = (
        f"$(sexton show old.plan --json | {sys.executable} -c 'import json; print(json.load(open(0))[\"digest\"])')"
    )
    done = run(tmp_path, commands(BULK).replace("$DIGEST", digest), server)
    assert done.returncode == 0, done.stderr
    assert "(dry run) would delete 5 items" in done.stderr
    assert shop.items == {}
    assert len((tmp_path / "results.ndjson").read_text().splitlines()) == 6


def test_the_commands_of_the_client_page_run(server: Hostile, tmp_path: Path) -> None:
    done = run(tmp_path, commands(TEXT), server)
    assert done.returncode == 0, done.stderr
    assert [seen.method for seen in server.seen] == ["GET"]


def test_every_option_that_is_named_exists() -> None:
    named = set(re.findall(r"`(?:sexton \w+ URL )?(-[-a-z0-9]+)", BULK + TEXT)) - {"-print0"}
    shown = "".join(sexton_command(command, "--help").stdout for command in ("plan", "apply", "resume", "verify", "rm"))
    assert {option for option in named if not re.search(rf"{option}\b", shown)} == set()
    assert {"--stop-file", "--approve", "--pace-file", "-0", "-i"} <= named


@pytest.mark.parametrize("cause", Cause)
def test_every_exit_code_is_named(cause: Cause) -> None:
    counts = dict.fromkeys((standing.word for standing in Standing), 0)
    assert str(int(exit_code(counts, cause))) in BULK

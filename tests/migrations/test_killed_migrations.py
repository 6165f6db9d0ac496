"""kill -9 in the middle of a migration leaves the old version or the new one, and the next run goes on from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from host_history import HostHistory
from killed import state_of
from upgrading import bring

HERE = Path(__file__).parent


EVERY = {"sqlite": 3, "postgresql+psycopg": 9}  # statements; each death costs a process, on PostgreSQL a connection


def deaths(url, who, folder):
    """The states after each death; the last run came to its end."""
    every = 1 if os.environ.get("SEXTON_SOAK") else EVERY[url.partition(":")[0]]
    command = [sys.executable, str(HERE / "killed.py"), url, who, str(folder), str(every)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=250, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize(("who", "first"), [("sexton", "0001"), ("host", None)])
def test_a_killed_migration(tmp_path, database_url, another_url, who, first):
    whole = [state_of(another_url)]
    for version in ("0001", "0002"):
        bring(another_url, version)
        whole.append(state_of(another_url))
    if first:
        bring(database_url, first)
    else:
        HostHistory(tmp_path / "first", database_url).upgrade("a1")
    states = deaths(database_url, who, tmp_path / "alembic")
    assert len(states) >= 4
    assert [state for state in states if state not in whole] == []
    assert state_of(database_url) == whole[-1]

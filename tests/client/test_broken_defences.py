"""docs/traps.md: every trap has tests on every way to send, and every one of them is seen to fail without its defence."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest
from broken_defences import BREAKS, EVERY, ROOT, Break, copied, misfits, told, unnoticed

ROWS = set(range(1, 39))
FIXTURES = {"client", "quiet_client", "client_of", "transport"}


def traps_tested() -> dict[int, list[set[str]]]:
    """By trap: the fixtures of each of its tests."""
    found: dict[int, list[set[str]]] = {}
    for file in Path(__file__).parent.glob("test_traps_*.py"):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef) and (name := re.match(r"test_trap_(\d\d)_", node.name)):
                found.setdefault(int(name[1]), []).append({argument.arg for argument in node.args.args})
    return found


def test_every_trap_of_the_page_has_a_test_on_every_way_to_send() -> None:
    page = (ROOT / "docs/traps.md").read_text()
    assert [int(n) for n in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)] == sorted(ROWS)
    tested = traps_tested()
    assert set(tested) == ROWS
    assert [row for row in ROWS if not any(fixtures & FIXTURES for fixtures in tested[row])] == []


def test_every_trap_has_a_defence_to_take_out_on_every_way_to_send() -> None:
    assert misfits() == []
    ways = {row: {way for broken in BREAKS if broken.row == row for way in broken.on} for row in ROWS}
    assert ways == {row: set(EVERY) for row in ROWS}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("broken"))


@pytest.mark.skipif(not os.environ.get("SEXTON_SOAK"), reason="long: SEXTON_SOAK=1 runs it")
@pytest.mark.parametrize("broken", BREAKS, ids=[f"trap_{one.row:02}" for one in BREAKS])
def test_without_its_defence_a_trap_is_open(copy: Path, broken: Break) -> None:
    print(told(broken))
    assert unnoticed(broken, copy) == []

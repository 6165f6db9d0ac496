"""Scenes for the crash tests, on the database that a test is given."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from scene import Scene


@pytest.fixture
def make_scene(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Scene]]:
    """A scene with rows and a script of the test's own."""
    made: list[Scene] = []

    def make(rows: int = 0, **options: Any) -> Scene:
        made.append(Scene(database_url, tmp_path, rows, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()

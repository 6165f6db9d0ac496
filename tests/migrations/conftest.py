"""A database as the first release left it, and Sexton of today over it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from upgrading import Old, Today, load, today


@pytest.fixture
def old(database_url: str) -> Old:
    return Old(database_url, load(database_url))


@pytest.fixture
def now(old: Old) -> Iterator[Today]:
    with today(old.settings, old.facts) as found:
        yield found

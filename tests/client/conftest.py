"""Both transports, and a server that is not nice to them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from hostile import TRANSPORTS, Hostile, hostile, make


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile() as running:
        yield running


@pytest.fixture
def other() -> Iterator[Hostile]:
    with hostile() as running:
        yield running


@pytest.fixture
def client_of(transport: str, server: Hostile) -> Iterator[Callable[..., Any]]:
    made = []

    def build(url: str | None = None, **options: Any) -> Any:
        made.append(make(transport, url or server.url, **options))
        return made[-1]

    yield build
    for client in made:
        client.close()


@pytest.fixture
def client(client_of: Callable[..., Any]) -> Any:
    return client_of()


@pytest.fixture
def quiet_client(client_of: Callable[..., Any]) -> Any:
    """One that returns every outcome."""
    return client_of(raise_errors=False)

"""A host's application on every database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from host_models import Base
from hosting import ROWS, Host, application, host_engine, resources
from sexton import Resource, Sexton


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = host_engine(database_url)
    Base.metadata.create_all(made)
    with made.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
    yield made
    made.dispose()


@pytest.fixture
def make_sexton(engine: Engine):
    made: list[Sexton] = []

    def make(*own: Resource, **options: Any) -> Sexton:
        made.append(Sexton(options.pop("engine", engine), own or resources(), **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def sexton(make_sexton) -> Sexton:
    return make_sexton()


@pytest.fixture
def host(sexton: Sexton, engine: Engine) -> Iterator[Host]:
    with TestClient(application(sexton), follow_redirects=False) as client:
        yield Host(client, engine)

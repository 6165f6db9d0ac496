"""Many processes find a database without Sexton's tables, or with old ones, at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sexton.storage import migrations
from sexton.storage.opening import open_engine, ready_schema
from upgrading import bring, opened

MANY = 8


@pytest.mark.parametrize("first", [None, "0001"])
def test_all_of_them_start(database_url, first):
    if first:
        bring(database_url, first)
    together = threading.Barrier(MANY)

    def start(_: int) -> None:
        engine, dialect = open_engine(database_url)
        together.wait()
        try:
            ready_schema(engine, dialect, migrate=True)
        finally:
            dialect.close(engine)

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(start, range(MANY)))
    with opened(database_url) as (engine, dialect), engine.connect() as connection:
        assert migrations.current(connection, dialect) == migrations.head()

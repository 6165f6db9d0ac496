"""A table that changed while a row of it lay in a snapshot: columns are matched by name, and what stops it is named."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from sexton.actions.delete import delete
from sexton.actions.restore import restore
from sexton.model import Outcome, Principal, Target
from sexton.server.assembly import open_store
from sexton.server.configuration import Settings

ME = Principal("default", "k")


def _open(url):
    return open_store(Settings(database={"url": url}))


@pytest.mark.parametrize(
    ("change", "outcome", "rows"),
    [
        ("ALTER TABLE things ADD COLUMN extra TEXT DEFAULT 'new'", Outcome.RESTORED, [(1, "a", "b", "new")]),
        ("ALTER TABLE things DROP COLUMN a", Outcome.RESTORED, [(1, "b")]),
        ("ALTER TABLE things RENAME COLUMN a TO other", Outcome.RESTORED, [(1, None, "b")]),
        (
            "CREATE UNIQUE INDEX ux ON things (b); INSERT INTO things VALUES (2, 'x', 'b')",
            Outcome.FAILED,
            [(2, "x", "b")],
        ),
    ],
)
def test_a_table_that_changed(database_url, change, outcome, rows):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, a TEXT, b TEXT NOT NULL)"))
        connection.execute(text("INSERT INTO things VALUES (1, 'a', 'b')"))
    store = _open(database_url)
    with store.write() as connection:
        now = store.dialect.now(connection)
        delete(connection, store, store.catalog.resources["things"], Target("1"), principal=ME, now=now)
    store.dialect.close(store.engine)
    with engine.begin() as connection:
        for statement in change.split(";"):
            connection.execute(text(statement))
    store = _open(database_url)
    with store.write() as connection:
        now = store.dialect.now(connection)
        done = restore(connection, store, store.catalog.resources["things"], "1", principal=ME, now=now)
    store.dialect.close(store.engine)
    assert done.results[0].outcome is outcome, done.results
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(text("SELECT * FROM things ORDER BY id"))] == rows
    engine.dispose()


def test_a_new_column_that_must_have_a_value_is_named(database_url):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO things VALUES (1)"))
    store = _open(database_url)
    with store.write() as connection:
        now = store.dialect.now(connection)
        delete(connection, store, store.catalog.resources["things"], Target("1"), principal=ME, now=now)
    store.dialect.close(store.engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE things"))
        connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, must_have TEXT NOT NULL)"))
    store = _open(database_url)
    with store.write() as connection:
        now = store.dialect.now(connection)
        done = restore(connection, store, store.catalog.resources["things"], "1", principal=ME, now=now)
    store.dialect.close(store.engine)
    assert done.results[0].outcome is Outcome.FAILED
    assert done.results[0].error is not None
    assert "must_have" in done.results[0].error.detail
    engine.dispose()

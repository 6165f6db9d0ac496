"""Tables of an earlier version are brought up to this one, with what is in them."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, inspect, text

from sexton.errors import SchemaError
from sexton.server.assembly import open_store
from sexton.server.configuration import Settings
from sexton.storage import chunks
from sexton.storage.dialects import dialect_of

LATER_TABLES = ("job_controls", "workers", "webhook_deliveries", "webhooks")
LATER_COLUMNS = {
    "bulk_chunks": ("stage", "place", "size", "places", "not_before"),
    "bulk_jobs": ("stage", "state_reason"),
}


def as_of_0001(url: str) -> None:
    """Take away what came later."""
    engine = create_engine(url)
    dialect = dialect_of(engine.dialect.name)
    with engine.begin() as connection:
        for name in ("bulk_chunks_open", "bulk_chunks_place"):
            schema = f"{dialect.own_schema}." if dialect.own_schema else ""
            connection.execute(text(f"DROP INDEX {schema}ix_{dialect.own_prefix}{name}"))
        for name in LATER_TABLES:
            connection.execute(text(f"DROP TABLE {dialect.own(name)}"))
        for table, columns in LATER_COLUMNS.items():
            for column in columns:
                connection.execute(text(f"ALTER TABLE {dialect.own(table)} DROP COLUMN {column}"))
        connection.execute(text(f"UPDATE {dialect.own('schema_version')} SET version_num = '0001'"))
        array = "ARRAY['a', 'b', 'c']" if dialect.own_schema else '\'["a", "b", "c"]\''
        connection.execute(
            text(
                f"INSERT INTO {dialect.own('bulk_chunks')} (job_id, n, state, ids, counts, exceptions)"
                f" VALUES ('job_old', 2, 'ready', {array}, '{{}}', '{{}}')"
            )
        )
    engine.dispose()


def test_an_older_schema_is_refused_and_then_upgraded(database_url):
    settings = Settings(database={"url": database_url})
    open_store(settings).engine.dispose()
    as_of_0001(database_url)
    with pytest.raises(SchemaError, match="sexton migrate"):
        open_store(settings)
    store = open_store(settings, migrate=True)
    with store.read() as connection:
        (old,) = chunks.each(connection, store, "job_old")
        assert (old.place, old.ids) == (2000, ["a", "b", "c"])
        assert chunks.size(connection, store, "job_old") == 3
        names = inspect(connection).get_table_names(schema=store.dialect.own_schema)
    assert {store.dialect.own_prefix + name for name in LATER_TABLES} <= set(names)
    store.engine.dispose()

"""Bring the tables in a database to what `tables` describes: what is missing is added, nothing is taken away."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, MetaData, inspect

from sexton.storage.dialects import Dialect
from sexton.storage.tables import own_tables


def complete(connection: Connection, dialect: Dialect) -> set[tuple[str, str]]:
    """Add missing tables, columns and indexes; returns the (table, column) pairs that were added."""
    metadata = MetaData()
    tables = own_tables(metadata, dialect.own_schema, dialect.own_prefix)
    metadata.create_all(connection, checkfirst=True)
    operations = Operations(MigrationContext.configure(connection))
    inspector = inspect(connection)
    added: set[tuple[str, str]] = set()
    for plain, table in tables.items():
        present = {column["name"] for column in inspector.get_columns(table.name, table.schema)}
        for column in table.columns:
            if column.name not in present:
                operations.add_column(table.name, column.copy(), schema=table.schema)
                added.add((plain, column.name))
        indexes = {index["name"] for index in inspector.get_indexes(table.name, table.schema)}
        for index in table.indexes:
            if index.name not in indexes:
                index.create(connection)
    return added

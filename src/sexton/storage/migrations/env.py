"""Alembic's entry: runs on the connection it is given, inside the caller's transaction."""

from __future__ import annotations

from alembic import context

from sexton.storage.migrations import VERSION_TABLE

dialect = context.config.attributes["dialect"]
context.configure(
    connection=context.config.attributes["connection"],
    version_table=dialect.own_prefix + VERSION_TABLE,
    version_table_schema=dialect.own_schema,
)
context.run_migrations()

"""Stages, places and tries of chunks; intents; presence of workers; webhooks."""

from __future__ import annotations

from alembic import context, op

from sexton.storage.migrations.complete import complete

revision = "0002"
down_revision = "0001"

_OWN = {
    "size": {"postgresql": "cardinality(ids)", "sqlite": "json_array_length(ids)"},
    "place": {"postgresql": "n * 1000", "sqlite": "n * 1000"},
}


def upgrade() -> None:
    """Add what is missing; chunks that were there already learn their size and their place."""
    dialect = context.config.attributes["dialect"]
    connection = op.get_bind()
    added = complete(connection, dialect)
    if ("bulk_chunks", "size") in added:
        chosen = ", ".join(f"{column} = {spelled[dialect.name]}" for column, spelled in _OWN.items())
        connection.exec_driver_sql(f"UPDATE {dialect.own('bulk_chunks')} SET {chosen}")

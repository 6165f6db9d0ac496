"""The first release: all tables, and the triggers that make the audit append-only."""

from __future__ import annotations

from alembic.operations import Operations

from sexton.storage.migrations.statements import run

revision = "0001"
down_revision = None


def upgrade(operations: Operations) -> None:
    """Create everything."""
    run(operations, revision)

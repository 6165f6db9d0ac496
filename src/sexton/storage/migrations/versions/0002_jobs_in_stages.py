"""Stages, places and tries of chunks; intents; presence of workers; webhooks.

Chunks that were there learn their size and their place, and so do those that a server of the first release, still
running, goes on to write.
"""

from __future__ import annotations

from alembic.operations import Operations

from sexton.storage.migrations.statements import run

revision = "0002"
down_revision = "0001"


def upgrade(operations: Operations) -> None:
    """Add what is new."""
    run(operations, revision)

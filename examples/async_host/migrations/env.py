"""Alembic's environment of the host, over the application's own asynchronous engine."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from alembic import context
from projects import Base, engine
from sqlalchemy import Connection


def include_name(name: str | None, kind: str, _parents: Mapping[str, str | None]) -> bool:
    """Leave Sexton's tables alone: it migrates them itself (on PostgreSQL they are in a schema of their own)."""
    return kind != "table" or not (name or "").startswith("sexton_")


def migrate(connection: Connection) -> None:
    """Run what is to be run."""
    context.configure(connection=connection, target_metadata=Base.metadata, include_name=include_name)
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    """On one connection of the host's engine."""
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


asyncio.run(main())

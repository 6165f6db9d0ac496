"""A step's statements are written out for each database, so that no later release can change what a step did."""

from __future__ import annotations

from pathlib import Path

from alembic.operations import Operations

_VERSIONS = Path(__file__).parent / "versions"


def of(revision: str, database: str) -> list[str]:
    """The statements of `0001.postgresql.sql`, one or more lines each, with an empty line between two."""
    written = (_VERSIONS / f"{revision}.{database}.sql").read_text(encoding="utf-8")
    return [statement.strip().removesuffix(";") for statement in written.split("\n\n")]


def run(operations: Operations, revision: str) -> None:
    """Execute a step, or print it where Alembic only prints."""
    for statement in of(revision, operations.get_context().dialect.name):
        operations.execute(statement)

"""Alembic migrations of Sexton's own tables, with a version table of their own beside the host's."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from sexton.errors import SchemaError
from sexton.storage.dialects import Dialect

VERSION_TABLE = "schema_version"


def _config(connection: Connection, dialect: Dialect) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes.update(connection=connection, dialect=dialect)
    return config


def current(connection: Connection, dialect: Dialect) -> str | None:
    """The version of the tables in the database; None where there are none."""
    options = {"version_table": dialect.own_prefix + VERSION_TABLE, "version_table_schema": dialect.own_schema}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def head(connection: Connection, dialect: Dialect) -> str:
    """The version this release of Sexton works with."""
    found = ScriptDirectory.from_config(_config(connection, dialect)).get_current_head()
    if found is None:
        message = "this installation of Sexton holds no migrations; install it again"
        raise SchemaError(message)
    return found


def upgrade(connection: Connection, dialect: Dialect) -> None:
    """Create or upgrade Sexton's tables; the caller commits."""
    if dialect.own_schema is not None:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {dialect.own_schema}"))
    command.upgrade(_config(connection, dialect), "head")


def require_current(connection: Connection, dialect: Dialect) -> None:
    """Refuse to work on another version. Raises SchemaError with the command that mends it."""
    found, wanted = current(connection, dialect), head(connection, dialect)
    if found != wanted:
        state = "has no tables of Sexton's" if found is None else f"holds Sexton's tables of version {found}"
        message = f"the database {state}; this release needs {wanted}: run `sexton migrate --database URL`"
        raise SchemaError(message)

"""Alembic migrations of Sexton's own tables, with a version table of their own beside the host's.

Alembic's files are the steps, its contexts keep the version; its environment is not used, because a host's own
migration may be running around ours, and there is one environment a process.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TextIO

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from sexton.errors import SchemaError
from sexton.storage.dialects import Dialect

VERSION_TABLE = "schema_version"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('sexton.schema_version'))"  # or two creations collide
_NUMBER = re.compile(r"(?P<number>\d{4})(?:_needs_(?P<needed>\d{4}))?")


def current(connection: Connection, dialect: Dialect) -> str | None:
    """The version of the tables in the database; None where there are none."""
    return MigrationContext.configure(connection, opts=_options(dialect)).get_current_revision()


def head() -> str:
    """The version this release of Sexton works with."""
    found = _scripts().get_current_head()
    if found is None:
        message = "this installation of Sexton holds no migrations; install it again"
        raise SchemaError(message)
    return found


def upgrade(connection: Connection, dialect: Dialect, to: str = "head") -> None:
    """Create or upgrade Sexton's tables, at most `to` a version; newer ones are left alone. The caller commits.

    Raises SchemaError for a version that this release does not have.
    """
    _require_step(to)
    if dialect.own_schema is not None:
        connection.execute(text(_ONE_AT_A_TIME))
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {dialect.own_schema}"))
    found = current(connection, dialect)
    if found is None or is_older(found, to):
        _run(MigrationContext.configure(connection, opts=_options(dialect, _steps(to))))


def write(dialect: Dialect, out: TextIO, *, to: str = "head", start: str | None = None) -> None:
    """Write the SQL that brings tables of version `start` (None: there are none) to `to`."""
    for version in filter(None, (start, to)):
        _require_step(version)
    if start is None and dialect.own_schema is not None:
        out.write(f"CREATE SCHEMA IF NOT EXISTS {dialect.own_schema};\n\n")
    options = _options(dialect, _steps(to)) | {"as_sql": True, "output_buffer": out, "starting_rev": start}
    _run(MigrationContext.configure(dialect_name=dialect.name, opts=options))


def require_current(connection: Connection, dialect: Dialect) -> None:
    """Refuse to work on tables that this release cannot use: older ones, and newer ones that say so.

    Raises SchemaError with what mends it.
    """
    found, wanted = current(connection, dialect), head()
    if found is None or is_older(found):
        state = "has no tables of Sexton's" if found is None else f"holds Sexton's tables of version {found}"
        message = f"the database {state}; this release needs {wanted}: run `sexton migrate --database URL`"
        raise SchemaError(message)
    needed = _parts(found)["needed"]
    if needed is not None and wanted < needed:
        message = (
            f"the database holds Sexton's tables of version {found}, which a newer release made and which need one of"
            f" version {needed} or later; this release has {wanted}: upgrade Sexton here too"
        )
        raise SchemaError(message)


def is_older(found: str, wanted: str = "head") -> bool:
    """Whether a version comes before another one."""
    number: str = _parts(found)["number"]
    return number < (head() if wanted == "head" else wanted)


def _options(dialect: Dialect, steps: Any = None) -> dict[str, Any]:
    names = {"version_table": dialect.own_prefix + VERSION_TABLE, "version_table_schema": dialect.own_schema}
    return {**names, "fn": steps}


def _run(context: MigrationContext) -> None:
    context.run_migrations(operations=Operations(context))


def _steps(to: str) -> Any:
    scripts = _scripts()
    return lambda found, _: scripts._upgrade_revs(to, found)  # noqa: SLF001 — what Alembic's own `upgrade` calls


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent))


def _require_step(version: str) -> None:
    try:
        known = _scripts().get_revision(version)
    except CommandError:
        known = None
    if known is None:
        message = f"this release of Sexton has no version {version} of its tables, the last is {head()}"
        raise SchemaError(message)


def _parts(version: str) -> dict[str, Any]:
    """A version is a number, and may say which number a release must have that works with it: `0005_needs_0004`."""
    matched = _NUMBER.fullmatch(version)
    if matched is None:
        message = f"the database holds Sexton's tables of version {version}, which no release made: restore a backup"
        raise SchemaError(message)
    return matched.groupdict()

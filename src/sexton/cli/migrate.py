"""`sexton migrate`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from sqlalchemy import Engine

from sexton.cli.exits import say
from sexton.cli.options import Config, Database, Json, print_json, settings_of
from sexton.storage import migrations
from sexton.storage.dialects import Dialect
from sexton.storage.opening import open_engine, ready_schema

Sql = Annotated[bool, typer.Option("--sql", help="Print the SQL that is missing on stdout; change nothing.")]


def migrate(
    database: Database = None,
    config: Config = None,
    as_json: Json = False,  # noqa: FBT002 — an option of the command line
    sql: Sql = False,  # noqa: FBT002 — the same
) -> None:
    """Create or upgrade Sexton's own tables; the host's tables are not touched.

    Example: sexton migrate --database sqlite:////srv/shop.db
    """
    settings = settings_of(database, config).database
    engine, dialect = open_engine(settings.url, pooler=settings.pooler)
    if sql:
        _print_sql(engine, dialect)
        return
    ready_schema(engine, dialect, migrate=True)
    version = _version(engine, dialect)
    if as_json:
        print_json({"version": version})
    else:
        say(f"Sexton's tables are at version {version}")


def _version(engine: Engine, dialect: Dialect) -> str | None:
    with engine.connect() as connection:
        return migrations.current(connection, dialect)


def _print_sql(engine: Engine, dialect: Dialect) -> None:
    found = _version(engine, dialect)
    if found is not None and not migrations.is_older(found):
        say(f"Sexton's tables are at version {found}; there is nothing to do")
        return
    sys.stdout.write("BEGIN;\n\n")
    migrations.write(dialect, sys.stdout, start=found)
    sys.stdout.write("COMMIT;\n")

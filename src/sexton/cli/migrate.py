"""`sexton migrate`."""

from __future__ import annotations

from sexton.cli.exits import say
from sexton.cli.options import Config, Database, Json, print_json, settings_of
from sexton.storage import migrations
from sexton.storage.opening import open_engine, ready_schema


def migrate(database: Database = None, config: Config = None, as_json: Json = False) -> None:  # noqa: FBT002
    """Create or upgrade Sexton's own tables; the host's tables are not touched.

    Example: sexton migrate --database sqlite:////srv/shop.db
    """
    settings = settings_of(database, config).database
    engine, dialect = open_engine(settings.url, pooler=settings.pooler)
    ready_schema(engine, dialect, migrate=True)
    with engine.connect() as connection:
        version = migrations.current(connection, dialect)
    if as_json:
        print_json({"version": version})
    else:
        say(f"Sexton's tables are at version {version}")

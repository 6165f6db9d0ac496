"""Open a database: connect, bring Sexton's own tables into being, read the host's, and give them their names."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from sexton.errors import ConfigurationError, SchemaError
from sexton.resource import Catalog, ForeignKey, Limits, Table
from sexton.storage import migrations, reflection, shapes
from sexton.storage.dialects import Dialect, dialect_of
from sexton.storage.store import Store

THREADS = 40


def open_engine(
    url: str | URL | None,
    *,
    pooler: bool = False,
    connections: int = THREADS,
    connect_args: Mapping[str, Any] | None = None,
) -> tuple[Engine, Dialect]:
    """Connect to a database. Raises ConfigurationError with one clear sentence where that is not possible."""
    if not url:
        message = "name the database: --database URL, SEXTON_DATABASE_URL, or [database] url in sexton.toml"
        raise ConfigurationError(message)
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        dialect = dialect_of(parsed.get_backend_name())
        _require_file(parsed)
        dialect.configure(pooled=pooler, told=parsed.query)
        told = {**dialect.connect, **(connect_args or {})}
        dialect.connect = told
        # what is logged of a fault names the statement, and none of the values: they are people's data and secrets
        engine = create_engine(parsed, connect_args=told, hide_parameters=True, **_pool(parsed, connections))
        dialect.prepare_engine(engine)
        with engine.connect():
            pass
    except ArgumentError:
        message = "that is no database URL: write sqlite:////path/to/file.db or postgresql://user@host/name"
        raise ConfigurationError(message) from None
    except (NoSuchModuleError, ImportError) as error:
        message = f"the driver for this database is not installed ({error}): pip install 'sexton[server,postgres]'"
        raise ConfigurationError(message) from None
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", error)).split())
        message = f"cannot reach {parsed.render_as_string(hide_password=True)}: {reason}"
        raise ConfigurationError(message) from None
    return engine, dialect


def _pool(url: URL, connections: int) -> dict[str, Any]:
    """A connection for each thread that may write, and none that is thrown away under load."""
    return {"pool_size": connections, "max_overflow": 0, "pool_timeout": 30} if url.database else {}


def _require_file(url: URL) -> None:
    """SQLite would make an empty database of a mistyped path."""
    if url.get_backend_name() == "sqlite" and (not url.database or not Path(url.database).is_file()):
        message = (
            f"there is no database file {url.database or '(in memory)'}: check the path (four slashes when absolute)"
        )
        raise ConfigurationError(message)


def ready_schema(engine: Engine, dialect: Dialect, *, migrate: bool) -> None:
    """Create Sexton's tables in a database that has none; refuse other versions unless `migrate`."""
    try:
        with dialect.write(engine) as connection:
            if migrate or migrations.current(connection, dialect) is None:
                migrations.upgrade(connection, dialect)
            migrations.require_current(connection, dialect)
            _require_secret(connection, dialect)
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", error)).split())
        message = f"cannot create Sexton's tables: {reason}"
        raise SchemaError(message) from None


def _require_secret(connection: Connection, dialect: Dialect) -> None:
    insert = f"INSERT INTO {dialect.own('secrets')} (id, value) VALUES ('cursors', :value) ON CONFLICT DO NOTHING"
    connection.execute(text(insert), {"value": secrets.token_urlsafe(32)})


def cursor_secret(store: Store) -> str:
    """What the cursors of this database are signed with, by whichever process."""
    with store.read() as connection:
        table = store.tables["secrets"]
        found: str = connection.execute(select(table.c.value).where(table.c.id == "cursors")).scalar_one()
        return found


# -- the host's tables --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HostTables:
    """The host's tables and foreign keys, and the schemas that a plain name is looked up in (PostgreSQL)."""

    tables: tuple[Table, ...]
    foreign_keys: tuple[ForeignKey, ...]
    search_path: tuple[str, ...]

    def named(self) -> dict[str, Table]:
        """A plain name means the table that it means in SQL, the first in the search path; others are qualified."""
        plain: dict[str, Table] = {table.name: table for table in self.tables if table.schema is None}
        for schema in reversed(self.search_path):
            plain.update({table.name: table for table in self.tables if table.schema == schema})
        qualified = {f"{table.schema}.{table.name}" for table in self.tables if table.schema}
        return {
            table.name
            if plain.get(table.name) is table and table.name not in qualified
            else f"{table.schema}.{table.name}": table
            for table in self.tables
        }

    def without_index(self) -> Iterator[str]:
        """A warning for each foreign key whose child has no index on it."""
        for key in self.foreign_keys:
            if not key.indexed:
                yield (
                    f"{key.child.name} ({', '.join(key.columns)}) points at {key.parent.name} without an index, so each"
                    f" delete reads the whole table: {create_index(key)}"
                )


def read_tables(engine: Engine, dialect: Dialect) -> HostTables:
    """Reflect the host's database."""
    with engine.connect() as connection:
        tables, foreign_keys = reflection.reflect(connection, dialect)
        return HostTables(tables, foreign_keys, _search_path(connection, dialect))


def _search_path(connection: Connection, dialect: Dialect) -> tuple[str, ...]:
    if dialect.own_schema is None:
        return ()
    return tuple(connection.execute(text("SELECT unnest(current_schemas(false))")).scalars())


def create_index(key: ForeignKey) -> str:
    """The statement that gives a foreign key its index."""
    quoted = [_quote(name) for name in key.columns]
    table = ".".join(_quote(part) for part in (key.child.schema, key.child.name) if part)
    name = _quote(f"ix_{key.child.name}_{'_'.join(key.columns)}")
    return f"CREATE INDEX {name} ON {table} ({', '.join(quoted)});"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def make_store(
    engine: Engine,
    dialect: Dialect,
    catalog: Catalog,
    limits: Limits,
    accounts: Mapping[str, Limits],
    **more: Any,
) -> Store:
    """A store that remembers the shapes of the tables it will take snapshots of."""
    store = Store(engine, dialect, catalog, limits, accounts, **more)
    with store.write() as connection:
        shapes.remember(connection, store, [resource.table for resource in catalog.resources.values()])
    return store

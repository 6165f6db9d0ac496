"""The one place that knows everybody: a database and a configuration → a store, an application, a worker."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from sexton import __version__
from sexton.api.application import Application
from sexton.api.openapi import openapi
from sexton.errors import ConfigurationError, SchemaError
from sexton.resource import Catalog
from sexton.server.catalog import catalog_of
from sexton.server.configuration import Settings, limits_of, reach_of
from sexton.storage import migrations, reflection, shapes
from sexton.storage.dialects import Dialect, dialect_of
from sexton.storage.store import Store
from sexton.worker.deliveries import Deliveries
from sexton.worker.loop import Worker

PREFIX = "/api/v1"
_SERVICE = frozenset({"/healthz", "/readyz", "/openapi.json"})
_THREADS = 40


def open_engine(url: str | None, *, pooler: bool = False) -> tuple[Engine, Dialect]:
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
        engine = create_engine(parsed, connect_args=dialect.connect, **_pool(parsed))
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


def _pool(url: URL) -> dict[str, Any]:
    """A connection for each thread that may write, and none that is thrown away under load."""
    return {"pool_size": _THREADS, "max_overflow": 0, "pool_timeout": 30} if url.database else {}


def _require_file(url: Any) -> None:
    """SQLite would make an empty database of a mistyped path."""
    from pathlib import Path  # noqa: PLC0415 — only for files

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


def open_store(settings: Settings, *, migrate: bool = False) -> Store:
    """Connect, bring Sexton's tables into being, and read the host's. Raises ConfigurationError or SchemaError."""
    engine, dialect = open_engine(settings.database.url, pooler=settings.database.pooler)
    ready_schema(engine, dialect, migrate=migrate)
    with engine.connect() as connection:
        tables, foreign_keys = reflection.reflect(connection, dialect)
        search_path = _search_path(connection, dialect)
    catalog = catalog_of(settings, tables, foreign_keys, search_path=search_path)
    limits, accounts = limits_of(settings)
    store = Store(engine, dialect, catalog, limits, accounts, reach_of(settings))
    with store.write() as connection:
        shapes.remember(connection, store, [resource.table for resource in catalog.resources.values()])
    return store


def _search_path(connection: Connection, dialect: Dialect) -> tuple[str, ...]:
    if dialect.own_schema is None:
        return ()
    return tuple(connection.execute(text("SELECT unnest(current_schemas(false))")).scalars())


def make_application(store: Store, settings: Settings, *, with_worker: bool = True) -> FastAPI:
    """The whole server as one ASGI application."""
    worker, deliveries = Worker(store, settings.server.purge_interval), Deliveries(store)
    with store.read() as connection:
        table = store.tables["secrets"]
        secret = connection.execute(select(table.c.value).where(table.c.id == "cursors")).scalar_one()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if with_worker:
            worker.start()
            deliveries.start()
        yield
        deliveries.request_stop()
        worker.stop()
        deliveries.stop()
        store.dialect.close(store.engine)

    application = FastAPI(title="Sexton", version=__version__, lifespan=lifespan, redirect_slashes=False)
    document = openapi(store.catalog, PREFIX, __version__)
    application.openapi = lambda: document  # type: ignore[method-assign]
    _service_routes(application, store, document)
    application.add_middleware(_Front, api=Application(store, secret, prefix=PREFIX, wake=worker.wake))
    return application


class _Front:
    """Hands what lies under the prefix to the API, as it was sent: a mount would lose paths with a line break."""

    def __init__(self, app: Any, api: Application) -> None:
        self._app, self._api = app, api

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        below = path == PREFIX or path.startswith(PREFIX + "/")
        served = scope["type"] == "http" and below and path.removeprefix(PREFIX) not in _SERVICE
        await (self._api if served else self._app)(scope, receive, send)


def _service_routes(application: FastAPI, store: Store, document: Mapping[str, Any]) -> None:
    def healthz() -> Response:
        return JSONResponse({"status": "ok"})

    def readyz() -> Response:
        try:
            with store.read() as connection:
                migrations.require_current(connection, store.dialect)
        except (SQLAlchemyError, SchemaError) as error:
            return JSONResponse({"status": "not ready", "reason": type(error).__name__}, status_code=503)
        return JSONResponse({"status": "ready"})

    def description() -> Response:
        return JSONResponse(dict(document))

    for prefix in ("", PREFIX):
        application.add_api_route(f"{prefix}/healthz", healthz, include_in_schema=False)
        application.add_api_route(f"{prefix}/readyz", readyz, include_in_schema=False)
    application.add_api_route(f"{PREFIX}/openapi.json", description, include_in_schema=False)


def catalog_warnings(catalog: Catalog) -> tuple[str, ...]:
    """What the operator should know at start-up."""
    return catalog.warnings

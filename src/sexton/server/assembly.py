"""The one place that knows everybody: a database and a configuration → a store, an application, a worker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from sexton.api.application import Application
from sexton.api.openapi import openapi
from sexton.errors import SchemaError
from sexton.resource import Catalog
from sexton.server.catalog import catalog_of
from sexton.server.configuration import Settings, limits_of, reach_of
from sexton.server.metrics import recorder_of, routes_of
from sexton.storage import migrations
from sexton.storage.backlog import watched
from sexton.storage.opening import cursor_secret, make_store, open_engine, read_tables, ready_schema
from sexton.storage.store import Store
from sexton.telemetry.recorder import flush
from sexton.version import __version__
from sexton.worker.deliveries import Deliveries
from sexton.worker.loop import Worker

PREFIX = "/api/v1"
_NO_TELEMETRY = {"tracing": False, "metrics": False, "logs": False}  # FastAPI's own names the paths, with ids in them
_SERVICE = frozenset({"/healthz", "/readyz", "/openapi.json"})


def open_store(settings: Settings, *, migrate: bool = False) -> Store:
    """Connect, bring Sexton's tables into being, and read the host's. Raises ConfigurationError or SchemaError."""
    engine, dialect = open_engine(settings.database.url, pooler=settings.database.pooler)
    ready_schema(engine, dialect, migrate=migrate)
    catalog = catalog_of(settings, read_tables(engine, dialect))
    limits, accounts = limits_of(settings)
    more = {"reach": reach_of(settings), "recorder": recorder_of(settings.metrics)}
    return make_store(engine, dialect, catalog, limits, accounts, **more)


def make_application(store: Store, settings: Settings, *, with_worker: bool = True) -> FastAPI:
    """The whole server as one ASGI application."""
    worker, deliveries = Worker(store, settings.server.purge_interval), Deliveries(store)
    secret = cursor_secret(store)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if with_worker:
            worker.start()
            deliveries.start()
        with watched(store):
            yield
            deliveries.request_stop()
            worker.stop()
            deliveries.stop()
            flush()
        store.dialect.close(store.engine)

    options: dict[str, Any] = {"lifespan": lifespan, "redirect_slashes": False, "telemetry": _NO_TELEMETRY}
    application = FastAPI(title="Sexton", version=__version__, **options)
    application.router.routes.extend(routes_of(store.recorder, settings.metrics))
    document = openapi(store.catalog, PREFIX, __version__)
    application.openapi = lambda: document  # type: ignore[method-assign]
    service_routes(application, store, PREFIX)
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


def service_routes(application: FastAPI, store: Store, below: str) -> None:
    """`/healthz` and `/readyz`, at the root and below a prefix, and the document below it too."""

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
        return JSONResponse(application.openapi())

    for prefix in ("", below):
        application.add_api_route(f"{prefix}/healthz", healthz, include_in_schema=False)
        application.add_api_route(f"{prefix}/readyz", readyz, include_in_schema=False)
    application.add_api_route(f"{below}/openapi.json", description, include_in_schema=False)


def catalog_warnings(catalog: Catalog) -> tuple[str, ...]:
    """What the operator should know at start-up."""
    return catalog.warnings

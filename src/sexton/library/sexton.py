"""The library's one object: declared resources over the host's database, their router, their worker, their verbs."""

from __future__ import annotations

import threading
import weakref
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Unpack

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from sexton.actions.bulk_delete import BulkDeleted
from sexton.actions.delete import Deleted
from sexton.actions.preview import Previewed
from sexton.actions.purge import Report
from sexton.actions.restore import Restored
from sexton.actions.restore_job import BulkRestored
from sexton.api.application import Application
from sexton.errors import ConfigurationError, Refused, SchemaError
from sexton.library.creating import Created
from sexton.library.declaration import Resource, understand
from sexton.library.engines import AnyConnection, address_of, is_async
from sexton.library.matching import catalog_of
from sexton.library.routing import make_router
from sexton.library.transactional import route_class
from sexton.library.verbs import BulkOptions, Verbs
from sexton.model import Principal
from sexton.receivers import Reach
from sexton.resource import Limits
from sexton.storage.backlog import watched
from sexton.storage.opening import cursor_secret, make_store, open_engine, read_tables, ready_schema
from sexton.storage.store import Store
from sexton.telemetry.recorder import Page, Recorder
from sexton.worker.deliveries import Deliveries
from sexton.worker.loop import Worker

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

T = TypeVar("T")
_CONNECTIONS = 10
_BEARER = HTTPBearer(auto_error=False, bearerFormat="sx_<key id>_<secret>")
INSTANCES: weakref.WeakSet[Sexton] = weakref.WeakSet()


@dataclass(frozen=True, slots=True)
class _Opened:
    store: Store
    application: Application
    shown: ExitStack


class Sexton:
    """Safe deletes over a host's own models and database.

    `engine` is the host's `Engine` or `AsyncEngine`: Sexton opens connections of its own to the same URL (psycopg or
    the standard library's SQLite, at most `connections` that write), told `connect_args` where the URL does not say
    all. `resources` are declared; all other tables are seen by plans only. `limits` bound every account,
    `account_limits` single ones. `migrate` upgrades Sexton's tables at the start instead of refusing an older schema.

    Raises ConfigurationError or SchemaError with one sentence, here for what needs no database, and at the start of
    the application (or at the first use) for the rest.
    """

    def __init__(  # noqa: PLR0913 — everything a host may set, in one place
        self,
        engine: Any,
        resources: Sequence[Resource],
        *,
        limits: Limits | None = None,
        account_limits: Mapping[str, Limits] | None = None,
        reach: Reach | None = None,
        purge_interval: timedelta = timedelta(hours=1),
        with_worker: bool = True,
        migrate: bool = False,
        pooler: bool = False,
        connections: int = _CONNECTIONS,
        connect_args: Mapping[str, Any] | None = None,
        registry: CollectorRegistry | None = None,
    ) -> None:
        """Declare; nothing is opened yet. `reach` says which private addresses webhooks may call.

        `registry` is one of `prometheus_client`: while Sexton is open its metrics are on that registry's page.
        """
        self.declared = understand(resources)
        self._url = address_of(engine)
        self._limits, self._account_limits = limits or Limits(), account_limits or {}
        self._reach, self._purge_interval = reach or Reach(), purge_interval
        self._with_worker, self._migrate = with_worker, migrate
        self._connecting: dict[str, Any] = {"pooler": pooler, "connections": connections, "connect_args": connect_args}
        self._registry, self._recorder = registry, Recorder(_page() if registry is not None else None)
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._running: Worker | None = None
        self.sync = Verbs(self.declared, lambda: self.store, self._wake)
        INSTANCES.add(self)

    # -- opening and closing -------------------------------------------------------------------------------

    def open(self) -> Store:
        """Connect, create Sexton's tables where there are none, and match the declarations with the database."""
        with self._lock:
            if self._opened is None:
                self._opened = self._open_told()
            return self._opened.store

    def _open_told(self) -> _Opened:
        try:
            return self._open()
        except (ConfigurationError, SchemaError) as error:
            if "is locked" not in str(error):
                raise
            hint = "open Sexton before your first transaction, by lifespan=sexton.lifespan or sexton.open()"
            raise ConfigurationError(f"{error}: {hint}") from None

    def _open(self) -> _Opened:
        engine, dialect = open_engine(self._url, **self._connecting)
        try:
            ready_schema(engine, dialect, migrate=self._migrate)
            catalog = catalog_of(self.declared, read_tables(engine, dialect), engine, dialect)
            more = {"reach": self._reach, "recorder": self._recorder}
            store = make_store(engine, dialect, catalog, self._limits, self._account_limits, **more)
            application = Application(store, cursor_secret(store), prefix="", wake=self._wake)
            return _Opened(store, application, self._show(store))
        except BaseException:
            dialect.close(engine)
            raise

    def _show(self, store: Store) -> ExitStack:
        """Show the gauges, and all metrics on the host's page, until the stack is closed."""
        page: Any = self._recorder.page
        with ExitStack() as shown:
            shown.enter_context(watched(store))
            if self._registry is not None:
                _register(self._registry, page)
                shown.callback(self._registry.unregister, page)
            return shown.pop_all()

    @property
    def store(self) -> Store:
        """What the actions work on; opened at the first use."""
        return self._opened.store if self._opened is not None else self.open()

    def close(self) -> None:
        """Close Sexton's own connections; the next use opens them again."""
        with self._lock:
            if self._opened is not None:
                self._opened.shown.close()
                self._opened.store.dialect.close(self._opened.store.engine)
            self._opened = None

    @asynccontextmanager
    async def lifespan(self, _app: Any = None) -> AsyncIterator[None]:
        """Open, and run the worker for as long as the application runs: `FastAPI(lifespan=sexton.lifespan)`.

        A lifespan of the host's own enters it: `async with sexton.lifespan(app): …`.
        """
        store = await run_sync(self.open)
        worker = self.worker() if self._with_worker else None
        deliveries = Deliveries(store)
        if worker is not None:
            worker.start()
            deliveries.start()
        self._running = worker
        try:
            yield
        finally:
            self._running = None
            await run_sync(_stop, worker, deliveries)
            await run_sync(self.close)

    def worker(self) -> Worker:
        """A worker of this process that does not run yet: `start` and `stop` it, or `run` it in a thread of one's own."""
        return Worker(self.store, self._purge_interval)

    def _wake(self) -> None:
        if self._running is not None:
            self._running.wake()

    def router(self, *, principal: Callable[..., Any]) -> APIRouter:
        """The endpoints, for `app.include_router(…, prefix="/api/v1")`.

        `principal` is a FastAPI dependency, with `async` or without, that returns the `Principal` of a request or
        raises what the host raises for strangers; its scopes are honoured. Routes of the host's that are included
        before it win.
        """
        return make_router(self.declared, self._application, principal)

    async def api_key(
        self, request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)] = None
    ) -> Principal:
        """A dependency for `router(principal=sexton.api_key)` and the host's own routes: the holder of a Sexton key.

        Keys are those that `sexton keys create` makes in this database. Raises HTTPException (401).
        """
        application = await self._application()
        try:
            return await run_sync(application.holder, request.headers.get("authorization"))
        except Refused as refused:
            told = refused.problem.detail
            raise HTTPException(401, told, {"WWW-Authenticate": 'Bearer realm="sexton"'}) from None

    def idempotency(
        self,
        *,
        account: Callable[..., Any],
        connection: Any,
        methods: Collection[str] = ("POST", "PATCH"),
        required: bool = False,
    ) -> type[APIRoute]:
        """Idempotency for routes of the host's own, in the host's own transaction: `APIRouter(route_class=…)`.

        `connection` is the dependency by which the routes get their session or connection, as a function or as
        `Depends(…)`; a route that does not use it is a ConfigurationError. `account` is one that says whose key it is
        (None: the request passes untouched). The key is inserted first into that transaction; Sexton
        stores the answer in it and commits, before anything is sent. A route that commits or rolls back itself, or
        that streams, is told so by a RuntimeError. As draft-ietf-httpapi-idempotency-key-header-07 has it, 400 is for
        a key that is none, 422 for one of another request; a twin waits, and hears the answer or 409 with
        `Retry-After`. Answers of 400 and above are not kept.
        """
        return route_class(
            lambda: self.store, account=account, connection=connection, methods=methods, required=required
        )

    async def _application(self) -> Application:
        if self._opened is None:
            await run_sync(self.open)
        opened = self._opened
        if opened is None:
            raise ConfigurationError("Sexton was closed while a request came in: start the application again")
        return opened.application

    # -- the verbs, with await -----------------------------------------------------------------------------

    async def delete(  # noqa: PLR0913 — the switches of the endpoint
        self,
        model: Any,
        item_id: Any,
        *,
        principal: Principal,
        connection: AnyConnection | None = None,
        if_match: str | int | None = None,
        cascade: bool = False,
        confirm: bool = False,
        idempotency_key: str | None = None,
        savepoint: bool = True,
    ) -> Deleted:
        """As `sync.delete`; `connection` may also be an `AsyncConnection` or an `AsyncSession`."""
        options: dict[str, Any] = {"principal": principal, "if_match": if_match, "cascade": cascade, "confirm": confirm}
        once: dict[str, Any] = {"idempotency_key": idempotency_key, "savepoint": savepoint}
        return await self._enter(partial(self.sync.delete, model, item_id, **options, **once), connection)

    async def bulk_delete(
        self,
        model: Any,
        ids: Iterable[Any] | None = None,
        *,
        principal: Principal,
        connection: AnyConnection | None = None,
        idempotency_key: str | None = None,
        savepoint: bool = True,
        **options: Unpack[BulkOptions],
    ) -> BulkDeleted:
        """As `sync.bulk_delete`."""
        once: dict[str, Any] = {"idempotency_key": idempotency_key, "savepoint": savepoint}
        verb = partial(self.sync.bulk_delete, model, ids, principal=principal, **once, **options)
        return await self._enter(verb, connection)

    async def preview(
        self,
        model: Any,
        ids: Iterable[Any] | None = None,
        *,
        principal: Principal,
        connection: AnyConnection | None = None,
        filter: Mapping[str, Any] | None = None,  # noqa: A002 — the endpoint's word
        cascade: bool = False,
    ) -> Previewed:
        """As `sync.preview`."""
        options: dict[str, Any] = {"principal": principal, "filter": filter, "cascade": cascade}
        return await self._enter(partial(self.sync.preview, model, ids, **options), connection)

    async def restore(
        self,
        model: Any,
        item_id: Any,
        *,
        principal: Principal,
        connection: AnyConnection | None = None,
        idempotency_key: str | None = None,
        savepoint: bool = True,
    ) -> Restored:
        """As `sync.restore`."""
        once: dict[str, Any] = {"idempotency_key": idempotency_key, "savepoint": savepoint}
        return await self._enter(partial(self.sync.restore, model, item_id, principal=principal, **once), connection)

    async def restore_job(
        self,
        job_id: str,
        *,
        principal: Principal,
        connection: AnyConnection | None = None,
        respond_async: bool = False,
        idempotency_key: str | None = None,
        savepoint: bool = True,
    ) -> BulkRestored:
        """As `sync.restore_job`."""
        once: dict[str, Any] = {"idempotency_key": idempotency_key, "savepoint": savepoint}
        verb = partial(self.sync.restore_job, job_id, principal=principal, respond_async=respond_async, **once)
        return await self._enter(verb, connection)

    async def idempotent_create(
        self,
        model: Any,
        values: Any,
        *,
        principal: Principal,
        connection: AnyConnection | None = None,
        savepoint: bool = True,
    ) -> Created:
        """As `sync.idempotent_create`."""
        return await self._enter(
            partial(self.sync.idempotent_create, model, values, principal=principal, savepoint=savepoint), connection
        )

    async def purge(self, *, connection: AnyConnection | None = None, dry_run: bool = False) -> Report:
        """As `sync.purge`."""
        return await self._enter(partial(self.sync.purge, dry_run=dry_run), connection)

    async def hold(
        self, model: Any, item_id: Any, reason: str, *, principal: Principal, connection: AnyConnection | None = None
    ) -> bool:
        """As `sync.hold`."""
        return await self._enter(partial(self.sync.hold, model, item_id, reason, principal=principal), connection)

    async def lift_hold(
        self, model: Any, item_id: Any, *, principal: Principal, connection: AnyConnection | None = None
    ) -> bool:
        """As `sync.lift_hold`."""
        return await self._enter(partial(self.sync.lift_hold, model, item_id, principal=principal), connection)

    async def _enter(self, verb: Callable[..., T], connection: AnyConnection | None) -> T:
        """In a thread where the transaction is Sexton's own; where the host's is, on it."""
        if connection is None:
            return await run_sync(verb)
        await run_sync(self.open)
        if is_async(connection):

            def enter(host: Connection | Session) -> T:
                return verb(connection=host)

            return await connection.run_sync(enter)  # type: ignore[union-attr]
        return verb(connection=connection)


def _page() -> Page:
    from sexton.telemetry.prometheus import Page  # noqa: PLC0415 — its import registers collectors of the process

    return Page()


def _register(registry: CollectorRegistry, page: Any) -> None:
    try:
        registry.register(page)
    except ValueError:
        told = (
            "the registry shows another Sexton's metrics already: give each a registry of its own, or close the other"
        )
        raise ConfigurationError(told) from None


def _stop(worker: Worker | None, deliveries: Deliveries) -> None:
    if worker is not None:
        deliveries.request_stop()
        worker.stop()
        deliveries.stop()

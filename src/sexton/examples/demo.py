"""The four products as one application on one SQLite file, for `sexton demo`."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import cast

from fastapi import Depends, FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse, Response
from sqlalchemy.orm import Session, sessionmaker
from starlette.exceptions import HTTPException

from sexton import Scope, Sexton, hide_deleted
from sexton.actions import api_key
from sexton.api import headers, problems
from sexton.errors import Code, Problem
from sexton.examples import cronping, data, documint, flagbit, webhookvault
from sexton.examples.host import connect, current_principal
from sexton.library.routing import METHODS
from sexton.server.assembly import PREFIX, service_routes
from sexton.version import __version__

PRODUCTS: tuple[ModuleType, ...] = (documint, cronping, flagbit, webhookvault)


def build(path: Path) -> tuple[FastAPI, str]:
    """The application over a new file with all its rows, and a key of its first account."""
    url = f"sqlite:///{path}"
    for product in PRODUCTS:
        engine = connect(url, product.Base.metadata)
        with engine.begin() as connection:
            data.fill(connection, product.Base.metadata.sorted_tables)
    sexton = Sexton(engine, [resource for product in PRODUCTS for resource in product.RESOURCES])
    store = sexton.open()
    with store.write() as connection:
        now = store.dialect.now(connection)
        _, token = api_key.create(connection, store, data.ACCOUNTS[0], list(Scope), "demo", now)
    return _application(sexton, sessionmaker(engine)), token


def _application(sexton: Sexton, sessions: sessionmaker[Session]) -> FastAPI:
    hide_deleted(sessions, sexton)
    app = FastAPI(title="Sexton", version=__version__, lifespan=sexton.lifespan, redirect_slashes=False)
    app.state.sessions = sessions
    app.dependency_overrides[current_principal] = sexton.api_key
    service_routes(app, sexton.store, PREFIX)
    app.include_router(sexton.router(principal=sexton.api_key), prefix=PREFIX)
    for product in PRODUCTS:
        app.include_router(product.router)
    known = [Depends(sexton.api_key)]  # as of `sexton serve`: strangers do not hear which addresses there are
    app.add_api_route(f"{PREFIX}/{{rest:path}}", _nowhere, methods=METHODS, dependencies=known, include_in_schema=False)
    app.add_exception_handler(HTTPException, _problem)
    return app


def _nowhere() -> None:
    raise HTTPException(404)


_NOTHING = f"there is nothing at this address: GET {PREFIX}/ lists the resources, /docs all there is"
_CODES = {401: Code.UNAUTHENTICATED, 404: Code.NOT_FOUND, 405: Code.METHOD_NOT_ALLOWED}


async def _problem(request: Request, error: Exception) -> Response:
    """What FastAPI itself refuses, as RFC 9457 has it: strangers, and paths that are nobody's."""
    fault = cast(HTTPException, error)
    if fault.status_code not in _CODES:
        return await http_exception_handler(request, fault)
    correlation = headers.correlation_id(request.headers.get("x-correlation-id"))
    detail = _NOTHING if fault.detail == "Not Found" else fault.detail
    told = problems.document(Problem(_CODES[fault.status_code], detail)) | {"correlation_id": correlation}
    sent = {**(fault.headers or {}), "X-Correlation-Id": correlation, "Cache-Control": "no-store"}
    return JSONResponse(told, fault.status_code, sent, problems.MEDIA_TYPE)


def curl_lines(base: str, token: str) -> list[tuple[str, str]]:
    """Five things to see, each as a command to paste; they build on each other in this order."""
    api = f"{base}/api/v1"
    curl = f"curl -sS -H 'Authorization: Bearer {token}'"
    send = f"{curl} -H 'Content-Type: application/json'"
    mixed = '{"ids": ["mon_0001", "mon_0003", "mon_9999", "mon_0002"], "reason": "spring cleaning"}'
    old = '{"filter": {"status": "archived"}}'
    return [
        (
            "A retry hears 410, and that it was itself who deleted",
            f"{curl} -o /dev/null -w '%{{http_code}}\\n' -X DELETE {api}/templates/tpl_0100; {curl} -X DELETE {api}/templates/tpl_0100",
        ),
        (
            "A preview says exactly what would go, and gives a token for just that",
            f"{send} -d '{old}' {api}/templates/bulk_delete/preview",
        ),
        (
            "A bulk delete answers for each item: deleted, blocked, not found",
            f"{send} -d '{mixed}' {api}/monitors/bulk_delete",
        ),
        ("An undo brings it back, value for value", f"{curl} -X POST {api}/templates/tpl_0100/restore"),
        (
            "The audit knows who deleted what, and who brought it back",
            f"{curl} '{api}/audit?resource=templates&item_id=tpl_0100'",
        ),
    ]

"""The endpoints as routes of the host's application. Matching is FastAPI's; everything below a resource is ours.

Each operation is a route with its own entry in the OpenAPI document. Behind them, hidden from it, each resource has a
route for whatever else lies below its name (an encoded slash, an empty id, another method), so that the answer is
Sexton's and never a redirect. All hand the request on as it came, body unread and path undecoded.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.convertors import StringConvertor, register_url_convertor

from sexton.api.application import Application, Place
from sexton.api.routes import OPERATIONS, OWN_PATHS, Operation
from sexton.errors import ConfigurationError
from sexton.library import described
from sexton.library.declaration import Declared
from sexton.model import Principal

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
Endpoint = Callable[..., Any]
Finder = Callable[[], Awaitable[Application]]


class _Anything(StringConvertor):
    """Any text, line breaks too: `path` would not match an encoded one."""

    regex = r"[\s\S]*"


class _MaybeSlash(StringConvertor):
    """The end of the prefix, with or without a slash."""

    regex = "/?"


register_url_convertor("sexton_anything", _Anything())
register_url_convertor("sexton_end", _MaybeSlash())


def make_router(declared: Mapping[str, Declared], application: Finder, principal: Callable[..., Any]) -> APIRouter:
    """All routes; `application` is asked at each request, for it exists only once the database was opened."""
    router = APIRouter(redirect_slashes=False)
    exposed = {name: one for name, one in declared.items() if one.resource.expose}
    items = {name: described.item_model(one) for name, one in exposed.items()}
    for operation, path, name in _addresses(exposed):
        one, item = exposed.get(name), items.get(name)
        router.add_api_route(
            path,
            _endpoint(path, application, principal),
            methods=[operation.method],
            tags=[name or "sexton"],
            summary=operation.summary,
            description=f"{(operation.handler.__doc__ or '').strip()} Scope: `{operation.scope}`.",
            operation_id="_".join(filter(None, ("sexton", _title(operation), re.sub(r"\W", "_", name)))),
            openapi_extra=described.description(operation, one),
            responses=described.responses(operation, item),
            response_class=Response,
            status_code=min(operation.answers),
        )
    for path in _catch_all([*exposed, *sorted(OWN_PATHS)]):
        endpoint = _endpoint(path, application, principal)
        router.add_api_route(path, endpoint, methods=METHODS, include_in_schema=False)
    return router


def _title(operation: Operation) -> str:
    return "_".join(filter(None, (operation.handler.__name__, operation.fixed.get("move", ""))))


def _addresses(exposed: Mapping[str, Declared]) -> Iterator[tuple[Operation, str, str]]:
    """Each operation with its path, once for each resource where it is one of a resource (else the name is empty)."""
    for operation in OPERATIONS:
        if "{resource}" not in operation.path:
            yield operation, operation.path, ""
            continue
        for name in exposed if operation.path != "/{resource}/" else ():
            yield operation, operation.path.replace("{resource}", name), name


def _catch_all(names: list[str]) -> Iterator[str]:
    yield "{sexton_end:sexton_end}"
    for name in names:
        yield f"/{name}"
        yield f"/{name}/{{sexton_rest:sexton_anything}}"


def _endpoint(path: str, application: Finder, principal: Callable[..., Any]) -> Endpoint:
    async def endpoint(request: Request, who: Principal = Depends(principal)) -> Response:  # noqa: B008 — FastAPI's form
        _require_principal(who)
        return _Handover(await application(), who, _place(request, path), request)

    return endpoint


def _require_principal(who: Any) -> None:
    if not isinstance(who, Principal):
        told = f"the principal dependency returned {type(who).__name__}: return a sexton.Principal, or raise"
        raise ConfigurationError(told)
    if not isinstance(who.account, str):
        told = f"Principal.account is {type(who.account).__name__}: write Principal(account=str(…))"
        raise ConfigurationError(told)


def _place(request: Request, path: str) -> Place:
    """Where the host put us: what stands above our own part of the path, as it was sent."""
    scope = request.scope
    own = _PARAMETER.sub(lambda found: str(request.path_params[found[1]]), path)
    root = scope.get("root_path", "").rstrip("/")
    whole = scope["path"]
    beneath_root = whole == root or whole.startswith(root + "/")
    above = whole[: len(whole) - len(own)] if own else whole
    base = above if beneath_root else root + above
    return Place(base.rstrip("/"), above.rstrip("/").count("/"))


class _Handover(Response):
    """A response that lets the application answer by itself."""

    def __init__(self, application: Application, principal: Principal, place: Place, request: Request) -> None:
        super().__init__()
        self._application, self._principal, self._place, self._request = application, principal, place, request

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        read = getattr(self._request, "_body", None)
        given = receive if read is None else _again(read, receive)
        await self._application.serve(scope, given, send, self._principal, self._place)


def _again(body: bytes, receive: Any) -> Any:
    """The body that a dependency of the host's has read already, then whatever follows."""
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Any:
        return pending.pop() if pending else await receive()

    return replay

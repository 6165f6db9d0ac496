"""Idempotency for the host's own routes in the host's own transaction: key, effect and answer are one commit.

FastAPI lets neither a dependency nor a middleware do this alone: a dependency never sees the answer, a middleware never
the session. A route class has both. The key is inserted into the transaction that the route will use, by a dependency
that comes before the route's own; once the route has answered, the answer is stored and the transaction committed, and
only then is anything sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, TypeVar

from anyio.to_thread import run_sync
from fastapi import Depends, Header, Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from sexton.actions import idempotency
from sexton.api import headers
from sexton.api.answer import Answer
from sexton.api.call import refusal
from sexton.errors import Code, ConfigurationError, Refused
from sexton.library import answers
from sexton.library.engines import HostConnection, is_async, joined
from sexton.storage import idempotency_keys
from sexton.storage.store import Store

T = TypeVar("T")
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_SPACE = "route "
_ASKED = "sexton.asked"
_REFUSALS = 400
_LEAVE = (
    "the route ended the transaction that its Idempotency-Key is in: leave commit and rollback to Sexton, which commits"
    " key, effect and answer together; use begin_nested() for a part"
)


@dataclass(slots=True)
class _Asked:
    """A request under a key; `host` is its connection once the key is claimed, `began` the transaction it is in."""

    given: Sequence[str]
    mark: str
    key: str = ""
    account: str = ""
    host: Any = None
    began: Any = None
    watched: list[Connection] = field(default_factory=list)


class _Told(Exception):
    """Carries an answer past the route: the first one, or that there is none yet. What the route raises is its own."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def route_class(
    store: Callable[[], Store],
    *,
    account: Callable[..., Any],
    connection: Any,
    methods: Collection[str],
    required: bool,
) -> type[APIRoute]:
    """The class for `APIRouter(route_class=…)`; see `Sexton.idempotency`."""
    given: params.Depends = connection if isinstance(connection, params.Depends) else Depends(connection)

    async def claim(
        request: Request,
        owner: Any = Depends(account),  # noqa: B008 — FastAPI's form
        host: Any = given,
        idempotency_key: Annotated[
            str | None, Header(description="The same for a retry, new for a new request.")
        ] = None,
    ) -> None:
        del idempotency_key  # for the document; what counts is the header as it was sent
        asked = request.scope.get(_ASKED)
        if asked is None or owner is None:
            return
        asked.account = str(owner)
        try:
            asked.key = _SPACE + _key_of(asked.given)
            answered = await _within(host, partial(_claim, await run_sync(store), asked))
        except Refused as refused:
            raise _Told(refusal(refused)) from None
        if answered is not None:
            raise _Told(Answer(answered.status, answered.body, {**answered.headers, headers.REPLAYED: "true"}))
        asked.host = host

    class IdempotentRoute(APIRoute):
        """Runs each request with an Idempotency-Key once, in one transaction with its key and its answer."""

        def __init__(
            self, path: str, endpoint: Callable[..., Any], *, dependencies: Sequence[Any] | None = None, **options: Any
        ) -> None:
            """Put the claim before the dependencies of the route's own."""
            told = [*(dependencies or ())]
            if not _is_meant(options.get("methods"), methods):
                super().__init__(path, endpoint, dependencies=told, **options)
                return
            super().__init__(path, endpoint, dependencies=[*told, Depends(claim)], **options)
            _require_same(path, given, [one for one in self.dependant.dependencies if one.call is not claim])

        def get_route_handler(self) -> Handler:
            """The route, done once."""
            handler = super().get_route_handler()
            if not _is_meant(self.methods, methods):
                return handler
            return partial(_once, store, handler, methods, required=required)

    return IdempotentRoute


def _require_same(path: str, given: params.Depends, own: Sequence[Dependant]) -> None:
    """FastAPI makes one session of a dependency and its scope: two scopes would be two transactions."""
    scopes = {one.scope or "request" for one in _all(own) if one.call is given.dependency}
    name, scope = getattr(given.dependency, "__name__", given.dependency), given.scope or "request"
    if not scopes:
        told = f"{path} does not take its session by Depends({name}), so its key would be in another transaction"
        raise ConfigurationError(f"{told}: let it, or put the route on a router of another class")
    if scopes != {scope}:
        other = next(iter(scopes - {scope}))
        told = f'{path} takes its session by Depends({name}, scope="{other}"), which is not the one of scope="{scope}"'
        raise ConfigurationError(f'{told}: write connection=Depends({name}, scope="{other}")')


def _all(dependants: Sequence[Dependant]) -> Iterator[Dependant]:
    for one in dependants:
        yield one
        yield from _all(one.dependencies)


def _is_meant(own: Collection[str] | None, methods: Collection[str]) -> bool:
    return not set(methods).isdisjoint(own or ())


async def _once(
    store: Callable[[], Store], handler: Handler, methods: Collection[str], request: Request, *, required: bool
) -> Response:
    given = request.headers.getlist(headers.IDEMPOTENCY_KEY)
    if request.method not in methods or not (given or required):
        return await handler(request)
    request.scope[_ASKED] = asked = _Asked(given, answers.fingerprint(request.scope, await request.body()))
    try:
        response = await handler(request)
        if asked.host is not None:
            answer = _answer_of(response)
            await _within(asked.host, partial(_finish, await run_sync(store), asked, answer))
    except _Told as told:
        return _response(told.answer)
    return response


def _key_of(given: Sequence[str]) -> str:
    key = headers.idempotency_key(given, None)
    if key is None:
        detail = "send an Idempotency-Key: a new one for a new request, the same for a retry"
        raise Refused(Code.IDEMPOTENCY_KEY_INVALID, detail)
    return key


def _answer_of(response: Response) -> Answer:
    body = getattr(response, "body", None)
    if not isinstance(body, (bytes, memoryview)):
        raise RuntimeError(
            f"a {type(response).__name__} cannot be replayed: answer with a body, or put the route on another router"
        )
    return answers.heard(response.status_code, response.raw_headers, bytes(body))


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status)
    response.raw_headers = answers.raw_headers(answer)
    return response


async def _within(host: Any, work: Callable[[HostConnection], T]) -> T:
    """On the host's connection: in its greenlet, or in a thread."""
    if is_async(host):
        found: T = await host.run_sync(work)
        return found
    return await run_sync(work, host)


def _claim(store: Store, asked: _Asked, host: HostConnection) -> idempotency.Answered | None:
    with idempotency.waiting(store), joined(store, host, bounded=True) as connection:
        now = store.dialect.now(connection)
        answered = idempotency.claim(connection, store, asked.account, asked.key, asked.mark, now)
    if answered is None:
        asked.began = connection.get_transaction()
        asked.watched.append(connection)
        event.listen(connection, "commit", _refuse_commit)
    return answered


def _refuse_commit(connection: Connection) -> None:
    """SQLAlchemy takes a transaction whose commit raised for one that ended, and would not roll it back by itself."""
    connection.dialect.do_rollback(connection.connection)
    raise RuntimeError(_LEAVE)


def _finish(store: Store, asked: _Asked, answer: Answer, host: HostConnection) -> None:
    """Store the answer and commit; a refusal gives the key back, and leaves the transaction to the host."""
    connection = host.connection() if isinstance(host, Session) else host
    if connection.get_transaction() is not asked.began:
        raise RuntimeError(_LEAVE)
    if isinstance(host, Session):
        host.flush()
    for watched in asked.watched:
        event.remove(watched, "commit", _refuse_commit)
    if answer.status >= _REFUSALS:
        idempotency_keys.release(connection, store, asked.account, asked.key)
        return
    idempotency_keys.save(connection, store, asked.account, asked.key, answers.kept(answer))
    host.commit()

"""The API as an ASGI application: authenticate, match, read, run in a thread, answer, log."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from anyio.to_thread import run_sync
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as TimeoutError_

from sexton.api import headers
from sexton.api.answer import Answer, refuse
from sexton.api.call import Call, refusal
from sexton.api.cursors import Cursors
from sexton.api.routes import Operation, find, segments_of
from sexton.api.spool import LineReader, Spool
from sexton.errors import Code, Problem, Refused
from sexton.model import Principal
from sexton.storage import api_keys
from sexton.storage.store import Store
from sexton.telemetry import traces
from sexton.telemetry.instruments import REQUEST_DURATION
from sexton.telemetry.logs import Logger

MOST_BYTES = 32 * 1024 * 1024
_KEY_SECONDS = 0.5
_MOST_KEYS = 10_000
_STREAMS = frozenset({"application/x-ndjson", "text/csv"})
_TRACED = ("resource", "job_id", "problem", "replayed")
_JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})
_log = Logger("sexton.api")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the host put the API: the base of all links, and how many segments of the raw path stand above ours."""

    base: str
    segments: int


class Application:
    """Serves the API under `prefix`."""

    def __init__(self, store: Store, secret: str, *, prefix: str, wake: Callable[[], None] = lambda: None) -> None:
        """`secret` signs cursors; `wake` is called when there is new work for a worker."""
        self._store = store
        self._cursors = Cursors(secret)
        self._prefix = prefix
        self._wake = wake
        self._known: dict[bytes, tuple[float, Principal]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, by the key it carries."""
        await self._serve(_Request(scope, receive, self._prefix), send)

    async def serve(self, scope: Any, receive: Any, send: Any, principal: Principal, place: Place) -> None:
        """Answer one request whose principal the host has found itself, at an address of the host's choosing."""
        await self._serve(_Request(scope, receive, place.base, place.segments, principal), send)

    async def _serve(self, request: _Request, send: Any) -> None:
        started = time.perf_counter()
        log: dict[str, Any] = {}
        with traces.serving(request.method, request.headers, request.correlation_id) as span:
            answer = await self._answer(request, log)
            await _send(send, request, answer)
            log = {name: value for name, value in log.items() if not name.startswith("_")} | answer.log
            known = {name: log.get(name) for name in _TRACED}
            traces.answered(span, request.method, log.get("route", ""), answer.status, known)
            self._tell(request, answer, log, time.perf_counter() - started)

    def _tell(self, request: _Request, answer: Answer, log: dict[str, Any], seconds: float) -> None:
        route, status = log.get("route", ""), str(answer.status)
        self._store.recorder.tell(REQUEST_DURATION, seconds, traces.method_of(request.method), route, status)
        _log.info(
            "request",
            correlation_id=request.correlation_id,
            method=request.method,
            status=answer.status,
            latency_ms=round(seconds * 1000, 2),
            **log,
        )

    async def _answer(self, request: _Request, log: dict[str, Any]) -> Answer:
        try:
            return await self._handle(request, log)
        except Refused as error:
            return refusal(error)
        except Exception as error:  # noqa: BLE001 — whatever it is, the caller gets a problem and the log the rest
            passing = self._database_failed(request, error)
            if passing is not None:
                return passing
            _log.exception("failed", correlation_id=request.correlation_id, method=request.method)
            detail = "Sexton failed; nothing was changed: ask the operator, with the correlation id"
            return refuse(Problem(Code.INTERNAL, detail))

    async def _handle(self, request: _Request, log: dict[str, Any]) -> Answer:
        segments = segments_of(request.raw_path())
        found = find("GET" if request.method == "HEAD" else request.method, segments)
        if isinstance(found, frozenset):
            return await run_sync(self._no_operation, request, found)
        operation, params = found
        log["route"] = self._prefix + operation.path
        streams = operation.streams and request.media_type in _STREAMS
        body, streamed = b"", None
        with ExitStack() as held:
            if streams:
                await run_sync(self._authenticate, request)
                reader = held.enter_context(closing(LineReader(request.media_type)))
                streamed = await request.read_lines(reader)
            elif request.has_body:
                body = await request.read(MOST_BYTES)
            call = await run_sync(self._run, request, operation, params, (body, streamed), log)
        return await _settled(call)

    def _no_operation(self, request: _Request, allowed: frozenset[str]) -> Answer:
        self._authenticate(request)
        if not allowed:
            detail = f"there is nothing at this address: GET {request.base}/ lists the resources"
            return refuse(Problem(Code.NOT_FOUND, detail))
        methods = ", ".join(sorted(allowed))
        detail = f"{request.method} is not possible here; {methods} are"
        return refuse(Problem(Code.METHOD_NOT_ALLOWED, detail), {"Allow": methods})

    def _authenticate(self, request: _Request) -> Principal:
        if request.principal is not None:
            return request.told_of(request.principal)
        return request.told_of(self.holder(request.header("authorization")))

    def holder(self, authorization: str | None) -> Principal:
        """Who holds the key of an Authorization header. Raises Refused (401) where nobody does."""
        token = headers.bearer(authorization)
        principal = self._principal(token) if token is not None else None
        if principal is None:
            detail = "send `Authorization: Bearer sx_…` with a key of this server (`sexton keys create` makes one)"
            raise Refused(Code.UNAUTHENTICATED, detail)
        return principal

    def _principal(self, token: str) -> Principal | None:
        """Who holds the token; what the database said is believed for half a second."""
        now, name = time.monotonic(), hashlib.sha256(token.encode(errors="surrogateescape")).digest()
        known = self._known.get(name)
        if known is not None and now - known[0] < _KEY_SECONDS:
            return known[1]
        with self._store.read() as connection:
            principal = api_keys.authenticate(connection, self._store, token)
        if len(self._known) >= _MOST_KEYS:
            self._known.clear()
        if principal is not None:
            self._known[name] = (now, principal)
        return principal

    def _run(
        self, request: _Request, operation: Operation, params: dict[str, str], sent: Any, log: dict[str, Any]
    ) -> Answer:
        principal = self._authenticate(request)
        log |= {"account": principal.account, "key_id": principal.key_id}
        if operation.scope not in principal.scopes:
            detail = f"this key lacks the scope `{operation.scope}`"
            raise Refused(Code.FORBIDDEN, detail, scope=str(operation.scope))
        _check_body(request, operation, sent[0])
        call = Call(
            self._store,
            self._cursors,
            principal,
            request.method,
            request.path,
            request.base,
            request.query,
            request.headers,
            params,
            sent[0],
            sent[1],
            self._wake,
        )
        try:
            return operation.handler(call)
        except Refused as error:
            if operation.spends:
                call.look_at_quota()
            return refusal(error, call)
        except (DataError, UnicodeEncodeError):
            detail = "a value of the request is none that the database can hold (a NUL, or bytes that are no UTF-8)"
            return refusal(Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": "#"}]), call)
        finally:
            log |= call.log

    def _database_failed(self, request: _Request, error: Exception) -> Answer | None:
        """503 where asking again may help; the caller must not be told more than is known. None for other faults."""
        dialect = self._store.dialect
        if dialect.is_lock_timeout(error):
            _log.warning("busy", correlation_id=request.correlation_id)
            code = Code.IDEMPOTENCY_KEY_BUSY if "idempotency-key" in request.headers else Code.BUSY
            return refusal(Refused(code, "the rows are locked by somebody else; nothing was changed: ask again"))
        if isinstance(error, TimeoutError_) or (isinstance(error, DBAPIError) and dialect.is_transient(error)):
            _log.warning("database_lost", correlation_id=request.correlation_id, error=type(error).__name__)
            detail = (
                "the database did not answer; most likely nothing was changed: ask again, a write with its same key"
            )
            return refusal(Refused(Code.BUSY, detail))
        return None


async def _settled(answer: Answer) -> Answer:
    """Wait, as far as the caller prefers, for the end of the job that was started."""
    deadline = time.monotonic() + answer.poll_seconds
    while answer.poll is not None and time.monotonic() < deadline:
        ended = await run_sync(answer.poll)
        if ended is not None:
            return ended
        await asyncio.sleep(0.05)
    return answer


def _check_body(request: _Request, operation: Operation, body: bytes) -> None:
    if operation.method == "DELETE" and body:
        detail = "a DELETE has no body: filters and ids in it would be ignored; POST them to bulk_delete"
        raise Refused(Code.BODY_NOT_ACCEPTED, detail)
    if operation.method in ("POST", "PUT", "PATCH") and body and request.media_type not in _JSON_TYPES:
        detail = f"{request.media_type or 'a body without Content-Type'} is not read here: send application/json"
        raise Refused(Code.UNSUPPORTED_MEDIA_TYPE, detail)


class _Request:
    """What was sent, read as far as it is needed."""

    def __init__(
        self, scope: Any, receive: Any, base: str, above: int | None = None, principal: Principal | None = None
    ) -> None:
        self.method: str = scope["method"]
        self._scope, self._receive = scope, receive
        self.base, self._above, self.principal = base, above, principal
        self.headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            self.headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        self.correlation_id = headers.correlation_id(self.header("x-correlation-id"))
        self.query = parse_qsl(
            scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="surrogateescape"
        )
        self.media_type = (self.header("content-type") or "").split(";")[0].strip().lower()
        self.ip = scope["client"][0] if scope.get("client") else None

    def header(self, name: str) -> str | None:
        values = self.headers.get(name)
        return values[0] if values else None

    @property
    def path(self) -> str:
        return self._raw().decode("latin-1")

    def _raw(self) -> bytes:
        raw: bytes = self._scope.get("raw_path") or self._scope["path"].encode()
        return raw.partition(b"?")[0]

    def raw_path(self) -> bytes:
        """The path below the base, as it was sent."""
        if self._above is None:
            return self._raw().removeprefix(self.base.encode()) or b"/"
        return b"/" + b"/".join(self._raw().split(b"/")[self._above + 1 :])

    def told_of(self, principal: Principal) -> Principal:
        """The principal with where the call came from; what the host says of that itself stands."""
        return replace(
            principal,
            ip=principal.ip or self.ip,
            user_agent=principal.user_agent or self.header("user-agent"),
            correlation_id=principal.correlation_id or self.correlation_id,
        )

    @property
    def has_body(self) -> bool:
        return "transfer-encoding" in self.headers or self.header("content-length") not in (None, "0")

    async def read(self, most: int) -> bytes:
        """The body. Raises Refused (413) where it is larger than `most` bytes."""
        pieces, size = [], 0
        async for piece in self._pieces():
            size += len(piece)
            if size > most:
                raise Refused(Code.BODY_TOO_LARGE, f"the body is larger than {most:,} bytes", limit=most)
            pieces.append(piece)
        return b"".join(pieces)

    async def read_lines(self, reader: LineReader) -> Spool:
        """The ids of a stream, read piece by piece."""
        async for piece in self._pieces():
            reader.feed(piece)
        return reader.end()

    async def gone(self) -> None:
        """Return when the caller has closed the connection."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _pieces(self) -> Any:
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Refused(Code.MALFORMED, "the body ended early")
            yield message.get("body", b"")
            more = message.get("more_body", False)


async def _send(send: Any, request: _Request, answer: Answer) -> None:
    body = answer.body
    if answer.headers.get("Content-Type") == "application/problem+json":
        told = f',"correlation_id":"{request.correlation_id}"}}'
        body = body[:-1] + told.encode()
    sent = {**answer.headers, "X-Correlation-Id": request.correlation_id}
    if answer.status not in (204, 304) and answer.pieces is None:
        sent["Content-Length"] = str(len(body))
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    if answer.pieces is not None and request.method != "HEAD":
        await _send_pieces(send, request, answer.pieces)
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})


async def _send_pieces(send: Any, request: _Request, pieces: Iterator[bytes | float]) -> None:
    """Send a body while it is made, in a thread that is held only while a piece is; stop where nobody listens."""
    gone = asyncio.ensure_future(request.gone())
    try:
        while not gone.done():
            piece = await run_sync(next, pieces, None)
            if piece is None:
                return
            if isinstance(piece, bytes):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            else:
                await asyncio.wait([gone], timeout=piece)
    finally:
        gone.cancel()
        close = getattr(pieces, "close", None)
        if close is not None:
            await run_sync(close)

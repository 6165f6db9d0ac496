"""Idempotency for the host's own POST and PATCH routes, as an ASGI middleware over the host's key and answer.

The key and its answer are *not* in the host's transaction: they are committed before the route runs and after it has
answered. A process that dies in between leaves a key whose outcome nobody knows; it answers 409 from then on, and is
never run a second time by itself. Sexton's own endpoints keep key, effect and answer in one transaction instead.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request

from sexton.api import headers
from sexton.api.answer import Answer
from sexton.api.call import refusal
from sexton.errors import Code, Refused
from sexton.library import answers
from sexton.library.sexton import Sexton
from sexton.storage import idempotency_keys
from sexton.storage.idempotency_keys import Stored
from sexton.storage.store import Store
from sexton.telemetry.logs import Logger

AccountOf = Callable[[Request], str | Awaitable[str | None] | None]
_SPACE = "middleware "
_FAULTS = 500
_log = Logger("sexton.idempotency")


class IdempotencyMiddleware:
    """Runs a request with an `Idempotency-Key` once; a retry gets the first answer with `Idempotent-Replayed: true`.

    As draft-ietf-httpapi-idempotency-key-header-07 has it: 400 for a key that is none (and, where `required`, for none),
    409 with `Retry-After` while the first request runs, 422 for a key that was used for another request. `account`
    says whose key it is (with `async` or without), so that no account is told another's answer; requests for which it
    returns None pass untouched, as do paths under `skip` and methods that are not listed. Answers below 500 are kept
    for 72 hours, body and headers; after a 5xx or an exception the key is free again. A body is held in memory, up to
    `most_bytes`; a streaming answer cannot be replayed, and is refused with 500.
    """

    def __init__(  # noqa: PLR0913 — the middleware's options
        self,
        app: Any,
        sexton: Sexton,
        *,
        account: AccountOf,
        methods: Iterable[str] = ("POST", "PATCH"),
        skip: Sequence[str] = (),
        required: bool = False,
        most_bytes: int = 1024 * 1024,
    ) -> None:
        """Wrap an application: `app.add_middleware(IdempotencyMiddleware, sexton=sexton, account=…)`."""
        self._app, self._sexton, self._account = app, sexton, account
        self._methods, self._skip = frozenset(methods), tuple(skip)
        self._required, self._most_bytes = required, most_bytes

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        account = await self._account_of(scope) if self._is_meant(scope) else None
        if account is None:
            await self._app(scope, receive, send)
            return
        try:
            await self._once(scope, receive, send, account)
        except Refused as error:
            await _send(send, refusal(error))

    def _is_meant(self, scope: Any) -> bool:
        if scope["type"] != "http" or scope["method"] not in self._methods:
            return False
        path: str = scope["path"]
        return not any(path == prefix or path.startswith(prefix.rstrip("/") + "/") for prefix in self._skip)

    async def _account_of(self, scope: Any) -> str | None:
        found = self._account(Request(scope))
        return await found if inspect.isawaitable(found) else found

    async def _once(self, scope: Any, receive: Any, send: Any, account: str) -> None:
        given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"idempotency-key"]
        key = headers.idempotency_key(given, None)
        if key is None:
            if self._required:
                detail = "send an Idempotency-Key: a new one for a new request, the same for a retry"
                raise Refused(Code.IDEMPOTENCY_KEY_INVALID, detail)
            await self._app(scope, receive, send)
            return
        body = await self._read(receive)
        mark = answers.fingerprint(scope, body)
        store = await run_sync(self._sexton.open)
        stored = await run_sync(_claim, store, account, key, mark)
        if stored is not None:
            await _send(send, _replayed(stored, mark))
            return
        await self._run(scope, _Replay(body, receive), send, (store, account, key))

    async def _read(self, receive: Any) -> bytes:
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refused(Code.MALFORMED, "the body ended early")
            body += message.get("body", b"")
            if len(body) > self._most_bytes:
                raise Refused(Code.BODY_TOO_LARGE, f"with a key a body is at most {self._most_bytes:,} bytes")
            more = message.get("more_body", False)
        return body

    async def _run(self, scope: Any, receive: Any, send: Any, kept: tuple[Store, str, str]) -> None:
        """Run the route, keep what it answered, then send it; what raises or fails gives the key back."""
        heard = _Heard()
        try:
            await self._app(scope, receive, heard)
        except BaseException:
            await run_sync(_release, *kept, abandon_on_cancel=False)
            raise
        answer = heard.answer()
        if answer.status >= _FAULTS:
            await run_sync(_release, *kept)
        else:
            await run_sync(_save, *kept, answer)
        await _send(send, answer, heard.headers)


class _Replay:
    """The body that was read already, then whatever the server says."""

    def __init__(self, body: bytes, receive: Any) -> None:
        self._pending = [{"type": "http.request", "body": body, "more_body": False}]
        self._receive = receive

    async def __call__(self) -> Any:
        return self._pending.pop() if self._pending else await self._receive()


class _Heard:
    """What the route answered, held back until it is kept."""

    def __init__(self) -> None:
        self.status, self.body = 0, b""
        self.headers: list[tuple[bytes, bytes]] = []

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if message.get("more_body") and not any(name.lower() == b"content-length" for name, _ in self.headers):
                _log.error("streaming_answer", detail="exclude the route from IdempotencyMiddleware with skip=…")
                raise RuntimeError("a streaming answer cannot be replayed: name the route's path in skip=…")

    def answer(self) -> Answer:
        return answers.heard(self.status, self.headers, self.body)


def _claim(store: Store, account: str, key: str, mark: str) -> Stored | None:
    with store.write() as connection:
        now = store.dialect.now(connection)
        return idempotency_keys.claim(connection, store, account, _SPACE + key, mark, now)


def _save(store: Store, account: str, key: str, answer: Answer) -> None:
    with store.write() as connection:
        idempotency_keys.save(connection, store, account, _SPACE + key, answers.kept(answer))


def _release(store: Store, account: str, key: str) -> None:
    with store.write() as connection:
        idempotency_keys.release(connection, store, account, _SPACE + key)


def _replayed(stored: Stored, mark: str) -> Answer:
    if stored.fingerprint != mark:
        detail = "this key was used for another request: a new request needs a new key, a retry must be the same"
        raise Refused(Code.IDEMPOTENCY_KEY_REUSED, detail)
    if stored.status is None:
        detail = (
            "the first request with this key still runs, or ended without an answer: ask again, and look at what it"
            " did before you send it anew under another key"
        )
        raise Refused(Code.IDEMPOTENCY_KEY_BUSY, detail)
    return Answer(stored.status, stored.body, {**stored.headers, headers.REPLAYED: "true"})


async def _send(send: Any, answer: Answer, raw: list[tuple[bytes, bytes]] | None = None) -> None:
    plain = answers.raw_headers(answer)
    await send({"type": "http.response.start", "status": answer.status, "headers": plain if raw is None else raw})
    await send({"type": "http.response.body", "body": answer.body})

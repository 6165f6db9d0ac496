"""Carries one request out with `aiohttp`: one send, no redirects, no silent re-send, bounded in time and size."""

from __future__ import annotations

import asyncio
import ssl
from types import SimpleNamespace
from typing import Any

import aiohttp
from yarl import URL

from sexton.client._request import Request, check_prepared
from sexton.client._response import Answer, Failure, FailureKind, must_close
from sexton.client._settings import Settings, warn_of_a_shadowed_urllib3
from sexton.client._wire import Reply, Send

_KEEPALIVE = 10.0
_FAULTS = (aiohttp.ClientError, TimeoutError, OSError)


class _Count:
    """How often a request's head was written: aiohttp may write it again on another connection."""

    def __init__(self) -> None:
        self.sends = 0


async def _count(_: aiohttp.ClientSession, context: SimpleNamespace, __: Any) -> None:
    if isinstance(context.trace_request_ctx, _Count):
        context.trace_request_ctx.sends += 1


_COUNTING = aiohttp.TraceConfig()
_COUNTING.on_request_headers_sent.append(_count)
_COUNTING.freeze()


def _own_session(settings: Settings, *, reuse: bool) -> aiohttp.ClientSession:
    keep: dict[str, Any] = {"keepalive_timeout": _KEEPALIVE} if reuse else {"force_close": True}
    tls = ssl.create_default_context(cafile=settings.ca_file) if settings.ca_file else True
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=settings.max_connections, ssl=tls, **keep),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
    )


def _count_sends(session: aiohttp.ClientSession) -> None:
    """Also in a caller's session, whose middlewares may send again; once where two clients share it."""
    if _COUNTING not in session.trace_configs:
        session.trace_configs.append(_COUNTING)


def _switch_off_resends(session: aiohttp.ClientSession) -> None:
    if hasattr(session, "_retry_connection"):
        session._retry_connection = False  # noqa: SLF001 — the only switch there is


class _Pool:
    """A session and the exchanges under way on it.

    aiohttp gives a connection back before its answer can be judged, so a connection that is not to be trusted takes its whole pool with it, once nothing is under way there.
    """

    def __init__(self, settings: Settings, *, reuse: bool) -> None:
        own = settings.session is None
        self.session: aiohttp.ClientSession = _own_session(settings, reuse=reuse) if own else settings.session
        self._own = own
        self._under_way = 0
        self._retired = False
        _switch_off_resends(self.session)
        _count_sends(self.session)

    def begin(self) -> aiohttp.ClientSession:
        """One exchange more."""
        self._under_way += 1
        return self.session

    def end(self) -> bool:
        """One exchange less; whether it was the last one here, and `close` is due."""
        self._under_way -= 1
        return self._retired and not self._under_way

    async def retire(self) -> None:
        """Start no more exchanges here."""
        self._retired = True
        if not self._under_way:
            await self.close()

    async def close(self) -> None:
        """Close our own session."""
        if self._own:
            await self.session.close()


class AiohttpTransport:
    """Pools are opened in the loop that first sends, and belong to it."""

    def __init__(self, settings: Settings) -> None:
        warn_of_a_shadowed_urllib3()
        self._settings = settings
        self._own = settings.session is None
        self._pools: dict[bool, _Pool] = {}

    async def close(self) -> None:
        """Close our own sessions."""
        while self._pools:
            _, pool = self._pools.popitem()
            await pool.retire()

    def _pool(self, step: Send) -> _Pool:
        reuse = not (step.fresh or self._settings.strict_connections)
        if reuse not in self._pools:
            self._pools[reuse] = _Pool(self._settings, reuse=reuse)
        return self._pools[reuse]

    async def send(self, step: Send) -> Reply:
        """Send once.

        Raises:
            Refused: the library rewrote the request; nothing was sent.
        """
        count, pool = _Count(), self._pool(step)
        try:
            answer = await self._answered(pool.begin(), step, count)
        except _FAULTS as error:
            kind = _kind_of(error)
            sent = count.sends > 0 if self._own else not isinstance(error, _NEVER_LEFT)
            return Failure(kind if sent else _before_sending(kind), sent=sent)
        finally:
            if pool.end():
                await pool.close()
        if must_close(answer.status, answer.headers) or step.suspicious(answer.status, answer.headers):
            self._pools = {reuse: kept for reuse, kept in self._pools.items() if kept is not pool}
            await pool.retire()
        return answer

    async def _answered(self, session: aiohttp.ClientSession, step: Send, count: _Count) -> Answer:
        request, settings = step.request, self._settings
        response = await session.request(
            request.method,
            _url_of(request),
            headers={**request.headers, **settings.credentials_for(request.url)},
            data=request.body,
            allow_redirects=False,
            auto_decompress=False,
            proxy=settings.proxy,
            timeout=aiohttp.ClientTimeout(total=step.total, sock_connect=step.connect, sock_read=step.read),
            trace_request_ctx=count,
        )
        try:
            answer = await _read(response, request.body_limit, step.read, max(count.sends, 1))
        except BaseException:
            response.close()
            raise
        if answer.truncated:
            response.close()
        response.release()
        return answer


def _url_of(request: Request) -> URL:
    """The URL, told not to be normalised, and checked that it was not."""
    url = URL(request.url, encoded=True)
    origin = request.url[: request.url.index("/", len("https://"))]
    check_prepared(request, request.method, origin + url.raw_path_qs, request.body)
    return url


async def _read(response: aiohttp.ClientResponse, limit: int, seconds: float, sends: int) -> Answer:
    """The answer with at most `limit` bytes of its body, read within so many seconds."""
    body, truncated = bytearray(), False
    async with asyncio.timeout(seconds):
        async for block in response.content.iter_any():
            body += block
            if len(body) > limit:
                truncated = True
                break
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known}, {value}"
    answer = Answer(response.status, headers, bytes(body[:limit]), truncated, sends)
    answer.raw = answer  # aiohttp's own response would hold the token in its request_info
    return answer


_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_TLS = (aiohttp.ClientConnectorSSLError, aiohttp.ClientConnectorCertificateError)


def _kind_of(error: BaseException) -> FailureKind:
    if isinstance(error, _TLS):
        return FailureKind.TLS
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return FailureKind.CONNECT_TIMEOUT
    if isinstance(error, TimeoutError):
        return FailureKind.READ_TIMEOUT
    return FailureKind.MALFORMED if isinstance(error, aiohttp.ClientResponseError) else FailureKind.BROKEN


def _before_sending(kind: FailureKind) -> FailureKind:
    if kind is FailureKind.READ_TIMEOUT:
        return FailureKind.CONNECT_TIMEOUT
    return kind if kind in {FailureKind.CONNECT_TIMEOUT, FailureKind.TLS} else FailureKind.CONNECT

"""The transport of a bulk run: aiohttp without its tracing, for thousands of requests a second.

What is not a plain request on a kept connection goes the careful way (`AiohttpTransport`), and everything does where
this aiohttp has no switch against sending twice. A fault counts as "sent" unless connecting itself failed.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache

import aiohttp

from sexton.client._aiohttp_transport import (
    _FAULTS,
    _NEVER_LEFT,
    AiohttpTransport,
    _before_sending,
    _kind_of,
    _Pool,
    _read,
    _url_of,
)
from sexton.client._deadlines import Deadlines
from sexton.client._response import Answer, Failure, FailureKind, must_close
from sexton.client._settings import Settings
from sexton.client._wire import Reply, Send

_BODILESS = 204


@lru_cache(16)
def _timeout(connect: float) -> aiohttp.ClientTimeout:
    """Of connecting alone; all of a request is bounded by `Deadlines`."""
    return aiohttp.ClientTimeout(total=None, sock_connect=connect)


class BulkTransport:
    """Connections are opened in the loop that first sends, and belong to it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._careful = AiohttpTransport(settings)
        self._pool: _Pool | None = None
        self._deadlines = Deadlines()
        self._credentials: tuple[int, dict[str, str]] = (-1, {})
        self._lean = settings.session is None and not settings.strict_connections and settings.proxy is None

    async def close(self) -> None:
        """Close the connections."""
        await self._careful.close()
        if self._pool is not None:
            await self._pool.retire()

    async def send(self, step: Send) -> Reply:
        """Send once.

        Raises:
            Refused: the library rewrote the request; nothing was sent.
        """
        pool = self._open()
        if pool is None or step.fresh or step.request.body is not None:
            return await self._careful.send(step)
        task = self._deadlines.begin(step.connect + step.read)
        try:
            answer = await self._answered(pool.begin(), step)
        except asyncio.CancelledError:
            if not self._deadlines.is_late(task):
                raise
            return Failure(FailureKind.READ_TIMEOUT, sent=True)
        except _FAULTS as error:
            kind, sent = _kind_of(error), not isinstance(error, _NEVER_LEFT)
            return Failure(kind if sent else _before_sending(kind), sent=sent)
        finally:
            self._deadlines.end(task)
            if pool.end():
                await pool.close()
        if must_close(answer.status, answer.headers) or step.suspicious(answer.status, answer.headers):
            if self._pool is pool:
                self._pool = None
            await pool.retire()
        return answer

    def _open(self) -> _Pool | None:
        if self._pool is None and self._lean:
            pool = _Pool(self._settings, reuse=True)
            self._lean = hasattr(pool.session, "_retry_connection")
            pool.session.trace_configs.clear()
            self._pool = pool
        return self._pool if self._lean else None

    def _known_credentials(self) -> dict[str, str]:
        """The token's header: every request of a run goes to the base's origin."""
        token = self._settings.token
        generation = 0 if token is None else token.generation
        if self._credentials[0] != generation:
            self._credentials = generation, self._settings.credentials_for(f"{self._settings.base.origin}/")
        return self._credentials[1]

    async def _answered(self, session: aiohttp.ClientSession, step: Send) -> Answer:
        request = step.request
        response = await session.request(
            request.method,
            _url_of(request),
            headers={**request.headers, **self._known_credentials()},
            allow_redirects=False,
            timeout=_timeout(step.connect),
        )
        if response.status == _BODILESS and response.closed:  # nothing to read, and the connection is given back
            return Answer(_BODILESS, {name.lower(): value for name, value in response.headers.items()})
        try:
            answer = await _read(response, request.body_limit, step.read, 1)
        except BaseException:
            response.close()
            raise
        if answer.truncated:
            response.close()
        response.release()
        return answer

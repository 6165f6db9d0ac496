"""Carries one request out with `requests`: one send, no redirects, no retries, no environment, bounded in time and size."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections.abc import Callable
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from sexton.client._connections import EXCHANGE, Exchange, watched
from sexton.client._request import Request, check_prepared
from sexton.client._response import Answer, Failure, FailureKind, must_close
from sexton.client._settings import Settings, warn_of_a_shadowed_urllib3
from sexton.client._wire import Reply, Send

_BLOCK = 4096
_FAULTS = (requests.RequestException, HTTPError, HTTPException, OSError)


class _Credentials(AuthBase):
    """Sets our header last. Being an `auth`, it also keeps requests from putting netrc's password over it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        prepared.headers.update(self._settings.credentials_for(prepared.url or ""))
        return prepared


class _Adapter(HTTPAdapter):
    """Pools whose connections know the deadline of the exchange they serve."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        watched(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        return watched(super().proxy_manager_for(*args, **options))


class _NoQueries(logging.Filter):
    """Takes the query out of urllib3's debug lines while one of our requests is under way."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(EXCHANGE, "current", None) is not None and isinstance(record.args, tuple):
            record.args = tuple(a.partition("?")[0] if isinstance(a, str) else a for a in record.args)
        return True


_NO_QUERIES = _NoQueries()


def _own_session(settings: Settings) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    if settings.proxy:
        session.proxies = {"http": settings.proxy, "https": settings.proxy}
    if settings.ca_file:
        session.verify = settings.ca_file
    adapter = _Adapter(pool_maxsize=settings.max_connections, pool_block=True)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class RequestsTransport:
    """One send at a time per thread; threads may share it."""

    def __init__(self, settings: Settings) -> None:
        warn_of_a_shadowed_urllib3()
        self._settings = settings
        self._own = settings.session is None
        self._session: requests.Session = settings.session or _own_session(settings)
        logging.getLogger("urllib3.connectionpool").addFilter(_NO_QUERIES)

    def close(self) -> None:
        """Close the session, unless it is the caller's."""
        if self._own:
            self._session.close()

    def send(self, step: Send) -> Reply:
        """Send once.

        Raises:
            Refused: the library rewrote the request; nothing was sent.
        """
        prepared = self._prepare(step.request)
        if self._own:
            return self._exchange(step, prepared)
        return _bounded(lambda: self._exchange(step, prepared), step.total)

    def _prepare(self, request: Request) -> requests.PreparedRequest:
        wanted = requests.Request(request.method, request.url, headers=dict(request.headers), data=request.body)
        wanted.auth = self._auth()
        prepared = self._session.prepare_request(wanted)
        check_prepared(request, prepared.method, prepared.url, prepared.body)
        return prepared

    def _auth(self) -> AuthBase | None:
        has_header = any(str(name).lower() == "authorization" for name in self._session.headers)
        ours = self._settings.token is not None or self._own or (has_header and self._session.auth is None)
        return _Credentials(self._settings) if ours else None

    def _exchange(self, step: Send, prepared: requests.PreparedRequest) -> Reply:
        fresh = step.fresh or self._settings.strict_connections
        exchange = Exchange(step.read, time.monotonic() + step.total, fresh=fresh)
        EXCHANGE.current = exchange
        try:
            answer = self._answered(step, prepared)
            # A socket cut while its head is read looks like a complete answer to http.client.
            return Failure(FailureKind.READ_TIMEOUT, sent=True) if exchange.cut else answer
        except _FAULTS as error:
            return self._failure(error, exchange, step)
        finally:
            EXCHANGE.current = None
            exchange.end()
            prepared.headers.pop(self._settings.token_header, None)
            prepared.headers.pop("Authorization", None)

    def _answered(self, step: Send, prepared: requests.PreparedRequest) -> Answer:
        options = self._session.merge_environment_settings(prepared.url, {}, True, None, None)  # noqa: FBT003
        response = self._session.send(
            prepared, **options | {"stream": True}, timeout=(step.connect, step.read), allow_redirects=False
        )
        headers = {str(name).lower(): str(value) for name, value in response.headers.items()}
        distrusted = must_close(response.status_code, headers) or step.suspicious(response.status_code, headers)
        if distrusted:
            response.raw.close()  # before the end is read: then urllib3 would have given the connection back already
        body, truncated = (b"", False) if distrusted else _read(response, step.request.body_limit)
        response.close()
        response._content, response._content_consumed = body, True  # type: ignore[attr-defined]  # noqa: SLF001
        sends = 1 + len(getattr(getattr(response.raw, "retries", None), "history", ()))
        return Answer(response.status_code, headers, body, truncated, sends, response)

    def _failure(self, error: Exception, exchange: Exchange, step: Send) -> Failure:
        kind = _kind_of(error, cut=exchange.cut)
        if self._own:
            return Failure(kind if exchange.sent else _before_sending(kind), sent=exchange.sent)
        adapter = self._session.get_adapter(step.request.url)
        retries = getattr(getattr(adapter, "max_retries", None), "total", 0)
        sent = bool(retries) or not _never_left(error)  # an adapter that retries may have sent it before
        return Failure(kind if sent else _before_sending(kind), sent=sent)


def _read(response: requests.Response, limit: int) -> tuple[bytes, bool]:
    """At most `limit` bytes of the body, as they came: nothing is decompressed. Whether there were more."""
    raw, body = response.raw, bytearray()
    while block := raw.read(_BLOCK, decode_content=False):
        body += block
        if len(body) > limit:
            raw.close()
            return bytes(body[:limit]), True
    return bytes(body), False


def _kind_of(error: Exception, *, cut: bool) -> FailureKind:
    if cut or isinstance(error, requests.ReadTimeout):
        return FailureKind.READ_TIMEOUT
    if isinstance(error, requests.ConnectTimeout):
        return FailureKind.CONNECT_TIMEOUT
    if isinstance(error, requests.exceptions.SSLError):
        return FailureKind.TLS
    return FailureKind.READ_TIMEOUT if "Read timed out" in str(error) else FailureKind.BROKEN


def _before_sending(kind: FailureKind) -> FailureKind:
    return kind if kind in {FailureKind.CONNECT_TIMEOUT, FailureKind.TLS} else FailureKind.CONNECT


def _never_left(error: Exception) -> bool:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    certificate = isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error)
    return (
        certificate
        or isinstance(error, requests.ConnectTimeout)
        or isinstance(reason, NewConnectionError | NameResolutionError)
    )


def _bounded(exchange: Callable[[], Reply], seconds: float) -> Reply:
    """Run an exchange of a caller's session, whose sockets we do not hold, for so many seconds at most."""
    done: list[Reply | BaseException] = []

    def run() -> None:
        try:
            done.append(exchange())
        except BaseException as error:  # noqa: BLE001 — handed to the caller's thread
            done.append(error)

    thread = threading.Thread(target=contextvars.copy_context().run, args=(run,), name="sexton-exchange", daemon=True)
    thread.start()
    thread.join(seconds)
    found = done[0] if done else Failure(FailureKind.READ_TIMEOUT, sent=True)
    if isinstance(found, BaseException):
        raise found
    return found

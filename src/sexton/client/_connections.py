"""urllib3 connections that know the exchange they serve: whether a byte left, and when it must be over."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from sexton.client._watchdog import WATCHDOG, Watch

_LEAST = 0.01


class Exchange:
    """One request and its answer. `read` in seconds, `end_at` by the monotonic clock; `fresh`: on a new connection."""

    def __init__(self, read: float, end_at: float, *, fresh: bool = False) -> None:
        self._read = read
        self._end_at = end_at
        self._watch: Watch | None = None
        self.fresh = fresh
        self.sent = False

    def watch(self, sock: Any) -> None:
        """From now on the answer is awaited: not longer than `read`, not beyond the end."""
        if sock is not None:
            self._watch = WATCHDOG.watch(sock, max(_LEAST, min(self._read, self.left())))

    def left(self) -> float:
        """Seconds until the end."""
        return self._end_at - time.monotonic()

    def end(self) -> None:
        """The answer was read, or given up."""
        if self._watch is not None:
            self._watch.end()

    @property
    def cut(self) -> bool:
        """Whether the deadline ended it."""
        return self._watch is not None and self._watch.cut


class _Current(threading.local):
    current: Exchange | None = None


EXCHANGE = _Current()


class _Watched:
    """What the plain and the TLS connection share."""

    def _new_conn(self: Any) -> socket.socket:
        """Connect to one address after the other, all within one connect time-out."""
        end = time.monotonic() + float(self.timeout)
        last: OSError | None = None
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        for family, kind, protocol, _, address in found:
            if (left := end - time.monotonic()) <= 0:
                break
            try:
                return _connected(socket.socket(family, kind, protocol), address, left, self.socket_options)
            except OSError as error:
                last = error
        if last is None or isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, "Connecting took longer than the time-out.")
        raise NewConnectionError(self, f"Failed to connect: {last.strerror}")

    serving: Exchange | None = None

    def send(self: Any, data: Any) -> None:
        if self.serving is not None:
            self.serving.end()  # its deadline must not cut this exchange
        if self.sock is None:
            self.connect()  # else the first send would, and a failure to connect would count as sent
        if EXCHANGE.current is not None:
            EXCHANGE.current.sent = True
        super().send(data)  # type: ignore[misc]

    def getresponse(self: Any) -> Any:
        if EXCHANGE.current is not None:
            self.serving = EXCHANGE.current
            EXCHANGE.current.watch(self.sock)
        return super().getresponse()  # type: ignore[misc]


def _connected(sock: socket.socket, address: Any, seconds: float, options: Any) -> socket.socket:
    try:
        for option in options or ():
            sock.setsockopt(*option)
        sock.settimeout(seconds)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


class _Plain(_Watched, HTTPConnection):
    pass


class _Tls(_Watched, HTTPSConnection):
    pass


class _Bounded:
    """What the pools share: nobody waits for a connection beyond the end of the exchange."""

    def _get_conn(self: Any, timeout: float | None = None) -> Any:
        exchange = EXCHANGE.current
        if exchange is None:
            return super()._get_conn(timeout)  # type: ignore[misc]
        connection = super()._get_conn(max(_LEAST, exchange.left()))  # type: ignore[misc]
        if exchange.fresh:
            connection.close()  # it connects anew when it sends
        return connection


class _PlainPool(_Bounded, HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(_Bounded, HTTPSConnectionPool):
    ConnectionCls = _Tls


def watched(manager: Any) -> Any:
    """Make a pool manager use these connections (socks managers keep their own)."""
    if type(manager).__name__ != "SOCKSProxyManager":
        manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}
    return manager

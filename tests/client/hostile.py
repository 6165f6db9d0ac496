"""A server on a raw socket that drops, stalls, drips, lies, redirects; and one driver for both clients."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sexton.client import AsyncClient, Client, RetryPolicy, Timeout
from sexton.client._bulk_transport import BulkTransport

TRANSPORTS = ("requests", "aiohttp", "bulk")
"""How a request is carried: `requests`, `aiohttp`, and the leaner aiohttp of the bulk commands."""
QUICK = Timeout(connect=0.5, read=0.4, total=5.0)
HASTY = RetryPolicy(base=0.01, cap=0.02)


@dataclass(frozen=True)
class Seen:
    """One request as it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int
    at: float = field(default_factory=time.monotonic)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


Act = Callable[[socket.socket, Seen], bool]
"""Answers on the socket; whether the connection is kept."""


def status(code: int, body: bytes = b"", *, echo: bool = False, **headers: str) -> Act:
    def act(sock: socket.socket, seen: Seen) -> bool:
        lines = {name.replace("_", "-"): value for name, value in headers.items()}
        if code != 204:
            lines.setdefault("Content-Length", str(len(body)))
        if echo:
            lines["X-Correlation-Id"] = seen.headers.get("x-correlation-id", "")
        head = f"HTTP/1.1 {code} Any\r\n" + "".join(f"{n}: {v}\r\n" for n, v in lines.items()) + "\r\n"
        sock.sendall(head.encode("latin-1") + body)
        return True

    return act


def json(code: int, body: str, **headers: str) -> Act:
    return status(code, body.encode(), Content_Type="application/json", **headers)


def raw(data: bytes, *, keep: bool = True) -> Act:
    def act(sock: socket.socket, _: Seen) -> bool:
        sock.sendall(data)
        return keep

    return act


def drop(_: socket.socket, __: Seen) -> bool:
    return False


def stall(seconds: float, then: Act = drop) -> Act:
    def act(sock: socket.socket, seen: Seen) -> bool:
        time.sleep(seconds)
        return then(sock, seen)

    return act


def drip(head: bytes, piece: bytes, gap: float, times: int) -> Act:
    def act(sock: socket.socket, _: Seen) -> bool:
        sock.sendall(head)
        for _ in range(times):
            time.sleep(gap)
            sock.sendall(piece)
        return False

    return act


class Hostile:
    """`on` lists what to do by method, in turn, the last one again and again; `act` decides instead if set."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.on: dict[str, list[Act]] = {"DELETE": [status(204)], "GET": [status(404)]}
        self.act: Callable[[Seen], Act] | None = None
        self.seen: list[Seen] = []
        self.connections = 0
        self._turns: dict[str, int] = {}
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self.url = f"https://localhost:{self.port}/v1" if tls else f"http://127.0.0.1:{self.port}/v1"
        threading.Thread(target=self._accept, daemon=True).start()

    def of(self, method: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.method == method]

    @property
    def deletes(self) -> list[str]:
        return [seen.target for seen in self.of("DELETE")]

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True).start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        self._open.add(sock)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls is not None:
            try:
                sock = self.tls.wrap_socket(sock, server_side=True)
            except OSError:
                sock.close()
                return
        with contextlib.suppress(OSError), sock, sock.makefile("rb") as stream:
            while (seen := _read(stream, number)) is not None:
                if not self._choose(seen)(sock, seen):
                    sock.shutdown(socket.SHUT_RDWR)
                    break
        self._open.discard(sock)

    def _choose(self, seen: Seen) -> Act:
        with self._lock:
            self.seen.append(seen)
            if self.act is not None:
                return self.act(seen)
            acts = self.on[seen.method]
            turn = self._turns.get(seen.method, 0)
            self._turns[seen.method] = turn + 1
            return acts[min(turn, len(acts) - 1)]


def _read(stream: Any, number: int) -> Seen | None:
    line = stream.readline().decode("latin-1")
    if not line.strip():
        return None
    method, target, _ = line.split(" ", 2)
    headers = {}
    while (header := stream.readline().decode("latin-1").rstrip("\r\n")) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    chunked = headers.get("transfer-encoding") == "chunked"
    body = b"".join(_chunks(stream)) if chunked else stream.read(int(headers.get("content-length", "0")))
    return Seen(method, target, headers, body, number)


def _chunks(stream: Any) -> Iterator[bytes]:
    while size := int(stream.readline() or b"0", 16):
        yield stream.read(size)
        stream.readline()
    stream.readline()


@contextlib.contextmanager
def hostile() -> Iterator[Hostile]:
    server = Hostile()
    try:
        yield server
    finally:
        server.close()


class Driven:
    """An `AsyncClient` behind the face of a `Client`: each call runs its loop until it is done."""

    def __init__(self, url: str, **options: Any) -> None:
        self.client = AsyncClient(url, **options)
        self.loop = asyncio.new_event_loop()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.client, name)
        if not asyncio.iscoroutinefunction(method):
            return method
        return lambda *args, **options: self.loop.run_until_complete(method(*args, **options))

    def __repr__(self) -> str:
        return repr(self.client)

    def close(self) -> None:
        self.loop.run_until_complete(self.client.close())
        self.loop.run_until_complete(asyncio.sleep(0.01))
        self.loop.close()


def make(transport: str, url: str, **options: Any) -> Any:
    given = {"service": "tests/1", "timeout": QUICK, "retry": HASTY} | options
    if transport == "requests":
        return Client(url, **given)
    driven = Driven(url, **given)
    if transport == "bulk":
        driven.client._transport = BulkTransport(driven.client._settings)
    return driven

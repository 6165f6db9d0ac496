"""A TCP proxy before PostgreSQL that breaks lines while a COMMIT is in flight."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

_COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
_RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Forwards; of every `every` COMMITs it cuts one, in turn before the server got it and after it has answered."""

    def __init__(self, server: tuple[str, int], every: int) -> None:
        self._server, self._every = server, every
        self._commits = 0
        self.lost_requests = self.lost_answers = 0
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        self._listener.close()
        for line in list(self._open):
            _cut(line)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                self._open |= {client, server}
                line = _Line(self, client, server)
                threading.Thread(target=line.forth, daemon=True).start()
                threading.Thread(target=line.back, daemon=True).start()

    def fate(self) -> str:
        """What becomes of the next COMMIT."""
        with self._lock:
            self._commits += 1
            if self._commits % self._every:
                return "passes"
            if self._commits // self._every % 2:
                self.lost_requests += 1
                return "request is lost"
            self.lost_answers += 1
            return "answer is lost"


class _Line:
    """One connection: both directions end together."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._deaf = False

    def forth(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._client.recv(1 << 16):
                fate = self._proxy.fate() if _COMMIT in data else "passes"
                if fate == "request is lost":
                    break
                self._deaf = self._deaf or fate == "answer is lost"
                self._server.sendall(data)
        self._end()

    def back(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._server.recv(1 << 16):
                if self._deaf:  # the server has committed, and nobody hears of it
                    break
                self._client.sendall(data)
        self._end()

    def _end(self) -> None:
        _cut(self._client)
        _cut(self._server)


def _cut(line: socket.socket) -> None:
    """Reset: no farewell, nothing more to read."""
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        line.shutdown(socket.SHUT_RDWR)
    line.close()


@contextmanager
def broken(url: str, every: int) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the server of a URL, and the URL that goes through it."""
    parts = urlsplit(url)
    proxy = Proxy((parts.hostname or "127.0.0.1", parts.port or 5432), every)
    try:
        yield proxy, url.replace(f":{parts.port}/", f":{proxy.port}/")
    finally:
        proxy.close()

"""Servers for the benchmarks of the client: nginx over files, or a plain one; both on loopback, each in a process of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

_MADE = 0x68000000  # when each file was made; nginx tells it, and the size, in the ETag
NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log stderr crit; user root;
events {{ worker_connections 2048; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 3600; client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port} backlog=1024; root {folder}/root; default_type application/json;
            location / {{ dav_methods DELETE; }} }}
}}
"""


@dataclass(frozen=True)
class Place:
    """A running server: `fill(n)` makes the items r0 … of `url`/reports, each with this ETag."""

    name: str
    url: str
    etag: str
    fill: Callable[[int], None]


@contextmanager
def place(seconds: float) -> Iterator[Place]:
    """Nginx where it is installed and nothing is to take time, else the plain server, which answers after so many seconds."""
    made = _nginx() if shutil.which("nginx") and not seconds else _plain(seconds)
    with made as found:
        yield found


@contextmanager
def _nginx() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:  # files in memory
        folder, port = Path(name), _free_port()
        (folder / "root/reports").mkdir(parents=True)
        (folder / "conf").write_text(NGINX.format(folder=folder, port=port))
        process = subprocess.Popen(["nginx", "-p", name, "-c", str(folder / "conf")])

        def fill(count: int) -> None:
            for n in range(count):
                path = folder / f"root/reports/r{n}"
                path.write_text('{"id": 1}')
                os.utime(path, (_MADE, _MADE))

        try:
            _wait_for(port)
            yield Place("nginx", f"http://127.0.0.1:{port}", f'"{_MADE:x}-9"', fill)
        finally:
            process.terminate()
            process.wait()


@contextmanager
def _plain(seconds: float) -> Iterator[Place]:
    process = subprocess.Popen([sys.executable, __file__, str(seconds)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = f"http://127.0.0.1:{process.stdout.readline().strip()}"
    try:
        yield Place("plain server", url, '"v1"', lambda _: urlopen(Request(url, method="PUT"), timeout=5).close())
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("nginx does not listen")


class _Plain(asyncio.Protocol):
    """Any item is there until it was deleted; a PUT brings all back. Requests have no body."""

    gone: set[bytes] = set()  # noqa: RUF012 — one for all connections
    seconds = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *heads, self._rest = (self._rest + data).split(b"\r\n\r\n")
        answers = b"".join(map(self._answer, heads))
        if self.seconds:
            asyncio.get_running_loop().call_later(self.seconds, self._transport.write, answers)  # type: ignore[attr-defined]
        else:
            self._transport.write(answers)  # type: ignore[attr-defined]

    def _answer(self, head: bytes) -> bytes:
        method, path, _ = head.split(b" ", 2)
        if method == b"PUT":
            self.gone.clear()
        if method == b"DELETE":
            self.gone.add(path)
        if method != b"GET":
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        if path in self.gone or path.endswith(b"/"):
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        head = b'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n'
        return head + b'{"id": 1}'


async def _serve(seconds: float) -> None:
    _Plain.seconds = seconds
    server = await asyncio.get_running_loop().create_server(_Plain, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))

"""The host's application behind a real HTTP server, and a session that calls it as one of its callers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import requests
import uvicorn

_HOST = "127.0.0.1"
_SECONDS = 30


class Caller(requests.Session):
    """A `requests` session for paths of the application; it follows no redirect and knows no proxy and no .netrc."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        """`headers` go with each request: what authenticates the caller."""
        super().__init__()
        self.base, self.trust_env = base, False
        self.headers.update(headers)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """Send a request to a path such as `/api/v1/flags`."""
        options["allow_redirects"] = False
        options.setdefault("timeout", _SECONDS)
        path = url.decode() if isinstance(url, bytes) else url
        return super().request(method, self.base + path, *args, **options)


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an ASGI application, its lifespan included, in a thread; gives its address without a slash at the end.

    Raises RuntimeError where it does not start; the reason is in the log.
    """
    config = uvicorn.Config(app, host=_HOST, port=0, lifespan="on", log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=_run, args=(server,), name="sexton-testing", daemon=True)
    thread.start()
    try:
        yield f"http://{_HOST}:{_port(server, thread)}"
    finally:
        server.should_exit = True
        thread.join(timeout=_SECONDS)


def _run(server: uvicorn.Server) -> None:
    with suppress(SystemExit):  # how uvicorn ends where the application does not start
        server.run()


def _port(server: uvicorn.Server, thread: threading.Thread) -> int:
    deadline = time.monotonic() + _SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the application did not start: the log says why")
        time.sleep(0.005)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port


@contextmanager
def calling(app: Any, headers: Mapping[str, str]) -> Iterator[Caller]:
    """Serve an application and call it."""
    with served(app) as base, Caller(base, headers) as caller:
        yield caller

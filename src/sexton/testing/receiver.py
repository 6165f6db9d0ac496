"""A receiver of webhooks: a real HTTP server on the loopback address that keeps what it was sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

from standardwebhooks import Webhook

from sexton.library.sexton import Sexton

_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came in; the names of its headers are in small letters."""

    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> Any:
        """The message, once its signature holds. Raises WebhookVerificationError (Standard Webhooks) where not."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass(slots=True)
class Receiver:
    """Where to send to, what came in so far, and the status that each message is answered with."""

    url: str
    received: list[Received] = field(default_factory=list)
    answer: int = 204


@contextmanager
def webhook_receiver(sexton: Sexton) -> Iterator[Receiver]:
    """A receiver that this `Sexton` may call until the block ends, though webhooks to loopback are refused otherwise.

    Register its `url` as your application does, then look at `received` after `run_jobs`.
    """
    server = ThreadingHTTPServer((_HOST, 0), BaseHTTPRequestHandler)
    receiver = Receiver(f"http://{_HOST}:{server.server_address[1]}/webhooks")
    server.RequestHandlerClass = _handler(receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        with _reachable(sexton):
            yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append(Received({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(receiver.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing; the test looks at what was received."""

    return Handler


@contextmanager
def _reachable(sexton: Sexton) -> Iterator[None]:
    store = sexton.store
    usual = store.reach
    widened = replace(usual, networks=(*usual.networks, ip_network(_HOST)))
    object.__setattr__(store, "reach", widened)  # frozen for everybody else
    try:
        yield
    finally:
        object.__setattr__(store, "reach", usual)

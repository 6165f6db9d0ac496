"""One signed POST to a receiver: the address is resolved once, checked, and exactly that address is called.

No redirect is followed, no proxy asked, no body of the receiver's kept; and it ends in time, however slowly the
receiver answers.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from threading import Timer

from standardwebhooks import Webhook
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from sexton.receivers import Reach, Receiver
from sexton.version import __version__

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
MOST_READ = 64 * 1024
_ADDRESSES = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it: the receiver's status, or None and why there is none."""

    status: int | None
    error: str | None = None


class _Bounded(HTTPConnection):
    """A connection that is cut `READ_SECONDS` after it was made: a receiver that drips would outlast any time-out."""

    line: socket.socket | None = None
    timer: Timer | None = None
    was_cut = False

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        self.line = made.dup()  # TLS takes the socket itself over before it has shaken hands
        self.timer = Timer(READ_SECONDS, self._cut)
        self.timer.start()
        return made

    def _cut(self) -> None:
        self.was_cut = True
        with suppress(OSError):
            if self.line is not None:
                self.line.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Close everything."""
        if self.timer is not None and self.line is not None:
            self.timer.cancel()
            self.line.close()
        self.close()


class _BoundedTLS(_Bounded, HTTPSConnection):
    """The same over TLS."""


def resolve(reach: Reach, receiver: Receiver) -> list[str]:
    """The addresses of a receiver, all of which may be called. Raises ValueError with a sentence."""
    try:
        found = socket.getaddrinfo(receiver.host, receiver.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        message = f"{receiver.host} cannot be resolved"
        raise ValueError(message) from None
    addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
    fault = reach.fault(receiver, addresses)
    if fault is not None:
        raise ValueError(fault)
    return addresses


def send(
    reach: Reach,
    url: str,
    message_id: str,
    body: str,
    secrets: Sequence[str],
    trace: Mapping[str, str] | None = None,
) -> Sent:
    """POST a message, signed with each secret, with the headers of a trace; whatever the receiver does is an answer and no exception."""
    try:
        receiver = Receiver.of(url)
        addresses = resolve(reach, receiver)
    except ValueError as error:
        return Sent(None, str(error))
    headers = _headers(receiver, message_id, body, secrets) | dict(trace or {})
    sent = Sent(None, "no address to call")
    for address in addresses[:_ADDRESSES]:
        connection = _connection(receiver, address)
        try:
            return Sent(_post(connection, receiver, body, headers))
        except (NewConnectionError, ConnectTimeoutError):
            sent = Sent(None, "no connection was made")
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            return Sent(None, _told(connection, error))
        finally:
            connection.release()
    return sent


def _connection(receiver: Receiver, address: str) -> _Bounded:
    """A connection to an address that was checked; the certificate must still be the name's."""
    if receiver.scheme == "http":
        return _Bounded(address, receiver.port, timeout=CONNECT_SECONDS)
    name = receiver.host.rstrip(".")
    return _BoundedTLS(address, receiver.port, timeout=CONNECT_SECONDS, server_hostname=name, cert_reqs="CERT_REQUIRED")


def _headers(receiver: Receiver, message_id: str, body: str, secrets: Sequence[str]) -> dict[str, str]:
    now = datetime.now(UTC)  # of this try: receivers refuse what is older than some minutes
    return {
        "Host": receiver.authority,
        "Content-Type": "application/json",
        "User-Agent": f"Sexton/{__version__}",
        "Connection": "close",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message_id, now, body) for secret in secrets),
    }


def _post(connection: _Bounded, receiver: Receiver, body: str, headers: dict[str, str]) -> int:
    """The status. The rest is read, within bounds, only so that the receiver sees its answer taken."""
    connection.connect()
    connection.timeout = READ_SECONDS
    connection.request("POST", receiver.target, body.encode(), headers, preload_content=False, decode_content=False)
    response = connection.getresponse()
    if connection.was_cut:
        raise TimeoutError
    with suppress(HTTPError, HTTPException, OSError, ValueError):
        response.read(MOST_READ, decode_content=False)
    response.close()
    return response.status


def _told(connection: _Bounded, error: Exception) -> str:
    if connection.was_cut or isinstance(error, TimeoutError):
        return f"no answer within {READ_SECONDS:g} s"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {getattr(error, 'verify_message', None) or error}"
    return f"the connection broke ({type(error).__name__})"

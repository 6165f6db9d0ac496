"""A request before any library has touched it: method, URL, headers, body. No I/O."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sexton.client._address import Address
from sexton.client.errors import Refused, UnsafeAddress, UnsafeHeader
from sexton.version import __version__

SMALL_BODY = 64 * 1024
LARGE_BODY = 16 * 1024 * 1024

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")
_VALUE = re.compile(r"[\x20-\x7e]+\Z")
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")
_CORRELATION = re.compile(r"[A-Za-z0-9._:-]{1,128}\Z")
_STRONG = re.compile(r'"[\x21\x23-\x7e]*"\Z')
_OURS = {
    "if-match": "if_match=",
    "idempotency-key": "idempotency_key=",
    "user-agent": "service=",
    "authorization": "token=, token_env= or token_file=",
    "proxy-authorization": "proxy=",
    "cookie": "a Session of your own",
}
_FRAMING = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "te", "upgrade", "trailer", "expect",
     "accept-encoding", "content-type"}
)  # fmt: skip


@dataclass(slots=True)
class Request:
    """One request. Credentials are not in it: the transport adds them at the last moment, for the base's origin only."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    body_limit: int = SMALL_BODY

    @property
    def correlation_id(self) -> str:
        """The id this request carries in `X-Correlation-Id`."""
        return self.headers["X-Correlation-Id"]

    def as_get(self, url: str | None = None) -> Request:
        """The GET that looks what became of this request: no condition, no key, no cache."""
        kept = {n: v for n, v in self.headers.items() if n not in {"If-Match", "Idempotency-Key", "Content-Type"}}
        return replace(self, method="GET", url=url or self.url, headers=kept | {"Cache-Control": "no-cache"}, body=None)


def user_agent(service: str) -> str:
    """The `User-Agent`: the caller's service first, then this library.

    Raises:
        UnsafeHeader: the service is not visible ASCII.
    """
    if not isinstance(service, str) or not _VALUE.match(service) or service != service.strip():
        raise UnsafeHeader("service= becomes the User-Agent: visible ASCII, for example cleanup-job/1.4.")
    return f"{service} sexton-client/{__version__}"


def headers_of(agent: str, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The headers every request carries, and the caller's own beside them.

    Raises:
        UnsafeHeader: a header of the caller's has another way in, or could be split or dropped.
    """
    headers = {
        "User-Agent": agent,
        "Accept": "application/json, application/problem+json;q=0.9, */*;q=0.1",
        "Accept-Encoding": "identity",
        "X-Correlation-Id": os.urandom(16).hex(),
    }
    for name, value in (extra or {}).items():
        _check_header(name, value)
        headers = {known: old for known, old in headers.items() if known.lower() != name.lower()}
        headers["X-Correlation-Id" if name.lower() == "x-correlation-id" else name] = value
    return headers


def _check_header(name: str, value: str) -> None:
    if not isinstance(name, str) or not _NAME.match(name):
        raise UnsafeHeader("A header's name holds characters that no header name may have.")
    if name.lower() in _OURS:
        raise UnsafeHeader(f"{name} is given by {_OURS[name.lower()]}, where it is checked and kept out of logs.")
    if name.lower() in _FRAMING:
        raise UnsafeHeader(f"{name} is the connection's own business; a request that sets it can be split in two.")
    if not isinstance(value, str) or not _VALUE.match(value) or value != value.strip():
        raise UnsafeHeader(f"The value of {name} must be visible ASCII without line ends; None would drop the header.")
    if name.lower() == "x-correlation-id" and not _CORRELATION.match(value):
        raise UnsafeHeader("X-Correlation-Id: 1 to 128 letters, digits, dots, underscores, colons or dashes.")


def if_match_of(value: str | None) -> dict[str, str]:
    """The `If-Match` header of a strong entity tag (RFC 9110, section 13.1.1), or none.

    Raises:
        UnsafeHeader: the tag is weak (it never matches), unquoted, or empty.
    """
    if value is None:
        return {}
    if not isinstance(value, str) or value.startswith("W/"):
        raise UnsafeHeader("If-Match compares strongly: a weak tag (W/…) never matches. Nothing was sent.")
    if value != "*" and not _STRONG.match(value):
        raise UnsafeHeader('If-Match needs the entity tag as it was given, quotes included: "abc". Nothing was sent.')
    return {"If-Match": value}


def strong(tag: str | None) -> str | None:
    """The tag, if it is a well-formed strong one."""
    return tag if tag is not None and _STRONG.match(tag) else None


def key_of(value: str | None) -> str:
    """An idempotency key: the caller's, checked, or a fresh one.

    Raises:
        UnsafeHeader: it is not 1 to 255 visible ASCII characters.
    """
    if value is None:
        return os.urandom(16).hex()
    if not isinstance(value, str) or not _KEY.match(value):
        raise UnsafeHeader("An idempotency key is 1 to 255 visible ASCII characters.")
    return value


def quoted(key: str) -> str:
    r"""The key as a structured field's string: quotes around it, `"` and `\` escaped (RFC 9651)."""
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def delete_request(address: Address, headers: Mapping[str, str], *, key: str, if_match: str | None = None) -> Request:
    """The DELETE of one address; it never has a body."""
    return Request("DELETE", address.url, {**headers, "Idempotency-Key": quoted(key), **if_match_of(if_match)})


def check_prepared(request: Request, method: str | None, url: str | None, body: object) -> None:
    """Compare what a library is about to send with what was asked for.

    Raises:
        UnsafeAddress: the library rewrote the URL.
        Refused: it changed the method, or gave a DELETE a body.
    """
    if url != request.url:
        raise UnsafeAddress("The HTTP library rewrote the URL: it would address something else. Nothing was sent.")
    if method != request.method or (request.body is None and body):
        raise Refused("The HTTP library changed the method or added a body. Nothing was sent.")

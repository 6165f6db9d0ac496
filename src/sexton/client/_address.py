"""From path segments and filters to the one URL they can mean. No I/O.

Each segment is raw text and is percent-encoded once, so `%2e%2e`, `?` and `#` stay inside their segment. What no
encoding can keep harmless is refused: nothing, blanks, `.`, `..`, slashes, backslashes, control characters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

from sexton.client.errors import InsecureTransport, UnsafeAddress

Segment = str | int
FilterValue = str | int | float | bool
Filters = Mapping[str, FilterValue | Sequence[FilterValue]]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HOST = re.compile(r"[A-Za-z0-9._-]+\Z|\[[0-9A-Fa-f:.]+\]\Z")
_PATH = re.compile(r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)*\Z")
_DOTS = re.compile(r"(?:\.|%2e){1,2}\Z", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Base:
    """A base URL that was checked: `origin` is scheme, host and port; `path` has no slash at its end."""

    origin: str
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Address:
    """One URL. `label` names the resource without ids, `item` is the last segment; the query is never shown."""

    url: str = field(repr=False)
    path: str
    label: str
    item: str
    collection: bool = False


def base_of(url: str, *, allow_http: bool = False) -> Base:
    """Check a base URL.

    Raises:
        UnsafeAddress: it has user information, a query, a fragment, dots in its path or no usable host.
        InsecureTransport: http to another host than this one, without `allow_http`.
    """
    parts, port = _split(url)
    host = (parts.hostname or "").lower()
    if parts.scheme == "http" and not (allow_http or is_loopback(host)):
        raise InsecureTransport(
            f"http://{host} would carry the delete and its token in the clear. "
            "Use https, or pass allow_http=True where the network itself is trusted."
        )
    shown = f"[{host}]" if ":" in host else host
    named = "" if port == _PORTS[parts.scheme] else f":{port}"
    return Base(f"{parts.scheme}://{shown}{named}", host, port, parts.path.rstrip("/"))


def _split(url: str) -> tuple[SplitResult, int]:
    if not isinstance(url, str) or _CONTROL.search(url) or "\\" in url or url != url.strip():
        raise UnsafeAddress("The base URL must be text without blanks at its ends, backslashes or control characters.")
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise UnsafeAddress("The base URL cannot be read as a URL.") from None
    _check_parts(url, parts)
    return parts, port


def _check_parts(url: str, parts: SplitResult) -> None:
    if parts.scheme not in _PORTS:
        raise UnsafeAddress("The base URL must begin with https:// (or http:// on this host).")
    if "@" in parts.netloc:
        raise UnsafeAddress(
            "The base URL holds a user name or password. Pass the credential as token_env or token_file."
        )
    if "?" in url or "#" in url:
        raise UnsafeAddress("The base URL has a query or fragment: it would be lost or merged. Pass filters= instead.")
    if not _HOST.match(re.sub(r":\d*\Z", "", parts.netloc)):
        raise UnsafeAddress("The base URL needs a host in ASCII (spell an international name as xn--…).")
    path = parts.path.rstrip("/")
    if not _PATH.match(path) or any(_DOTS.match(part) for part in path.split("/")):
        raise UnsafeAddress(
            "The base URL's path has empty, dotted or unencoded parts: it would be rewritten on the way."
        )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost`, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def address_of(base: Base, segments: Sequence[Segment], *, filters: Filters | None = None) -> Address:
    """The URL of these segments under the base. An odd number of segments, or a filter, names a collection.

    Raises:
        UnsafeAddress: a segment or filter is empty or would change what is addressed.
    """
    if not segments:
        raise UnsafeAddress("No path segments: this would address the whole API.")
    texts = [_segment(value, place) for place, value in enumerate(segments, 1)]
    path = base.path + "".join(f"/{quote(text, safe='')}" for text in texts)
    query = "" if filters is None else f"?{query_of(filters)}"
    label = "/".join(text if place % 2 == 0 else "{id}" for place, text in enumerate(texts[: len(texts) - 1 or 1]))
    collection = len(texts) % 2 == 1 or filters is not None
    return Address(f"{base.origin}{path}{query}", path, label, texts[-1], collection)


def raw_text(segment: str) -> str:
    """A segment of a URL that somebody typed, as raw text.

    Raises:
        UnsafeAddress: it holds a `%` that begins no escape, or escapes that are no UTF-8: encoded again, it would be
            another one.
    """
    try:
        text = unquote_to_bytes(segment).decode()
    except UnicodeDecodeError:
        text = ""
    if re.search(r"%(?![0-9A-Fa-f]{2})", segment) or (not text and segment):
        raise UnsafeAddress(
            f"{segment!r} is no percent-encoded UTF-8 and would name something else. Nothing was sent. "
            "Encode the id once: a % is spelled %25."
        )
    return text


def _segment(value: Segment, place: int) -> str:
    """One segment as text; the value is quoted in no message, for it may be a secret."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UnsafeAddress(
            f"Path segment {place} is {type(value).__name__}, not text or an integer: "
            "it would address something that was never meant. Pass the id itself."
        )
    text = str(value)
    fault = _fault(text)
    if fault:
        raise UnsafeAddress(f"Path segment {place} {fault} Nothing was sent.")
    return text


def _fault(text: str) -> str | None:
    if not text.strip():
        return "is empty: the request would address the whole collection."
    if text in {".", ".."}:
        return "is a dot segment: servers and libraries would remove it and address the level above."
    if "/" in text or "\\" in text:
        return "holds a slash or backslash: it would open another level of the path."
    if _CONTROL.search(text):
        return "holds a control character (a line end left over from a file?): libraries drop those silently."
    return None if _encodable(text) else "cannot be encoded as UTF-8."


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def query_of(filters: Filters) -> str:
    """The query of a filtered delete, in the given order; never empty.

    Raises:
        UnsafeAddress: a filter would vanish on the way (None, "", []), and the delete would widen.
    """
    pairs = [f"{quote(_name(name), safe='')}={quote(text, safe='')}" for name, text in _pairs(filters)]
    if not pairs:
        raise UnsafeAddress("The filter is empty: the request would delete the whole collection.")
    return "&".join(pairs)


def _pairs(filters: Filters) -> Iterable[tuple[str, str]]:
    for name, value in filters.items():
        values = [value] if isinstance(value, str | int | float | bool) else value
        if not isinstance(values, list | tuple) or not values:
            raise UnsafeAddress(f"Filter {name!r} has no value: it would vanish and the delete would widen.")
        for one in values:
            yield name, _filter_text(name, one)


def _filter_text(name: str, value: FilterValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise UnsafeAddress(f"Filter {name!r} has a value that is no text, number or truth value.")
    text = str(value)
    if not text.strip() or _CONTROL.search(text) or not _encodable(text):
        raise UnsafeAddress(f"Filter {name!r} is empty or holds control characters: the delete would widen.")
    return text


def _name(name: str) -> str:
    if not isinstance(name, str) or not name.strip() or _CONTROL.search(name) or not _encodable(name):
        raise UnsafeAddress("A filter's name must be text without control characters.")
    return name


def same_origin_path(base: Base, location: str) -> str | None:
    """The URL a `Location` names, if it stays on the base's origin and needs no normalising; None otherwise."""
    if location.startswith("/") and not location.startswith("//"):
        location = base.origin + location
    try:
        parts = urlsplit(location)
        there = base_of(f"{parts.scheme}://{parts.netloc}{parts.path}", allow_http=True)
    except (ValueError, UnsafeAddress):
        return None
    if there.origin != base.origin or _CONTROL.search(location) or "\\" in location or not location.isascii():
        return None
    return f"{there.origin}{parts.path}{'?' + parts.query if parts.query else ''}"


def origin_of(location: str) -> str:
    """Scheme, host and port of a redirect's target, for an error message: no path, query or user information."""
    try:
        parts = urlsplit(location)
        host = parts.hostname or ""
        shown = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return "an unreadable location"
    return shown if host and shown.isascii() and not _CONTROL.search(shown) else "the same host"

"""Where ids come from: lines, CSV, NDJSON, a list endpoint. Read as a stream; nothing is guessed."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from sexton.client._address import Address, Base, same_origin_path
from sexton.client._carrier import Carrier
from sexton.client._response import Answer, problem_of
from sexton.client.errors import CallFailed, Refused, UnsafeAddress

_OK = 200


class SourceFault(Refused):
    """The list of ids cannot be read; the message names the line or page. Nothing was sent."""


class Form(StrEnum):
    """How a file of ids is written."""

    AUTO = "auto"  # by the file's name
    LINES = "lines"  # one id a line, as it stands
    NULL = "null"  # ids that end with a zero byte (find -print0)
    CSV = "csv"
    NDJSON = "ndjson"

    @classmethod
    def of(cls, name: str) -> Form:
        """The form a file's name tells."""
        endings = {".csv": cls.CSV, ".ndjson": cls.NDJSON, ".jsonl": cls.NDJSON}
        return endings.get(Path(name).suffix.lower(), cls.LINES)


def ids_of(lines: Iterable[str], form: Form, column: str | None) -> Iterator[str]:
    """The ids of a file's lines (their ends included); blank lines are none.

    Args:
        lines: As an open text file gives them (newline="").
        form: How they are written; AUTO is read as LINES.
        column: The column of a CSV, or the member of an NDJSON object; `id` by default.

    Raises:
        SourceFault: a line holds no id.
    """
    if form is Form.CSV:
        return _from_csv(lines, column or "id")
    if form is Form.NDJSON:
        return _from_ndjson(lines, column or "id")
    return _from_nulls(lines) if form is Form.NULL else _from_lines(lines)


def _from_lines(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        text = line.removesuffix("\n").removesuffix("\r")
        if text.strip():
            yield text


def _from_nulls(pieces: Iterable[str]) -> Iterator[str]:
    rest = ""
    for piece in pieces:
        *whole, rest = (rest + piece).split("\0")
        yield from filter(None, whole)
    if rest:
        yield rest


def _from_csv(lines: Iterable[str], column: str) -> Iterator[str]:
    reader = csv.DictReader(lines)
    if column not in (reader.fieldnames or ()):
        raise SourceFault(f"The CSV has no column {column!r}; it has {', '.join(reader.fieldnames or ()) or 'none'}.")
    for row in reader:
        if not row[column]:
            raise SourceFault(f"Line {reader.line_num}: the column {column!r} is empty.")
        yield row[column]


def _from_ndjson(lines: Iterable[str], key: str) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            raise SourceFault(f"Line {number} is no JSON.") from None
        yield id_in(found, key, f"Line {number}")


def id_in(found: Any, key: str, where: str) -> str:
    """The id of an object, or of a bare value.

    Raises:
        SourceFault: there is none that is text or an integer.
    """
    value = found.get(key) if isinstance(found, dict) else found
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise SourceFault(f"{where}: there is no id (text or an integer) under {key!r}.")
    return str(value)


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list endpoint is read: where its items are, their ids, and what leads to the next page."""

    url: str
    items_key: str = "items"
    id_key: str = "id"
    next_key: str = "next_cursor"
    cursor_parameter: str = "cursor"


async def listed_ids(carrier: Carrier, base: Base, listing: Listing) -> AsyncIterator[str]:
    """The ids of all pages.

    Raises:
        SourceFault: a page is not what `listing` says, leads elsewhere, or leads in a circle.
        CallFailed, Unreachable: a page was not given.
    """
    url = _checked(base, listing.url)
    known: set[str] = set()
    page = 0
    while url:
        page += 1
        if url in known:
            raise SourceFault(f"Page {page} of the list is one that was read before: the cursor leads in a circle.")
        known.add(url)
        found = _page(await carrier.get_at(_address(url)), page)
        for item in _items(found, listing, page):
            yield id_in(item, listing.id_key, f"Page {page} of the list")
        url = _next(base, url, found, listing)


def _checked(base: Base, url: str) -> str:
    found = same_origin_path(base, url)
    if found is None:
        raise UnsafeAddress(f"The list must be on {base.origin}, where the items are deleted.")
    return found


def _address(url: str) -> Address:
    path = urlsplit(url).path
    return Address(url, path, "list", "", collection=True)


def _page(answer: Answer, page: int) -> Any:
    if answer.status != _OK:
        raise CallFailed(answer.status, problem_of(answer), f"page {page} of the list")
    if answer.document is None:
        raise SourceFault(f"Page {page} of the list is no JSON, or is larger than 16 MiB.")
    return answer.document


def _items(found: Any, listing: Listing, page: int) -> list[Any]:
    items = found if isinstance(found, list) else _member(found, listing.items_key)
    if not isinstance(items, list):
        raise SourceFault(f"Page {page} of the list has no array under {listing.items_key!r}.")
    return items


def _member(found: Any, path: str) -> Any:
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _next(base: Base, url: str, found: Any, listing: Listing) -> str:
    """The next page's URL: the one that was given, or this one with the cursor that was given; "" at the end."""
    value = _member(found, listing.next_key)
    if value is None or value == "" or isinstance(value, bool):
        return ""
    text = str(value)
    if text.startswith(("/", "http://", "https://")):
        return _checked(base, text)
    parts = urlsplit(url)
    query = [(name, old) for name, old in parse_qsl(parts.query, keep_blank_values=True)]
    kept = [(name, old) for name, old in query if name != listing.cursor_parameter]
    asked = urlencode([*kept, (listing.cursor_parameter, text)], quote_via=quote)
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{asked}"

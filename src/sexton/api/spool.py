"""A list of ids on its way from a request's body into chunks: counted and checked as it comes, kept in a file."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Iterator
from typing import Any

from sexton.errors import Code, Refused
from sexton.model import Target

MOST_STREAMED = 10_000_000
_LONGEST_LINE = 1 << 20
_IN_MEMORY = 4 << 20


class Spool:
    """Items, in order, as often as they were sent. A file holds what is more than 4 MiB; `len` is their number."""

    def __init__(self) -> None:
        """Empty."""
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 — it lives as long as the request
        self._hash = hashlib.sha256()
        self._count = 0

    def add(self, lines: list[tuple[str, str | None]]) -> None:
        """Append items."""
        written = b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines)
        self._hash.update(written)
        self._file.write(written)
        self._count += len(lines)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @property
    def digest(self) -> str:
        """A hash of all items and versions in their order."""
        return self._hash.hexdigest()

    def __len__(self) -> int:
        """How many items were sent."""
        return self._count

    def __iter__(self) -> Iterator[Target]:
        """All items, from the first, read a line at a time."""
        self._file.seek(0)
        for line in self._file:
            yield Target(*json.loads(line))

    def __contains__(self, target: object) -> bool:
        """Whether an item was sent."""
        return any(one == target for one in self)


class LineReader:
    """Reads NDJSON or CSV piece by piece into a spool."""

    def __init__(self, media_type: str) -> None:
        """Read one of `application/x-ndjson` and `text/csv`."""
        self.spool = Spool()
        self._csv = media_type == "text/csv"
        self._rest = b""
        self._line = 0
        self._columns: list[str] | None = None

    def feed(self, piece: bytes) -> None:
        """Take a piece of the body. Raises Refused (413, 422) with the line's number."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            raise self._fault("the line is longer than 1 MiB")
        self._take(lines)

    def end(self) -> Spool:
        """Take what is left; returns the items."""
        if self._rest:
            self._take([self._rest])
        return self.spool

    def close(self) -> None:
        """Let go of the file."""
        self.spool.close()

    def _take(self, lines: list[bytes]) -> None:
        found = [item for line in lines if (item := self._read(line)) is not None]
        self.spool.add(found)
        if len(self.spool) > MOST_STREAMED:
            raise Refused(Code.BODY_TOO_LARGE, f"a stream holds up to {MOST_STREAMED:,} ids", limit=MOST_STREAMED)

    def _read(self, line: bytes) -> tuple[str, str | None] | None:
        self._line += 1
        try:
            text = line.decode("utf-8-sig" if self._line == 1 else "utf-8").strip("\r")
        except UnicodeDecodeError:
            raise self._fault("the line is not UTF-8") from None
        if not text.strip():
            return None
        return self._from_csv(text) if self._csv else self._from_json(text)

    def _from_json(self, text: str) -> tuple[str, str | None]:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = text.strip() if not text.lstrip().startswith(("{", "[", '"')) else None
        if isinstance(value, dict) and set(value) <= {"id", "if_match"} and _is_id(value.get("id")):
            tag = value.get("if_match")
            if tag is None or isinstance(tag, str):
                return str(value["id"]), tag
        if _is_id(value):
            return str(value), None
        raise self._fault('a line is an id, or {"id": …, "if_match": …}')

    def _from_csv(self, text: str) -> tuple[str, str | None] | None:
        cells = next(csv.reader([text]))
        if self._columns is None:
            if cells not in (["id"], ["id", "if_match"]):
                raise self._fault("the first line names the columns: `id` or `id,if_match`")
            self._columns = cells
            return None
        if len(cells) != len(self._columns) or not cells[0]:
            raise self._fault(f"the line must have {len(self._columns)} cell(s), the first one an id")
        return cells[0], (cells[1] or None) if len(cells) > 1 else None

    def _fault(self, why: str) -> Refused:
        detail = f"line {self._line}: {why}; nothing was deleted"
        return Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": f"#/{self._line}"}])


def _is_id(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)

r"""The plan: which items a bulk delete may touch, each with the version that was seen.

A file of JSON lines (UTF-8):

    {"format": "sexton-plan", "version": 1, "base_url": …, "resource": …, "created_at": …, "tool": …, "count": …, …}
    {"id": "r_9132", "etag": "\"v7\"", "state": "present"}       one line an item, in the order of the source
    {"digest": "sha256:…"}                                        over every byte before this line

It is written beside its place, fsynced and renamed; it is read line by line, whatever its length.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple, Self

from sexton.client.errors import Refused
from sexton.version import __version__

FORMAT = "sexton-plan"
VERSION = 1
_LONGEST_LINE = 1 << 20
_PIECE = 1 << 20
_TOOL = f"sexton {__version__}"
_scan = json.JSONDecoder().raw_decode
_encode = json.JSONEncoder(separators=(",", ":")).encode


class PlanFault(Refused):
    """The plan is cut, changed, foreign or of another version; the message names the line. Nothing was sent."""


class Seen(StrEnum):
    """What the planning GET found."""

    PRESENT = "present"
    ABSENT = "absent"
    UNCLEAR = "unclear"
    UNSEEN = "unseen"  # nobody looked

    @property
    def to_delete(self) -> bool:
        """Whether `apply` sends a DELETE for it."""
        return self in _TO_DELETE


_TO_DELETE = frozenset({Seen.PRESENT, Seen.UNSEEN})
_STATES = {seen.value: seen for seen in Seen}


class PlannedItem(NamedTuple):
    """One item; `position` counts from 0."""

    position: int
    id: str
    etag: str | None
    seen: Seen


@dataclass(frozen=True, slots=True)
class PlanHeader:
    """What stands in the first line.

    Attributes:
        base_url: The API's base, as it was checked.
        resource: The collection under it, as raw text.
        created_at: RFC 3339, UTC.
        plan_id: Makes two plans of the same items two plans: their idempotency keys differ.
        source: How the ids were found.
        count: Items in the plan.
        to_delete: Those for which a DELETE will be sent.
        population: How many items the collection holds, where somebody said so.
        shape: The member names of an item, to recognise the service by; empty where nobody looked.
    """

    base_url: str
    resource: str
    source: str
    count: int = 0
    to_delete: int = 0
    population: int | None = None
    shape: tuple[str, ...] = ()
    created_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    tool: str = _TOOL
    plan_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def age(self, now: float) -> float:
        """Seconds since it was made; `now` in seconds since 1970."""
        return now - datetime.fromisoformat(self.created_at).timestamp()


class PlanWriter:
    """Takes items one by one; nothing stands at `path` until `finish`. A context manager that cleans up."""

    def __init__(self, path: Path) -> None:
        """Begin; raises PlanFault where something stands at the path."""
        if path.exists():
            raise PlanFault(f"{path} exists already; a plan is never overwritten. Name another file, or remove it.")
        self._path = path
        try:
            self._body: IO[bytes] = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115 — __exit__ closes it
        except OSError as error:
            raise PlanFault(f"{path} cannot be written: {error.strerror}.") from None
        self._known: set[str] = set()
        self.count = self.to_delete = self.duplicates = 0

    def is_new(self, item_id: str) -> bool:
        """Whether an id was not named before; a repeated one is counted, and planned once."""
        before = len(self._known)
        self._known.add(item_id)
        self.duplicates += len(self._known) == before
        return len(self._known) > before

    def add(self, item_id: str, etag: str | None, seen: Seen) -> None:
        """Append one item."""
        line: dict[str, str] = {"id": item_id, "state": seen.value}
        if etag is not None:
            line["etag"] = etag
        self._body.write(_encode(line).encode() + b"\n")
        self.count += 1
        self.to_delete += seen.to_delete

    def finish(self, header: PlanHeader) -> str:
        """Write the plan; its digest. Counts in `header` are replaced by what was added.

        Raises:
            PlanFault: something stands at the path by now.
        """
        first = {"format": FORMAT, "version": VERSION, **asdict(header), "count": self.count}
        first["to_delete"] = self.to_delete
        self._body.seek(0)
        with tempfile.NamedTemporaryFile(dir=self._path.parent, prefix=".plan-", delete=False) as file:
            try:
                digest = self._write(file, _encode(first).encode() + b"\n")
                _publish(file, self._path)
            finally:
                Path(file.name).unlink(missing_ok=True)
        return digest

    def _write(self, file: Any, first: bytes) -> str:
        hashed = hashlib.sha256(first)
        file.write(first)
        while piece := self._body.read(_PIECE):
            hashed.update(piece)
            file.write(piece)
        file.write(_encode({"digest": f"sha256:{hashed.hexdigest()}"}).encode() + b"\n")
        return hashed.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._body.close()


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _publish(file: Any, path: Path) -> None:
    """Durable first, then visible under its name, and only if that name is free."""
    file.flush()
    os.fsync(file.fileno())
    try:
        os.link(file.name, path)
    except FileExistsError:
        raise PlanFault(f"{path} exists by now; a plan is never overwritten.") from None
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Plan:
    """A plan that was read to its end and found whole. Its file stays open, so that a later pass reads the same one.

    Raises:
        PlanFault: it is not whole; the message names the line.
    """

    def __init__(self, path: Path) -> None:
        """Open the file and read it to its end."""
        self.path = path
        try:
            self.file: IO[bytes] = path.open("rb")
        except OSError as error:
            raise PlanFault(f"{path} cannot be read: {error.strerror}.") from None
        try:
            self.header = self._read_header()
            self.digest = ""
            self._check()
        except BaseException:
            self.file.close()
            raise

    def items(self) -> Iterator[PlannedItem]:
        """All items in order, a line at a time.

        Raises:
            PlanFault: the file was changed since it was checked.
        """
        # A file of its own: two passes may be under way at once.
        with (
            os.fdopen(os.open(f"/proc/self/fd/{self.file.fileno()}", os.O_RDONLY), "rb")
            if _HAS_PROC
            else (self.path.open("rb")) as file
        ):
            yield from self._pass(file)

    def _pass(self, file: IO[bytes]) -> Iterator[PlannedItem]:
        hashed = hashlib.sha256(file.readline(_LONGEST_LINE))
        position = 0
        for number, line in enumerate(iter(partial(file.readline, _LONGEST_LINE), b""), 2):
            if position == self.header.count:
                self._end(file, number, line, hashed.hexdigest())
                return
            hashed.update(line)
            yield self._item(number, position, line)
            position += 1
        raise self._fault(position + 2, f"the file ends here: {self.header.count - position} items and the digest miss")

    def _item(self, number: int, position: int, line: bytes) -> PlannedItem:
        try:
            text = line.decode()
            found, end = _scan(text)
            etag = found.get("etag")
            item = PlannedItem(position, found["id"], etag, _STATES[found["state"]])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, StopIteration):
            raise self._fault(number, "this is no item of a plan") from None
        known = 2 if etag is None else 3
        if text[end:] != "\n" or len(found) != known or not _is_text(item.id) or not (etag is None or _is_text(etag)):
            raise self._fault(number, "this is no item of a plan")
        return item

    def _end(self, file: IO[bytes], number: int, line: bytes, digest: str) -> None:
        if line != _encode({"digest": f"sha256:{digest}"}).encode() + b"\n":
            raise self._fault(number, "the digest does not match what stands before it: the file was changed")
        if file.read(1):
            raise self._fault(number + 1, "something follows the digest")
        if self.digest not in ("", digest):
            raise self._fault(number, "the file was exchanged while it was read")
        self.digest = digest

    def _read_header(self) -> PlanHeader:
        line = self.file.readline(_LONGEST_LINE)
        try:
            found: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
            kind, version = found.pop("format"), found.pop("version")
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            raise self._fault(1, "this is no plan") from None
        if (kind, version) != (FORMAT, VERSION):
            raise self._fault(1, f"this is {kind!r} of version {version!r}, and not {FORMAT!r} of version {VERSION}")
        try:
            header = PlanHeader(**{**found, "shape": tuple(found["shape"])})
            header.age(0)
        except (TypeError, KeyError, ValueError):
            raise self._fault(1, "the header has missing, unknown or unreadable members") from None
        return header

    def _check(self) -> None:
        """Read it all: digest, counts, and that no id stands there twice."""
        known: set[str] = set()
        to_delete = 0
        for item in self.items():
            known.add(item.id)
            if len(known) == item.position:
                raise self._fault(item.position + 2, "this id stands in the plan twice")
            to_delete += item.seen.to_delete
        if to_delete != self.header.to_delete:
            raise self._fault(
                1, f"the header counts {self.header.to_delete} items to delete, and there are {to_delete}"
            )

    def _fault(self, line: int, what: str) -> PlanFault:
        return PlanFault(f"{self.path}, line {line}: {what}. Nothing was sent; make a new plan.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()


_HAS_PROC = Path("/proc/self/fd").is_dir()

"""The journal of an `apply`: what was about to be sent, and what became of it. Append-only, intent before the send.

JSON lines; each ends with a checksum (CRC-32) over itself and the one before it, so that no line can be changed,
removed, moved or added unseen. The first line binds it to its plan's digest. Then, one an event:

    run      a process began to work on it
    intent   this item may be sent from now on; durable before the first byte leaves
    promise  the server answered 202 to it, and is polled
    result   what became of it
    release  it was not sent after all
    skip     it will not be sent: the plan's GET did not find it
    canary   the canary was deleted and verified
    job      the bulk job of a Sexton server that does it
    stop     why a run ended

A last line that was cut by a crash is no fault: what it would have said was not durable, so nothing followed from it.
"""

from __future__ import annotations

import fcntl
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

from sexton.client.errors import Refused
from sexton.client.outcome import Outcome
from sexton.client.plan_file import PlannedItem

FORMAT = "sexton-journal"
VERSION = 1
_LONGEST_LINE = 1 << 20
_CHECK = len(b',"crc":"0123abcd"}\n')
_encode = json.JSONEncoder(separators=(",", ":")).encode
_text = json.encoder.encode_basestring_ascii  # as `_encode` does, for text alone


class JournalFault(Refused):
    """The journal is corrupt, foreign, of another plan, or in use; the message names the line. Nothing was sent."""


class Standing(IntEnum):
    """Where one item stands, by its last line."""

    NOT_STARTED = 0
    UNKNOWN = 1  # an intent without a result, or a result that says so
    DELETED = 2
    ABSENT = 3
    THROTTLED = 4  # the server had no time: nothing was done
    FAILED = 5
    ACCEPTED = 6  # promised, and not seen to be done
    FORBIDDEN = 7  # the credentials may not

    @property
    def word(self) -> str:
        """As reports spell it."""
        return self.name.lower()


STANDING_OF: Mapping[str, Standing] = {
    Outcome.DELETED: Standing.DELETED,
    Outcome.ALREADY_ABSENT: Standing.ABSENT,
    Outcome.NOT_FOUND: Standing.ABSENT,
    Outcome.ACCEPTED: Standing.ACCEPTED,
    Outcome.THROTTLED: Standing.THROTTLED,
    Outcome.UNKNOWN: Standing.UNKNOWN,
    Outcome.FORBIDDEN: Standing.FORBIDDEN,
    **dict.fromkeys((Outcome.CONFLICT, Outcome.PRECONDITION_FAILED, Outcome.FAILED), Standing.FAILED),
}

_WITHOUT_A_RESULT = {
    "intent": Standing.UNKNOWN,
    "promise": Standing.ACCEPTED,
    "release": Standing.NOT_STARTED,
}


def now_text() -> str:
    """The time of day, RFC 3339 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class JournalHeader:
    """What a journal belongs to."""

    plan: str
    digest: str
    base_url: str
    resource: str
    count: int
    created_at: str = field(default_factory=now_text)


@dataclass(slots=True)
class Recovered:
    """What a journal says: each item's standing by its position, and where the good part of the file ends."""

    header: JournalHeader
    standings: bytearray
    job: dict[str, Any] | None = None
    canary: bool = False
    gone: dict[str, Any] | None = None  # what a GET of a deleted item looked like
    runs: int = 0
    stop: dict[str, Any] | None = None
    end: int = 0
    crc: int = 0
    torn: int = 0

    def counts(self) -> dict[str, int]:
        """Items by standing, all words named."""
        return {standing.word: self.standings.count(standing) for standing in Standing}


class _Reader:
    """Reads line by line, and keeps where the good part ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.end = self.crc = self.torn = self.line = 0

    def events(self) -> Iterator[dict[str, Any]]:
        """Each line's members, in order.

        Raises:
            JournalFault: a line is corrupt or foreign.
        """
        with self._path.open("rb") as file:
            for line in iter(lambda: file.readline(_LONGEST_LINE), b""):
                self.line += 1
                if not line.endswith(b"\n") and not self._is_whole(line + b"\n"):
                    self._check_torn(line, more=bool(file.read(1)))
                    return
                yield self._checked(line if line.endswith(b"\n") else line + b"\n", len(line))

    def _is_whole(self, line: bytes) -> bool:
        return line[-_CHECK:] == check_of(line[:-_CHECK], self.crc)[1]

    def _checked(self, line: bytes, length: int) -> dict[str, Any]:
        crc, check = check_of(line[:-_CHECK], self.crc)
        if line[-_CHECK:] != check:
            raise self.fault("its checksum does not match: the file was changed, or lines are missing before it")
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise self.fault("it is no JSON object")
        self.crc, self.end = crc, self.end + length
        return found

    def _check_torn(self, line: bytes, *, more: bool) -> None:
        """The rest of a line that a crash cut short; a whole line with something behind it was written by no crash."""
        if self.line == 1:
            raise self.fault("the journal has no header")
        if more:
            raise self.fault("it is longer than any line of a journal")
        if len(line) > _CHECK and self._is_whole(line[:-1] + b"\n"):
            raise self.fault("its line end was changed")
        self.torn = len(line)

    def fault(self, what: str) -> JournalFault:
        """The error that names this line."""
        return JournalFault(f"{self._path}, line {self.line}: {what}. Nothing was sent by this run.")


def check_of(body: bytes, previous: int) -> tuple[int, bytes]:
    """The checksum of a line that begins with `body`, after a line with the checksum `previous`; and its spelling."""
    crc = zlib.crc32(body, previous)
    return crc, b',"crc":"%08x"}\n' % crc


def recover(path: Path, observe: Callable[[dict[str, Any]], None] | None = None) -> Recovered:
    """Read a journal; `observe` is told every event.

    Raises:
        JournalFault: it is corrupt, foreign or no journal; the message names the line.
    """
    reader = _Reader(path)
    try:
        events = reader.events()
        found = Recovered(*_header_of(reader, events))
        for event in events:
            _take(found, event, reader)
            if observe is not None:
                observe(event)
    except OSError as error:
        raise JournalFault(f"{path} cannot be read: {error.strerror}.") from None
    found.end, found.crc, found.torn = reader.end, reader.crc, reader.torn
    return found


def _header_of(reader: _Reader, events: Iterator[dict[str, Any]]) -> tuple[JournalHeader, bytearray]:
    first = next(events, None)
    if first is None:
        reader.line = 1
        raise reader.fault("the file is empty")
    if (first.pop("format", None), first.pop("version", None)) != (FORMAT, VERSION):
        raise reader.fault(f"this is no journal of version {VERSION}")
    first.pop("crc", None)
    try:
        header = JournalHeader(**first)
        return header, bytearray(header.count)
    except (TypeError, ValueError, MemoryError, OverflowError):
        raise reader.fault("the header has missing or unknown members") from None


def _take(found: Recovered, event: dict[str, Any], reader: _Reader) -> None:
    kind = event.get("e")
    if kind in {"intent", "promise", "result", "release", "skip"}:
        found.standings[_position(event, found, reader)] = _standing_after(event, reader)
    elif kind == "job":
        found.job = event
    elif kind == "canary":
        found.canary, found.gone = True, event.get("gone")
    elif kind == "run":
        found.runs += 1
        found.stop = None
    elif kind == "stop":
        found.stop = event
    else:
        raise reader.fault(f"{kind!r} is no event of a journal")


def _position(event: dict[str, Any], found: Recovered, reader: _Reader) -> int:
    position = event.get("n")
    if not isinstance(position, int) or not 0 <= position < len(found.standings):
        raise reader.fault("it names an item outside the plan")
    return position


def _standing_after(event: dict[str, Any], reader: _Reader) -> Standing:
    known = _WITHOUT_A_RESULT.get(event["e"])
    if known is not None:
        return known
    standing = STANDING_OF.get(event.get("outcome", ""))
    if standing is None:
        raise reader.fault("it holds no outcome")
    return standing


class Journal:
    """The open journal of one run: locked, and written by this process alone.

    `note` only remembers; `write` (from any one thread) makes what was noted durable.
    """

    def __init__(self, path: Path, descriptor: int, crc: int) -> None:
        """Take over an open, locked file whose last line has the checksum `crc`."""
        self.path = path
        self._descriptor = descriptor
        self._crc = crc
        self._lines: list[bytes] = []

    @classmethod
    def create(cls, path: Path, header: JournalHeader) -> Journal:
        """Begin a journal; its header is durable on return.

        Raises:
            JournalFault: something stands at the path already.
        """
        begun = path.with_name(f".{path.name}.{os.urandom(8).hex()}")  # it has its name once its header is durable
        try:
            descriptor = os.open(begun, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        except OSError as error:
            raise JournalFault(f"{path} cannot be written: {error.strerror}.") from None
        try:
            lock(descriptor, path)
            journal = cls(path, descriptor, 0)
            members = {name: getattr(header, name) for name in header.__slots__}
            journal.note({"format": FORMAT, "version": VERSION, **members})
            journal.write(journal.taken())
            os.link(begun, path)
        except FileExistsError:
            os.close(descriptor)
            raise _applied_before(path) from None
        finally:
            begun.unlink()
        _sync_folder(path.parent)
        return journal

    @classmethod
    def reopen(cls, path: Path) -> tuple[Journal, Recovered]:
        """Go on with a journal: locked, read, and freed of a line that was cut short.

        Raises:
            JournalFault: another process works on it, or it is corrupt.
        """
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
        except OSError as error:
            raise JournalFault(f"{path} cannot be opened: {error.strerror}.") from None
        try:
            lock(descriptor, path)
            found = recover(path)
            _mend(descriptor, found)
        except BaseException:
            os.close(descriptor)
            raise
        return cls(path, descriptor, found.crc), found

    def note(self, event: Mapping[str, Any]) -> None:
        """Remember one event, to be written with the next group."""
        self._append(_encode(event)[:-1].encode())

    def _append(self, body: bytes) -> None:
        self._crc, check = check_of(body, self._crc)
        self._lines.append(body + check)

    def intents(self, items: Iterable[PlannedItem]) -> None:
        """Remember that these are about to be sent."""
        for item in items:
            self._append(b'{"e":"intent","n":%d,"id":%s' % (item.position, _text(item.id).encode()))

    def plainly(self, item: PlannedItem, status: int, milliseconds: float, correlation_id: str) -> None:
        """Remember the result of a DELETE that was sent once and plainly done."""
        told = (item.position, _text(item.id).encode(), status, milliseconds, correlation_id.encode())
        self._append(
            b'{"e":"result","n":%d,"id":%s,"outcome":"deleted","status":%d,"attempts":1,"verified":false,"ms":%.1f,"correlation_id":"%s"'
            % told
        )

    @property
    def pending(self) -> int:
        """Events that were noted, and are not written."""
        return len(self._lines)

    def taken(self) -> bytes:
        """What was noted since the last time, to be given to `write`."""
        lines, self._lines = self._lines, []
        return b"".join(lines)

    def write(self, taken: bytes) -> None:
        """Append and fsync. Raises OSError: what was taken is not durable, and nothing may follow from it."""
        view = memoryview(taken)
        while view:
            view = view[os.write(self._descriptor, view) :]
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Let go of file and lock; what was noted and not written is lost."""
        os.close(self._descriptor)


def check_not_applied(path: Path) -> None:
    """Raise JournalFault where a plan's journal exists: a plan is applied once."""
    if path.exists():
        raise _applied_before(path)


def _applied_before(path: Path) -> JournalFault:
    return JournalFault(
        f"{path} exists: this plan was applied before, or is being applied. A plan is applied once; "
        f"`sexton resume {path}` goes on with it, `sexton report {path}` says how it stands."
    )


def lock(descriptor: int, path: Path) -> None:
    """Lock a file for this process; the lock ends with the process, however that ends.

    Raises:
        JournalFault: another process has it.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise JournalFault(f"{path} is in use: another process works on it. Nothing was sent.") from None


def _mend(descriptor: int, found: Recovered) -> None:
    """Cut what a crash left of a line; end a line that misses just its line end."""
    os.ftruncate(descriptor, found.end)
    if os.pread(descriptor, 1, found.end - 1) != b"\n":
        os.write(descriptor, b"\n")
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

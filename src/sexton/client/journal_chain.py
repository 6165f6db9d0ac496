"""The digests of a journal, run by run: what binds a report to the journal it was made from.

Each digest is SHA-256 over the journal's first `bytes` bytes, from its first line to the end of that run, so that
`head -c BYTES JOURNAL | sha256sum` checks it. A report that was kept elsewhere stays true of a journal that grew:
its digests are among those of every later report, or the journal was rewritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

_BEGINS = b'{"e":"run",'


class RunDigest(NamedTuple):
    """A run's place in its journal; `run` counts from 1."""

    run: int
    bytes: int
    sha256: str


def chain_of(path: Path, end: int) -> list[RunDigest]:
    """The digest at the end of each run; `end` is where the good part of the journal ends (`Recovered.end`)."""
    with path.open("rb") as file:
        return list(_digests(file, end))


def _digests(file: IO[bytes], end: int) -> Iterator[RunDigest]:
    hashed, run, read = hashlib.sha256(), 0, 0
    for line in file:
        if line.startswith(_BEGINS):
            if run:
                yield RunDigest(run, read, hashed.hexdigest())
            run += 1
        if read + len(line) > end:
            break
        hashed.update(line)
        read += len(line)
    yield RunDigest(run, read, hashed.hexdigest())

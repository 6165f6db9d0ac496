"""stdin, stdout and stderr as a command meets them: closed, a pipe whose reader left, a full disk."""

from __future__ import annotations

import os
import sys
from typing import Any


class Output:
    """stdout that cannot break what is being done: a run's journal knows its results, too.

    What cannot be written is dropped: in silence where the reader left (`| head`), else it is told once, as `fault`.
    """

    def __init__(self, stream: Any) -> None:
        """Write to `stream` for as long as that works."""
        self._stream = stream
        self.fault: str | None = None

    def write(self, text: str) -> int:
        """As a file does; never raises OSError."""
        try:
            self._stream.write(text)
        except OSError as error:
            self._give_up(error)
        return len(text)

    def flush(self) -> None:
        """As a file does; never raises OSError."""
        try:
            self._stream.flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        if not isinstance(error, BrokenPipeError):
            self.fault = f"the output cannot be written: {error.strerror}"
        os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def prepare() -> Output:
    """Open what was closed (`>&-`), and guard stdout."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 — lasts as the process
    sys.stdout = guarded = Output(sys.stdout)
    return guarded


def has_terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()

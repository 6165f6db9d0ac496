"""Exit codes, fixed for ever, and how an error looks: one line on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Any

from sexton.cli.streams import Output, prepare
from sexton.errors import ConfigurationError, SchemaError, SextonError


class Exit(IntEnum):
    """What the process tells its caller."""

    OK = 0
    """Every target is gone, or the preview is fine."""
    INTERNAL = 1
    """An internal error."""
    USAGE = 2
    """The command line or the configuration is wrong."""
    SOME_LEFT = 3
    """It finished, and some were not deleted."""
    REFUSED = 4
    """A guard refused; nothing was sent."""
    STOPPED = 5
    """It stopped early, and can be resumed."""
    FORBIDDEN = 6
    """The key or token is missing, wrong, or may not do this."""
    UNKNOWN = 7
    """It finished, and what became of some items is not known."""
    TO_DELETE = 10
    """`sexton plan --detailed-exitcode` only: there is something to delete."""


_CONTROLS = {code: " " for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}


def plain(text: str) -> str:
    """Text of a server or a file, without what would steer a terminal."""
    return text.translate(_CONTROLS)


def say(line: str) -> None:
    """Tell a person something."""
    sys.stderr.write(plain(line) + "\n")


def run(app: Callable[[], Any]) -> None:
    """Run the command line; faults that a person can mend are one line and exit code 2."""
    output = prepare()
    try:
        _run(app)
    except SystemExit as end:
        _check(output)
        if output.fault is None or end.code:
            raise
        sys.exit(Exit.INTERNAL)  # it was done, and nobody can read what


def _check(output: Output) -> None:
    output.flush()
    if output.fault is not None:
        say(f"sexton: {output.fault}")


def _run(app: Callable[[], Any]) -> None:
    try:
        app()
    except (ConfigurationError, SchemaError) as error:
        say(f"sexton: {' '.join(str(error).split())}")
        sys.exit(Exit.USAGE)
    except SextonError as error:
        say(f"sexton: {error}")
        sys.exit(Exit.INTERNAL)

"""Exit codes, fixed for ever, and how an error looks: one line on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Any

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


def say(line: str) -> None:
    """Tell a person something."""
    sys.stderr.write(line + "\n")


def run(app: Callable[[], Any]) -> None:
    """Run the command line; faults that a person can mend are one line and exit code 2."""
    try:
        app()
    except (ConfigurationError, SchemaError) as error:
        say(f"sexton: {' '.join(str(error).split())}")
        sys.exit(Exit.USAGE)
    except SextonError as error:
        say(f"sexton: {error}")
        sys.exit(Exit.INTERNAL)

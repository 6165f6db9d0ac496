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
    INTERNAL = 1
    USAGE = 2
    SOME_LEFT = 3
    REFUSED = 4
    STOPPED = 5
    FORBIDDEN = 6
    UNKNOWN = 7
    TO_DELETE = 10  # `sexton plan --detailed-exitcode` only


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

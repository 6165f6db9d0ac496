"""Production asks twice: the code says `production=True`, the environment names the host."""

from __future__ import annotations

import os
import re

from sexton.client._address import Base
from sexton.client.errors import DeleteNotAllowed

VARIABLE = "SEXTON_ALLOW_DELETE"


def names(base: Base) -> bool:
    """Whether the environment names this host."""
    named = set(re.split(r"[\s,]+", os.environ.get(VARIABLE, "").lower())) - {""}
    return bool(named & {base.host, f"{base.host}:{base.port}", f"[{base.host}]", f"[{base.host}]:{base.port}"})


def check_production(base: Base) -> None:
    """Let a delete on production through only where the environment names its host.

    Raises:
        DeleteNotAllowed: it does not.
    """
    if not names(base):
        raise DeleteNotAllowed(
            f"{base.host} is marked as production, and {VARIABLE} does not name it. Nothing was sent. "
            f"To allow deletes there, set {VARIABLE}={base.host} for this run."
        )

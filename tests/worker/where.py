"""On which databases a crash test runs: PostgreSQL 15 everywhere in the long run, else where it matters most."""

from __future__ import annotations

import os

import pytest

SOAK = bool(os.environ.get("SEXTON_SOAK"))
_NEW, _OLD = ["pg18"], ["pg15"] if SOAK else []


def _on(*kinds: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("database_url", kinds, indirect=True)


everywhere = _on("sqlite", "pg18", "pg15")
usually = _on("sqlite", *_NEW, *_OLD)
on_postgres = _on(*_NEW, *_OLD)
on_sqlite = _on("sqlite")
long = pytest.mark.skipif(not SOAK, reason="the long run: SEXTON_SOAK=1")

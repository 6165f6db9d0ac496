"""FlagBit keeps every promise of its delete API."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from sexton.testing import DeletePromises, Host

sys.path.insert(0, str(Path(__file__).parent))


class TestFlags(DeletePromises):
    """Flags, with their rules as dependents."""

    resource = "flags"
    headers = {"Authorization": "Bearer key-acme"}
    other_headers = {"Authorization": "Bearer key-globex"}
    change = {"status": "off"}

    def make(self, client, count):
        """Flags without rules."""
        return [_make(client) for _ in range(count)]

    def make_family(self, client):
        """A flag with rules."""
        return _make(client, countries=["DE", "US"])

    @pytest.fixture(scope="class")
    @classmethod
    def host(cls, tmp_path_factory):
        """The application, imported once it is known which database it uses."""
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('flagbit')}/flagbit.db")
        from flagbit import app, sexton  # noqa: PLC0415

        return Host(app, sexton)


def _make(client, **more) -> str:
    return client.post("/flags", json={"id": f"flag-{uuid4()}", **more}).json()["id"]

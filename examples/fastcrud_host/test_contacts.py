"""What the host beside FastCRUD promises, on SQLite or on the database that DATABASE_URL names."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from sexton.testing import DeletePromises, Host

sys.path.insert(0, str(Path(__file__).parent))
KEY, OTHER = {"Authorization": "Bearer key-acme"}, {"Authorization": "Bearer key-globex"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    os.environ.setdefault("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('contacts')}/contacts.db")
    from contacts import app  # noqa: PLC0415

    return app


def new_contact(client, name):
    return client.post("/contacts", json={"id": name, "account_id": "acme", "name": name})


def test_fastcrud_and_sexton_side_by_side(app):
    with TestClient(app, headers=KEY) as client:
        assert new_contact(client, "ada").status_code == 200
        assert client.patch("/contacts/ada", json={"name": "Ada"}).status_code == 200
        assert client.get("/contacts/ada").json()["name"] == "Ada"

        assert client.delete("/contacts/ada").status_code == 405
        assert client.delete("/contacts/db_delete/ada").status_code == 404
        first = client.delete("/api/v1/contacts/ada", headers={"Prefer": "return=representation"}).json()
        again = client.delete("/api/v1/contacts/ada")
        assert (again.status_code, again.json()["deleted_at"]) == (410, first["deleted_at"])

        assert client.get("/contacts/ada").status_code == 404
        assert client.get("/contacts").json()["data"] == []
        assert client.patch("/contacts/ada", json={"name": "back"}).status_code == 404
        assert client.post("/api/v1/contacts/ada/restore").status_code == 200
        assert client.get("/contacts/ada").json()["name"] == "Ada"


def test_another_account_sees_nothing(app):
    with TestClient(app, headers=OTHER) as client:
        assert client.get("/contacts/ada").status_code == 404
        assert client.delete("/api/v1/contacts/ada").status_code == 404
        assert new_contact(client, "eve").status_code == 403
        assert client.get("/contacts", headers={"Authorization": ""}).status_code == 401


class TestPromises(DeletePromises):
    """The promises of every delete API."""

    resource, headers, other_headers, change = "contacts", KEY, OTHER, {"name": "changed"}

    def make(self, client, count):
        names = [uuid4().hex for _ in range(count)]
        for name in names:
            assert new_contact(client, name).status_code == 200
        return names

    @pytest.fixture(scope="class")
    @classmethod
    def host(cls, app):
        from contacts import sexton  # noqa: PLC0415

        return Host(app, sexton)

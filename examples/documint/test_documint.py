"""What DocuMint promises, on SQLite or on the database that DATABASE_URL names."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from sexton.examples.documint import create_app
from sexton.testing import DeletePromises, Host

KEY = {"Authorization": "Bearer key-acme"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app(os.environ.get("DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('documint')}/documint.db"))


def new_template(client):
    body = {"id": f"tpl-{uuid4().hex}", "account_id": "acme", "name": "Invoice", "body": "Dear"}
    return client.post("/api/v1/templates", json=body).json()["id"]


def new_document(client, template):
    return client.post("/render", json={"template_id": template, "title": "May"})


def test_documents_keep_their_template_unless_they_go_along(app):
    with TestClient(app, headers=KEY) as client:
        template = new_template(client)
        document = new_document(client, template).json()["id"]
        kept = client.delete(f"/api/v1/templates/{template}")
        assert (kept.status_code, kept.json()["references"][0]["sample_ids"]) == (409, [document])
        found = client.delete(f"/api/v1/templates/{template}?cascade=true&dry_run=true").json()
        assert found["dependents"] == [{"resource": "documents", "count": 1}]

        assert client.delete(f"/api/v1/templates/{template}?cascade=true").status_code == 204
        assert client.get(f"/api/v1/documents/{document}").status_code == 410
        assert new_document(client, template).status_code == 404
        assert client.post(f"/api/v1/templates/{template}/restore").status_code == 200
        assert client.get(f"/api/v1/documents/{document}").status_code == 200
        assert new_document(client, template).status_code == 201


class TestPromises(DeletePromises):
    """The promises of every delete API."""

    resource, headers, other_headers = "templates", KEY, {"Authorization": "Bearer key-globex"}
    change = {"status": "archived"}

    def make(self, client, count):
        return [new_template(client) for _ in range(count)]

    def make_family(self, client):
        template = new_template(client)
        new_document(client, template)
        return template

    @pytest.fixture(scope="class")
    @classmethod
    def host(cls, app):
        return Host(app, app.state.sexton)

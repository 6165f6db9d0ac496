"""What WebhookVault promises, on SQLite or on the database that DATABASE_URL names."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from sexton.examples.webhookvault import create_app
from sexton.testing import DeletePromises, Host

KEY = {"Authorization": "Bearer key-acme"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('webhookvault')}/webhookvault.db"
    return create_app(os.environ.get("DATABASE_URL", url))


def new_endpoint(client):
    body = {"id": f"end-{uuid4().hex}", "account_id": "acme", "url": "https://acme.example/hooks"}
    return client.post("/api/v1/endpoints", json=body).json()["id"]


def test_an_endpoint_goes_with_what_it_captured_and_comes_back_with_it(app):
    with TestClient(app, headers=KEY) as client:
        endpoint = new_endpoint(client)
        sent = [{"event": "order.paid", "order": n} for n in range(101)]
        captured = [client.post(f"/in/{endpoint}", json=one).json()["id"] for one in sent]
        assert client.delete(f"/api/v1/endpoints/{endpoint}").status_code == 409
        refused = client.delete(f"/api/v1/endpoints/{endpoint}?cascade=true")
        assert (refused.status_code, refused.json()["count"]) == (428, 102)

        assert client.delete(f"/api/v1/endpoints/{endpoint}?cascade=true&confirm=true").status_code == 204
        assert client.post(f"/in/{endpoint}", json={}, headers={"Authorization": ""}).status_code == 404
        assert client.post(f"/api/v1/endpoints/{endpoint}/restore").status_code == 200
        bodies = [client.get(f"/api/v1/captured_requests/{one}").json()["body"] for one in captured[:3]]
        assert bodies == sent[:3]
        assert client.post(f"/in/{endpoint}", json={}, headers={"Authorization": ""}).status_code == 201


class TestPromises(DeletePromises):
    """The promises of every delete API."""

    resource, headers, other_headers = "endpoints", KEY, {"Authorization": "Bearer key-globex"}
    change = {"url": "https://acme.example/other"}

    def make(self, client, count):
        return [new_endpoint(client) for _ in range(count)]

    def make_family(self, client):
        endpoint = new_endpoint(client)
        client.post(f"/in/{endpoint}", json={})
        return endpoint

    @pytest.fixture(scope="class")
    @classmethod
    def host(cls, app):
        return Host(app, app.state.sexton)

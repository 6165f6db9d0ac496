"""What FlagBit promises, on SQLite or on the database that DATABASE_URL names."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from sexton.examples.flagbit import create_app
from sexton.testing import DeletePromises, Host

KEY, OTHER = {"Authorization": "Bearer key-acme"}, {"Authorization": "Bearer key-globex"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app(os.environ.get("DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('flagbit')}/flagbit.db"))


def test_the_whole_story(app):
    with TestClient(app, headers=KEY) as client:
        for name in ("dark-mode", "search"):
            new, key = {"id": name, "countries": ["DE"]}, {"Idempotency-Key": name}
            made = [client.post("/flags", json=new, headers=key) for _ in range(2)]
            assert [(one.status_code, one.headers.get("Idempotent-Replayed")) for one in made] == [
                (201, None),
                (201, "true"),
            ]
            assert client.patch(f"/api/v1/flags/{name}", json={"enabled": True}).status_code == 200
        assert client.get("/evaluate/search?country=DE").json() is True

        told = {"filter": {"all": True}, "cascade": True}
        found = client.post("/api/v1/flags/bulk_delete/preview", json=told).json()
        assert (found["count"], found["blocked"]["count"]) == (2, 1)
        assert found["dependents"] == [{"resource": "rules", "count": 1}]
        done = client.post("/api/v1/flags/bulk_delete", json={"confirm_token": found["confirm_token"]}).json()
        assert {one["id"]: one["status"] for one in done["deleted"]} == {"dark-mode": "deleted", "search": "failed"}
        reasons = [one["error"]["detail"] for one in done["deleted"] if "error" in one]
        assert reasons == ["it was asked for within the last day"]

        assert client.get("/evaluate/dark-mode?country=DE").json() is False
        assert client.post("/flags", json={"id": "dark-mode"}).status_code == 409
        assert client.post(f"/api/v1/bulk_jobs/{done['job_id']}/restore").json()["summary"]["restored"] == 1
        assert client.get("/evaluate/dark-mode?country=DE").json() is True
        actions = [entry["action"] for entry in client.get("/api/v1/audit").json()["items"]]
        assert actions == ["bulk_restore", "bulk_delete"]

        assert client.get("/api/v1/flags/search", headers=OTHER).status_code == 404
        assert client.get("/api/v1/flags", headers={"Authorization": ""}).status_code == 401


class TestPromises(DeletePromises):
    """The promises of every delete API."""

    resource, headers, other_headers, change = "flags", KEY, OTHER, {"enabled": True}

    def make(self, client, count):
        names = [f"flag-{uuid4().hex[:30]}" for _ in range(count)]
        return [client.post("/flags", json={"id": name}).json()["id"] for name in names]

    def make_family(self, client):
        told = {"id": f"flag-{uuid4().hex[:30]}", "countries": ["DE", "FR"]}
        return client.post("/flags", json=told).json()["id"]

    @pytest.fixture(scope="class")
    @classmethod
    def host(cls, app):
        return Host(app, app.state.sexton)

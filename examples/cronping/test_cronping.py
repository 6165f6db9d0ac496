"""What CronPing promises, on SQLite or on the database that DATABASE_URL names."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from sexton.examples.cronping import create_app
from sexton.testing import DeletePromises, Host

KEY = {"Authorization": "Bearer key-acme"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app(os.environ.get("DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('cronping')}/cronping.db"))


def new_monitor(client, **told):
    body = {"id": f"mon-{uuid4().hex}", "account_id": "acme", "name": "nightly backup"}
    return client.post("/api/v1/monitors", json=body | told).json()["id"]


def test_a_running_monitor_stays_and_a_paused_one_goes_with_its_pings(app):
    with TestClient(app, headers=KEY) as client:
        running, paused = new_monitor(client, status="running"), new_monitor(client)
        for monitor in (running, paused):
            assert client.post(f"/ping/{monitor}").status_code == 201
        told = {"ids": [running, paused, "mon-none"], "cascade": True}
        done = client.post("/api/v1/monitors/bulk_delete", json=told).json()
        assert [one["status"] for one in done["deleted"]] == ["failed", "deleted", "not_found"]
        assert done["deleted"][0]["error"]["detail"] == "the monitor is running: pause it first"

        assert client.post(f"/ping/{paused}").status_code == 404
        assert pings(client, paused) == 0
        client.post(f"/api/v1/bulk_jobs/{done['job_id']}/restore")
        assert pings(client, paused) == 1
        assert client.post(f"/ping/{paused}").status_code == 201


def pings(client, monitor):
    return len(client.get(f"/api/v1/pings?monitor_id={monitor}").json()["items"])


class TestPromises(DeletePromises):
    """The promises of every delete API."""

    resource, headers, other_headers = "monitors", KEY, {"Authorization": "Bearer key-globex"}
    change = {"schedule": "0 4 * * *"}

    def make(self, client, count):
        return [new_monitor(client) for _ in range(count)]

    def make_family(self, client):
        monitor = new_monitor(client)
        client.post(f"/ping/{monitor}")
        return monitor

    @pytest.fixture(scope="class")
    @classmethod
    def host(cls, app):
        return Host(app, app.state.sexton)

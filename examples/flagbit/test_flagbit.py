"""What FlagBit promises, on SQLite or on the database that DATABASE_URL names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parent))
KEY = {"Authorization": "Bearer key-acme"}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('flagbit')}/flagbit.db")
    from flagbit import app  # noqa: PLC0415

    with TestClient(app, headers=KEY) as found:
        yield found


def test_the_whole_story(client):
    for name in ("dark-mode", "checkout", "search"):
        new, key = {"id": name, "countries": ["DE"]}, {"Idempotency-Key": name}
        made = [client.post("/flags", json=new, headers=key) for _ in range(2)]
        assert [one.headers.get("Idempotent-Replayed") for one in made] == [None, "true"]
    assert client.patch("/api/v1/flags/checkout", json={"status": "active"}).status_code == 200
    assert client.get("/evaluate/search?country=DE").json() is True

    found = client.post("/api/v1/flags/bulk_delete/preview", json={"filter": {"all": True}, "cascade": True}).json()
    assert (found["count"], found["blocked"]["count"]) == (3, 2)
    assert found["dependents"] == [{"resource": "rules", "count": 1}]
    done = client.post("/api/v1/flags/bulk_delete", json={"confirm_token": found["confirm_token"]}).json()
    assert {one["id"]: one["status"] for one in done["deleted"]} == {
        "dark-mode": "deleted",
        "checkout": "failed",
        "search": "failed",
    }
    reasons = {one["error"]["detail"] for one in done["deleted"] if "error" in one}
    assert reasons == {"the flag is active: switch it off first", "it was asked for within the last day"}

    assert client.get("/evaluate/dark-mode?country=DE").json() is False
    assert client.delete("/api/v1/flags/dark-mode").status_code == 410
    assert client.post(f"/api/v1/bulk_jobs/{done['job_id']}/restore").json()["summary"]["restored"] == 1
    assert client.get("/evaluate/dark-mode?country=DE").json() is True
    actions = [entry["action"] for entry in client.get("/api/v1/audit").json()["items"]]
    assert actions == ["bulk_restore", "bulk_delete"]


def test_another_account_sees_nothing(client):
    stranger = {"Authorization": "Bearer key-globex"}
    assert client.get("/api/v1/flags/search", headers=stranger).status_code == 404
    assert client.get("/api/v1/flags", headers={"Authorization": ""}).status_code == 401

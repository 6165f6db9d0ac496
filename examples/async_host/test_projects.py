"""What the asynchronous host promises, on SQLite or on the database that DATABASE_URL names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parent))


def alembic(*command):
    run = [sys.executable, "-m", "alembic", *command]
    done = subprocess.run(run, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)  # noqa: S603 — our own
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    os.environ.setdefault("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('projects')}/projects.db")
    alembic("upgrade", "head")
    from projects import app  # noqa: PLC0415

    with TestClient(app, headers={"X-Account": "acme"}) as found:
        yield found


def test_invoice_and_delete_are_both_or_neither(client):
    project = client.post("/projects/website", json=[1.5, 2]).json()
    unpaid = client.post(f"/projects/{project}/close", params={"paid": 10})
    assert (unpaid.status_code, unpaid.json()["detail"]) == (402, "350.00 are due: the project stays")
    assert client.get(f"/api/v1/projects/{project}").json()["name"] == "website"
    assert client.get("/api/v1/audit").json()["items"] == []

    assert client.post(f"/projects/{project}/close", params={"paid": 400}).status_code == 200
    gone = client.delete(f"/api/v1/projects/{project}")
    assert (gone.status_code, gone.json()["deleted_by"]["same_key"]) == (410, True)
    again = client.post(f"/projects/{project}/close", params={"paid": 400})
    assert (again.status_code, again.json()["detail"]) == (409, "the project is gone")
    assert client.post(f"/api/v1/projects/{project}/restore").json()["name"] == "website"
    assert client.delete(f"/api/v1/projects/{project}").status_code == 409
    assert client.delete(f"/api/v1/projects/{project}?cascade=true").status_code == 204


def test_another_account_sees_nothing(client):
    project = client.post("/projects/shop", json=[]).json()
    assert client.delete(f"/api/v1/projects/{project}", headers={"X-Account": "globex"}).status_code == 404
    assert client.get("/api/v1/", headers={"X-Account": "acme"}).json()["resources"][0]["count"] == 1


def test_the_migrations_of_host_and_library_leave_each_other_alone(client):
    assert client.get("/api/v1/").status_code == 200
    assert "No new upgrade operations detected" in alembic("check")
    assert "0001 (head)" in alembic("current")

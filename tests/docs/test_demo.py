"""`sexton demo` is the four examples in one application, with keys of Sexton's."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from sexton.examples.demo import PRODUCTS, build

NAMES = ["captured_requests", "documents", "endpoints", "flags", "monitors", "pings", "rules", "templates"]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    app, token = build(tmp_path_factory.mktemp("demo") / "demo.db")
    with TestClient(app, headers={"Authorization": f"Bearer {token}"}, follow_redirects=False) as found:
        yield found


def test_it_serves_all_four(client):
    resources = client.get("/api/v1/").json()["resources"]
    assert [one["name"] for one in resources] == NAMES
    assert all(one["count"] > 50 or one["name"] in ("endpoints", "rules") for one in resources)
    paths = client.get("/openapi.json").json()["paths"]
    for product in PRODUCTS:
        assert [route.path for route in product.router.routes if route.path not in paths] == []
    assert client.get("/api/v1/openapi.json").json()["paths"] == paths


def test_the_key_may_all_and_strangers_nothing(client):
    for path in ("/webhooks", "/audit", "/holds", "/bulk_jobs"):
        assert client.get(f"/api/v1{path}").status_code == 200
    assert client.get("/api/v1/templates/tpl_g0001").status_code == 404
    answer = client.get("/api/v1/templates/tpl_0001", headers={"Authorization": "Bearer nobody"})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.json()["type"].endswith("/unauthenticated")
    assert answer.json()["correlation_id"] == answer.headers["x-correlation-id"]
    nowhere = client.get("/api/v1/nothing/1")
    assert (nowhere.status_code, nowhere.headers["content-type"]) == (404, "application/problem+json")
    stranger = client.delete("/api/v1/nothing/1", headers={"Authorization": ""})
    assert (stranger.status_code, stranger.headers["www-authenticate"]) == (401, 'Bearer realm="sexton"')


def test_the_products_own_routes_take_its_key(client):
    told = {"template_id": "tpl_0001", "title": "May"}
    document = client.post("/render", json=told).json()["id"]
    assert client.get(f"/api/v1/documents/{document}").json()["template_id"] == "tpl_0001"
    assert client.post("/ping/mon_0001").status_code == 201
    assert client.post("/in/end_0001", json={}, headers={"Authorization": ""}).status_code == 201
    assert client.get("/evaluate/flag_0021?country=DE").status_code == 200
    assert client.post("/render", json=told, headers={"Authorization": "Bearer key-acme"}).status_code == 401


def test_it_is_alive(client):
    for path in ("/healthz", "/readyz", "/api/v1/healthz", "/api/v1/readyz", "/docs"):
        assert client.get(path, headers={"Authorization": ""}).status_code == 200

"""The endpoints inside a host's own application."""

from __future__ import annotations

import json

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    Computed,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    TypeDecorator,
    Uuid,
)

from host_models import Flag
from hosting import FLAG
from sexton import Principal, Resource
from sexton.library.described import column_schema

KEYS = {"Authorization": "Bearer acme"}


def test_the_ten_lines_work(host):
    assert host("DELETE", "/orders/1").status_code == 204
    again = host("DELETE", "/orders/1")
    assert (again.status_code, again.json()["deleted_by"]["same_key"]) == (410, True)
    assert host("POST", "/orders/1/restore").json() == {"id": 1, "account_id": "acme", "total": "9.50"}
    assert [one["action"] for one in host("GET", "/audit").json()["items"]] == ["restore", "delete"]
    assert {one["name"] for one in host("GET", "/").json()["resources"]} == {"flags", "orders"}


def test_preview_and_bulk(host):
    found = host("POST", "/flags/bulk_delete/preview", json={"filter": {"account_id": "acme"}, "cascade": True}).json()
    assert (found["count"], found["blocked"]["count"]) == (3, 2)
    done = host("POST", "/flags/bulk_delete", json={"ids": ["f1", "f2", "f9"], "cascade": True}).json()
    assert done["summary"] == {"requested": 3, "deleted": 1, "gone": 0, "not_found": 1, "failed": 1, "duplicates": 0}
    assert done["deleted"][1]["error"]["detail"] == "the flag is still active"
    assert host.sql("SELECT id FROM rules WHERE flag_id = 'f1'") == []
    assert host("POST", f"/bulk_jobs/{done['job_id']}/restore").json()["summary"]["restored"] == 1
    assert host.sql("SELECT id FROM rules WHERE flag_id = 'f1' ORDER BY id") == [(1,), (2,)]


def test_another_account_cannot_tell(host):
    assert host("DELETE", "/flags/f1", who="globex").status_code == 404
    assert host("GET", "/flags/f1", who="globex").status_code == 404


def test_scopes_and_strangers(host):
    refused = host("DELETE", "/orders/1", who="acme:read")
    assert (refused.status_code, refused.json()["scope"]) == (403, "delete")
    assert host.client.delete("/api/v1/orders/1").json() == {"detail": "who are you?"}


def test_a_rule_that_is_not_declared_to_go_along_keeps_the_flag(host):
    kept = host("DELETE", "/flags/f4?cascade=true")
    assert kept.status_code == 409
    assert "may not go along" in kept.json()["detail"]
    assert kept.json()["references"][0] == {
        "resource": "comments",
        "column": "flag_id",
        "count": 1,
        "sample_ids": ["1"],
    }
    assert host("DELETE", "/flags/f1?cascade=true").status_code == 204


def test_hidden_resources_have_no_address(host):
    assert host("GET", "/rules/1").json() == {"detail": "Not Found"}
    assert host("DELETE", "/comments/1").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("DELETE", "/flags", 405),
        ("DELETE", "/flags/", 405),
        ("DELETE", "", 405),
        ("GET", "", 200),
        ("DELETE", "/flags/f1/", 404),
        ("DELETE", "/flags/a%2Fb", 404),
        ("GET", "/flags/a%0Ab", 404),
        ("DELETE", "/flags/a%0Ab/", 404),
        ("GET", "/flags/%2E%2E", 404),
        ("PUT", "/flags/f1", 405),
        ("OPTIONS", "/flags/f1", 405),
        ("GET", "/flags?unknown=1", 422),
        ("GET", "/audit/", 404),
        ("GET", "/flags", 200),
        ("HEAD", "/orders/1", 200),
    ],
)
def test_no_path_is_redirected(host, method, path, status):
    answer = host(method, path)
    assert answer.status_code == status
    assert answer.headers["x-correlation-id"]
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


def test_links_know_the_prefix(make_sexton, engine):
    sexton = make_sexton()
    inner = FastAPI()
    inner.include_router(sexton.router(principal=_principal), prefix="/x/{tenant}/v1")
    outer = FastAPI()
    outer.mount("/shop", inner)
    with TestClient(outer, follow_redirects=False) as client:
        made = client.post("/shop/x/f%20oo/v1/orders", json={"id": 7, "total": "1.00"})
        assert (made.status_code, made.headers["location"]) == (201, "/shop/x/f oo/v1/orders/7")
        assert client.delete("/shop/x/f%20oo/v1/orders").json()["bulk_delete"] == "/shop/x/f oo/v1/orders/bulk_delete"
        assert client.delete("/shop/x/f%20oo/v1/orders/7").status_code == 204


def _principal() -> Principal:
    return Principal("acme", "k", frozenset({"read", "write", "delete"}))


def test_behind_a_proxy_that_strips_its_path(make_sexton):
    app = FastAPI()
    app.include_router(make_sexton().router(principal=_principal), prefix="/api")
    with TestClient(app, root_path="/proxy") as client:
        made = client.post("/api/orders", json={"id": 8, "total": "1"})
        assert made.headers["location"] == "/proxy/api/orders/8"


def test_without_a_prefix_of_its_own(make_sexton):
    router = APIRouter(prefix="/v2")
    router.include_router(make_sexton().router(principal=_principal))
    app = FastAPI()
    app.include_router(router)
    with TestClient(app, follow_redirects=False) as client:
        assert [client.get(path).status_code for path in ("/v2", "/v2/", "/v2/orders/1")] == [200, 200, 200]


def test_with_no_prefix_at_all(make_sexton):
    app = FastAPI()
    app.include_router(make_sexton().router(principal=_principal))
    with TestClient(app, follow_redirects=False) as client:
        assert [client.get(path).status_code for path in ("/", "/orders/1", "/orders/")] == [200, 200, 200]
        assert client.post("/orders", json={"id": 9, "total": "1"}).headers["location"] == "/orders/9"


def test_the_hosts_own_routes_come_first(make_sexton):
    app = FastAPI()

    @app.get("/api/v1/flags")
    def mine() -> str:
        return "mine"

    app.include_router(make_sexton().router(principal=_principal), prefix="/api/v1")
    with TestClient(app) as client:
        assert client.get("/api/v1/flags").json() == "mine"
        assert client.delete("/api/v1/flags").status_code == 405


def test_a_dependency_may_read_the_body(make_sexton):
    async def nosy(request: Request) -> Principal:
        assert b"f9" in await request.body()
        return _principal()

    app = FastAPI()
    app.include_router(make_sexton().router(principal=nosy), prefix="/api")
    with TestClient(app) as client:
        assert client.post("/api/flags/bulk_delete", json={"ids": ["f9"]}).json()["summary"]["not_found"] == 1


def test_a_dependency_that_returns_something_else_is_told_so(make_sexton):
    app = FastAPI()
    app.include_router(make_sexton().router(principal=lambda: "acme"), prefix="/api")
    with TestClient(app) as client, pytest.raises(Exception, match=r"returned str: return a sexton\.Principal"):
        client.get("/api/orders/1")


def test_an_account_that_is_no_text_is_told_so(make_sexton):
    app = FastAPI()
    app.include_router(make_sexton().router(principal=lambda: Principal(7, "k")), prefix="/api")
    with TestClient(app) as client, pytest.raises(Exception, match=r"Principal\.account is int"):
        client.get("/api/orders/1")


def test_dependencies_of_the_include_are_asked(make_sexton):
    asked = []
    app = FastAPI()
    guards = [Depends(lambda: asked.append(1))]
    app.include_router(make_sexton().router(principal=_principal), prefix="/api", dependencies=guards)
    with TestClient(app) as client:
        client.delete("/api/orders/1")
    assert asked == [1]


def test_the_document_has_the_models_types(host):
    document = host.client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    flag = schemas["Sexton_flags"]["properties"]
    assert flag["id"] == {"type": "string", "maxLength": 40}
    assert flag["created_at"]["type"] == ["string", "null"]
    assert "format" not in flag["created_at"]  # SQLite keeps no zone, and a date-time has one
    assert schemas["Sexton_orders"]["properties"]["total"]["type"] == "string"
    assert schemas["Sexton_flags"]["description"] == "A feature flag."
    paths = document["paths"]
    assert set(paths["/api/v1/flags/{id}"]) == {"get", "delete", "patch"}
    assert not [path for path in paths if "sexton_" in path or "rules" in path]
    asked = paths["/api/v1/flags/bulk_delete"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert "confirm_token" in asked["properties"]
    told = paths["/api/v1/bulk_jobs/{job_id}/events"]["get"]["responses"]["200"]["content"]
    assert set(told) == {"text/event-stream"}
    ids = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(ids) == len(set(ids))
    for reference in _references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas


class Shout(TypeDecorator):
    impl = String(9)
    cache_ok = True


@pytest.mark.parametrize(
    ("column", "schema"),
    [
        (Column(Shout, nullable=False), {"type": "string", "maxLength": 9}),
        (Column(Enum("a", "b")), {"type": ["string", "null"], "enum": ["a", "b", None]}),
        (Column(ARRAY(Integer), nullable=False), {"type": "array", "items": {"type": "integer"}}),
        (Column(Numeric(8, 2), nullable=False), {"type": "string", "description": "an exact number"}),
        (Column(Float, nullable=False), {"type": "number"}),
        (Column(Uuid, nullable=False), {"type": "string", "format": "uuid"}),
        (Column(LargeBinary, nullable=False), {"type": "string", "contentEncoding": "base64"}),
        (Column(JSON), {}),
        (Column(Integer, Computed("1"), nullable=False), {"type": "integer", "readOnly": True}),
    ],
)
def test_column_types(column, schema):
    assert column_schema(column) == schema


def _references(value):
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _references(one)


def test_an_application_starts_again(make_sexton, engine):
    sexton = make_sexton()
    app = FastAPI(lifespan=sexton.lifespan)
    app.include_router(sexton.router(principal=_principal), prefix="/api")
    for status in (204, 410):
        with TestClient(app) as client:
            assert client.delete("/api/orders/1").status_code == status
        assert sexton._opened is None, "its connections are closed with the application"


def test_a_job_is_run_by_the_lifespans_worker(make_sexton, engine):
    sexton = make_sexton(Resource(Flag, **FLAG | {"guard": lambda _connection, _ids: {"f4": "not this one"}}))
    app = FastAPI(lifespan=sexton.lifespan)
    app.include_router(sexton.router(principal=_principal), prefix="/api")
    with TestClient(app) as client:
        prefer = {"Prefer": "respond-async, wait=10"}
        done = client.post("/api/flags/bulk_delete", json={"ids": ["f1", "f4"], "cascade": True}, headers=prefer)
    told = json.loads(done.content)
    assert [one["status"] for one in told["deleted"]] == ["deleted", "failed"]

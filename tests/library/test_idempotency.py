"""The middleware: one effect a key, for the host's own routes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Annotated

import pytest
from fastapi import Body, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.testclient import TestClient

from hosting import Host, current_principal
from sexton import IdempotencyMiddleware

KEY = {"Idempotency-Key": '"k1"'}


class Counting:
    def __init__(self) -> None:
        self.calls: list[object] = []
        self.started, self.go_on = threading.Event(), threading.Event()


def account(request: Request) -> str | None:
    return request.headers.get("authorization", "").removeprefix("Bearer ") or None


def make(sexton, counting: Counting, **options) -> FastAPI:
    app = FastAPI(lifespan=sexton.lifespan)
    app.add_middleware(IdempotencyMiddleware, sexton=sexton, account=account, **options)

    @app.post("/charges")
    def charge(body: Annotated[dict, Body()]) -> JSONResponse:
        counting.calls.append(body)
        if body.get("fail"):
            raise HTTPException(body["fail"], "no")
        answer = JSONResponse({"n": len(counting.calls)}, 201, headers={"X-Charge": "c1"})
        answer.set_cookie("a", "1")
        answer.set_cookie("b", "2")
        return answer

    @app.post("/raise")
    def fault() -> None:
        counting.calls.append(None)
        raise RuntimeError("a fault")

    @app.post("/slow")
    def slow() -> dict[str, int]:
        counting.calls.append(None)
        counting.started.set()
        counting.go_on.wait(10)
        return {}

    @app.post("/stream")
    def stream() -> StreamingResponse:
        counting.calls.append(None)
        return StreamingResponse(iter([b"a", b"b"]))

    app.include_router(sexton.router(principal=current_principal), prefix="/api/v1")
    return app


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def host(sexton, engine, counting) -> Iterator[Host]:
    with TestClient(make(sexton, counting), raise_server_exceptions=False) as client:
        yield Host(client, engine, "")


def test_a_retry_hears_the_first_answer(host, counting):
    first = host("POST", "/charges", json={"sum": 1}, headers=KEY)
    again = host("POST", "/charges", json={"sum": 1}, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, first.json(), first.headers.get("idempotent-replayed")) == (201, {"n": 1}, None)
    assert (again.status_code, again.content, again.headers["idempotent-replayed"]) == (201, first.content, "true")
    assert again.headers["x-charge"] == "c1"
    assert again.headers.get_list("set-cookie") == first.headers.get_list("set-cookie") != []
    assert len(counting.calls) == 1


def test_without_a_key_nothing_changes(host, counting):
    assert [host("POST", "/charges", json={}).json()["n"] for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("key", ["", '"a b"', "x" * 256, "ü"])
def test_no_key_at_all(host, counting, key):
    told = host("POST", "/charges", json={}, headers={"Idempotency-Key": key.encode("latin-1")})
    assert (told.status_code, told.headers["content-type"]) == (400, "application/problem+json")
    assert counting.calls == []


@pytest.mark.parametrize(
    ("path", "body"), [("/charges", {"sum": 2}), ("/charges?x=1", {"sum": 1}), ("/raise", {"sum": 1})]
)
def test_a_key_of_another_request(host, counting, path, body):
    host("POST", "/charges", json={"sum": 1}, headers=KEY)
    told = host("POST", path, json=body, headers=KEY)
    assert (told.status_code, told.json()["type"].rpartition("/")[2]) == (422, "idempotency-key-reused")
    assert len(counting.calls) == 1


def test_the_same_json_is_the_same_request(host, counting):
    json = {**KEY, "Content-Type": "application/json"}
    host("POST", "/charges", content=b'{"a": 1, "b": 2}', headers=json)
    assert host("POST", "/charges", content=b'{"b":2,"a":1}', headers=json).json() == {"n": 1}


def test_keys_belong_to_accounts(host, counting):
    host("POST", "/charges", json={"sum": 1}, headers=KEY)
    assert host("POST", "/charges", who="globex", json={"sum": 1}, headers=KEY).json() == {"n": 2}


def test_nobodys_requests_pass_untouched(host, counting):
    for n in (1, 2):
        assert host.client.post("/charges", json={}, headers=KEY).json() == {"n": n}


def test_a_twin_hears_409_while_the_first_runs(host, counting):
    answers = []
    first = threading.Thread(target=lambda: answers.append(host("POST", "/slow", headers=KEY)))
    first.start()
    assert counting.started.wait(10)
    twin = host("POST", "/slow", headers=KEY)
    counting.go_on.set()
    first.join(10)
    assert (twin.status_code, twin.headers["retry-after"], len(counting.calls)) == (409, "1", 1)
    assert host("POST", "/slow", headers=KEY).headers["idempotent-replayed"] == "true"
    assert answers[0].status_code == 200


def test_what_failed_may_be_tried_again(host, counting):
    assert host("POST", "/charges", json={"fail": 503}, headers=KEY).status_code == 503
    assert host("POST", "/raise", headers=KEY).status_code == 500
    assert host("POST", "/raise", headers=KEY).status_code == 500
    assert len(counting.calls) == 3


def test_a_refusal_is_an_answer(host, counting):
    for _ in range(2):
        assert host("POST", "/charges", json={"fail": 409}, headers=KEY).status_code == 409
    assert len(counting.calls) == 1


def test_a_stream_is_refused(host, counting):
    assert host("POST", "/stream").content == b"ab"
    assert host("POST", "/stream", headers=KEY).status_code == 500


def test_other_methods_and_skipped_paths(sexton, engine, counting):
    app = make(sexton, counting, skip=("/stream",), methods=("POST",))
    with TestClient(app) as client:
        assert Host(client, engine, "")("POST", "/stream", headers=KEY).content == b"ab"
        assert Host(client, engine, "")("GET", "/openapi.json", headers=KEY).status_code == 200


def test_a_key_may_be_demanded_and_bodies_are_bounded(sexton, engine, counting):
    with TestClient(make(sexton, counting, required=True, most_bytes=10)) as client:
        host = Host(client, engine, "")
        assert host("POST", "/charges", json={}).status_code == 400
        assert host("POST", "/charges", json={"sum": "12345678"}, headers=KEY).status_code == 413
    assert counting.calls == []


def test_sextons_own_endpoints_below_it(host):
    body = {"ids": ["1", "2"]}
    first = host("POST", "/api/v1/orders/bulk_delete", json=body, headers=KEY)
    again = host("POST", "/api/v1/orders/bulk_delete", json=body, headers=KEY)
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
    assert first.json()["summary"]["deleted"] == 2


def test_an_account_found_with_await(sexton, engine, counting):
    async def later(request: Request) -> str | None:
        return account(request)

    app = make(sexton, counting)
    app.user_middleware[0].kwargs["account"] = later
    with TestClient(app) as client:
        host = Host(client, engine, "")
        assert [host("POST", "/charges", json={}, headers=KEY).json()["n"] for _ in range(2)] == [1, 1]

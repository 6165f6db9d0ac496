"""Idempotency of the host's own routes in its own transaction: key, effect and answer are one commit."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Header, HTTPException, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.testclient import TestClient
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from host_models import Order
from hosting import host_engine
from sexton import ConfigurationError, Principal, Refused
from sexton.errors import Code
from sexton.storage.dialects import postgresql
from test_verbs import async_urls, state

KEY = {"Idempotency-Key": '"k1"'}
KINDS = ["close", "function", "connection", "async"]


class Routes:
    """Charges write an order in the session that the host's dependency gives; `kind` is how that one ends it."""

    def __init__(self, sexton, engine, url: str, kind: str, **options: Any) -> None:
        self.calls: list[Any] = []
        self.started, self.go_on = threading.Event(), threading.Event()
        self.app = FastAPI(lifespan=sexton.lifespan)
        self.app.add_exception_handler(Refused, lambda _request, _error: Response("kept", 418))
        self.theirs = create_async_engine(async_urls(url)[0])
        if engine.dialect.name == "sqlite":
            event.listen(self.theirs.sync_engine, "connect", lambda c, _: c.cursor().execute("PRAGMA foreign_keys=ON"))
        session = _DEPENDENCIES[kind](engine, self.theirs)
        given = Depends(session, scope="function") if kind == "function" else Depends(session)
        told = given if kind == "function" else session
        router = APIRouter(route_class=sexton.idempotency(account=_account, connection=told, **options))
        self._add(router, given)
        self.app.include_router(router, prefix="/shop")

    def _add(self, router: APIRouter, given: Any) -> None:
        async def charge(body: Annotated[dict[str, Any], Body()], host: Any = given) -> Response:
            self.calls.append(body)
            await _insert(host, body["id"])
            if body.get("fail"):
                raise HTTPException(body["fail"], "no")
            if body.get("fault"):
                raise RuntimeError("a fault")
            if body.get("refused"):
                raise Refused(Code.HELD, "by a verb that the route called")
            answer = JSONResponse({"n": len(self.calls)}, body.get("status", 201), headers={"X-Charge": "c1"})
            answer.set_cookie("a", "1")
            answer.set_cookie("b", "2")
            return answer

        async def ended(how: str, host: Any = given) -> dict[str, int]:
            await _insert(host, 50)
            done = getattr(host, how)()
            if done is not None:
                await done
            return {}

        async def stream(host: Any = given) -> StreamingResponse:
            await _insert(host, 60)
            return StreamingResponse(iter([b"a", b"b"]))

        def slow(host: Any = given) -> dict[str, int]:
            self.calls.append(None)
            host.execute(_INSERT, {"id": 70})
            self.started.set()
            self.go_on.wait(20)
            return {"n": len(self.calls)}

        def read(host: Any = given) -> dict[str, int]:
            return {"n": len(self.calls)}

        def empty(host: Any = given) -> None:
            self.calls.append(host)

        router.add_api_route("/empty", empty, methods=["GET", "POST"], status_code=204, include_in_schema=False)
        for path, endpoint in (("charges", charge), ("ended", ended), ("stream", stream), ("slow", slow)):
            router.add_api_route(f"/{path}", endpoint, methods=["POST"], response_model=None)
        router.add_api_route("/read", read, methods=["GET"])


_INSERT = text("INSERT INTO orders (id, account_id, total) VALUES (:id, 'acme', 1)")


async def _insert(host: Any, number: int) -> None:
    done = host.execute(_INSERT, {"id": number})
    if not hasattr(done, "rowcount"):
        await done


def _account(authorization: Annotated[str, Header()] = "") -> str | None:
    return authorization or None


def _begin(engine: Any, _theirs: Any) -> Any:
    sessions = sessionmaker(engine)

    def session() -> Iterator[Session]:
        with sessions.begin() as found:
            yield found

    return session


def _close(engine: Any, _theirs: Any) -> Any:
    def session() -> Iterator[Session]:
        with Session(engine) as found:
            yield found

    return session


def _connection(engine: Any, _theirs: Any) -> Any:
    def connection() -> Iterator[Connection]:
        with engine.begin() as found:
            yield found

    return connection


def _async(_engine: Any, theirs: Any) -> Any:
    async def session() -> AsyncIterator[AsyncSession]:
        async with AsyncSession(theirs) as found, found.begin():
            yield found

    return session


_DEPENDENCIES = {"begin": _begin, "function": _begin, "close": _close, "connection": _connection, "async": _async}


@pytest.fixture(params=KINDS)
def routes(request, sexton, engine, database_url) -> Routes:
    return Routes(sexton, engine, database_url, request.param)


@pytest.fixture
def plain(sexton, engine, database_url) -> Routes:
    return Routes(sexton, engine, database_url, "begin")


@pytest.fixture
def client(request, sexton) -> Iterator[Any]:
    routes = request.getfixturevalue("plain" if "plain" in request.fixturenames else "routes")
    with TestClient(routes.app, raise_server_exceptions=False) as made:

        def post(path: str, who: str = "acme", **options: Any) -> Any:
            told = {"Authorization": who, **options.pop("headers", KEY)}
            return made.post("/shop" + path, headers=told, **options)

        post.get = made.get
        yield post
        made.portal.call(routes.theirs.dispose)


def orders(sexton, engine) -> tuple[int, int]:
    """How many orders there are, and how many keys."""
    found = state(sexton, engine)
    return len(found["orders"]), len(found["idempotency_keys"])


def test_a_retry_hears_the_first_answer(routes, client, sexton, engine):
    first = client("/charges", json={"id": 9})
    again = client("/charges", json={"id": 9}, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, first.json(), first.headers.get("idempotent-replayed")) == (201, {"n": 1}, None)
    assert (again.status_code, again.content, again.headers["idempotent-replayed"]) == (201, first.content, "true")
    assert again.headers["x-charge"] == "c1"
    assert again.headers.get_list("set-cookie") == first.headers.get_list("set-cookie") != []
    assert (len(routes.calls), orders(sexton, engine)) == (1, (3, 1))


@pytest.mark.parametrize("how", ["fault", "fail"])
def test_what_fails_leaves_neither_key_nor_effect(routes, client, sexton, engine, how):
    assert client("/charges", json={"id": 9, how: 409}).status_code == (500 if how == "fault" else 409)
    assert orders(sexton, engine) == (2, 0)
    assert client("/charges", json={"id": 9}).status_code == 201
    assert orders(sexton, engine) == (3, 1)


def test_what_a_route_raises_is_the_hosts_affair_under_a_key_too(routes, client, sexton, engine):
    told = [client("/charges", json={"id": 9, "refused": True}, headers=sent) for sent in ({}, KEY)]
    assert [(one.status_code, one.text) for one in told] == [(418, "kept")] * 2
    assert orders(sexton, engine) == (2, 0)


def test_a_replay_of_an_empty_answer_has_no_length(plain, client):
    first, again = client("/empty"), client("/empty")
    assert (first.status_code, again.status_code, again.headers["idempotent-replayed"]) == (204, 204, "true")
    assert "content-length" not in again.headers, "RFC 9110, 8.6"
    assert len(plain.calls) == 1


def test_a_body_too_deep_to_be_read_is_a_body(plain, client):
    told = [client("/empty", content="[" * 200_000) for _ in range(2)]
    assert [one.status_code for one in told] == [204, 204]
    assert len(plain.calls) == 1


@pytest.mark.parametrize("how", ["commit", "rollback"])
def test_a_route_that_ends_the_transaction_is_told_so(routes, client, sexton, engine, how):
    assert client(f"/ended?how={how}").status_code == 500
    assert orders(sexton, engine) == (2, 0)


def test_a_stream_is_refused(routes, client, sexton, engine):
    assert client("/stream").status_code == 500
    assert orders(sexton, engine) == (2, 0)


def test_a_commit_that_fails_is_no_answer(routes, client, sexton, engine):
    def crash(connection: Any) -> None:
        connection.dialect.do_rollback(connection.connection)
        raise RuntimeError("the line broke")

    for one in (engine, routes.theirs.sync_engine):
        event.listen(one, "commit", crash)
    assert client("/charges", json={"id": 9}).status_code == 500
    for one in (engine, routes.theirs.sync_engine):
        event.remove(one, "commit", crash)
    assert orders(sexton, engine) == (2, 0)
    assert client("/charges", json={"id": 9}).status_code == 201


def test_without_a_key_or_an_account_nothing_changes(plain, client, sexton, engine):
    assert [client("/charges", json={"id": n}, headers={}).json()["n"] for n in (8, 9)] == [1, 2]
    assert [client("/charges", who="", json={"id": n}).json()["n"] for n in (10, 11)] == [3, 4]
    assert client.get("/shop/read", headers=KEY | {"Authorization": "acme"}).json() == {"n": 4}
    assert orders(sexton, engine) == (6, 0)


@pytest.mark.parametrize("key", ["", '"a b"', "x" * 256, "ü"])
def test_no_key_at_all(plain, client, key):
    told = client("/charges", json={"id": 9}, headers={"Idempotency-Key": key.encode("latin-1")})
    assert (told.status_code, told.headers["content-type"]) == (400, "application/problem+json")
    assert plain.calls == []


@pytest.mark.parametrize(
    ("path", "body"), [("/charges", {"id": 10}), ("/charges?x=1", {"id": 9}), ("/stream", {"id": 9})]
)
def test_a_key_of_another_request(plain, client, path, body):
    client("/charges", json={"id": 9})
    told = client(path, json=body)
    assert (told.status_code, told.json()["type"].rpartition("/")[2]) == (422, "idempotency-key-reused")
    assert len(plain.calls) == 1


def test_keys_belong_to_accounts(plain, client):
    client("/charges", json={"id": 9})
    assert client("/charges", who="globex", json={"id": 10}).json() == {"n": 2}


def test_a_returned_refusal_is_not_kept(plain, client, sexton, engine):
    assert client("/charges", json={"id": 9, "status": 422}).status_code == 422
    assert orders(sexton, engine) == (3, 0), "whether it is committed is the host's own affair"


def test_a_key_may_be_demanded(sexton, engine, database_url):
    routes = Routes(sexton, engine, database_url, "begin", required=True)
    with TestClient(routes.app) as client:
        assert client.post("/shop/charges", json={"id": 9}, headers={"Authorization": "acme"}).status_code == 400
        assert client.post("/shop/charges", json={"id": 9}).status_code == 201, "whose account is None passes untouched"
        assert client.get("/shop/empty", headers={"Authorization": "acme"}).status_code == 204, (
            "of a GET nothing is asked"
        )
        names = [one["name"] for one in routes.app.openapi()["paths"]["/shop/charges"]["post"]["parameters"]]
    assert "idempotency-key" in names


def test_a_twin_waits_and_hears_the_answer(plain, client, sexton, engine):
    answers: list[Any] = []
    calls = [threading.Thread(target=lambda: answers.append(client("/slow"))) for _ in range(2)]
    calls[0].start()
    assert plain.started.wait(20)
    calls[1].start()
    calls[1].join(0.3)
    assert answers == []
    plain.go_on.set()
    for one in calls:
        one.join(20)
    assert [one.json() for one in answers] == [{"n": 1}] * 2
    assert sorted("idempotent-replayed" in one.headers for one in answers) == [False, True]
    assert orders(sexton, engine) == (3, 1)


def test_a_twin_that_waits_too_long_is_told_when_to_ask_again(sexton, engine, database_url, monkeypatch):
    monkeypatch.setitem(postgresql._SETTINGS, "lock_timeout", "300ms")
    impatient = engine
    if engine.dialect.name == "sqlite":
        impatient = create_engine(database_url, connect_args={"timeout": 0.3})
        event.listen(impatient, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    routes = Routes(sexton, impatient, database_url, "begin")
    with TestClient(routes.app) as client:
        told = {"headers": {"Authorization": "acme", **KEY}}
        first = threading.Thread(target=lambda: client.post("/shop/slow", **told))
        first.start()
        assert routes.started.wait(20)
        twin = client.post("/shop/slow", **told)
        routes.go_on.set()
        first.join(20)
    assert (twin.status_code, twin.headers["retry-after"]) == (409, "1")
    assert (len(routes.calls), orders(sexton, engine)) == (1, (3, 1))
    impatient.dispose()


def test_verbs_in_the_route_are_in_the_same_commit(sexton, engine, database_url):
    app, session = FastAPI(lifespan=sexton.lifespan), _begin(host_engine(database_url), None)
    given = Depends(session)
    router = APIRouter(route_class=sexton.idempotency(account=_account, connection=session))

    def cancel(number: int, host: Any = given) -> dict[str, str]:
        done = sexton.sync.delete(Order, number, principal=Principal("acme", "k"), connection=host)
        if number == 2:
            raise HTTPException(402, "pay first")
        return {"outcome": str(done.outcome)}

    router.add_api_route("/cancel", cancel, methods=["POST"])
    app.include_router(router)
    with TestClient(app) as client:
        told = {"headers": {"Authorization": "acme", **KEY}}
        assert client.post("/cancel?number=2", **told).status_code == 402
        assert [client.post("/cancel?number=1", **told).json() for _ in range(2)] == [{"outcome": "deleted"}] * 2
    found = state(sexton, engine)
    assert [len(found[name]) for name in ("orders", "tombstones", "idempotency_keys")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("scope", "told"), [(None, "does not take its session by"), ("function", 'scope="function"\\)$')]
)
def test_a_route_with_another_session_fails_at_the_start(sexton, engine, scope, told):
    session, other = _begin(engine, None), _begin(engine, None)
    router = APIRouter(route_class=sexton.idempotency(account=_account, connection=session))
    given = Depends(other) if scope is None else Depends(session, scope=scope)

    def charge(host: Any = given) -> None:
        del host

    with pytest.raises(ConfigurationError, match=told) as raised:
        router.add_api_route("/charges", charge, methods=["POST"])
    assert "\n" not in str(raised.value)
    router.add_api_route("/charges", charge, methods=["GET"])

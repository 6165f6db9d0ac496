"""Sexton's own keys in a host's application."""

from __future__ import annotations

import time

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from sexton import Principal
from sexton.actions import api_key
from sexton.model import Scope


@pytest.fixture
def key(sexton):
    store = sexton.open()
    with store.write() as connection:
        now = store.dialect.now(connection)
        return api_key.create(connection, store, "acme", [Scope.READ, Scope.DELETE], "host", now)


@pytest.fixture
def client(sexton):
    app = FastAPI(lifespan=sexton.lifespan)
    app.include_router(sexton.router(principal=sexton.api_key), prefix="/api/v1")

    @app.get("/me")
    def me(who: Principal = Depends(sexton.api_key)) -> str:  # noqa: B008, FAST002 — a local name cannot be looked up in an annotation
        return f"{who.account} {who.key_id}"

    with TestClient(app) as found:
        yield found


def test_the_holder_of_a_key_is_the_principal(client, key):
    key_id, token = key
    told = {"Authorization": f"Bearer {token}"}
    assert client.get("/me", headers=told).json() == f"acme {key_id}"
    assert client.delete("/api/v1/orders/1", headers=told).status_code == 204
    assert client.get("/api/v1/flags/f3", headers=told).status_code == 404
    refused = client.get("/api/v1/audit", headers=told)
    assert (refused.status_code, refused.json()["scope"]) == (403, "audit")


def test_strangers_and_revoked_keys_are_not(client, key, sexton):
    key_id, token = key
    for told in ({}, {"Authorization": "Bearer nobody"}, {"Authorization": f"Basic {token}"}):
        answer = client.delete("/api/v1/orders/1", headers=told)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="sexton"')
        assert client.get("/me", headers=told).status_code == 401
    with sexton.store.write() as connection:
        api_key.revoke(connection, sexton.store, key_id, sexton.store.dialect.now(connection))
    time.sleep(0.6)  # a key is believed for half a second
    assert client.get("/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401

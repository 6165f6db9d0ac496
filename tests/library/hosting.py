"""A host's application: flags and their rules, declared to Sexton."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Header, HTTPException
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, event, text

from host_models import Flag, Order, Rule
from sexton import Principal, Resource, Sexton
from sexton.model import Scope

ROWS = (
    "INSERT INTO flags (id, account_id, name, status, version) VALUES ('f1', 'acme', 'one', 'off', 1)",
    "INSERT INTO flags (id, account_id, name, status, version) VALUES ('f2', 'acme', 'two', 'active', 1)",
    "INSERT INTO flags (id, account_id, name, status, version) VALUES ('f3', 'globex', 'three', 'off', 1)",
    "INSERT INTO flags (id, account_id, name, status, version) VALUES ('f4', 'acme', 'four', 'off', 1)",
    "INSERT INTO rules (id, flag_id, value) VALUES (1, 'f1', 'DE'), (2, 'f1', 'US'), (3, 'f3', 'FR')",
    "INSERT INTO comments (id, flag_id, body) VALUES (1, 'f4', 'keep me')",
    "INSERT INTO orders (id, account_id, total) VALUES (1, 'acme', 9.50), (2, 'acme', 1)",
)
FLAG: dict[str, Any] = {
    "account": Flag.account_id,
    "version": Flag.version,
    "block_when": Flag.status == "active",
    "block_reason": "the flag is still active",
    "cascade": [Rule],
}


def resources(**flag: Any) -> list[Resource]:
    return [Resource(Flag, **FLAG | flag), Resource(Rule, expose=False), Resource(Order, account=Order.account_id)]


def host_engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    return engine


async def current_principal(authorization: str = Header(default="")) -> Principal:
    account, _, scopes = authorization.removeprefix("Bearer ").partition(":")
    if not account:
        raise HTTPException(401, "who are you?")
    return Principal(account, "key_1", frozenset(scopes.split(",")) if scopes else frozenset(Scope))


class Host:
    """Calls a host's application as one account."""

    def __init__(self, client: TestClient, engine: Engine, base: str = "/api/v1") -> None:
        self.client, self.engine, self.base = client, engine, base

    def __call__(self, method: str, path: str, who: str = "acme", **options: Any) -> Any:
        told = {"Authorization": f"Bearer {who}", **options.pop("headers", {})}
        return self.client.request(method, self.base + path, headers=told, **options)

    def sql(self, statement: str) -> list[Any]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]


def application(sexton: Sexton, prefix: str = "/api/v1") -> FastAPI:
    app = FastAPI(lifespan=sexton.lifespan)
    app.include_router(sexton.router(principal=current_principal), prefix=prefix)
    return app

"""A server in this process over a small shop: every strategy, two accounts, rules, versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from hooks import FLAGS
from hooks import SCRIPT as FLAGS_SCRIPT
from receiving import Receiver, receiving
from sexton.model import Scope
from sexton.server.assembly import make_application, open_store
from sexton.server.configuration import Settings
from sexton.storage import api_keys

SHOP = """
CREATE TABLE shops (id INTEGER PRIMARY KEY, account_id TEXT NOT NULL, name TEXT NOT NULL UNIQUE, status TEXT);
CREATE TABLE products (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, shop_id INTEGER REFERENCES shops (id),
  price NUMERIC(10,2), made TIMESTAMP, tags TEXT);
CREATE INDEX ix_products_shop ON products (shop_id);
CREATE TABLE reviews (product_id TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE, n INTEGER NOT NULL,
  stars INTEGER, PRIMARY KEY (product_id, n));
CREATE TABLE notes (id INTEGER PRIMARY KEY, product_id TEXT REFERENCES products (id) ON DELETE SET NULL, body TEXT);
CREATE INDEX ix_notes_product ON notes (product_id);
CREATE TABLE flags (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, name TEXT, deleted_at TIMESTAMP);
CREATE TABLE secrets_ (id TEXT PRIMARY KEY, account_id TEXT NOT NULL);
CREATE TABLE versions (id TEXT PRIMARY KEY, version INTEGER NOT NULL DEFAULT 1, body TEXT);
CREATE TABLE plain (id TEXT PRIMARY KEY, body TEXT);
"""
RESOURCES: dict[str, Any] = {
    "shops": {"account_column": "account_id", "block_when": "status = 'open'", "block_reason": "the shop is open"},
    "products": {"account_column": "account_id"},
    "reviews": {"expose": False},
    "flags": {"account_column": "account_id", "strategy": "soft"},
    "secrets_": {"account_column": "account_id", "strategy": "hard"},
    "versions": {"version_column": "version", "require_if_match": True},
}
ROWS = """
INSERT INTO shops VALUES (1, 'acme', 'north', 'shut'), (2, 'acme', 'south', 'open'), (3, 'globex', 'east', 'shut'),
  (4, 'acme', 'west', 'shut'), (7, 'acme', 'seven', 'shut');
INSERT INTO products VALUES ('p1', 'acme', 1, 9.50, '2026-01-01 00:00:00', 'a'), ('p2', 'acme', 1, 1, NULL, 'b'),
  ('p3', 'acme', NULL, 3.25, '2026-02-01 12:00:00', 'c'), ('g1', 'globex', 3, 5, NULL, 'd');
INSERT INTO reviews VALUES ('p1', 1, 5), ('p1', 2, 4), ('p3', 1, 1);
INSERT INTO notes VALUES (1, 'p1', 'first'), (2, 'p3', 'third'), (3, NULL, 'none');
INSERT INTO flags VALUES ('f1', 'acme', 'one', NULL), ('f2', 'acme', 'two', NULL), ('f3', 'globex', 'three', NULL);
INSERT INTO secrets_ VALUES ('s1', 'acme'), ('s2', 'acme');
INSERT INTO versions VALUES ('v1', 1, 'x'), ('v2', 3, 'y');
"""


class Api:
    """Calls one application with one key."""

    def __init__(self, client: TestClient, store: Any, account: str = "acme", scopes: Any = tuple(Scope)) -> None:
        self.client, self.store, self.account = client, store, account
        with store.write() as connection:
            now = store.dialect.now(connection)
            self.key_id, self.token = api_keys.create(connection, store, account, list(scopes), None, now)

    def __call__(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.request(method, "/api/v1" + path, headers=headers, **options)

    def other(self, account: str = "globex", scopes: Any = tuple(Scope)) -> Api:
        return Api(self.client, self.store, account, scopes)

    def sql(self, statement: str) -> list[Any]:
        with self.store.read() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def run(self, statement: str) -> None:
        with self.store.write() as connection:
            connection.execute(text(statement))


def _make(url: str, script: str, settings: dict[str, Any], *, with_worker: bool = True) -> Iterator[Api]:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in script.split(";"):
            if statement.strip():
                connection.exec_driver_sql(statement.replace("%", "%%") if url.startswith("postgresql") else statement)
    engine.dispose()
    told = Settings(**{"database": {"url": url}, **settings})
    store = open_store(told)
    application = make_application(store, told, with_worker=with_worker)
    with TestClient(application, follow_redirects=False, raise_server_exceptions=False) as client:
        yield Api(client, store)


@pytest.fixture
def api(database_url: str) -> Iterator[Api]:
    yield from _make(database_url, SHOP + ROWS, {"resources": RESOURCES})


@pytest.fixture
def make_api(database_url: str):
    """An application over a script and settings of the test's own."""
    made: list[Iterator[Api]] = []

    def make(script: str, *, with_worker: bool = True, **settings: Any) -> Api:
        made.append(_make(database_url, script, settings, with_worker=with_worker))
        return next(made[-1])

    yield make
    for one in made:
        next(one, None)


@pytest.fixture
def make_shop(make_api):
    """The small shop without a worker, with settings of the test's own."""

    def make(**settings: Any) -> Api:
        return make_api(SHOP + ROWS, with_worker=False, resources=RESOURCES, **settings)

    return make


@pytest.fixture
def hooks(make_api) -> Api:
    """An application without a worker, whose webhooks may call private addresses."""
    return make_api(FLAGS_SCRIPT, with_worker=False, resources=FLAGS, webhooks={"allow_private": True})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found

"""A database as the first release left it, and Sexton of today over it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from sexton.server.assembly import make_application, open_store
from sexton.server.configuration import Settings
from sexton.storage import migrations
from sexton.storage.dialects import Dialect, dialect_of

FIRST_RELEASE = Path(__file__).with_name("first_release")


@dataclass(frozen=True)
class Old:
    """A database, and what its making told: settings, tokens, ids of jobs."""

    url: str
    facts: dict[str, Any]

    @property
    def settings(self) -> Settings:
        return Settings(database={"url": self.url}, **self.facts["settings"])


def load(url: str) -> dict[str, Any]:
    """Fill an empty database with the first release's rows."""
    name = "sqlite" if url.startswith("sqlite") else "postgresql"
    script = (FIRST_RELEASE / f"{name}.sql").read_text()
    if name == "sqlite":
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.executescript(script)
        connection.close()
    else:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(script.encode())
    found: dict[str, Any] = json.loads((FIRST_RELEASE / f"{name}.json").read_text())
    return found


@contextmanager
def opened(url: str) -> Iterator[tuple[Engine, Dialect]]:
    engine = create_engine(url)
    yield engine, dialect_of(engine.dialect.name)
    engine.dispose()


def bring(url: str, to: str) -> None:
    """One step further."""
    with opened(url) as (engine, dialect), engine.begin() as connection:
        migrations.upgrade(connection, dialect, to)


def rows_of(connection: Connection, dialect: Dialect, columns: dict[str, list[str]]) -> dict[str, list[Any]]:
    """The rows of some columns of tables."""
    return {
        table: sorted(
            map(repr, connection.execute(text(f"SELECT {', '.join(names)} FROM {relation(dialect, table)}")).all())
        )
        for table, names in columns.items()
    }


def columns_of(connection: Connection, dialect: Dialect) -> dict[str, list[str]]:
    """Sexton's tables, and their columns, quoted."""
    look = inspect(connection)
    tables = [name for name in look.get_table_names(dialect.own_schema) if name.startswith(dialect.own_prefix)]
    return {
        name: [f'"{column["name"]}"' for column in look.get_columns(name, dialect.own_schema)]
        for name in tables
        if not name.endswith(migrations.VERSION_TABLE)
    }


def relation(dialect: Dialect, table: str) -> str:
    return f'"{dialect.own_schema}"."{table}"' if dialect.own_schema else f'"{table}"'


class Today:
    """This release's application over a database, with the first release's keys."""

    def __init__(self, client: TestClient, store: Any, facts: dict[str, Any]) -> None:
        self.client, self.store, self.facts = client, store, facts
        self.jobs: dict[str, str] = facts["jobs"]

    def ask(self, method: str, path: str, body: Any = None, token: int = 0, **headers: str) -> Any:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told["Authorization"] = f"Bearer {self.facts['tokens'][token]}"
        return self.client.request(method, f"/api/v1{path}", json=body, headers=told)

    def job(self, name: str) -> dict[str, Any]:
        return self.ask("GET", f"/bulk_jobs/{self.jobs[name]}").json()

    def results(self, name: str) -> list[str]:
        answer = self.ask("GET", f"/bulk_jobs/{self.jobs[name]}/items", Accept="application/x-ndjson")
        return [json.loads(line)["id"] for line in answer.text.splitlines()]

    def pages(self, name: str, limit: int) -> list[str]:
        """The ids of a job's items, page by page."""
        found, cursor = [], ""
        while cursor is not None:
            page = self.ask("GET", f"/bulk_jobs/{self.jobs[name]}/items?limit={limit}{cursor}").json()
            found += [one["id"] for one in page["items"]]
            cursor = f"&cursor={page['next_cursor']}" if page.get("next_cursor") else None
        return found

    def count(self, where: str) -> int:
        with self.store.read() as connection:
            return connection.execute(text(f"SELECT count(*) FROM {where}")).scalar_one()


@contextmanager
def today(settings: Settings, facts: dict[str, Any], *, migrate: bool = True) -> Iterator[Today]:
    store = open_store(settings, migrate=migrate)
    with TestClient(make_application(store, settings, with_worker=False)) as client:
        yield Today(client, store, facts)

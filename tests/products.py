"""The four example products as real processes on databases of their own, with rows to delete."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import requests
from sqlalchemy import Connection, insert

from sexton.examples import cronping, documint, flagbit, webhookvault
from sexton.examples.host import connect

EXAMPLES = Path(__file__).parents[1] / "examples"
ITEMS = 640


@dataclass(frozen=True)
class Product:
    """A product: its main resource, how a row of it looks, and a row that must stay, with its reason."""

    module: ModuleType
    model: Any
    row: Callable[[str], dict[str, Any]]
    keep: Callable[[Connection], None]
    kept: str
    reason: str
    code: str
    headers: dict[str, str] = field(default_factory=lambda: {"Authorization": "Bearer key-acme"})

    @property
    def name(self) -> str:
        return self.module.__name__.rpartition(".")[2]

    @property
    def resource(self) -> str:
        return str(self.model.__tablename__)


def _document(connection: Connection) -> None:
    row = {"id": "d1", "account_id": "acme", "template_id": "i0003", "title": "one"}
    connection.execute(insert(documint.Document), row)


def _running(connection: Connection) -> None:
    connection.execute(changed(cronping.Monitor, "i0003", status="running"))


def changed(model: Any, item: str, **values: Any) -> Any:
    return model.__table__.update().where(model.id == item).values(**values)


def _asked(connection: Connection) -> None:
    now = flagbit.datetime.now(flagbit.UTC)
    connection.execute(insert(flagbit.Evaluation), {"flag_name": "i0003", "at": now})
    connection.execute(insert(flagbit.Rule), {"id": "r1", "account_id": "acme", "flag_id": "i0004", "value": "DE"})


def _captured(connection: Connection) -> None:
    connection.execute(
        insert(webhookvault.CapturedRequest), {"id": "q1", "account_id": "acme", "endpoint_id": "i0003", "body": {}}
    )


PRODUCTS = [
    Product(
        documint,
        documint.Template,
        lambda name: {"name": name, "body": "Dear"},
        _document,
        "i0003",
        "documents",
        "referenced",
    ),
    Product(
        cronping,
        cronping.Monitor,
        lambda name: {"name": name},
        _running,
        "i0003",
        "the monitor is running: pause it first",
        "blocked",
    ),
    Product(
        flagbit,
        flagbit.Flag,
        lambda name: {"name": name},
        _asked,
        "i0003",
        "it was asked for within the last day",
        "blocked",
    ),
    Product(
        webhookvault,
        webhookvault.Endpoint,
        lambda name: {"url": f"https://{name}.example"},
        _captured,
        "i0003",
        "captured_requests",
        "referenced",
    ),
]


def fill(product: Product, url: str) -> None:
    """The items i0000… of acme, g000… of globex and t000… of trial."""
    engine = connect(url, product.module.Base.metadata)
    named = [("acme", "i", 4, ITEMS), ("globex", "g", 3, 3), ("trial", "t", 3, 301)]
    rows = [
        {"id": f"{letter}{n:0{width}}", "account_id": account, **product.row(f"{letter}{n}")}
        for account, letter, width, count in named
        for n in range(count)
    ]
    with engine.begin() as connection:
        connection.execute(insert(product.model), rows)
        product.keep(connection)
    engine.dispose()


@contextlib.contextmanager
def running(target: str, url: str, *options: str, **environment: str) -> Iterator[str]:
    """An application behind uvicorn for as long as the block lasts; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", target, *options, "--port", str(port), "--log-level", "warning"]
    told = os.environ | {"DATABASE_URL": url} | environment
    server = subprocess.Popen(command, env=told)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base, server)
        yield base
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(base: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        with contextlib.suppress(requests.ConnectionError):
            requests.get(f"{base}/openapi.json", timeout=10)
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError("the application did not start")

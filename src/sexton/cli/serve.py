"""`sexton serve`."""

from __future__ import annotations

import os
import socket
from typing import Annotated, Any

import structlog
import typer
import uvicorn
from fastapi import FastAPI

from sexton.cli.exits import say
from sexton.cli.options import Config, Database, settings_of
from sexton.errors import ConfigurationError
from sexton.server.assembly import PREFIX, make_application, open_store
from sexton.server.configuration import Settings
from sexton.server.logging import configure_logging
from sexton.storage import api_keys
from sexton.storage.store import Store

_BACKLOG = 2048


def serve(
    database: Database = None,
    config: Config = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave jobs to `sexton worker`.")] = False,  # noqa: FBT002
    migrate: Annotated[bool, typer.Option("--migrate", help="Upgrade Sexton's tables first.")] = False,  # noqa: FBT002
) -> None:
    """Serve an existing SQLite or PostgreSQL database: each table with a primary key becomes a resource.

    Example: sexton serve --database postgresql://app@localhost/shop --config sexton.toml
    """
    settings = settings_of(database, config, host=host, port=port)
    configure_logging()
    listener = listen(settings.server.host, settings.server.port)
    store = open_store(settings, migrate=migrate)
    for warning in store.catalog.warnings:
        say(f"warning: {warning}")
    _say_hello(store, listener)
    run_server(store, settings, listener, with_worker=not no_worker)


def listen(host: str, port: int) -> socket.socket:
    """Open the port. Raises ConfigurationError where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)  # from here on who connects waits, and is not refused
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0) or error}; choose another --port"
        ) from None
    return listener


def address_of(listener: socket.socket) -> str:
    """The URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _say_hello(store: Store, listener: socket.socket) -> None:
    address = address_of(listener)
    with store.read() as connection:
        keys = api_keys.all_keys(connection, store)
    say(f"{len(store.catalog.exposed)} resources at {address}{PREFIX}/, described at {address}/docs")
    if not any(key["revoked_at"] is None for key in keys):
        say("there is no key yet: `sexton keys create --account default --scopes read,delete,restore` makes one")


def run_server(store: Store, settings: Settings, listener: socket.socket, *, with_worker: bool) -> None:
    """Serve a store until told to stop."""
    run_application(make_application(store, settings, with_worker=with_worker), listener)


def run_application(application: FastAPI, listener: socket.socket) -> None:
    """Serve an application until told to stop."""
    options: dict[str, Any] = {"log_config": None, "access_log": False, "lifespan": "on", "server_header": False}
    server = uvicorn.Server(uvicorn.Config(application, **options))
    structlog.get_logger("sexton").info("serving", address=address_of(listener))
    server.run(sockets=[listener])

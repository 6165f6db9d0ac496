"""Options that several commands share."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sexton.server.assembly import open_store
from sexton.server.configuration import Settings, load
from sexton.storage.store import Store

Database = Annotated[str | None, typer.Option("--database", metavar="URL", help="sqlite:////… or postgresql://…")]
Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Configuration (default: sexton.toml).")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]


def settings_of(database: str | None, config: Path | None, **flags: Any) -> Settings:
    """Configuration from file, environment and flags."""
    given = {"database": {"url": database}} if database else {}
    told = {name: value for name, value in flags.items() if value is not None}
    return load(config, {**given, **({"server": told} if told else {})})


def store_of(database: str | None, config: Path | None = None) -> Store:
    """The database of a command that works on it directly."""
    return open_store(settings_of(database, config))


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    json.dump(value, sys.stdout, indent=2, default=_plain)
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)

"""`sexton audit`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from sexton.cli.options import Config, Database, Json, print_json, store_of
from sexton.storage import audit

app = typer.Typer(help="Who deleted what, when, why, and what failed.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Who deleted what, when, why, and what failed."""


@app.command()
def search(  # noqa: PLR0913 — the filters
    database: Database = None,
    config: Config = None,
    account: Annotated[str | None, typer.Option(help="Only this account's.")] = None,
    resource: Annotated[str | None, typer.Option(help="Only this resource.")] = None,
    item_id: Annotated[str | None, typer.Option("--item-id", help="Only entries that name this item.")] = None,
    job_id: Annotated[str | None, typer.Option("--job-id", help="Only this job.")] = None,
    key_id: Annotated[str | None, typer.Option("--key-id", help="Only what this key did.")] = None,
    action: Annotated[str | None, typer.Option(help="delete, bulk_delete, restore, hold, purge, ….")] = None,
    since: Annotated[datetime | None, typer.Option(help="From this time on (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before this time (UTC).")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 100,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Print entries as JSON, one a line, newest first.

    Example: sexton audit search --database sqlite:////srv/shop.db --resource orders --item-id 4711
    """
    store = store_of(database, config)
    filters = {"resource": resource, "job_id": job_id, "key_id": key_id, "action": action}
    times = {"since": _utc(since), "until": _utc(until)}
    with store.read() as connection:
        found = audit.search(connection, store, account, filters=filters, item_id=item_id, limit=limit, **times)
    if as_json:
        print_json(found)
        return
    for entry in found:
        sys.stdout.write(json.dumps(entry, default=_plain) + "\n")


def _utc(value: datetime | None) -> Any:
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)

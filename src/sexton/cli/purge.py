"""`sexton purge`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sexton.actions.purge import purge as run_purge
from sexton.cli.options import Config, Database, Json, print_json, store_of


def purge(
    database: Database = None,
    config: Config = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, change nothing.")] = False,  # noqa: FBT002
    max_items_per_second: Annotated[
        float | None, typer.Option("--max-items-per-second", min=0.1, help="Go no faster than this.")
    ] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Remove for good what is past its recovery window and under no hold: what the worker does on its schedule, once.

    Example: sexton purge --database sqlite:////srv/shop.db --dry-run
    """
    store = store_of(database, config)
    report = {"dry_run": dry_run, **run_purge(store, dry_run=dry_run, most_per_second=max_items_per_second).as_dict()}
    if as_json:
        print_json(report)
        return
    verb = "would be purged" if dry_run else "purged"
    purged: dict[str, int] = report["purged"]
    for resource, count in sorted(purged.items()) or [("nothing", 0)]:
        sys.stdout.write(f"{resource}: {count} {verb}\n")
    for resource, count in sorted(report["kept"].items()):
        sys.stdout.write(f"{resource}: {count} kept, rows still point at them\n")

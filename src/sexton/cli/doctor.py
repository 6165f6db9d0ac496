"""`sexton doctor`: of a database where one is named, else of this environment as a client."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from sexton.cli.client_options import Connection, Json, expanded, printer
from sexton.cli.exits import Exit, say
from sexton.client.doctor import Level, examine
from sexton.errors import ConfigurationError

_EXITS = {
    Level.OK: Exit.OK,
    Level.NOTE: Exit.OK,
    Level.REFUSED: Exit.REFUSED,
    Level.BROKEN: Exit.USAGE,
    Level.DENIED: Exit.FORBIDDEN,
}


@expanded
def doctor(
    connection: Connection,
    url: Annotated[str | None, typer.Argument(metavar="URL", help="An API's base: it is asked with one GET.")] = None,
    database: Annotated[
        str | None, typer.Option("--database", metavar="URL", help="Look at this database instead.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Look at the database of this configuration instead."),
    ] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Report what would hurt, with what mends it; changes nothing.

    It looks at the database that --database, --config, SEXTON_DATABASE_URL or a sexton.toml here names. With a URL, or
    where no database is named, it looks at this environment as a client: packages, proxies, netrc, the token, the clock, and whether the URL
    answers. Exit code 2: something must be mended; 4: the URL cannot be reached; 6: it does not accept the token.

    Example: sexton doctor https://api.example.com/v1 --token-env API_TOKEN

    Example: sexton doctor --database postgresql://app@localhost/shop
    """
    if url is not None and (database or config):
        raise typer.BadParameter("name the URL of an API, or a database: not both", param_hint="URL")
    if url is None and (database or config or os.environ.get("SEXTON_DATABASE_URL") or Path("sexton.toml").exists()):
        _examine_database(database, config, as_json=as_json)
        return
    options: dict[str, Any] = dict(connection.options())
    findings = examine(url, **options)
    worst = max(finding.level for finding in findings)
    for finding in findings:
        if as_json:
            printer(wanted=True)({**asdict(finding), "level": finding.level.name.lower()})
        else:
            sys.stdout.write(f"{finding.level.name.lower():8} {finding.check}: {finding.detail}\n")
    say(f"{sum(finding.level > Level.NOTE for finding in findings)} finding(s) to mend")
    sys.exit(_EXITS[worst])


def _examine_database(database: str | None, config: Path | None, *, as_json: bool) -> None:
    try:
        advice, options = import_module("sexton.server.advice"), import_module("sexton.cli.options")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("sexton"):
            raise
        needs = f"`sexton doctor --database` needs {error.name}: pip install 'sexton[server]'"
        raise ConfigurationError(needs) from None
    findings = advice.examine(options.store_of(database, config))
    if as_json:
        options.print_json([asdict(finding) for finding in findings])
        return
    for finding in findings:
        sys.stdout.write(f"{finding.check}: {finding.subject}: {finding.detail}\n")
        if finding.sql:
            sys.stdout.write(f"    {finding.sql}\n")
    say(f"{len(findings)} finding(s)")

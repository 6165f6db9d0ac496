"""`sexton probe`."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from sexton.cli.exits import Exit, say
from sexton.errors import ConfigurationError
from sexton.probe.checks import CHECKS, Finding, Grade, Scene, examine
from sexton.probe.items import given, made
from sexton.probe.wire import Wire

_MARKS = {Grade.PASS: "ok", Grade.WARN: "weak", Grade.FAIL: "BAD", Grade.SKIP: "-"}


def probe(  # noqa: PLR0913 — the options of the command
    url: Annotated[str, typer.Argument(metavar="URL", help="The API's base, as in https://api.example.com/v1")],
    resource: Annotated[str, typer.Option(help="The collection to try it on, as its path spells it.")],
    create: Annotated[
        str | None, typer.Option(metavar="JSON", help="Make items: POST this, {id} is a fresh id.")
    ] = None,
    item: Annotated[list[str] | None, typer.Option(help="An item that may be deleted; say it often.")] = None,
    bulk: Annotated[str | None, typer.Option(metavar="PATH", help="A bulk endpoint that takes {ids: […]}.")] = None,
    token_env: Annotated[str | None, typer.Option(metavar="NAME", help="The variable that holds the token.")] = None,
    token_file: Annotated[Path | None, typer.Option(metavar="FILE", help="The file that holds the token.")] = None,
    execute: Annotated[bool, typer.Option("--execute", help="Really delete the items.")] = False,  # noqa: FBT002
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON on stdout.")] = False,  # noqa: FBT002
) -> None:
    """Grade an API's deletes on items made for it: retries, versions, keys, addresses, bodies, bulk.

    Example: sexton probe https://api.example.com/v1 --resource notes --create '{"title": "{id}"}' --execute
    """
    if (create is None) == (not item):
        message = "say where its items come from: --create JSON makes them, or --item ID names some that may go"
        raise ConfigurationError(message)
    if not execute:
        _preview(f"{url.rstrip('/')}/{resource}", as_json=as_json)
        return
    wire = Wire(url, _token(token_env, token_file))
    take = made(wire, resource, create) if create is not None else given(item or [])
    findings = examine(Scene(wire, resource, take, bulk))
    _show(findings, as_json=as_json)
    raise typer.Exit(Exit.SOME_LEFT if any(f.grade is Grade.FAIL for f in findings) else Exit.OK)


def _token(name: str | None, path: Path | None) -> str | None:
    if name is not None:
        found = os.environ.get(name)
        if not found:
            message = f"the environment has no {name}: put the token there"
            raise ConfigurationError(message)
        return found.strip()
    try:
        return path.read_text(encoding="ascii").strip() if path is not None else None
    except (OSError, UnicodeDecodeError):
        message = f"the token file {path} cannot be read as ASCII text"
        raise ConfigurationError(message) from None


def _preview(target: str, *, as_json: bool) -> None:
    if as_json:
        checks = [{"check": check.__name__, "source": source} for check, source in CHECKS]
        json.dump({"dry_run": True, "target": target, "checks": checks}, sys.stdout, indent=2)
        sys.stdout.write("\n")
    say(f"(dry run) would run {len(CHECKS)} checks, each on an item of {target}; nothing was sent")
    say("--execute does it: the items are deleted")


def _show(findings: list[Finding], *, as_json: bool) -> None:
    counts = Counter(finding.grade for finding in findings)
    if as_json:
        told = {"findings": [asdict(finding) for finding in findings], "counts": {str(g): counts[g] for g in Grade}}
        json.dump(told, sys.stdout, indent=2)
        sys.stdout.write("\n")
        return
    width = max(len(finding.check) for finding in findings)
    for finding in findings:
        name = finding.check.ljust(width)
        sys.stdout.write(f"{_MARKS[finding.grade]:5} {name}  {finding.seen}  [{finding.source}]\n")
    say(", ".join(f"{counts[grade]} {grade}" for grade in Grade))

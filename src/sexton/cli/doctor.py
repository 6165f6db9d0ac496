"""`sexton doctor`."""

from __future__ import annotations

import sys
from dataclasses import asdict

from sexton.cli.exits import say
from sexton.cli.options import Config, Database, Json, print_json, store_of
from sexton.server.advice import examine


def doctor(database: Database = None, config: Config = None, as_json: Json = False) -> None:  # noqa: FBT002
    """Report what would hurt, with the SQL that mends it; changes nothing.

    Example: sexton doctor --database postgresql://app@localhost/shop
    """
    findings = examine(store_of(database, config))
    if as_json:
        print_json([asdict(finding) for finding in findings])
        return
    for finding in findings:
        sys.stdout.write(f"{finding.check}: {finding.subject}: {finding.detail}\n")
        if finding.sql:
            sys.stdout.write(f"    {finding.sql}\n")
    say(f"{len(findings)} finding(s)")

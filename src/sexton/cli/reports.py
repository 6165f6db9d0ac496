"""`sexton show` and `sexton report`: read files, send nothing."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from itertools import islice
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from sexton.cli.client_options import JournalFile, PlanFile, explained, printer
from sexton.cli.exits import Exit, plain
from sexton.client._engine import Cause
from sexton.client.journal import Recovered, Standing, recover
from sexton.client.journal_chain import RunDigest, chain_of
from sexton.client.plan_file import Plan

_SIGNALLED = {Cause.SIGINT: 130, Cause.SIGTERM: 143}
_REASONS = 10

Document = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def exit_code(counts: Mapping[str, int], cause: Cause | None) -> int:
    """The exit code of a run; where several apply: signal, 6, 5, 7, 3."""
    if cause in _SIGNALLED:
        return _SIGNALLED[cause]
    if cause is Cause.UNAUTHENTICATED or counts[Standing.FORBIDDEN.word]:
        return Exit.FORBIDDEN
    if cause is not None or counts[Standing.NOT_STARTED.word]:
        return Exit.STOPPED
    if counts[Standing.UNKNOWN.word] or counts[Standing.ACCEPTED.word]:
        return Exit.UNKNOWN
    return Exit.SOME_LEFT if counts[Standing.FAILED.word] or counts[Standing.THROTTLED.word] else Exit.OK


def show(
    path: PlanFile,
    items: Annotated[int, typer.Option("--items", min=0, metavar="N", help="How many items to show.")] = 10,
    as_json: Document = False,  # noqa: FBT002
) -> None:
    """Show what a plan would delete, after checking that it is whole.

    Example: sexton show old.plan --items 3
    """
    with explained(), Plan(path) as plan:
        head = asdict(plan.header) | {"digest": plan.digest}
        shown = [item._asdict() for item in islice(plan.items(), items)]
    if as_json:
        printer(wanted=True)({**head, "items": shown})
        return
    table = Table("position", "id", "etag", "seen", title=f"{head['to_delete']} to delete of {head['count']} items")
    for item in shown:
        table.add_row(str(item["position"]), item["id"], item["etag"] or "", item["seen"])
    for name, value in head.items():
        sys.stdout.write(f"{name}: {value if not isinstance(value, tuple) else ', '.join(value)}\n")
    if shown:
        _print(table)


def report(journal: JournalFile, as_json: Document = False) -> None:  # noqa: FBT002
    """Say what became of a plan's items, from its journal alone; the exit code says the same.

    Example: sexton report old.plan.journal --json
    """
    details = _Details()
    with explained():
        found = recover(journal, details.take)
        chain = chain_of(journal, found.end)
    counts = found.counts()
    cause = Cause(found.stop["cause"]) if found.stop else None
    told = _told(found, counts, details, chain)
    if as_json:
        printer(wanted=True)(told | {"exit_code": exit_code(counts, cause)})
    else:
        _show_report(told)
    sys.exit(exit_code(counts, cause))


class _Details:
    """What the results of a journal tell beyond their standing."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.sends = 0
        self.verified = 0

    def take(self, event: Mapping[str, Any]) -> None:
        """Look at one event."""
        if event["e"] not in {"result", "skip"}:
            return
        self.outcomes[event["outcome"]] += 1
        self.sends += event.get("attempts", 0)
        self.verified += bool(event.get("verified"))
        if event["outcome"] not in {"deleted", "already_absent"}:
            self.reasons[f"{event['outcome']}: {event.get('status') or ''} {event.get('reason', '')}".strip()] += 1


def _told(found: Recovered, counts: Mapping[str, int], details: _Details, chain: list[RunDigest]) -> dict[str, Any]:
    return {
        **asdict(found.header),
        "runs": found.runs,
        "standings": counts,
        "outcomes": dict(details.outcomes),
        "verified": details.verified,
        "sends": details.sends,
        "reasons": dict(details.reasons.most_common(_REASONS)),
        "stopped": {key: found.stop[key] for key in ("cause", "reason")} if found.stop else None,
        "job_id": found.job["job_id"] if found.job else None,
        "torn_bytes": found.torn,
        "chain": [link._asdict() for link in chain],
    }


def _show_report(told: Mapping[str, Any]) -> None:
    table = Table("standing", "items", "share", title=f"{told['count']} items of {told['base_url']}/{told['resource']}")
    for word, count in told["standings"].items():
        share = f"{100 * count / told['count']:.1f} %" if told["count"] else ""
        table.add_row(word.replace("_", " "), str(count), share)
    _print(table)
    for reason, count in told["reasons"].items():
        sys.stdout.write(plain(f"{count} times {reason}") + "\n")
    if told["stopped"]:
        sys.stdout.write(plain(f"stopped: {told['stopped']['reason']}") + "\n")
    sys.stdout.write(f"plan {told['digest']}\n")
    for link in told["chain"]:
        sys.stdout.write(f"run {link['run']}: the first {link['bytes']} bytes are {link['sha256']}\n")


def _print(table: Table) -> None:
    Console(file=sys.stdout).print(table)

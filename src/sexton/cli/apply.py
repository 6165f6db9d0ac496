"""`sexton apply`, `sexton resume` and `sexton verify`."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sexton.cli.client_options import (
    Connection,
    Guards,
    JournalFile,
    Json,
    PlanFile,
    Quiet,
    Steering,
    Tempo,
    expanded,
    explained,
    printer,
)
from sexton.cli.exits import Exit, say
from sexton.cli.progress import progress
from sexton.cli.reports import exit_code
from sexton.cli.streams import has_terminal
from sexton.client._address import base_of
from sexton.client._checks import is_production
from sexton.client._controls import Controls
from sexton.client._engine import Emit
from sexton.client._guard import check_production as check_allowed
from sexton.client.apply import Application, ApplyOptions, Mode, Report
from sexton.client.journal import Recovered, Standing, recover
from sexton.client.outcome import Finding, Outcome
from sexton.client.plan_file import Plan, PlannedItem

OtherPlan = Annotated[Path | None, typer.Option("--plan", metavar="PLAN", help="Where the plan is, if it was moved.")]
_WELL = frozenset({Outcome.DELETED, Outcome.ALREADY_ABSENT, Outcome.NOT_FOUND})

RetryFailed = Annotated[
    bool, typer.Option("--retry-failed", help="Try again what failed, where it is as it was planned.")
]
HowToDelete = Annotated[Mode, typer.Option("--mode", help="auto: one bulk job where it is a Sexton server.")]


@expanded
def apply(  # noqa: PLR0913 — the options
    path: PlanFile,
    guards: Guards,
    tempo: Tempo,
    steering: Steering,
    connection: Connection,
    execute: Annotated[bool, typer.Option("--execute/--dry-run", " /-n", help="Delete; else look only.")] = False,  # noqa: FBT002
    journal: Annotated[
        Path | None, typer.Option("--journal", metavar="FILE", help="Where to keep the journal [PLAN.journal].")
    ] = None,
    host: Annotated[str | None, typer.Option("--host", help="Refuse a plan for another host.")] = None,
    mode: HowToDelete = Mode.AUTO,
    as_json: Json = False,  # noqa: FBT002
    quiet: Quiet = False,  # noqa: FBT002
) -> None:
    """Delete just what a plan says, once: identity probe, canary, then the rest. A dry run without --execute.

    Example: sexton apply old.plan --execute --max-delete 5000 --token-env API_TOKEN
    """
    emit = _with_failures(printer(wanted=as_json), quiet=quiet)
    with explained(), Plan(path) as plan:
        options = _options(guards, tempo, connection, emit, mode, steering)
        _check_host(plan, host)
        if not execute:
            asyncio.run(_preview(plan, options, emit, quiet=quiet))
            return
        options = _approved(plan, options)
        target = journal or path.with_name(path.name + ".journal")
        report = asyncio.run(_run(plan, options, target, resume=False, quiet=quiet))
    _end(report, emit, target, quiet=quiet)


@expanded
def resume(  # noqa: PLR0913 — the options
    journal: JournalFile,
    guards: Guards,
    tempo: Tempo,
    steering: Steering,
    connection: Connection,
    other_plan: OtherPlan = None,
    retry_failed: RetryFailed = False,  # noqa: FBT002
    mode: HowToDelete = Mode.AUTO,
    as_json: Json = False,  # noqa: FBT002
    quiet: Quiet = False,  # noqa: FBT002
) -> None:
    """Go on with an apply that was stopped or killed. What is unknown is looked at before anything is sent.

    Example: sexton resume old.plan.journal --token-env API_TOKEN
    """
    emit = _with_failures(printer(wanted=as_json), quiet=quiet)
    with explained(), Plan(other_plan or Path(recover(journal).header.plan)) as plan:
        options = _options(guards, tempo, connection, emit, mode, steering)
        options = replace(options, retry_failed=retry_failed)
        report = asyncio.run(_run(plan, options, journal, resume=True, quiet=quiet))
    _end(report, emit, journal, quiet=quiet)


@expanded
def verify(  # noqa: PLR0913 — the options
    journal: JournalFile,
    tempo: Tempo,
    connection: Connection,
    other_plan: OtherPlan = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, metavar="N", help="Look at N of them, chosen by chance.")
    ] = None,
    as_json: Json = False,  # noqa: FBT002
    quiet: Quiet = False,  # noqa: FBT002
) -> None:
    """GET again each item that the journal says is gone; exit code 3 if one is still there, 7 if one cannot be seen.

    Example: sexton verify old.plan.journal --token-env API_TOKEN
    """
    emit = printer(wanted=as_json)
    with explained():
        found = recover(journal)
        with Plan(other_plan or Path(found.header.plan)) as plan:
            options = _options(Guards(), tempo, connection, emit, Mode.ITEMS)
            counts = asyncio.run(_verify(plan, options, found, sample, quiet=quiet))
    told = {"absent": 0, "present": 0, "unclear": 0} | counts
    emit({"type": "summary", **told})
    if not quiet:
        say(f"{told['absent']} are gone, {told['present']} are still there, {told['unclear']} cannot be seen")
    sys.exit(Exit.SOME_LEFT if told["present"] else Exit.UNKNOWN if told["unclear"] else Exit.OK)


def _options(
    guards: Guards, tempo: Tempo, connection: Connection, emit: Any, mode: Mode, steering: Steering | None = None
) -> ApplyOptions:
    steered = steering or Steering()
    return ApplyOptions(
        limits=guards.limits(),
        concurrency=tempo.concurrency,
        rate=tempo.rate,
        longest_pause=tempo.max_retry_after,
        deadline=tempo.deadline,
        retries=tempo.retries,
        canary_wait=steered.canary_wait,
        controls=Controls(**steered.controls()),
        mode=mode,
        client=connection.options(),
        emit=emit,
    )


def _with_failures(emit: Emit, *, quiet: bool) -> Emit:
    """Tell people of what went wrong with an item when it does, not at the end."""
    if quiet:
        return emit

    def tell(record: Mapping[str, Any]) -> None:
        emit(record)
        if record["type"] == "result" and record["outcome"] not in _WELL:
            say(f"{record['id']}: {record['outcome']}: {record.get('status') or ''} {record.get('reason', '')}")

    return tell


def _approved(plan: Plan, options: ApplyOptions) -> ApplyOptions:
    """On production, and where nobody named the plan: let whoever sits there type its digest."""
    limits = options.limits
    if limits.approve is not None or not is_production(base_of(plan.header.base_url, allow_http=True), limits):
        return options
    if not has_terminal():
        return options
    check_allowed(base_of(plan.header.base_url, allow_http=True))  # else the typing would be in vain
    say(
        f"{plan.header.to_delete} items of {plan.header.base_url}/{plan.header.resource} (production) would be deleted."
    )
    typed = typer.prompt("Type the first 12 characters of the plan's digest (`sexton show`)", err=True)
    return replace(options, limits=replace(limits, approve=str(typed)))


def _check_host(plan: Plan, host: str | None) -> None:
    base = base_of(plan.header.base_url, allow_http=True)
    there = base.origin.partition("://")[2]
    if host is not None and host not in {there, base.host, f"[{base.host}]", f"{base.host}:{base.port}"}:
        say(f"sexton: the plan is for {there}, and --host says {host}. Nothing was sent.")
        sys.exit(Exit.REFUSED)


async def _preview(plan: Plan, options: ApplyOptions, emit: Any, *, quiet: bool) -> None:
    async with Application(plan, options) as application:
        agreed = await application.preview()
        production = application.production
    header = plan.header
    emit(
        {
            "type": "summary",
            "dry_run": True,
            "base_url": header.base_url,
            "resource": header.resource,
            "would_delete": header.to_delete,
            "would_skip": header.count - header.to_delete,
            "recognised": agreed,
            "production": production,
            "digest": plan.digest,
        }
    )
    if not quiet:
        say(
            f"(dry run) would delete {header.to_delete} items of {header.base_url}/{header.resource}; "
            f"{agreed} looked at are as planned. Nothing was deleted; --execute does it."
        )
        if production:
            say(f"It is production: set SEXTON_ALLOW_DELETE, and pass --approve {plan.digest[:12]}.")


async def _run(plan: Plan, options: ApplyOptions, journal: Path, *, resume: bool, quiet: bool) -> Report:
    async with Application(plan, options) as application:
        total = plan.header.count
        async with progress("deleting", total, application.done, lambda: application.pace.state, quiet=quiet):
            return await (application.resume if resume else application.apply)(journal)


def _end(report: Report, emit: Any, journal: Path, *, quiet: bool) -> None:
    cause = report.stopped.cause if report.stopped else None
    code = exit_code(dict(report.standings), cause)
    told = {"standings": report.standings, "stopped": cause, "journal": str(journal), "exit_code": code}
    emit({"type": "summary", "dry_run": False, **told})
    if not quiet:
        words = ", ".join(f"{n} {word.replace('_', ' ')}" for word, n in report.standings.items() if n)
        say(words or "nothing to do")
        if report.stopped is not None:
            say(f"stopped: {report.stopped.reason}. Go on with: sexton resume {journal}")
    sys.exit(code)


async def _verify(
    plan: Plan, options: ApplyOptions, found: Recovered, sample: int | None, *, quiet: bool
) -> Counter[str]:
    counts: Counter[str] = Counter()

    def observe(item: PlannedItem, finding: Finding) -> None:
        word = finding.value if finding in {Finding.ABSENT, Finding.PRESENT} else "unclear"
        counts[word] += 1
        options.emit({"type": "verified", "id": item.id, "finding": word})

    async with Application(plan, options) as application:
        gone = sum(map(found.standings.count, (Standing.DELETED, Standing.ABSENT)))
        total = gone if sample is None else min(sample, gone)
        async with progress("verifying", total, counts.total, lambda: application.pace.state, quiet=quiet):
            await application.verify(found, observe, sample)
    return counts

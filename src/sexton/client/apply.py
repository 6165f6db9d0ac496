"""Applying a plan: guards, identity probe, canary, the rest; resuming after a crash; verifying afterwards.

    with Plan(path) as plan:
        async with Application(plan, options) as application:
            report = await application.preview()        # sends nothing but GET, and cannot do otherwise
            report = await application.apply(journal)   # deletes just the plan, once
            report = await application.resume(journal)

Order: what needs no network (age, size, production) → identity probe → canary, verified by GET → the rest.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sexton.client._bulk_job import BulkJob, sexton_resource
from sexton.client._bulk_transport import BulkTransport
from sexton.client._canary import canary_of, looked_at
from sexton.client._carrier import Carrier, ReadOnly, Target, Way
from sexton.client._checks import Limits, check_plan, check_production, is_production
from sexton.client._controls import Controls, Watch
from sexton.client._engine import OPEN, Cause, Emit, Engine, Setting, Stop, Tally, silent
from sexton.client._feeder import Ledger, Task
from sexton.client._guard import check_production as check_allowed
from sexton.client._identity import appearance_of, check_identity
from sexton.client._pace import Pace
from sexton.client._response import problem_of
from sexton.client._retry import RetryPolicy
from sexton.client._run_telemetry import RunTelemetry
from sexton.client._settings import ClientOptions, Settings, settings_of
from sexton.client.errors import CallFailed
from sexton.client.journal import (
    Journal,
    JournalFault,
    JournalHeader,
    Recovered,
    Standing,
    check_not_applied,
    lock,
    now_text,
)
from sexton.client.outcome import Finding, Outcome
from sexton.client.plan_file import Plan, PlannedItem

_SIGNALS = {signal.SIGINT: Cause.SIGINT, signal.SIGTERM: Cause.SIGTERM}
_WAYS: dict[int, Way] = {Standing.NOT_STARTED: Way.FRESH, Standing.ACCEPTED: Way.ONLY_LOOK}


class Mode(Enum):
    """How a plan's items are deleted."""

    AUTO = "auto"  # a bulk job where the server is a Sexton server
    ITEMS = "items"  # one DELETE each, always


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """How a plan is applied.

    Attributes:
        limits: The guards.
        concurrency: Requests under way at once, at most; the pace finds its own way below.
        rate: Requests a second, at most; None: no limit.
        longest_pause: A `Retry-After` of more seconds ends the run (resumable).
        deadline: Seconds for one item with its retries.
        retries: Further sends of one item, at most.
        canary_wait: Seconds between the canary's deletes and the look at them.
        controls: What may steer the run while it runs.
        retry_failed: On a resume, look at what failed, and try it again where it is as it was planned.
        mode: One DELETE each, or a bulk job where there is one.
        client: The connection's options, as for `AsyncClient`.
        emit: Told of each result as it comes.
    """

    limits: Limits = field(default_factory=Limits)
    concurrency: int = 16
    rate: float | None = None
    longest_pause: float = 300.0
    deadline: float = 3600.0
    retries: int = 4
    canary_wait: float = 0.0
    controls: Controls = field(default_factory=Controls)
    retry_failed: bool = False
    mode: Mode = Mode.AUTO
    client: ClientOptions = field(default_factory=ClientOptions)
    emit: Emit = silent


@dataclass(frozen=True, slots=True)
class Report:
    """How a run ended: outcomes of this run by word, and why it stopped, if it did."""

    tally: Tally
    stopped: Stop | None
    standings: Mapping[str, int] = field(default_factory=dict)


def settings_for(base_url: str, options: ApplyOptions) -> Settings:
    """The connection of a run: retries as patient as the run is.

    Raises:
        Refused: an option is unsafe.
    """
    policy = RetryPolicy(retries=options.retries, retry_after_cap=options.longest_pause)
    given: Any = {"retry": policy, "max_connections": options.concurrency + 4, **options.client}
    settings = settings_of(base_url, **given)
    return replace(settings, timeout=replace(settings.timeout, total=options.deadline))


class Application:
    """One plan, one connection, one run. `progress` may be read at any time."""

    def __init__(self, plan: Plan, options: ApplyOptions) -> None:
        """Check what needs no network.

        Raises:
            Refused: a guard stands against it; nothing was sent.
        """
        self.plan = plan
        self._options = options
        self._settings = settings_for(plan.header.base_url, options)
        self.pace = Pace(options.concurrency, rate=options.rate, longest_pause=options.longest_pause)
        self._transport = BulkTransport(self._settings)
        self._target = Target(plan.header.resource, plan.digest)
        self._open = (*OPEN, Standing.FAILED, Standing.FORBIDDEN) if options.retry_failed else OPEN
        self.engine: Engine | None = None

    def check(self) -> None:
        """The guards that need no network, but for those of production: looking harms nobody.

        Raises:
            Refused: one of them stands against it.
        """
        check_plan(self.plan, self._options.limits, time.time())

    @property
    def production(self) -> bool:
        """Whether the host counts as production."""
        return is_production(self._settings.base, self._options.limits)

    async def preview(self) -> int:
        """All guards and the identity probe, over a transport that can send nothing but GET. Samples that agreed.

        Raises:
            Refused, CallFailed: the plan cannot be applied.
        """
        self.check()
        return await check_identity(self._looker(), self.plan)

    def _looker(self) -> Carrier:
        return Carrier(self._settings, ReadOnly(self._transport), self.pace)

    async def apply(self, journal_path: Path) -> Report:
        """Delete the plan's items, once.

        Raises:
            Refused, CallFailed: nothing was deleted.
        """
        check_not_applied(journal_path)
        self.check()
        check_production(self.plan, self._settings.base, self._options.limits)
        await self.preview()
        lock(self.plan.file.fileno(), self.plan.path)
        header, plan = self.plan.header, self.plan
        told = JournalHeader(str(plan.path.resolve()), plan.digest, header.base_url, header.resource, header.count)
        journal = Journal.create(journal_path, told)
        return await self._run(journal, Recovered(told, bytearray(header.count)), "apply")

    async def resume(self, journal_path: Path) -> Report:
        """Go on where an earlier run ended, however it ended: what is unknown is looked at before anything is sent.

        Raises:
            Refused, CallFailed: nothing was sent by this run.
        """
        self.check()
        if self.production:  # the plan itself was approved when it was applied
            check_allowed(self._settings.base)
        lock(self.plan.file.fileno(), self.plan.path)
        journal, found = Journal.reopen(journal_path)
        try:
            check_belongs(found, self.plan)
            await check_identity(self._looker(), self.plan, found, self._open)
        except BaseException:
            journal.close()
            raise
        return await self._run(journal, found, "resume")

    async def _run(self, journal: Journal, found: Recovered, mode: str) -> Report:
        ledger = Ledger(journal)
        carrier = Carrier(self._settings, self._transport, self.pace)
        telemetry = RunTelemetry(mode, self._target.resource, self._settings.base, carrier.run_id, self.plan.digest)
        engine = self.engine = Engine(carrier, ledger, self._setting(found, telemetry))
        journal.note({"e": "run", "mode": mode, "pid": os.getpid(), "at": now_text(), "run_id": carrier.run_id})
        try:
            with telemetry, _signals(engine):
                async with Watch(self._options.controls, self.pace, engine):
                    await self._work(engine, found)
                telemetry.ended(engine.tally.outcomes, engine.stopped.cause if engine.stopped else None)
            if engine.stopped is not None:
                journal.note({"e": "stop", "cause": engine.stopped.cause, "reason": engine.stopped.reason})
            await engine.commit()
        finally:
            ledger.close()
        counts = {standing.word: found.standings.count(standing) for standing in Standing}
        return Report(engine.tally, engine.stopped, counts)

    def _setting(self, found: Recovered, telemetry: RunTelemetry) -> Setting:
        limits, emit = self._options.limits, self._options.emit
        return Setting(self._target, found.standings, self._open, limits.max_errors, emit, telemetry)

    async def _work(self, engine: Engine, found: Recovered) -> None:
        """A bulk job where there is one; else the canary, and when it is well, the rest."""
        job = await self._job(engine, found)
        if job is not None:
            await job.run(self.plan, found.job)
            return
        canary = {item.position: item for item in canary_of(self.plan, self._options.limits.canary_percent)}
        if not found.canary:
            await engine.work(self._tasks(engine, iter(canary.values())))
            await self._verify_canary(engine, list(canary.values()))
        rest = self.plan.items() if found.canary else (i for i in self.plan.items() if i.position not in canary)
        await engine.work(self._tasks(engine, rest))

    async def _job(self, engine: Engine, found: Recovered) -> BulkJob | None:
        """The bulk job that does it: one that was begun, or a new one, where the server is a Sexton server."""
        fresh = self._options.mode is Mode.AUTO and not any(found.standings)
        if found.job is None and not (
            fresh and await sexton_resource(self._looker(), self._settings.base, self._target)
        ):
            return None
        return BulkJob(self._settings, self._target, engine, self._options.limits.canary_percent)

    def _tasks(self, engine: Engine, items: Iterator[PlannedItem]) -> Iterator[Task]:
        """Those that are to be settled, each with the way to begin; what the plan did not see is skipped on the way."""
        for item in items:
            standing = engine.standings[item.position]
            if standing not in engine.open:
                continue
            if item.seen.to_delete:
                yield item, _WAYS.get(standing, Way.LOOK_FIRST)
            else:
                engine.skip(item)

    async def _verify_canary(self, engine: Engine, canary: list[PlannedItem]) -> None:
        """GET what the canary deleted: each must be gone, else nothing more is deleted.

        A canary of which nothing was deleted stops the run, too, unless it was for the items' own versions or rules.
        """
        if engine.stopped is not None or not canary:
            return
        tally = engine.tally
        own_fault = tally.outcomes[Outcome.CONFLICT] + tally.outcomes[Outcome.PRECONDITION_FAILED]
        if tally.answers and tally.errors == tally.answers and tally.errors > own_fault:
            engine.stop(Cause.CANARY, f"none of the {len(canary)} canary items was deleted")
            return
        await engine.carrier.rest(self._options.canary_wait)
        doubtful = [i for i in canary if engine.standings[i.position] in {Standing.ACCEPTED, Standing.UNKNOWN}]
        if doubtful and engine.stopped is None:
            engine.stop(
                Cause.CANARY, f"the canary {doubtful[0].id!r} is not known to be gone: a resume looks at it first"
            )
            return
        deleted = (item for item in canary if engine.standings[item.position] == Standing.DELETED)
        gone: dict[str, Any] | None = None
        async for item, finding, answer in looked_at(self._looker(), self._target.resource, deleted):
            if finding is not Finding.ABSENT or answer is None:
                engine.stop(
                    Cause.CANARY, f"the server said that it deleted {item.id!r}; to a GET it is {finding.value}"
                )
            if engine.stopped is not None or answer is None:
                return
            gone = appearance_of(answer)
        if engine.stopped is None:
            engine.ledger.journal.note({"e": "canary", "items": len(canary), "gone": gone})

    def done(self) -> int:
        """Items that are settled, those of earlier runs included."""
        if self.engine is None:
            return 0
        tally = self.engine.tally
        return self.plan.header.count - tally.total + tally.settled + tally.under_way

    async def verify(
        self, found: Recovered, observe: Callable[[PlannedItem, Finding], None], sample: int | None = None
    ) -> None:
        """GET the items that are said to be gone, over a transport that can send nothing else.

        Args:
            found: What the journal says.
            observe: Told what each GET found.
            sample: Look at so many of them, chosen by chance; None: at all.

        Raises:
            JournalFault: the journal is another plan's.
            CallFailed: the server does not accept the token.
        """
        check_belongs(found, self.plan)
        gone = [n for n, standing in enumerate(found.standings) if standing in {Standing.DELETED, Standing.ABSENT}]
        if sample is not None and sample < len(gone):
            gone = random.SystemRandom().sample(gone, sample)
        chosen = set(gone)
        items = (item for item in self.plan.items() if item.position in chosen)
        looker = self._looker()
        async for look in looked_at(looker, self._target.resource, items):
            if look.answer is not None and look.answer.status == HTTPStatus.UNAUTHORIZED:
                raise CallFailed(look.answer.status, problem_of(look.answer), looker.run_id)
            observe(look.item, look.finding)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.close()


def check_belongs(found: Recovered, plan: Plan) -> None:
    """Whether a journal is this plan's.

    Raises:
        JournalFault: it is another one's.
    """
    if found.header.digest != plan.digest or len(found.standings) != plan.header.count:
        raise JournalFault(f"The journal (line 1) belongs to another plan than {plan.path}. Nothing was sent.")


@contextmanager
def _signals(engine: Engine) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the run well; a second one ends the process."""
    loop = asyncio.get_running_loop()

    def handle(number: signal.Signals) -> None:
        loop.remove_signal_handler(number)
        engine.stop(_SIGNALS[number], f"{number.name}: what was on the wire came to its end")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    for number in _SIGNALS:
        loop.add_signal_handler(number, handle, number)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)

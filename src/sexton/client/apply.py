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
import hashlib
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sexton.client._bulk_job import BulkJob, sexton_resource
from sexton.client._bulk_transport import BulkTransport
from sexton.client._carrier import Carrier, ReadOnly, Target, Way
from sexton.client._checks import Limits, check_identity, check_plan
from sexton.client._engine import OPEN, Cause, Emit, Engine, Setting, Stop, Tally, silent
from sexton.client._feeder import Ledger, Task
from sexton.client._judge import judge_look
from sexton.client._pace import Pace
from sexton.client._retry import RetryPolicy
from sexton.client._settings import ClientOptions, Settings, settings_of
from sexton.client.errors import Unreachable
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
_SPACE = 1 << 64
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
        retry_failed: On a resume, look at what failed, and try it again where it is as it was planned.
        mode: One DELETE each, or a bulk job where there is one.
        client: The connection's options, as for `AsyncClient`.
        emit: Told of each result as it comes.
    """

    limits: Limits = field(default_factory=Limits)
    concurrency: int = 16
    rate: float | None = None
    longest_pause: float = 300.0
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
    policy = RetryPolicy(retries=4, retry_after_cap=options.longest_pause)
    given: Any = {"retry": policy, "max_connections": options.concurrency + 4, **options.client}
    return settings_of(base_url, **given)


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
        self.engine: Engine | None = None

    def check(self) -> None:
        """The guards that need no network.

        Raises:
            Refused: one of them stands against it.
        """
        check_plan(self.plan, self._settings.base, self._options.limits, time.time())

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
        lock(self.plan.file.fileno(), self.plan.path)
        journal, found = Journal.reopen(journal_path)
        try:
            check_belongs(found, self.plan)
            await check_identity(self._looker(), self.plan, found.standings)
        except BaseException:
            journal.close()
            raise
        return await self._run(journal, found, "resume")

    async def _run(self, journal: Journal, found: Recovered, mode: str) -> Report:
        ledger = Ledger(journal)
        carrier = Carrier(self._settings, self._transport, self.pace)
        limits, standings = self._options.limits, found.standings
        still_open = (*OPEN, Standing.FAILED) if self._options.retry_failed else OPEN
        setting = Setting(self._target, standings, still_open, limits.max_errors, self._options.emit)
        engine = self.engine = Engine(carrier, ledger, setting)
        journal.note({"e": "run", "mode": mode, "pid": os.getpid(), "at": now_text()})
        try:
            with _signals(engine):
                await self._work(engine, found)
            if engine.stopped is not None:
                journal.note({"e": "stop", "cause": engine.stopped.cause, "reason": engine.stopped.reason})
            await engine.commit()
        finally:
            ledger.close()
        counts = {standing.word: standings.count(standing) for standing in Standing}
        return Report(engine.tally, engine.stopped, counts)

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
        deleted = (item for item in canary if engine.standings[item.position] == Standing.DELETED)
        async for item, finding in self._looked_at(deleted):
            if finding is not Finding.ABSENT:
                engine.stop(
                    Cause.CANARY, f"the server said that it deleted {item.id!r}; to a GET it is {finding.value}"
                )
            if engine.stopped is not None:
                return
        engine.ledger.journal.note({"e": "canary", "items": len(canary)})

    def done(self) -> int:
        """Items that are settled, those of earlier runs included."""
        if self.engine is None:
            return 0
        tally = self.engine.tally
        return self.plan.header.count - tally.total + tally.settled + tally.under_way

    async def verify(self, found: Recovered, observe: Callable[[PlannedItem, Finding], None]) -> None:
        """GET every item that is said to be gone, over a transport that can send nothing else.

        Raises:
            JournalFault: the journal is another plan's.
        """
        check_belongs(found, self.plan)
        standings = found.standings
        gone = (item for item in self.plan.items() if standings[item.position] in {Standing.DELETED, Standing.ABSENT})
        async for item, finding in self._looked_at(gone):
            observe(item, finding)

    async def _looked_at(self, items: Iterator[PlannedItem]) -> AsyncIterator[tuple[PlannedItem, Finding]]:
        """What a GET says of each item, some at a time."""
        looker = self._looker()
        while group := list(islice(items, 4 * self.pace.most)):
            left, found = iter(group), list[tuple[PlannedItem, Finding]]()
            async with asyncio.TaskGroup() as tasks:
                for _ in range(min(self.pace.most, len(group))):
                    tasks.create_task(_look_at(looker, self._target, left, found))
            for pair in found:
                yield pair

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.close()


async def _look_at(
    looker: Carrier, target: Target, left: Iterator[PlannedItem], found: list[tuple[PlannedItem, Finding]]
) -> None:
    for item in left:
        try:
            answer = await looker.get(target.resource, item.id)
        except Unreachable:
            found.append((item, Finding.UNCLEAR))
            continue
        found.append((item, judge_look(answer, etag=None, collection=False)))


def check_belongs(found: Recovered, plan: Plan) -> None:
    """Whether a journal is this plan's.

    Raises:
        JournalFault: it is another one's.
    """
    if found.header.digest != plan.digest or len(found.standings) != plan.header.count:
        raise JournalFault(f"The journal (line 1) belongs to another plan than {plan.path}. Nothing was sent.")


def canary_of(plan: Plan, percent: float) -> list[PlannedItem]:
    """The canary: `percent` of the items to delete, chosen by a hash of the id; one at least.

    The hash is salted with the plan's digest: no id is always the first to go.
    """
    chosen: list[PlannedItem] = []
    least: tuple[int, PlannedItem] | None = None
    salt, below = bytes.fromhex(plan.digest)[:16], percent / 100 * _SPACE
    for item in plan.items() if percent else ():
        if not item.seen.to_delete:
            continue
        lot = int.from_bytes(hashlib.blake2b(item.id.encode(), digest_size=8, key=salt).digest())
        if lot < below:
            chosen.append(item)
        if least is None or lot < least[0]:
            least = lot, item
    return chosen or ([least[1]] if least else [])


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

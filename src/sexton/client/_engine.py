"""One run over a plan: workers, results, and the alarms that stop it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sexton.client._carrier import Braked, Carrier, PlainDelete, Promised, Target, Way
from sexton.client._checks import ErrorLimit
from sexton.client._feeder import Feeder, Ledger, Task, release
from sexton.client._run_telemetry import RunTelemetry
from sexton.client.errors import Refused
from sexton.client.journal import STANDING_OF, Standing
from sexton.client.outcome import Outcome
from sexton.client.plan_file import PlannedItem, Seen
from sexton.client.result import DeleteResult

ALARM_AFTER = 20
_GROUP = 256
_WRITE_BEHIND = 512
_PROMISES = 1000
_UNAUTHENTICATED = 401

Emit = Callable[[Mapping[str, Any]], None]


def silent(_: Mapping[str, Any]) -> None:
    """Nobody listens."""


OPEN = (Standing.NOT_STARTED, Standing.UNKNOWN, Standing.THROTTLED, Standing.ACCEPTED)
"""The standings that a run settles in any case."""


class Cause(StrEnum):
    """Why a run ended before its end."""

    ALL_ABSENT = "all_absent"
    CANARY = "canary"
    ERRORS = "too_many_errors"
    THROTTLED = "throttled"
    UNAUTHENTICATED = "unauthenticated"
    SIGINT = "sigint"
    SIGTERM = "sigterm"
    JOURNAL = "journal"
    JOB = "job"
    STOP_FILE = "stop_file"
    MAX_TIME = "max_time"


@dataclass(frozen=True, slots=True)
class Stop:
    """A run that ended early; it can be resumed."""

    cause: Cause
    reason: str


@dataclass(slots=True)
class Tally:
    """What became of the items so far."""

    total: int
    outcomes: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    fresh: int = 0
    absent: int = 0
    errors: int = 0
    under_way: int = 0  # items that a bulk job has done, before its results are read

    @property
    def settled(self) -> int:
        """Items with a result."""
        return self.outcomes.total()


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run works on: `standings` by position, kept up to date; `open`: those to settle.

    `emit` and `telemetry` are told each result.
    """

    target: Target
    standings: bytearray
    open: tuple[Standing, ...]
    max_errors: ErrorLimit
    emit: Emit
    telemetry: RunTelemetry


class Engine:
    """Deletes items over one carrier into one journal. `stop` may be called at any time, also by a signal."""

    def __init__(self, carrier: Carrier, ledger: Ledger, setting: Setting) -> None:
        self.carrier = carrier
        self.ledger = ledger
        self.standings = setting.standings
        self.open = setting.open
        self.tally = Tally(sum(map(setting.standings.count, setting.open)))
        self.stopped: Stop | None = None
        self._target = setting.target
        self._max_errors = setting.max_errors
        self._emit = setting.emit
        self.telemetry = setting.telemetry
        self._promises = 0
        self._feeder: Feeder | None = None

    def stop(self, cause: Cause, reason: str) -> None:
        """Send nothing more; what is on the wire comes to its end. The first reason counts."""
        if self.stopped is None:
            self.stopped = Stop(cause, reason)
        self.carrier.brake()
        if self._feeder is not None:
            self._feeder.stop()
        self.carrier.pace.wake()

    async def work(self, tasks: Iterator[Task]) -> None:
        """Settle these items, or stop. Intents are durable before anything is sent."""
        if self.stopped is not None:
            return
        most = self.carrier.pace.most
        feeder = self._feeder = Feeder(tasks, self.ledger, min(_GROUP, 4 * most))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._fill(feeder))
            for place in range(most):
                group.create_task(self._worker(place, feeder, group))
        await self.commit()

    async def _fill(self, feeder: Feeder) -> None:
        try:
            await feeder.fill()
        except OSError as error:
            self.stop(Cause.JOURNAL, f"the journal cannot be written ({error.strerror}): nothing may be sent")

    async def commit(self) -> None:
        """Make what was noted durable, or stop."""
        try:
            await self.ledger.commit()
        except OSError as error:
            self.stop(Cause.JOURNAL, f"the journal cannot be written ({error.strerror})")

    async def _worker(self, place: int, feeder: Feeder, group: asyncio.TaskGroup) -> None:
        pace = self.carrier.pace
        while True:
            while not pace.has_room(place) and not feeder.exhausted:
                await pace.changed()
            task = feeder.take_ready() or await feeder.take()
            if task is None:
                break
            if feeder.exhausted:
                pace.wake()
            await self._one(*task, group)
            if self.ledger.journal.pending > _WRITE_BEHIND:
                await self.commit()
        pace.wake()

    async def _one(self, item: PlannedItem, way: Way, group: asyncio.TaskGroup) -> None:
        try:
            result = await self.carrier.delete(self._target, item, way)
        except Braked as left:
            self._leave(item, way, sent=left.sent)
            return
        except Refused as error:
            self.record(item, {"outcome": Outcome.FAILED, "reason": str(error), "attempts": 0})
            return
        if isinstance(result, PlainDelete):
            self._record_plainly(item, result)
        elif not isinstance(result, Promised):
            self._settle(item, way, result)
        elif self._promises < _PROMISES:
            group.create_task(self._keep(item, way, result))
        else:
            await self._keep(item, way, result)

    async def _keep(self, item: PlannedItem, way: Way, promise: Promised) -> None:
        """Poll what was promised, beside the workers: a thousand promises at once."""
        self.ledger.journal.note({"e": "promise", "n": item.position, "id": item.id})
        self._promises += 1
        try:
            await self.commit()  # a crash must not forget it: what was promised is not asked for again
            self._settle(item, way, await self.carrier.keep(promise))
        except Braked:
            self.record(item, {"outcome": Outcome.ACCEPTED, "reason": "It was accepted, and the run ended before it."})
        finally:
            self._promises -= 1

    def _leave(self, item: PlannedItem, way: Way, *, sent: bool) -> None:
        """An item that has no result: it was not sent, or it is not known."""
        if way is Way.FRESH and not sent:
            release(self.ledger.journal, item)
        else:
            self.standings[item.position] = Standing.UNKNOWN

    def _settle(self, item: PlannedItem, way: Way, result: DeleteResult) -> None:
        self.telemetry.settled(item.id, result)
        if result.status == _UNAUTHENTICATED:
            self.stop(Cause.UNAUTHENTICATED, "the server does not accept the token any more (401)")
            if result.outcome is Outcome.FORBIDDEN:  # nothing was done, and nothing is wrong with the item
                self._leave(item, way, sent=result.sent > 1)
                return
        self.record(item, _told(result))
        self._watch(result.outcome, way)

    def record(self, item: PlannedItem, told: Mapping[str, Any], event: str = "result") -> None:
        """Note what became of an item, and tell it."""
        self.tally.outcomes[told["outcome"]] += 1
        self.standings[item.position] = STANDING_OF[told["outcome"]]
        self.ledger.journal.note({"e": event, "n": item.position, "id": item.id, **told})
        self._emit({"type": "result", "id": item.id, **told})

    def _record_plainly(self, item: PlannedItem, result: PlainDelete) -> None:
        """As `record` and `_watch`, for what almost every result is."""
        tally = self.tally
        tally.outcomes[Outcome.DELETED] += 1
        tally.answers += 1
        tally.fresh += 1
        self.standings[item.position] = Standing.DELETED
        self.telemetry.plain(item.id, result)
        self.ledger.journal.plainly(item, result.status, 1000 * result.latency, result.correlation_id)
        if self._emit is not silent:
            self._emit({"type": "result", "id": item.id, **_told_plainly(result)})

    def skip(self, item: PlannedItem) -> None:
        """Note that an item is not sent, for what the plan saw of it."""
        if item.seen is Seen.ABSENT:
            self.record(item, {"outcome": Outcome.ALREADY_ABSENT, "reason": "the plan found it absent"}, "skip")
        else:
            self.record(item, {"outcome": Outcome.FAILED, "reason": "the plan could not see it"}, "skip")

    def _watch(self, outcome: Outcome, way: Way) -> None:
        """The alarms. That an item which was begun earlier is gone alarms nobody."""
        tally, standing = self.tally, STANDING_OF[outcome]
        tally.answers += 1
        tally.fresh += way is Way.FRESH
        tally.absent += way is Way.FRESH and standing is Standing.ABSENT
        tally.errors += standing in {Standing.FAILED, Standing.FORBIDDEN, Standing.THROTTLED, Standing.UNKNOWN}
        if way is Way.FRESH and tally.absent == tally.fresh == ALARM_AFTER:
            self.stop(
                Cause.ALL_ABSENT,
                f"the first {ALARM_AFTER} items are all absent: wrong address, or rights that show as 404",
            )
        elif self._max_errors.exceeded(tally.errors, tally.answers):
            self.stop(Cause.ERRORS, f"{tally.errors} of {tally.answers} items failed, more than --max-errors allows")
        if self.carrier.pace.too_long is not None:
            self.stop(Cause.THROTTLED, f"the server asks to come back in {self.carrier.pace.too_long:.0f} s")


def _told_plainly(result: PlainDelete) -> dict[str, Any]:
    return {
        "outcome": Outcome.DELETED,
        "status": result.status,
        "attempts": 1,
        "verified": False,
        "ms": round(1000 * result.latency, 1),
        "correlation_id": result.correlation_id,
    }


def _told(result: DeleteResult) -> dict[str, Any]:
    """What journal and output keep of a result: never a header, never a body."""
    deletes = [attempt for attempt in result.attempts if attempt.method == "DELETE"]
    told: dict[str, Any] = {
        "outcome": result.outcome,
        "status": result.status,
        "attempts": len(deletes),
        "verified": result.verified,
        "ms": round(1000 * sum(attempt.latency for attempt in deletes), 1),
        "correlation_id": result.correlation_id,
    }
    if result.outcome is not Outcome.DELETED or result.verified:
        told["reason"] = result.reason
    return told

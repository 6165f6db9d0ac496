"""One logical delete: send, look, send again, or stop. No I/O; see `_wire` for how its steps are carried out.

DELETE ─ done ───────────────────────────────────────▶ deleted (with verify="always": looked at)
       ─ accepted ── poll Location, else the item ───▶ deleted | accepted | failed
       ─ absent ── did an earlier try get there? ────▶ already_absent | not_found | deleted (410 names us)
       ─ not sent, throttled ── wait ── again ───────▶ …, then failed | throttled
       ─ doubtful ── GET ── absent ──────────────────▶ deleted
                         ── another version ─────────▶ conflict
                         ── as it was ── wait ── again
                         ── unclear ─────────────────▶ unknown
       ─ refused ────────────────────────────────────▶ forbidden | conflict | precondition_failed | failed
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from sexton.client._address import Address, Base, origin_of, same_origin_path
from sexton.client._judge import (
    judge_delete,
    judge_look,
    judge_progress,
    may_still_run,
    outcome_of_refusal,
    worth_a_retry,
)
from sexton.client._request import Request, strong
from sexton.client._response import Answer, Failure, deleted_by_us, denial_of, problem_of, rate_limit_of
from sexton.client._wire import Flow, Reply, Wire
from sexton.client.outcome import Finding, Outcome
from sexton.client.result import DeleteResult


class Verify(StrEnum):
    """When a GET looks what became of a delete."""

    NEVER = "never"
    DOUBTFUL = "doubtful"
    ALWAYS = "always"


class Doubt(IntEnum):
    """Whether an earlier try of this call may have done it."""

    NONE = 0
    SETTLED = 1  # the server had come to an end with it
    RUNNING = 2  # the server may still be at it


@dataclass(frozen=True, slots=True)
class DeletePlan:
    """One logical delete as it was asked for."""

    address: Address
    base: Base
    request: Request
    key: str = field(repr=False)
    if_match: str | None
    idempotent: bool
    verify: Verify


class DeleteFlow:
    """The state of one logical delete. `run` is its flow."""

    def __init__(self, plan: DeletePlan, wire: Wire) -> None:
        self._plan = plan
        self._wire = wire
        self._doubt = Doubt.NONE
        self._etag = strong(plan.if_match)
        self._reply: Reply | None = None

    def run(self) -> Flow[DeleteResult]:
        """Send until there is an end."""
        while True:
            end = yield from self._try()
            if end is not None:
                return end

    def _try(self) -> Flow[DeleteResult | None]:
        reply, finding = yield from self._wire.send(self._plan.request, self._judge)
        self._reply = None if self._mixed_up(reply) else reply
        if isinstance(reply, Answer) and reply.sends > 1:
            self._doubt = max(self._doubt, Doubt.SETTLED)
        match finding:
            case Finding.DONE:
                return (yield from self._after_done())
            case Finding.ACCEPTED:
                return (yield from self._after_accepted(reply))
            case Finding.ABSENT:
                return self._after_absent(reply)
            case Finding.DOUBTFUL:
                return (yield from self._after_doubtful(reply))
            case Finding.REFUSED:
                return (yield from self._after_refused(reply))
            case _:
                return (yield from self._after_nothing_done(reply, finding))

    def _mixed_up(self, reply: Reply) -> bool:
        return isinstance(reply, Answer) and self._wire.mixed_up(self._plan.request, reply)

    def _judge(self, reply: Reply) -> Finding:
        return judge_delete(reply, mixed_up=self._mixed_up(reply))

    def _after_done(self) -> Flow[DeleteResult]:
        if self._plan.verify is not Verify.ALWAYS or self._plan.address.collection:
            return self._end(Outcome.DELETED, "The server said so.")
        seen = yield from self._look()
        if seen in {Finding.PRESENT, Finding.CHANGED}:
            return self._end(Outcome.FAILED, "The server said that it deleted, and a GET still finds it.")
        sure = seen is Finding.ABSENT
        return self._end(Outcome.DELETED, f"The server said so{', and a GET agrees' if sure else ''}.", verified=sure)

    def _after_absent(self, reply: Reply) -> DeleteResult:
        if isinstance(reply, Answer) and reply.status == 410:  # noqa: PLR2004 — gone
            if deleted_by_us(reply, self._plan.request.correlation_id, tried=bool(self._doubt)):
                return self._end(Outcome.DELETED, "The server remembers this very call as the delete.", verified=True)
            return self._end(Outcome.ALREADY_ABSENT, "It was deleted before.")
        if self._doubt:
            return self._end(Outcome.ALREADY_ABSENT, "It is gone; an earlier try of this call may have done it.")
        if self._plan.idempotent:
            return self._end(Outcome.ALREADY_ABSENT, "It is not there, and the caller declared that to be fine.")
        return self._end(Outcome.NOT_FOUND, "It is not there, and no try of this call can have been the reason.")

    def _after_nothing_done(self, reply: Reply, finding: Finding) -> Flow[DeleteResult | None]:
        """Nothing was done by this try: no byte left, or the server had no time."""
        if worth_a_retry(reply) and (yield from self._wire.pause(reply)):
            return None
        if self._doubt:
            return (yield from self._last_look(Outcome.UNKNOWN, "The last try could not be made."))
        if finding is Finding.THROTTLED:
            return self._end(Outcome.THROTTLED, "The server has no time for it now.")
        return self._end(Outcome.FAILED, "The request never left: nothing was done.")

    def _after_refused(self, reply: Reply) -> Flow[DeleteResult]:
        outcome, reason = self._refusal(reply)
        if self._doubt and not self._said_no_in_body(reply):
            return (yield from self._last_look(outcome, reason))
        return self._end(outcome, reason)

    def _said_no_in_body(self, reply: Reply) -> bool:
        return isinstance(reply, Answer) and reply.ok and self._doubt is not Doubt.RUNNING

    @staticmethod
    def _refusal(reply: Reply) -> tuple[Outcome, str]:
        if isinstance(reply, Failure):
            return Outcome.FAILED, "The request never left."
        if reply.status // 100 == 3:  # noqa: PLR2004 — redirects
            return Outcome.FAILED, "The server pointed elsewhere; a redirect of a DELETE is never followed."
        if reply.ok:
            return Outcome.FAILED, f"The status says success, but {denial_of(reply)}."
        return outcome_of_refusal(reply.status), "The server refused."

    def _last_look(self, outcome: Outcome, reason: str) -> Flow[DeleteResult]:
        """An earlier try may have done it, and the last one was refused: 412 may mean "already gone"."""
        seen = (yield from self._look()) if self._plan.verify is not Verify.NEVER else Finding.UNCLEAR
        if seen is Finding.ABSENT:
            return self._end(Outcome.DELETED, "An earlier try of this call did it: a GET finds it gone.", verified=True)
        settled = self._doubt is Doubt.SETTLED and seen is Finding.PRESENT
        if settled or (outcome is Outcome.PRECONDITION_FAILED and seen in {Finding.PRESENT, Finding.CHANGED}):
            return self._end(Outcome.FAILED if outcome is Outcome.UNKNOWN else outcome, reason)
        return self._end(Outcome.UNKNOWN, f"{reason} An earlier try of this call may still be carried out.")

    def _after_doubtful(self, reply: Reply) -> Flow[DeleteResult | None]:
        running = may_still_run(reply) or self._mixed_up(reply)
        self._doubt = max(self._doubt, Doubt.RUNNING if running else Doubt.SETTLED)
        seen = (yield from self._look()) if self._plan.verify is not Verify.NEVER else Finding.PRESENT
        if seen is Finding.ABSENT:
            return self._end(
                Outcome.DELETED, "The answer was lost or doubtful, and a GET finds it gone.", verified=True
            )
        if seen is Finding.CHANGED:
            return self._end(Outcome.CONFLICT, "A GET finds another version than the one to delete; it was left alone.")
        if seen is Finding.UNCLEAR and not self._may_send_blindly():
            return self._end(Outcome.UNKNOWN, "The answer was lost or doubtful, and a GET does not tell.")
        if worth_a_retry(reply) and (yield from self._wire.pause(reply)):
            return None
        return self._still_there(seen)

    def _may_send_blindly(self) -> bool:
        """A collection shows nothing by a GET: only a caller who declared the flow idempotent sends it again."""
        return self._plan.address.collection and self._plan.idempotent

    def _still_there(self, seen: Finding) -> DeleteResult:
        looked = self._plan.verify is not Verify.NEVER and seen is Finding.PRESENT
        if looked and self._doubt is Doubt.SETTLED:
            return self._end(Outcome.FAILED, "There was no clear answer, and a GET still finds it.")
        end = "it was still there when a GET looked, but a try may still be carried out" if looked else "nobody looked"
        return self._end(Outcome.UNKNOWN, f"The answer was lost or doubtful: {end}.")

    def _look(self) -> Flow[Finding]:
        """GET the item, on a connection of its own; a look that fails for the moment is repeated."""
        request, judge = self._plan.request.as_get(), self._judge_look
        for look in range(1, self._wire.policy.looks + 1):
            reply, seen = yield from self._wire.send(request, judge, fresh=True)
            if isinstance(reply, Answer) and reply.etag and seen is Finding.PRESENT:
                self._etag = self._etag or strong(reply.etag)
            if seen is not Finding.UNCLEAR or not worth_a_retry(reply) or look == self._wire.policy.looks:
                break
            if not (yield from self._wire.wait(look, reply)):
                break
        return seen

    def _judge_look(self, reply: Reply) -> Finding:
        collection, mixed_up = self._plan.address.collection, self._mixed_up(reply)
        return judge_look(reply, etag=self._etag, collection=collection, mixed_up=mixed_up)

    def _after_accepted(self, accepted: Reply) -> Flow[DeleteResult]:
        """Poll until the promise is kept: the `Location` on our own origin, else the item itself."""
        location = accepted.headers.get("location") if isinstance(accepted, Answer) else None
        monitor = same_origin_path(self._plan.base, location) if location else None
        reply = accepted
        for poll in range(1, self._wire.policy.polls + 1):
            if not (yield from self._wire.wait(poll, reply)):
                break
            if monitor is None:
                seen = yield from self._look()
                if seen is Finding.ABSENT:
                    return self._end(Outcome.DELETED, "It was accepted, and a GET finds it gone.", verified=True)
                continue
            reply, told = yield from self._wire.send(self._plan.request.as_get(monitor), judge_progress)
            if told is Finding.REFUSED:
                return self._end(Outcome.FAILED, "It was accepted, and its status says that it failed.")
            if told in {Finding.DONE, Finding.ABSENT}:
                return (yield from self._promise_kept(told))
            monitor = monitor if told is Finding.DOUBTFUL else None
        return self._end(Outcome.ACCEPTED, "The server promised it, and had not finished when the polls were used up.")

    def _promise_kept(self, told: Finding) -> Flow[DeleteResult]:
        if self._plan.verify is Verify.NEVER or self._plan.address.collection:
            outcome = Outcome.DELETED if told is Finding.DONE else Outcome.ACCEPTED
            return self._end(outcome, "It was accepted, and its status says that it ended.")
        seen = yield from self._look()
        if seen is Finding.ABSENT:
            return self._end(Outcome.DELETED, "It was accepted and ended, and a GET finds it gone.", verified=True)
        if seen is Finding.UNCLEAR and told is Finding.DONE:
            return self._end(Outcome.DELETED, "It was accepted, and its status says that it was done.")
        return self._end(Outcome.UNKNOWN, "It was accepted and its status ended, but a GET still finds it.")

    def _end(self, outcome: Outcome, reason: str, *, verified: bool = False) -> DeleteResult:
        answer = self._reply if isinstance(self._reply, Answer) else None
        location = answer.headers.get("location") if answer else None
        redirected = answer is not None and answer.status // 100 == 3 and outcome is Outcome.FAILED  # noqa: PLR2004
        return DeleteResult(
            outcome=outcome,
            path=self._plan.address.path,
            reason=reason,
            correlation_id=self._plan.request.correlation_id,
            idempotency_key=self._plan.key,
            attempts=tuple(self._wire.attempts),
            status=answer.status if answer else None,
            verified=verified,
            etag=self._etag,
            location=location,
            retry_after=self._wire.retry_after(answer) if answer else self._wire.too_long,
            redirect_origin=origin_of(location or "") if redirected else None,
            rate_limit=rate_limit_of(answer) if answer else None,
            problem=problem_of(answer) if answer else None,
            response=answer.raw if answer else None,
        )

"""The flows beside the plain delete: a GET, a call of a Sexton server, fetch and delete, waiting for a job. No I/O."""

from __future__ import annotations

from dataclasses import replace

from sexton.client._flow import DeleteFlow
from sexton.client._judge import outcome_of_refusal, worth_a_retry
from sexton.client._request import Request, delete_request, strong
from sexton.client._response import Answer, Failure, problem_of, shows_deleted
from sexton.client._wire import Flow, Reply, Wire
from sexton.client.errors import CallFailed, MissingETag, Unreachable
from sexton.client.outcome import Finding, Outcome
from sexton.client.result import DeleteResult
from sexton.client.server import JobStatus, job_of

_ABSENT = {404: Outcome.NOT_FOUND, 410: Outcome.ALREADY_ABSENT, 429: Outcome.THROTTLED}
_POLL_FIRST = 0.2
_POLL_LAST = 5.0


def _judge_call(reply: Reply) -> Finding:
    if isinstance(reply, Failure):
        return Finding.DOUBTFUL if reply.sent else Finding.NOT_SENT
    if reply.status in {404, 410}:
        return Finding.ABSENT
    return Finding.DONE if reply.ok else Finding.REFUSED


def repeated(wire: Wire, request: Request) -> Flow[Reply]:
    """Send a request that may be repeated (a GET, or a POST with its key) until it has an answer.

    A failure at the end counts as sent where any try may have reached the server.
    """
    sent = False
    while True:
        reply, _ = yield from wire.send(request, _judge_call)
        sent = sent or isinstance(reply, Answer) or reply.sent
        if isinstance(reply, Failure):
            reply = replace(reply, sent=sent)
        if not worth_a_retry(reply) or not (yield from wire.pause(reply)):
            return reply


def get_flow(wire: Wire, request: Request) -> Flow[Answer]:
    """A GET. Any answer is returned, whatever its status.

    Raises:
        Unreachable: no answer came.
    """
    return answered((yield from repeated(wire, request)), request)


def call_flow(wire: Wire, request: Request) -> Flow[Answer]:
    """A call of a Sexton server.

    Raises:
        Unreachable: no answer came; send it again with the same idempotency key.
        CallFailed: the answer is no success.
    """
    answer = yield from get_flow(wire, request)
    if not answer.ok or answer.document is None:
        raise CallFailed(answer.status, problem_of(answer), request.correlation_id)
    return answer


def answered(reply: Reply, request: Request) -> Answer:
    """The answer, or `Unreachable`."""
    if isinstance(reply, Answer):
        return reply
    raise Unreachable(
        f"{request.method}: no answer ({reply.kind.value}). "
        + ("It may have reached the server" if reply.sent else "It never left")
        + f" (correlation id {request.correlation_id}).",
        kind=reply.kind.value,
        sent=reply.sent,
        correlation_id=request.correlation_id,
    )


class FetchAndDelete(DeleteFlow):
    """GET the item, then delete just the version that was seen."""

    def run(self) -> Flow[DeleteResult]:
        """Fetch, then the plain delete with `If-Match`.

        Raises:
            MissingETag: the item has no strong ETag; no DELETE was sent.
        """
        self._reply = reply = yield from repeated(self._wire, self._plan.request.as_get())
        self._wire.tries = 0
        if isinstance(reply, Failure):
            return self._end(Outcome.FAILED, "The item could not be fetched; no DELETE was sent.")
        if reply.status != 200 or shows_deleted(reply):  # noqa: PLR2004 — only a plain 200 shows an item
            return self._not_there(reply)
        etag = strong(reply.etag)
        if etag is None:
            raise MissingETag(
                f"{self._plan.address.path} came without a strong ETag, so a delete cannot be bound to what was seen. "
                "No DELETE was sent. Where that is acceptable, call delete() without if_match."
            )
        headers = {n: v for n, v in self._plan.request.headers.items() if n not in {"If-Match", "Idempotency-Key"}}
        guarded = delete_request(self._plan.address, headers, key=self._plan.key, if_match=etag)
        self._plan, self._etag = replace(self._plan, request=guarded, if_match=etag), etag
        return (yield from super().run())

    def _not_there(self, answer: Answer) -> DeleteResult:
        outcome = _ABSENT.get(answer.status, outcome_of_refusal(answer.status))
        if (outcome is Outcome.NOT_FOUND and self._plan.idempotent) or (answer.ok and shows_deleted(answer)):
            outcome = Outcome.ALREADY_ABSENT
        return self._end(outcome, "The GET before the delete found nothing to delete; no DELETE was sent.")


def job_flow(wire: Wire, request: Request, *, once: bool = False) -> Flow[JobStatus]:
    """Look at a job until it has ended or the budget is used up (or just once); the last state that was seen.

    Raises:
        Unreachable, CallFailed: as `call_flow`.
    """
    pause = _POLL_FIRST
    while True:
        wire.tries = 0
        answer = yield from call_flow(wire, request)
        status = job_of(answer)
        wait = max(pause, wire.retry_after(answer) or 0.0)
        if once or status.ended or not wire.budget.affords(wait):
            return status
        yield from wire.sleep(wait)
        pause = min(pause * 1.5, _POLL_LAST)

"""What an answer tells: tables from statuses to findings. No I/O."""

from __future__ import annotations

from sexton.client._response import (
    Answer,
    Failure,
    FailureKind,
    denial_of,
    looks_like_a_page,
    shows_deleted,
)
from sexton.client._retry import RETRYABLE
from sexton.client._wire import Reply
from sexton.client.outcome import Finding, Outcome

_BY_STATUS = {
    200: Finding.DONE,
    202: Finding.ACCEPTED,
    204: Finding.DONE,
    207: Finding.DONE,
    404: Finding.ABSENT,
    408: Finding.DOUBTFUL,
    410: Finding.ABSENT,
    429: Finding.THROTTLED,
}
_BY_CLASS = {1: Finding.DOUBTFUL, 2: Finding.DOUBTFUL, 5: Finding.DOUBTFUL}
_OUTCOMES = {
    401: Outcome.FORBIDDEN,
    403: Outcome.FORBIDDEN,
    409: Outcome.CONFLICT,
    412: Outcome.PRECONDITION_FAILED,
    423: Outcome.CONFLICT,
    428: Outcome.PRECONDITION_FAILED,
}
# The server, or what stands behind the gateway, may still be at work after these.
_STILL_RUNNING = frozenset({408, 502, 504})
_DONE_WORDS = frozenset({"completed", "complete", "succeeded", "success", "successful", "done", "finished", "deleted"})
_FAILED_WORDS = frozenset(
    {"failed", "failure", "error", "cancelled", "canceled", "halted", "aborted", "rejected", "completed_with_failures"}
)


def judge_delete(reply: Reply, *, mixed_up: bool = False) -> Finding:
    """What the answer to a DELETE tells."""
    if isinstance(reply, Failure):
        return Finding.DOUBTFUL if reply.sent else Finding.NOT_SENT
    if mixed_up:
        return Finding.DOUBTFUL
    finding = _BY_STATUS.get(reply.status) or _BY_CLASS.get(reply.status // 100, Finding.REFUSED)
    if finding in {Finding.DONE, Finding.ACCEPTED}:
        return _believed(reply, finding)
    return finding


def _believed(answer: Answer, finding: Finding) -> Finding:
    """A success, unless its body says otherwise or it is no answer of an API."""
    if denial_of(answer):
        return Finding.REFUSED
    return Finding.DOUBTFUL if looks_like_a_page(answer) or answer.truncated else finding


def judge_look(reply: Reply, *, etag: str | None, collection: bool, mixed_up: bool = False) -> Finding:
    """What the answer to a GET of the item tells; `etag` is the version that was to be deleted, if known."""
    if isinstance(reply, Failure) or mixed_up:
        return Finding.UNCLEAR
    if reply.status in {404, 410}:
        return Finding.ABSENT
    if reply.status != 200 or looks_like_a_page(reply):  # noqa: PLR2004 — only a plain 200 shows the item
        return Finding.UNCLEAR
    if collection:
        return Finding.UNCLEAR
    if shows_deleted(reply):
        return Finding.ABSENT
    return Finding.CHANGED if etag and reply.etag and reply.etag != etag else Finding.PRESENT


def judge_progress(reply: Reply, *, mixed_up: bool = False) -> Finding:
    """What the answer of a status monitor (the `Location` of a 202) tells; DOUBTFUL: not at its end yet."""
    if isinstance(reply, Failure) or mixed_up or reply.status in RETRYABLE:
        return Finding.DOUBTFUL
    if reply.status in {303, 404, 410}:
        return Finding.ABSENT
    if reply.status == 204:  # noqa: PLR2004 — nothing left to say
        return Finding.DONE
    if reply.status != 200:  # noqa: PLR2004 — 202 and the like
        return Finding.DOUBTFUL if reply.ok else Finding.UNCLEAR
    return _progress_of(reply)


def _progress_of(answer: Answer) -> Finding:
    found = answer.document if isinstance(answer.document, dict) else {}
    words = [found[name].lower() for name in ("state", "status", "phase") if isinstance(found.get(name), str)]
    if any(word in _FAILED_WORDS for word in words):
        return Finding.REFUSED
    return Finding.DONE if any(word in _DONE_WORDS for word in words) else Finding.DOUBTFUL


def outcome_of_refusal(status: int) -> Outcome:
    """The outcome of a plain refusal."""
    return _OUTCOMES.get(status, Outcome.FAILED)


def may_still_run(reply: Reply) -> bool:
    """Whether the server may still be working on a try that gave no clear answer."""
    return isinstance(reply, Failure) or reply.status in _STILL_RUNNING or reply.status // 100 == 1


def worth_a_retry(reply: Reply) -> bool:
    """Whether sending again can help: connect errors, time-outs, broken connections, 429 500 502 503 504."""
    if isinstance(reply, Failure):
        return reply.kind not in {FailureKind.TLS, FailureKind.DEADLINE}
    return reply.status in RETRYABLE

"""The result of one logical delete, and the error for each way in which it did not succeed.

DeleteError                 sent, and not known to have succeeded; `.result` holds the evidence
├── NotFound                404, and no try of ours can have been the reason
├── Conflict                409, 423, or a GET found another version than the one to delete
├── PreconditionFailed      412
│   └── PreconditionRequired  428
├── Forbidden               403
│   └── Unauthenticated     401
├── Throttled               429 to the last try; `.retry_after` in seconds
├── DeleteFailed            any other refusal, and answers of 200 that say "not deleted"
│   └── Redirected          a 3xx; a redirect of a DELETE is never followed
└── OutcomeUnknown          it may have been deleted: look before sending again
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self

from sexton.client.errors import ClientError
from sexton.client.outcome import Attempt, Outcome, Problem, RateLimit


@dataclass(frozen=True, slots=True)
class DeleteResult:
    """What became of one logical delete, and how that is known.

    Attributes:
        outcome: The one word.
        path: The path that was to be deleted, percent-encoded, without its query.
        reason: One sentence: how the outcome is known.
        attempts: Every request, in order, with status or error, latency and what it told.
        verified: True where a GET after the delete saw that the item is gone.
        retry_after: Seconds the server asked to wait, where that was longer than this call could.
        redirect_origin: Where a 3xx pointed (origin only).
        response: The last raw `requests.Response` of the DELETE (sync), without credentials; the `Answer` (async).
    """

    outcome: Outcome
    path: str
    reason: str
    correlation_id: str
    idempotency_key: str = field(repr=False)
    attempts: tuple[Attempt, ...] = ()
    status: int | None = None
    verified: bool = False
    etag: str | None = None
    location: str | None = field(default=None, repr=False)
    retry_after: float | None = None
    redirect_origin: str | None = None
    rate_limit: RateLimit | None = None
    problem: Problem | None = None
    response: Any = field(default=None, repr=False, compare=False)

    @property
    def succeeded(self) -> bool:
        """Whether the item is gone, or the server promised that it will be."""
        return self.outcome.succeeded

    @property
    def sent(self) -> int:
        """How many times the DELETE may have reached the server, re-sends behind our back included."""
        sends = [a for a in self.attempts if a.method == "DELETE" and a.finding != "not_sent"]
        return sum(1 + a.resent for a in sends)

    def raise_for_outcome(self) -> Self:
        """Raise the named error of an outcome that is no success; return the result otherwise."""
        if not self.succeeded:
            raise _error_of(self)(self)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled without the raw response: it is bound to a connection."""
        values = [getattr(self, name) for name in self.__slots__ if name != "response"]
        return type(self), tuple(values)


class DeleteError(ClientError):
    """A delete that was sent and is not known to have succeeded. `result` holds the evidence."""

    def __init__(self, result: DeleteResult) -> None:
        """Build the sentence from the result."""
        super().__init__(_sentence(result))
        self.result = result

    @property
    def problem(self) -> Problem | None:
        """The server's problem document, where it sent one."""
        return self.result.problem

    @property
    def retry_after(self) -> float | None:
        """Seconds the server asked to wait."""
        return self.result.retry_after


class NotFound(DeleteError):
    """404, and no try of this call can have been the reason."""


class Conflict(DeleteError):
    """Something stands against it, or the item is no longer the one that was to be deleted."""


class PreconditionFailed(DeleteError):
    """`If-Match` names another version."""


class PreconditionRequired(PreconditionFailed):
    """The server demands `If-Match` or a confirmation (RFC 6585)."""


class Forbidden(DeleteError):
    """These credentials may not."""


class Unauthenticated(Forbidden):
    """There are no credentials, or the server does not believe them."""


class Throttled(DeleteError):
    """Too many requests; `retry_after` says how long to wait."""


class DeleteFailed(DeleteError):
    """The server said no."""


class Redirected(DeleteFailed):
    """The server pointed elsewhere; a redirect of a DELETE is never followed."""


class OutcomeUnknown(DeleteError):
    """It may have been deleted. Look before sending again."""


_BY_STATUS: dict[int | None, type[DeleteError]] = {
    HTTPStatus.UNAUTHORIZED: Unauthenticated,
    HTTPStatus.PRECONDITION_REQUIRED: PreconditionRequired,
}
_BY_OUTCOME: dict[Outcome, type[DeleteError]] = {
    Outcome.NOT_FOUND: NotFound,
    Outcome.CONFLICT: Conflict,
    Outcome.PRECONDITION_FAILED: PreconditionFailed,
    Outcome.FORBIDDEN: Forbidden,
    Outcome.THROTTLED: Throttled,
    Outcome.FAILED: DeleteFailed,
    Outcome.UNKNOWN: OutcomeUnknown,
}


def _error_of(result: DeleteResult) -> type[DeleteError]:
    if result.redirect_origin is not None:
        return Redirected
    general = _BY_OUTCOME[result.outcome]
    special = _BY_STATUS.get(result.status, general)
    return special if issubclass(special, general) else general


def _sentence(result: DeleteResult) -> str:
    said = f' The server says: "{result.problem.sentence}".' if result.problem and result.problem.sentence else ""
    tries = len(result.attempts)
    return (
        f"DELETE {result.path}: {result.outcome.value}. {result.reason}{said} "
        f"({tries} request{'' if tries == 1 else 's'}, last status {result.status or 'none'}, "
        f"correlation id {result.correlation_id})"
    )

"""What the client refuses before anything is sent.

    ClientError                everything this package raises
    ├── Refused                nothing was sent (also a ValueError)
    │   ├── UnsafeAddress      a path segment, filter or URL that would name something else
    │   ├── UnsafeHeader       a header that would be dropped, split or overridden
    │   ├── InsecureTransport  a token would travel in the clear
    │   ├── CredentialError    the token is missing or cannot be sent
    │   ├── DeleteNotAllowed   a production host that nobody named
    │   └── MissingETag        a guarded delete was asked for, and there is no version to guard
    ├── Unreachable            no answer came (GET and the calls of a Sexton server)
    └── CallFailed             an answer came, and it is a refusal; carries the problem's detail

The errors of a DELETE that was sent live in `sexton.client.result`, beside their evidence.
"""

from __future__ import annotations

from sexton.client.outcome import Problem


class ClientError(Exception):
    """Everything this package raises."""


class Refused(ClientError, ValueError):
    """Nothing was sent."""


class UnsafeAddress(Refused):
    """A path segment, a filter or a URL would name something else than it says."""


class UnsafeHeader(Refused):
    """A header would be dropped, split or overridden."""


class InsecureTransport(Refused):
    """A delete would travel in the clear."""


class CredentialError(Refused):
    """The token is missing or cannot be sent; its value is never part of the message."""


class DeleteNotAllowed(Refused):
    """The client is marked as production, and `SEXTON_ALLOW_DELETE` does not name its host."""


class MissingETag(Refused):
    """`fetch_and_delete` found no strong ETag: it never falls back to an unguarded delete."""


class Unreachable(ClientError):
    """No answer came. `sent` says whether the request may have reached the server."""

    def __init__(self, message: str, *, kind: str, sent: bool, correlation_id: str) -> None:
        """Keep what is known; the message holds no secret."""
        super().__init__(message)
        self.kind = kind
        self.sent = sent
        self.correlation_id = correlation_id


class CallFailed(ClientError):
    """An answer came, and it is a refusal. `status`, `problem` and `correlation_id` say more."""

    def __init__(self, status: int, problem: Problem | None, correlation_id: str) -> None:
        """Build the sentence from the problem's detail."""
        said = f": {problem.sentence}" if problem and problem.sentence else ""
        super().__init__(f"The server answered {status}{said} (correlation id {correlation_id})")
        self.status = status
        self.problem = problem
        self.correlation_id = correlation_id

"""The error tree, and what a refusal looks like.

    SextonError                 every fault that Sexton raises
    ├── ConfigurationError      the set-up is wrong; the message says how to mend it (exit code 2)
    ├── SchemaError             Sexton's own tables are missing or of another version (exit code 2)
    ├── PlanDiffers             what the database removed is not what was planned; the transaction must roll back
    └── Refused                 a whole request is refused; carries a `Problem`; the transaction must roll back

Inside the actions a refusal of *one item* is a value (`Problem`), because it is audited and committed with the
rest. `Refused` is for what must leave no trace: a failed assertion, a bad body, an unconfirmed batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Every reason Sexton gives, spelled as the last part of the problem's `type` (RFC 9457).

    Below each stands what it means and what to do next, as docs/reference/errors.md tells it.
    """

    UNAUTHENTICATED = "unauthenticated"
    """No key came, or none that is valid. Next: send `Authorization: Bearer sx_…` with a key that was not revoked."""
    FORBIDDEN = "forbidden"
    """The key lacks the scope that the answer names, or the thing is not its account's to change. Next: use a key that has the scope."""
    NOT_FOUND = "not-found"
    """It never existed here, is forgotten, or belongs to another account: these three look alike. Next: check the path and the id."""
    GONE = "gone"
    """The item was deleted; the answer says when, by which request, and until when it can come back. Next: where `deleted_by.same_key` is true it was you; else restore it, or leave it."""
    METHOD_NOT_ALLOWED = "method-not-allowed"
    """The path knows other methods; a collection is never deleted by DELETE. Next: see `Allow`, and use bulk_delete with a preview for many items."""
    INVALID_REQUEST = "invalid-request"
    """A parameter, member, column, operator or value is unknown or wrong; `errors` lists them all. Next: mend each one at its `pointer`."""
    MALFORMED = "malformed"
    """The request cannot be read, as JSON that ends early or names a member twice. Next: send it again, well formed."""
    BODY_NOT_ACCEPTED = "body-not-accepted"
    """A DELETE came with a body, which has no meaning there. Next: say it in the path and query, or use bulk_delete."""
    BODY_TOO_LARGE = "body-too-large"
    """The body is larger than what is read at once (100,000 ids of JSON). Next: send NDJSON or CSV, or split the list."""
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    """The body's `Content-Type` is not one that the path reads. Next: send the type that the answer names."""
    REFERENCED = "referenced"
    """Rows of other resources point at the item; `references` counts them and shows some. Next: delete those first, or ask for `cascade=true`."""
    BLOCKED = "blocked"
    """The resource's own rule keeps the item, for the reason given. Next: change what the rule is about, then delete."""
    HELD = "held"
    """The item, or a row that would go with it, is under a legal hold. Next: a key with the scope `hold` lifts it, if it may be lifted."""
    VERSION_MISMATCH = "version-mismatch"
    """The item has another version than the one you saw. Next: GET it, look at it, and send its new ETag."""
    PRECONDITION_REQUIRED = "precondition-required"
    """The resource deletes only with a version. Next: GET the item and send its ETag as `If-Match` (`if_match` in a batch)."""
    CONFIRMATION_REQUIRED = "confirmation-required"
    """More rows would go than may go unconfirmed; `count` says how many. Next: ask for a preview, and send its `confirm_token`, or `confirm`."""
    CONFIRM_TOKEN_INVALID = "confirm-token-invalid"  # noqa: S105 — a code
    """The token was used, has expired, or is of another resource or account; the detail says which. Next: ask for a new preview."""
    TOO_MANY_DEPENDENTS = "too-many-dependents"
    """More rows hang on the items than one transaction takes (10,000; a job: 10,000,000). Next: a bulk delete with `cascade`, as a job."""
    COUNT_MISMATCH = "count-mismatch"
    """`expected_count` or `max_affected` does not hold; both numbers are given and nothing was changed. Next: ask for a preview, and look at what differs."""
    ATOMIC_FAILED = "atomic-failed"
    """An item of an atomic batch could not go, so none went; the list says which. Next: take those items out, or mend them."""
    IDEMPOTENCY_KEY_INVALID = "idempotency-key-invalid"
    """The key is empty, too long, sent twice or with unreadable characters. Next: send one key of 1 to 255 visible ASCII characters."""
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused"
    """The key belongs to a request with another method, path, query or body. Next: take a fresh key for a new request; repeat an old one unchanged."""
    IDEMPOTENCY_KEY_BUSY = "idempotency-key-busy"
    """The first request with this key has no answer yet. Next: repeat it after `Retry-After`."""
    QUOTA_EXCEEDED = "quota-exceeded"
    """The account has fewer items left than asked for; nothing was deleted. Next: wait `resets_in_seconds`, or split the request."""
    RESTORE_CONFLICT = "restore-conflict"
    """The item cannot come back as things are: a unique value is taken, or a parent is missing. Next: clear what the detail names, then restore."""
    ALREADY_EXISTS = "already-exists"
    """A create names an id that exists with other content. Next: PATCH the item, or choose another id."""
    CONFLICT = "conflict"
    """The database does not take the change; the detail gives its reason. Next: mend what it names."""
    STATE_CONFLICT = "state-conflict"
    """What the request asks for cannot be done in the state that it names. Next: GET the job, and see what it allows."""
    CURSOR_INVALID = "cursor-invalid"
    """The cursor was not given out for this list. Next: begin at the first page, without one."""
    BUSY = "busy"
    """The database could not be asked, or a lock was not free in time; most likely nothing was changed. Next: repeat it after `Retry-After`, with the same `Idempotency-Key`."""
    INTERNAL = "internal-error"
    """A fault of Sexton's. Next: look at the item or job, and report the `correlation_id`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal: its code, a sentence that says what to do, and the extra members of the problem document."""

    code: Code
    detail: str
    members: Mapping[str, Any] = field(default_factory=dict)


class SextonError(Exception):
    """Something went wrong; the message says what to do next."""


class ConfigurationError(SextonError):
    """The configuration, the command line or the database's address is wrong."""


class SchemaError(SextonError):
    """Sexton's own tables are missing, older or newer than this version of Sexton."""


class PlanDiffers(SextonError):
    """The database removed other rows than were planned: nothing of it may be kept."""


class Refused(SextonError):
    """The request as a whole is refused; whoever opened the transaction rolls it back."""

    def __init__(self, code: Code, detail: str, **members: Any) -> None:
        """Carry the problem that the caller is told."""
        super().__init__(detail)
        self.problem = Problem(code, detail, members)

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
    """Every reason Sexton gives, spelled as the last part of the problem's `type` (RFC 9457)."""

    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    GONE = "gone"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    INVALID_REQUEST = "invalid-request"
    MALFORMED = "malformed"
    BODY_NOT_ACCEPTED = "body-not-accepted"
    BODY_TOO_LARGE = "body-too-large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    REFERENCED = "referenced"
    BLOCKED = "blocked"
    HELD = "held"
    VERSION_MISMATCH = "version-mismatch"
    PRECONDITION_REQUIRED = "precondition-required"
    CONFIRMATION_REQUIRED = "confirmation-required"
    CONFIRM_TOKEN_INVALID = "confirm-token-invalid"  # noqa: S105 — a code
    TOO_MANY_DEPENDENTS = "too-many-dependents"
    COUNT_MISMATCH = "count-mismatch"
    ATOMIC_FAILED = "atomic-failed"
    IDEMPOTENCY_KEY_INVALID = "idempotency-key-invalid"
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused"
    IDEMPOTENCY_KEY_BUSY = "idempotency-key-busy"
    QUOTA_EXCEEDED = "quota-exceeded"
    RESTORE_CONFLICT = "restore-conflict"
    ALREADY_EXISTS = "already-exists"
    CONFLICT = "conflict"
    STATE_CONFLICT = "state-conflict"
    CURSOR_INVALID = "cursor-invalid"
    BUSY = "busy"
    INTERNAL = "internal-error"


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

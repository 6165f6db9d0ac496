"""Codes → problem documents (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from sexton.errors import Code, Problem

BASE = "https://sexton.dev/problems/"
MEDIA_TYPE = "application/problem+json"

STATUS: dict[Code, int] = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.GONE: 410,
    Code.METHOD_NOT_ALLOWED: 405,
    Code.INVALID_REQUEST: 422,
    Code.MALFORMED: 400,
    Code.BODY_NOT_ACCEPTED: 400,
    Code.BODY_TOO_LARGE: 413,
    Code.UNSUPPORTED_MEDIA_TYPE: 415,
    Code.REFERENCED: 409,
    Code.BLOCKED: 409,
    Code.HELD: 409,
    Code.VERSION_MISMATCH: 412,
    Code.PRECONDITION_REQUIRED: 428,
    Code.CONFIRMATION_REQUIRED: 428,
    Code.CONFIRM_TOKEN_INVALID: 409,
    Code.TOO_MANY_DEPENDENTS: 409,
    Code.COUNT_MISMATCH: 409,
    Code.ATOMIC_FAILED: 409,
    Code.IDEMPOTENCY_KEY_INVALID: 400,
    Code.IDEMPOTENCY_KEY_REUSED: 422,
    Code.IDEMPOTENCY_KEY_BUSY: 409,
    Code.QUOTA_EXCEEDED: 429,
    Code.RESTORE_CONFLICT: 409,
    Code.ALREADY_EXISTS: 409,
    Code.CONFLICT: 409,
    Code.STATE_CONFLICT: 409,
    Code.CURSOR_INVALID: 400,
    Code.BUSY: 503,
    Code.INTERNAL: 500,
}
_TITLES = {
    Code.REFERENCED: "Other rows point at it",
    Code.BLOCKED: "A rule keeps it",
    Code.HELD: "It is under a legal hold",
    Code.VERSION_MISMATCH: "It has changed",
    Code.CONFIRMATION_REQUIRED: "Confirm first",
    Code.CONFIRM_TOKEN_INVALID: "The confirm token cannot be used",
    Code.TOO_MANY_DEPENDENTS: "Too many rows depend on it",
    Code.COUNT_MISMATCH: "Not the number you expected",
    Code.ATOMIC_FAILED: "All or nothing: nothing",
    Code.IDEMPOTENCY_KEY_REUSED: "The key belongs to another request",
    Code.QUOTA_EXCEEDED: "Not enough items left in the quota",
    Code.RESTORE_CONFLICT: "It cannot come back as things are",
    Code.BODY_NOT_ACCEPTED: "A DELETE has no body",
}


def document(problem: Problem) -> dict[str, Any]:
    """A problem as JSON; the same object in an answer of its own and inside a batch's item."""
    status = STATUS[problem.code]
    title = _TITLES.get(problem.code) or HTTPStatus(status).phrase
    told = {"type": BASE + problem.code, "title": title, "status": status, "detail": problem.detail}
    return told | dict(problem.members)


def stored(failure: dict[str, Any]) -> dict[str, Any]:
    """A failure as chunks and audits keep it, as a problem document again."""
    return document(Problem(Code(failure["code"]), failure["detail"], failure.get("members") or {}))

"""Reading an answer: bodies that say no, problem documents, tags, waits. No I/O."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from sexton.client.outcome import Problem, RateLimit

_INFLATE_LIMIT = 64 * 1024
_GZIP_OR_ZLIB = 47
_SAYS_NO = frozenset({"error", "errored", "fail", "failed", "failure", "refused", "rejected", "denied", "not_deleted"})
_COUNTS = ("deleted", "deletedCount", "deleted_count", "affected", "affected_rows", "rows_affected", "removed", "n")
_FLAGS = ("deleted", "success", "succeeded", "ok", "acknowledged", "removed", "isSuccess", "is_success")
_FAULTS = ("error", "errors", "Errors", "failures", "failed", "fault")
_WRAPPERS = ("data", "result", "response", "results")
_GONE_FLAGS = ("deleted", "is_deleted", "isDeleted", "removed")
_GONE_TIMES = ("deleted_at", "deletedAt", "deletionTimestamp")
_FIRST_ERROR_STATUS = 400
_OK_IN_MULTI_STATUS = frozenset({*range(200, 300), 404, 410})
_LEFT, _RESETS = re.compile(r";\s*r=(\d{1,15})"), re.compile(r";\s*t=(\d{1,15})")
_MEMBER = re.compile(r"(\w+)\s*=\s*(\d+)")
_MULTI_XML = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})")


class FailureKind(StrEnum):
    """How a request ended without an answer."""

    CONNECT = "connect"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS = "tls"
    READ_TIMEOUT = "read_timeout"
    BROKEN = "connection_broken"
    MALFORMED = "malformed_answer"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer. `sent` is False only where no byte of the request can have left."""

    kind: FailureKind
    sent: bool


@dataclass
class Answer:
    """An answer: its headers by lower-case name, at most `body_limit` bytes of its body.

    `sends` counts how often the library sent the request; `raw` is the library's own response, without credentials.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    truncated: bool = False
    sends: int = 1
    raw: Any = field(default=None, repr=False, compare=False)

    @cached_property
    def document(self) -> Any:
        """The body read as JSON, or None."""
        if self.truncated or not self.body:
            return None
        try:
            return json.loads(_inflated(self.body, self.headers.get("content-encoding", "")))
        except (ValueError, RecursionError, zlib.error):
            return None

    def json(self) -> Any:
        """The body read as JSON, or None where it is none."""
        return self.document

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx (`requests` counts every 3xx, too)."""
        return self.status // 100 == 2  # noqa: PLR2004 — the class of the status

    @property
    def etag(self) -> str | None:
        """The entity tag as it was given."""
        return self.headers.get("etag")


def _inflated(body: bytes, encoding: str) -> bytes:
    """The body without its compression, 64 KiB at most: `identity` was asked for, and not every server listens."""
    if encoding.lower() not in {"gzip", "deflate", "x-gzip"}:
        return body
    return zlib.decompressobj(_GZIP_OR_ZLIB).decompress(body, _INFLATE_LIMIT)


def problem_of(answer: Answer) -> Problem | None:
    """The problem document (RFC 9457) of an answer; other JSON errors are read where they say something."""
    found = answer.document
    if not isinstance(found, dict):
        return None
    if "problem+json" not in answer.headers.get("content-type", "") and answer.status < _FIRST_ERROR_STATUS:
        return None
    title, detail = (
        _first_text(found, "title", "error", "code"),
        _first_text(found, "detail", "message", "error_description"),
    )
    if not (title or detail or "type" in found):
        return None
    kind = found.get("type")
    return Problem(kind if isinstance(kind, str) else "about:blank", title, answer.status, detail, found)


def _first_text(found: Mapping[str, Any], *names: str) -> str:
    return next((found[name] for name in names if isinstance(found.get(name), str)), "")


def denial_of(answer: Answer) -> str | None:
    """Why a 200, 202, 204 or 207 does not mean "deleted", or None. The body's own words are not repeated."""
    if answer.status == 207:  # noqa: PLR2004 — RFC 4918
        return _multi_status_denial(answer)
    found = answer.document
    layers = [found] if isinstance(found, dict) else []
    layers += [layer[name] for layer in layers for name in _WRAPPERS if isinstance(layer.get(name), dict)]
    return next((reason for layer in layers if (reason := _layer_denial(layer))), None)


def _layer_denial(layer: Mapping[str, Any]) -> str | None:
    for name in _FLAGS:
        if layer.get(name) is False or str(layer.get(name)).lower() == "false":
            return f"the body says {name}: false"
    for name in _COUNTS:
        if name in layer and (layer[name] == [] or (layer[name] == 0 and layer[name] is not False)):
            return f"the body says that nothing was deleted ({name})"
    for name in _FAULTS:
        if layer.get(name) not in (None, False, 0, "", [], {}, "none", "null"):
            return f"the body holds {name}"
    return _status_denial(layer)


def _status_denial(layer: Mapping[str, Any]) -> str | None:
    for name in ("status", "result", "state", "code", "statusCode", "status_code"):
        value = layer.get(name)
        if isinstance(value, str) and value.lower() in _SAYS_NO:
            return f"the body's {name} says that it failed"
        if isinstance(value, int) and not isinstance(value, bool) and _FIRST_ERROR_STATUS <= value <= 599:  # noqa: PLR2004
            return f"the body's {name} is {value}"
    return None


def _multi_status_denial(answer: Answer) -> str | None:
    statuses = [int(found) for found in _MULTI_XML.findall(answer.body)] or list(_statuses_in(answer.document))
    if not statuses or answer.truncated:
        return "a 207 without a readable status for each part"
    failed = [status for status in statuses if status not in _OK_IN_MULTI_STATUS]
    return f"a 207 with {len(failed)} of {len(statuses)} parts failed" if failed else None


def _statuses_in(found: Any) -> list[int]:
    parts = found if isinstance(found, list) else []
    if isinstance(found, dict):
        parts = next((value for value in found.values() if isinstance(value, list)), [])
    statuses = [part.get("status", part.get("statusCode")) for part in parts if isinstance(part, dict)]
    return [status if isinstance(status, int) else 0 for status in statuses]


def shows_deleted(answer: Answer) -> bool:
    """Whether a GET's 200 shows an item that is marked as deleted."""
    found = answer.document
    if not isinstance(found, dict):
        return False
    return any(found.get(name) is True for name in _GONE_FLAGS) or any(found.get(name) for name in _GONE_TIMES)


def deleted_by_us(answer: Answer, correlation_id: str, *, tried: bool) -> bool:
    """Whether a 410 says that the delete it remembers was this call's own.

    `same_key` names the credential, which other calls use, too: it counts only where an earlier try may have got there.
    """
    found = answer.document
    by = found.get("deleted_by") if isinstance(found, dict) else None
    if not isinstance(by, dict):
        return False
    return by.get("correlation_id") == correlation_id or (tried and by.get("same_key") is True)


def looks_like_a_page(answer: Answer) -> bool:
    """Whether a success came as a web page: a login form or a captive portal, not an API."""
    return answer.headers.get("content-type", "").lower().startswith(("text/html", "application/xhtml"))


def retry_after_of(answer: Answer, now: float) -> float | None:
    """Seconds to wait as `Retry-After` says, never negative; `now` is the wall clock in seconds since 1970."""
    value = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, when.timestamp() - now)


def rate_limit_of(answer: Answer) -> RateLimit | None:
    """What is left, of several policies where it is least.

    Read from `RateLimit` (draft 10: `"items";r=9;t=5`, or draft 7: `remaining=9, reset=5`), else from the older
    `RateLimit-Remaining` and `X-RateLimit-Remaining`.
    """
    policies = answer.headers.get("ratelimit", "").split(",")
    told = [(_LEFT.search(policy), _RESETS.search(policy)) for policy in policies]
    budgets = [RateLimit(int(left[1]), int(resets[1]) if resets else None) for left, resets in told if left]
    if budgets:
        return min(budgets, key=lambda budget: budget.remaining)
    members = dict(_MEMBER.findall(answer.headers.get("ratelimit", "")))
    for spelled in (members, _members_of(answer, "ratelimit-"), _members_of(answer, "x-ratelimit-")):
        left, resets_in = spelled.get("remaining", ""), spelled.get("reset", "")
        if re.fullmatch(r"\d{1,15}", left):
            return RateLimit(int(left), int(resets_in) if re.fullmatch(r"\d{1,6}", resets_in) else None)
    return None


def _members_of(answer: Answer, prefix: str) -> dict[str, str]:
    return {name: answer.headers.get(f"{prefix}{name}", "") for name in ("remaining", "reset")}


def must_close(status: int, headers: Mapping[str, str]) -> bool:
    """Whether a connection cannot be trusted after this answer: an interim status, or a body where none may be."""
    if status < 200:  # noqa: PLR2004 — interim
        return True
    bodiless = status in {204, 304}
    return bodiless and (headers.get("content-length", "0") != "0" or "transfer-encoding" in headers)

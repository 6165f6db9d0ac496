"""Request headers with a grammar of their own, and the drafts' names in one place."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence

from sexton.errors import Code, Refused

IDEMPOTENCY_KEY = "idempotency-key"  # draft-ietf-httpapi-idempotency-key-header-07
REPLAYED = "Idempotent-Replayed"
RATE_LIMIT_POLICY = "RateLimit-Policy"  # draft-ietf-httpapi-ratelimit-headers-10
RATE_LIMIT = "RateLimit"

_CORRELATION = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_VISIBLE = re.compile(r"[\x21-\x7e]{1,255}")
_QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')


def correlation_id(given: str | None) -> str:
    """The caller's, where it is well formed, else a new one."""
    return given if given is not None and _CORRELATION.fullmatch(given) else str(uuid.uuid4())


def idempotency_key(values: Sequence[str], in_body: str | None) -> str | None:
    """The key, from the header (quoted or bare) or the body. Raises Refused (400) for one that is no key."""
    if len(values) > 1:
        raise Refused(Code.IDEMPOTENCY_KEY_INVALID, "send one Idempotency-Key, not several")
    key = _unquoted(values[0].strip()) if values else None
    if key is not None and in_body is not None and key != in_body:
        detail = "the Idempotency-Key header and `idempotency_key` of the body differ: send one, or the same twice"
        raise Refused(Code.IDEMPOTENCY_KEY_INVALID, detail)
    key = in_body if key is None else key
    if key is not None and not _VISIBLE.fullmatch(key):
        raise Refused(Code.IDEMPOTENCY_KEY_INVALID, "an idempotency key is 1 to 255 visible ASCII characters")
    return key


def _unquoted(value: str) -> str:
    quoted = _QUOTED.fullmatch(value)
    return re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else value


def preferences(values: Sequence[str]) -> Mapping[str, str]:
    """The preferences of `Prefer` (RFC 7240), names in small letters; those without a value have an empty one."""
    found: dict[str, str] = {}
    for part in ",".join(values).split(","):
        name, _, value = part.split(";")[0].strip().partition("=")
        if name:
            found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found


def wait_seconds(preferred: Mapping[str, str]) -> int:
    """Seconds of `wait`, 30 at the most; 0 where it is not asked for or no number."""
    value = preferred.get("wait", "")
    return min(30, int(value)) if value.isascii() and value.isdigit() and len(value) < 10 else 0  # noqa: PLR2004


def bearer(value: str | None) -> str | None:
    """The token of an Authorization header."""
    scheme, _, token = (value or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None

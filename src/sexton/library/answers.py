"""Answers of the host's routes as they are kept and told again, and what makes two requests the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sexton.api.answer import Answer

_NO_LENGTH = frozenset({204, 304})
RawHeaders = list[tuple[bytes, bytes]]
_NOT_KEPT = frozenset({"x-correlation-id", "date", "server"})


def heard(status: int, raw: RawHeaders, body: bytes) -> Answer:
    """What a route answered; lines of one header stand below each other."""
    told: dict[str, str] = {}
    for name, value in raw:
        before = told.get(plain := name.decode("latin-1").lower())
        told[plain] = value.decode("latin-1") if before is None else f"{before}\n{value.decode('latin-1')}"
    return Answer(status, body, told)


def kept(answer: Answer) -> dict[str, Any]:
    """An answer as it is stored under its key."""
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _NOT_KEPT}
    return {"status": answer.status, "headers": headers, "body": answer.body}


def raw_headers(answer: Answer) -> RawHeaders:
    """The lines that are sent, with the body's length, which a 204 or 304 does not have (RFC 9110, 8.6)."""
    told = {name.lower(): value for name, value in answer.headers.items()}
    if answer.status not in _NO_LENGTH:
        told["content-length"] = str(len(answer.body))
    return [(n.encode("latin-1"), line.encode("latin-1")) for n, line in _lines(told.items())]


def _lines(told: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((name, line) for name, value in told for line in value.split("\n"))


def fingerprint(scope: Any, body: bytes) -> str:
    """A hash of method, path, query and body; JSON counts as what it says."""
    path = scope.get("raw_path") or scope["path"].encode()
    try:
        canonical = json.dumps(json.loads(body), sort_keys=True).encode() if body else b""
    except (ValueError, RecursionError):
        canonical = body
    asked = [scope["method"].encode(), path.partition(b"?")[0], scope["query_string"], canonical]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in asked)).hexdigest()

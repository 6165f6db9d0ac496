"""The addresses, read out of the table that matches them."""

from __future__ import annotations

from pydantic import BaseModel

from reference.writing import code, document, table
from sexton.api.routes import OPERATIONS, Operation

_HEAD = """
Below `/api/v1`, or wherever a host put the router; each takes `Authorization: Bearer sx_…` with the scope that is named.
Beside them, without a key: `GET /healthz` (the process), `GET /readyz` (the database), `GET /openapi.json` and `/docs`.
An unknown parameter or member is 422. Every refusal is one of [these](errors.md). Any request may also be answered 401,
403, 422 or 503. A path that is not in the table is 404; no path is ever redirected.
""".strip()
_HEADERS = """
## Headers

Requests may carry `Idempotency-Key` (`POST`, `PATCH`, `DELETE`), `If-Match` (`DELETE`, `PATCH`), `Prefer`
(`return=representation`, `respond-async`, `wait=N`) and `X-Correlation-Id`. Answers carry `X-Correlation-Id`, and where it
applies `ETag`, `Sexton-Audit-Id`, `Sexton-Restorable-Until`, `Idempotent-Replayed`, `Retry-After`, `RateLimit` and
`RateLimit-Policy` (in items).
""".strip()


def page() -> str:
    """docs/reference/http.md."""
    rows = [_row(one) for one in OPERATIONS]
    heads = ("Request", "Scope", "What", "Query", "Body", "Answers")
    return document("HTTP API", _HEAD, table(heads, rows), _HEADERS)


def _row(one: Operation) -> tuple[str, ...]:
    answers = ", ".join(map(str, one.answers))
    return (
        code(f"{one.method} {one.path}"),
        code(one.scope),
        one.summary,
        _fields(one.query),
        _fields(one.body),
        answers,
    )


def _fields(model: type[BaseModel] | None) -> str:
    return ", ".join(code(name) for name in model.model_fields) if model else ""

"""The OpenAPI document, made from the table of operations and the schemas that read the requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sexton.api import schemas
from sexton.api.routes import OPERATIONS, Operation
from sexton.model import Scope
from sexton.resource import Catalog

_REF = "#/components/schemas/{model}"
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_ALWAYS = (400, 401, 403, 422, 500, 503)
_KEYED = frozenset({"POST", "PATCH", "DELETE"})
_PROBLEM_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "correlation_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "correlation_id": {"type": "string"},
    },
}


def openapi(catalog: Catalog, prefix: str, version: str) -> dict[str, Any]:
    """Describe every operation over the resources of a catalog."""
    models = {m for o in OPERATIONS for m in (o.query, o.body) if m is not None} | {schemas.BulkOptions}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, definitions = models_json_schema([(m, "validation") for m in ordered], ref_template=_REF)
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        if operation.path != "/{resource}/":
            described = _operation(operation, sorted(catalog.exposed), definitions["$defs"])
            paths.setdefault(prefix + operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sexton",
            "version": version,
            "description": "Deletes that can be retried, previewed and undone.",
        },
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"] | {"Problem": _PROBLEM_SCHEMA},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "sx_<key id>_<secret>"}},
        },
        "security": [{"key": []}],
    }


def _operation(operation: Operation, resources: list[str], definitions: dict[str, Any]) -> dict[str, Any]:
    moved = operation.fixed.get("move", "")
    name = f"{operation.handler.__name__}{'_' + moved if moved else ''}"
    described: dict[str, Any] = {
        "operationId": name,
        "summary": operation.summary,
        "description": f"{(operation.handler.__doc__ or '').strip()} Scope: `{operation.scope}`.",
        "parameters": [*_path(operation, resources), *_query(operation.query, definitions), *_headers(operation)],
        "responses": dict(_answers(operation)),
    }
    if operation.method in ("POST", "PUT", "PATCH") and _has_body(operation):
        described["requestBody"] = {"required": True, "content": _content(operation)}
    return described


def _has_body(operation: Operation) -> bool:
    return operation.body is not None or operation.scope is Scope.WRITE


def _content(operation: Operation) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=operation.body.__name__)} if operation.body else {"type": "object"}
    media = "application/merge-patch+json" if operation.method == "PATCH" else "application/json"
    content: dict[str, Any] = {media: {"schema": schema}}
    if operation.streams:
        content |= {media: {"schema": {"type": "string"}} for media in ("application/x-ndjson", "text/csv")}
    return content


def _path(operation: Operation, resources: list[str]) -> Iterable[dict[str, Any]]:
    for segment in operation.segments:
        if segment.startswith("{"):
            name = segment[1:-1]
            schema: dict[str, Any] = {"type": "string", "minLength": 1}
            if name == "resource" and resources:
                schema = {"type": "string", "enum": resources}
            yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(model: type[BaseModel], definitions: dict[str, Any]) -> Iterable[dict[str, Any]]:
    required = definitions[model.__name__].get("required", ())
    for name, schema in definitions[model.__name__].get("properties", {}).items():
        yield {"name": name, "in": "query", "required": name in required, "schema": _without_null(schema)}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is there or not; it is never null."""
    kept = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return kept[0] if kept else {name: value for name, value in schema.items() if name != "title"}


def _headers(operation: Operation) -> Iterable[dict[str, Any]]:
    names = ["Idempotency-Key"] if operation.method in _KEYED else []
    if operation.method in ("DELETE", "PATCH") and operation.path == "/{resource}/{id}":
        names.append("If-Match")
    for name in names:
        schema = {"type": "string", "pattern": "^[!-~]{1,257}$"} if name == "Idempotency-Key" else {"type": "string"}
        yield {"name": name, "in": "header", "required": False, "schema": schema}


def _answers(operation: Operation) -> Iterable[tuple[str, Any]]:
    for status in sorted({*operation.answers, *_ALWAYS}):
        if status in (204, 304):
            yield str(status), {"description": "Nothing more to say"}
        elif status < 400:  # noqa: PLR2004 — the client's and the server's faults begin there
            yield str(status), {"description": operation.summary, "content": {operation.media: {"schema": {}}}}
        else:
            yield (
                str(status),
                {"description": "A problem", "content": {"application/problem+json": {"schema": _PROBLEM}}},
            )

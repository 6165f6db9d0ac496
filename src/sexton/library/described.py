"""What the host's OpenAPI document says of the endpoints: the models' real types, and no reference into nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model
from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Time,
    Uuid,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from sexton.api.routes import Operation
from sexton.library.declaration import Declared
from sexton.model import Scope

_Schema = dict[str, Any]
_ALWAYS = (400, 401, 403, 422, 500, 503)
_KEYED = frozenset({"POST", "PATCH", "DELETE"})
_NO_BODY = frozenset({204, 304})


class SextonProblem(BaseModel):
    """A refusal (RFC 9457)."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    correlation_id: str | None = None


class SextonResult(BaseModel):
    """What became of one item of many."""

    id: str
    status: str
    error: SextonProblem | None = None


class SextonSummary(BaseModel):
    """How many items of each outcome."""

    model_config = ConfigDict(extra="allow")
    requested: int


class SextonBulk(BaseModel):
    """A bulk delete that has ended: every distinct id once, in request order."""

    job_id: str
    audit_id: str | None
    deleted: list[SextonResult]
    summary: SextonSummary


class SextonResults(BaseModel):
    """A page of the results of a job."""

    items: list[SextonResult]
    next_cursor: str | None


PROBLEM = {"$ref": "#/components/schemas/SextonProblem"}


# -- columns ----------------------------------------------------------------------------------------------------

_TYPES: tuple[tuple[type[TypeEngine[Any]], Callable[[Any], _Schema]], ...] = (
    (Enum, lambda found: {"type": "string", "enum": list(found.enums)}),
    (Boolean, lambda _: {"type": "boolean"}),
    (BigInteger, lambda _: {"type": ["integer", "string"], "description": "beyond 2^53 a string"}),
    (Integer, lambda _: {"type": "integer"}),
    (Double, lambda _: {"type": "number"}),
    (Float, lambda _: {"type": "number"}),
    (Numeric, lambda _: {"type": "string", "description": "an exact number"}),
    (Uuid, lambda _: {"type": "string", "format": "uuid"}),
    (
        DateTime,
        lambda _: {"type": "string", "description": "a time as RFC 3339 has it; without a zone where none is kept"},
    ),
    (Date, lambda _: {"type": "string", "format": "date"}),
    (Time, lambda _: {"type": "string"}),
    (LargeBinary, lambda _: {"type": "string", "contentEncoding": "base64"}),
    (JSON, lambda _: {}),
    (ARRAY, lambda found: {"type": "array", "items": _plain(found.item_type)}),
    (String, lambda found: {"type": "string"} | ({"maxLength": found.length} if found.length else {})),
)


def _plain(found: TypeEngine[Any]) -> _Schema:
    if isinstance(found, TypeDecorator):
        return _plain(found.impl_instance)
    return next((make(found) for kind, make in _TYPES if isinstance(found, kind)), {})


def column_schema(column: Column[Any]) -> _Schema:
    """The JSON schema of a column's values, as items show them."""
    found = _plain(column.type)
    if column.nullable and "type" in found:
        types = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found = {**found, "type": [*types, "null"]}
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    generated = column.computed is not None
    return found | ({"readOnly": True} if generated else {})


def _item_schema(one: Declared) -> _Schema:
    shown = {column.name: column_schema(column) for column in one.table.columns}
    if [column.name for column in one.table.primary_key.columns] != ["id"]:
        shown["_id"] = {"type": "string", "readOnly": True}
    told = one.mapper.class_.__doc__ if one.mapper is not None else None
    schema = {"type": "object", "title": one.name, "properties": shown, "required": sorted(shown)}
    return schema | ({"description": told.strip()} if told else {})


def _writable(one: Declared) -> _Schema:
    """What a create or a merge patch may say."""
    fixed = {one.deleted_at} if one.soft else set()
    columns = [c for c in one.table.columns if c.computed is None and c.name not in fixed]
    shown = {column.name: _taken(column) for column in columns}
    return {"type": "object", "properties": shown, "additionalProperties": False}


def _taken(column: Column[Any]) -> _Schema:
    found = column_schema(column)
    exact = isinstance(column.type, Numeric) and not isinstance(column.type, Float)
    return {**found, "type": ["number", *_listed(found["type"])]} if exact else found


def _listed(kind: Any) -> list[str]:
    return list(kind) if isinstance(kind, list) else [kind]


def item_model(one: Declared) -> type[BaseModel]:
    """A model whose schema is the table's, so that FastAPI names it among its components."""
    schema = _item_schema(one)

    def become(found: _Schema) -> None:
        found.clear()
        found.update(schema)

    safe = "".join(letter if letter.isalnum() else "_" for letter in one.name)
    return create_model(f"Sexton_{safe}", __config__=ConfigDict(json_schema_extra=become))


# -- operations -------------------------------------------------------------------------------------------------


def description(operation: Operation, one: Declared | None) -> _Schema:
    """The parts of an operation that FastAPI does not make out of the endpoint's signature."""
    found: _Schema = {"parameters": [*_path(operation), *_query(operation), *_headers(operation)]}
    body = _body(operation, one)
    return found | ({"requestBody": {"required": True, "content": body}} if body else {})


def responses(operation: Operation, item: type[BaseModel] | None) -> dict[int | str, _Schema]:
    """Each status an operation may answer with."""
    found: dict[int | str, _Schema] = {}
    for status in sorted({*operation.answers, *_ALWAYS}):
        if status in _NO_BODY:
            found[status] = {"description": "Nothing more to say"}
        elif status >= 400:  # noqa: PLR2004 — the client's and the server's faults begin there
            content: _Schema = {"application/problem+json": {"schema": PROBLEM}}
            if status == HTTPStatus.UNAUTHORIZED:  # the host's dependency refuses strangers, in the host's words
                content["application/json"] = {"schema": {}}
            found[status] = {"description": "A problem", "content": content}
        else:
            found[status] = {"description": operation.summary} | _model(operation, item)
    return found


_MODELS: Mapping[str, type[BaseModel]] = {"bulk_delete_items": SextonBulk, "job_items": SextonResults}
_ITEMS = frozenset({"get_item", "create_item", "patch_item", "restore_item"})


def _model(operation: Operation, item: type[BaseModel] | None) -> _Schema:
    name = operation.handler.__name__
    model = item if name in _ITEMS else _MODELS.get(name)
    if model is not None:
        return {"model": model}
    return {"content": {operation.media: {"schema": {}}}}


def _path(operation: Operation) -> Iterable[_Schema]:
    for segment in operation.segments:
        if segment.startswith("{") and segment != "{resource}":
            schema = {"type": "string", "minLength": 1}
            yield {"name": segment[1:-1], "in": "path", "required": True, "schema": schema}


def _query(operation: Operation) -> Iterable[_Schema]:
    schema = inlined(operation.query)
    required = schema.get("required", ())
    for name, found in schema.get("properties", {}).items():
        kept = [one for one in found.get("anyOf", ()) if one.get("type") != "null"]
        plain = kept[0] if kept else found
        yield {"name": name, "in": "query", "required": name in required, "schema": plain}


def _headers(operation: Operation) -> Iterable[_Schema]:
    names = ["Idempotency-Key"] if operation.method in _KEYED else []
    if operation.method in ("DELETE", "PATCH") and operation.path == "/{resource}/{id}":
        names.append("If-Match")
    return [{"name": name, "in": "header", "required": False, "schema": {"type": "string"}} for name in names]


def _body(operation: Operation, one: Declared | None) -> _Schema:
    if operation.method not in ("POST", "PUT", "PATCH"):
        return {}
    if operation.body is not None:
        found: _Schema = {"application/json": {"schema": inlined(operation.body)}}
        if operation.streams:
            found |= {media: {"schema": {"type": "string"}} for media in ("application/x-ndjson", "text/csv")}
        return found
    if operation.scope is Scope.WRITE and one is not None:
        media = "application/merge-patch+json" if operation.method == "PATCH" else "application/json"
        return {media: {"schema": _writable(one)}}
    return {}


def inlined(model: type[BaseModel]) -> _Schema:
    """The schema of a model with its definitions where they are used: a fragment has no components of its own."""
    schema = model.model_json_schema()
    found: _Schema = _resolved(schema, schema.pop("$defs", {}))
    return found


def _resolved(value: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_resolved(one, definitions) for one in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _resolved(definitions[value["$ref"].rpartition("/")[2]], definitions)
    return {name: _resolved(one, definitions) for name, one in value.items()}

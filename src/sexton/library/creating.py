"""Values as a host's code holds them → the document that a create reads: columns by name, values as in JSON."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Interval, inspect
from sqlalchemy import Enum as EnumType
from sqlalchemy import Uuid as UuidType
from sqlalchemy.orm import InstanceState
from sqlalchemy.types import TypeDecorator, TypeEngine

from sexton.errors import Problem
from sexton.library.declaration import Declared
from sexton.model import Outcome, Tombstone

_STATUS = {Outcome.CREATED: 201, Outcome.LIVE: 200, Outcome.GONE: 410, Outcome.FAILED: 409}


@dataclass(frozen=True, slots=True)
class Created:
    """What became of a create: the item as it is now, or why there is none.

    `outcome` is `created`, `live` (it was there, with the same content: a retry), `gone` (an item of this id was
    deleted, see `tombstone`; a late retry never brings it back) or `failed` (then `error` says why: other content, a
    value that is taken, a parent that is missing).
    """

    outcome: Outcome
    item: Mapping[str, Any] | None = None
    etag: str | None = None
    error: Problem | None = None
    tombstone: Tombstone | None = None

    @property
    def status(self) -> int:
        """What the endpoint answers: 201, 200, 410 or 409."""
        return _STATUS[self.outcome]


def document_of(one: Declared, values: Any, dialect: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was given, a mapping or a new instance of the model, and the model's defaults for the rest."""
    given = values if isinstance(values, Mapping) else _attributes(one, values)
    columns = {column.name: column for column in one.table.columns}
    names = {} if one.mapper is None else {a.key: a.columns[0].name for a in one.mapper.column_attrs}
    read = {names.get(name, name): value for name, value in given.items()}
    document = {n: _plain(columns[n].type, v, dialect) if n in columns else v for n, v in read.items()}
    context = _Context({columns[name].key: value for name, value in read.items() if name in columns})
    missing = {name: _default(column, context) for name, column in columns.items() if name not in document}
    made = {n: _plain(columns[n].type, make(), dialect) for n, make in missing.items() if make is not None}
    return document, made


def _attributes(one: Declared, instance: Any) -> dict[str, Any]:
    state = inspect(instance, raiseerr=False)
    if one.mapper is None or not isinstance(state, InstanceState) or state.mapper is not one.mapper:
        raise TypeError(f"create({one.name}, …) takes a mapping, or an instance of that model, not {instance!r}")
    if not state.transient:
        raise ValueError(f"this instance of {one.name} is in a session already: leave session.add(…) out")
    return {
        attribute.key: state.dict[attribute.key] for attribute in one.mapper.column_attrs if attribute.key in state.dict
    }


@dataclass(frozen=True, slots=True)
class _Context:
    """What a default may ask of the row that it is made for, by SQLAlchemy's name."""

    given: Mapping[str, Any]

    def get_current_parameters(self) -> dict[str, Any]:
        return dict(self.given)


def _default(column: Column[Any], context: _Context) -> Callable[[], Any] | None:
    """The model's own default, where it needs no database."""
    default = column.default
    if default is None:
        return None
    if default.is_scalar:
        return lambda: default.arg  # type: ignore[attr-defined]
    return (lambda: default.arg(context)) if default.is_callable else None  # type: ignore[attr-defined]


def _plain(kind: TypeEngine[Any], value: Any, dialect: Any) -> Any:
    """A value of a column's type as JSON."""
    if isinstance(kind, TypeDecorator) and not isinstance(kind, Interval):
        return _plain(kind.impl_instance, kind.process_bind_param(value, dialect), dialect)
    if isinstance(kind, (EnumType, Interval, UuidType)):
        process = kind.dialect_impl(dialect).bind_processor(dialect)
        value = process(value) if process is not None else value
    return next((spell(value) for types, spell in _SPELLINGS if isinstance(value, types)), value)


_SPELLINGS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((date, time), lambda value: value.isoformat()),
    ((Decimal, UUID, timedelta), str),
    ((bytes, bytearray, memoryview), lambda value: base64.b64encode(value).decode()),
    (Enum, lambda value: value.value),
)

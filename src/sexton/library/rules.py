"""Rules of the host's as SQL: expressions over a model become text over the alias `t` of its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import CompileError
from sqlalchemy.sql import visitors

from sexton import ids
from sexton.errors import ConfigurationError
from sexton.resource import Guard

_SPELLINGS = {"postgresql": postgresql.dialect, "sqlite": sqlite.dialect}


def as_sql(resource: str, table: Table, expression: Any, backend: str) -> str:
    """An expression as SQL over `t`, every value written out. Raises ConfigurationError where it is no such rule."""
    element = expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression
    if not isinstance(element, ColumnElement):
        told = f"{resource}: block_when={expression!r} is no SQL expression: write for example Model.status == 'active'"
        raise ConfigurationError(told)
    dialect = _SPELLINGS[backend](paramstyle="named")  # others would double each percent sign
    dialect._backslash_escapes = False  # noqa: SLF001 — SQLAlchemy 2.0 doubles backslashes until it has asked a server
    quote = dialect.identifier_preparer.quote_identifier

    def over_t(part: Any, **_: Any) -> Any | None:
        if not isinstance(part, Column):
            return None
        if getattr(part.table, "fullname", None) != table.fullname:
            told = (
                f"{resource}: block_when looks at {part}, which is no column of {table.fullname}:"
                " ask other tables in a guard=…"
            )
            raise ConfigurationError(told)
        return literal_column(f"t.{quote(part.name)}", part.type)

    rewritten: ColumnElement[Any] = visitors.replacement_traverse(element, {}, over_t)  # type: ignore[call-overload]
    try:
        return str(rewritten.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    except (CompileError, NotImplementedError) as error:
        reason = str(error).split("\n")[0]
        told = f"{resource}: block_when cannot be written as SQL text ({reason}): use plain values, or a guard=…"
        raise ConfigurationError(told) from None


def typed_guard(guard: Callable[[Any, list[Any]], Mapping[Any, str]], columns: Sequence[Column[Any]]) -> Guard:
    """A guard that is given ids as the model's values (tuples for composite keys) and may answer by either."""

    def ask(connection: Any, item_ids: list[str]) -> dict[str, str]:
        spelled = {_value(item, columns): item for item in item_ids}
        return {spelled.get(item, str(item)): reason for item, reason in guard(connection, list(spelled)).items()}

    return ask


_READERS: dict[type, Callable[[str], Any]] = {int: int, UUID: UUID}


def _value(item: str, columns: Sequence[Column[Any]]) -> Any:
    parts = ids.split(item, len(columns)) or ()
    values = tuple(_reader(column)(part) for column, part in zip(columns, parts, strict=True))
    return values[0] if len(values) == 1 else values


def _reader(column: Column[Any]) -> Callable[[str], Any]:
    try:
        return _READERS.get(column.type.python_type, str)
    except NotImplementedError:
        return str


def spell(value: Any, columns: Sequence[Column[Any]], dialect: Any) -> str:
    """The id of a key as a host's code holds it: a text is taken as it is, other values as the database stores them."""
    if isinstance(value, str):
        return value
    values = value if isinstance(value, (tuple, list)) else (value,)
    if len(values) != len(columns):
        raise ValueError(f"the key has {len(columns)} columns, not {len(values)}")
    return ids.join([_stored(one, column, dialect) for one, column in zip(values, columns, strict=True)])


def _stored(value: Any, column: Column[Any], dialect: Any) -> str:
    if isinstance(value, str):
        return value
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    found = process(value) if process is not None else value
    return {True: "true", False: "false"}[found] if isinstance(found, bool) else str(found)

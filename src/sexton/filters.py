"""Filters of a preview: a JSON object → conditions on known columns. Pure.

`{"status": "expired", "created_at": {"lt": "2026-01-01T00:00:00Z"}}`; all conditions must hold. All items are
spelled `{"all": true}`, so that an empty filter, which is nearly always a mistake, matches nothing but a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sexton.errors import Code, Refused
from sexton.resource import Column, Kind, Table

MOST_VALUES = 10_000


class Operator(StrEnum):
    """How a column is compared."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    IN = "in"
    IS_NULL = "is_null"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison."""

    column: Column
    operator: Operator
    value: Any


def parse(table: Table, wanted: Any) -> tuple[Condition, ...]:
    """Read a filter; no conditions mean all items. Raises Refused with every fault found."""
    if not isinstance(wanted, Mapping) or not wanted:
        detail = 'an empty filter would match everything: name a column, or write {"all": true} if all is meant'
        raise Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": "#/filter"}])
    if wanted == {"all": True} and wanted["all"] is True:
        return ()
    conditions: list[Condition] = []
    errors: list[dict[str, str]] = []
    for name, value in wanted.items():
        pairs = value.items() if isinstance(value, Mapping) and value else [("eq", value)]
        for operator, operand in pairs:
            fault = _fault(table, name, operator, operand)
            if fault is None:
                conditions.append(Condition(table.by_name[name], Operator(operator), operand))
            else:
                errors.append({"detail": fault, "pointer": f"#/filter/{_pointer(name)}"})
    if errors:
        raise Refused(Code.INVALID_REQUEST, errors[0]["detail"], errors=errors)
    return tuple(conditions)


def _fault(table: Table, name: str, operator: str, operand: Any) -> str | None:
    if name not in table.by_name:
        return f"there is no column {name!r}; the columns are {', '.join(table.by_name)}"
    if operator not in set(Operator):
        return f"there is no operator {operator!r}; the operators are {', '.join(Operator)}"
    return _operand_fault(table.by_name[name], Operator(operator), operand)


def _operand_fault(column: Column, operator: Operator, operand: Any) -> str | None:
    match operator:
        case Operator.IN:
            if not isinstance(operand, list) or not 0 < len(operand) <= MOST_VALUES:
                return f"`in` takes a list of 1 to {MOST_VALUES:,} values"
            return "`in` cannot hold null: use is_null" if any(value is None for value in operand) else None
        case Operator.IS_NULL:
            return None if isinstance(operand, bool) else "`is_null` takes true or false"
        case Operator.PREFIX:
            texts = column.kind in (Kind.TEXT, Kind.CHAR)
            given = isinstance(operand, str) and operand != ""
            return None if texts and given else "`prefix` compares a text column with a text that is not empty"
    return "null is never equal to anything: use is_null" if operand is None else None


def _pointer(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")

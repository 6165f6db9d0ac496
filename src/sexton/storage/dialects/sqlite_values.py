"""SQLite's values as JSON shows them and as a posted document brings them: types belong to values there."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

from sexton.resource import Column, Kind
from sexton.storage.dialects import values

_MOST_DIGITS = 15


def comparable_time(value: Any) -> Any:
    """A time in UTC with microseconds, so that texts compare as instants; what is no time as it is."""
    found = values.read_time(value) if isinstance(value, str) else None
    return value if found is None else values.in_utc(found).isoformat(sep=" ", timespec="microseconds")


def shown(column: Column, value: Any) -> Any:
    """A stored value as JSON."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if column.kind is Kind.DECIMAL and isinstance(value, (int, float)):
        return _decimal(column, value)
    if column.kind is Kind.BOOLEAN and value in (0, 1):
        return bool(value)
    if isinstance(value, int) and abs(value) > values.EXACT:
        return str(value)
    if isinstance(value, str) and column.kind in (Kind.TIMESTAMP, Kind.DATE, Kind.JSON):
        return _shown_text(column, value)
    return value


def _shown_text(column: Column, value: str) -> Any:
    if column.kind is Kind.JSON:
        try:
            return json.loads(value)
        except ValueError:
            return value
    found = values.read_time(value)
    if found is None or (column.kind is Kind.DATE and len(value) == len("2026-01-01")):
        return value
    return found.isoformat()


def _decimal(column: Column, value: float) -> str:
    exact = Decimal(repr(value))
    if column.scale is None or exact.adjusted() > _MOST_DIGITS:
        return str(exact)
    rounded = exact.quantize(Decimal(1).scaleb(-column.scale))
    return str(rounded if rounded == exact else exact)


def incoming(column: Column, value: Any) -> Any:
    """A posted value as it is bound. Raises ValueError with the column's name where it does not fit."""
    if value is None:
        return None
    if column.kind is Kind.JSON:
        return json.dumps(value)
    if isinstance(value, (dict, list)):
        raise ValueError(column.name)
    match column.kind:
        case Kind.BYTES:
            return values.decode_base64(column, value)
        case Kind.BOOLEAN:
            return _boolean(column, value)
        case Kind.INTEGER:
            return _integer(column, value)
        case Kind.FLOAT | Kind.DECIMAL:
            return _number(column, value)
        case Kind.TIMESTAMP | Kind.DATE:
            return _stored_time(column, value)
        case Kind.TEXT if not isinstance(value, str):
            raise ValueError(column.name)
    return value


def _boolean(column: Column, value: Any) -> int:
    if value not in (True, False, "true", "false"):
        raise ValueError(column.name)
    return int(value in (True, "true"))


def _integer(column: Column, value: Any) -> int:
    if isinstance(value, bool) or not values.is_integer(str(value), 64):
        raise ValueError(column.name)
    return int(value)


def _number(column: Column, value: Any) -> Any:
    try:
        Decimal(value if isinstance(value, str) else repr(value))
    except ArithmeticError:
        raise ValueError(column.name) from None
    return value


def _stored_time(column: Column, value: Any) -> str:
    found = values.read_time(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(column.name)
    if column.kind is Kind.DATE and len(value) == len("2026-01-01"):
        return str(value)
    return str(values.in_utc(found))

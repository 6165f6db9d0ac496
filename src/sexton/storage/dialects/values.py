"""Readings of JSON values and of ids that both databases share; pure."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import UTC, date, datetime
from typing import Any

from sexton.resource import Column, Kind

_INTEGER = re.compile(r"0|-?[1-9]\d{0,18}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d(:\d\d)?|Z)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_FIRST_YEAR = -4713
EXACT = 9_007_199_254_740_991


def is_integer(value: str, bits: int) -> bool:
    """Whether a text is the canonical form of an integer of so many bits."""
    return _INTEGER.fullmatch(value) is not None and -(1 << (bits - 1)) <= int(value) < 1 << (bits - 1)


def is_time(value: str, kind: Kind) -> bool:
    """Whether a text is a date or a time as the database prints it: with long years, BC and infinities."""
    if value in ("infinity", "-infinity"):
        return True
    plain, _, era = value.partition(" BC")
    year, _, rest = plain.partition("-")
    if era or not (year.isascii() and year.isdigit() and 4 <= len(year) <= 6):  # noqa: PLR2004 — as PostgreSQL prints
        return False
    number = 1 - int(year) if value.endswith(" BC") else int(year)
    if not _FIRST_YEAR < number < (5_874_898 if kind is Kind.DATE else 294_277) or number == (
        1 if " BC" in value else 0
    ):
        return False
    same_leap = f"{2000 + number % 400:04}-{rest}"
    form = _DATE if kind is Kind.DATE else _TIME
    return form.fullmatch(same_leap) is not None and read_time(same_leap) is not None


def read_time(value: str) -> datetime | None:
    """Read a date or an RFC 3339 time; None where it is neither."""
    try:
        if _DATE.fullmatch(value):
            return datetime.combine(date.fromisoformat(value), datetime.min.time())
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def in_utc(value: datetime) -> datetime:
    """The same instant without a zone, as databases keep times that have none (UTC by convention)."""
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value


def incoming_bytes(column: Column, value: Any) -> Any:
    """Base64 of a bytes column as PostgreSQL reads it. Raises ValueError with the column's name."""
    if column.kind is not Kind.BYTES or value is None:
        return value
    return "\\x" + decode_base64(column, value).hex()


def decode_base64(column: Column, value: Any) -> bytes:
    """Bytes out of base64. Raises ValueError with the column's name."""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise ValueError(column.name) from None


def operand_text(column: Column, value: Any) -> str:
    """A filter's value as text. Raises ValueError with the column's name where the kinds do not fit."""
    if isinstance(value, bool):
        if column.kind is not Kind.BOOLEAN:
            raise ValueError(column.name)
        return "true" if value else "false"
    if column.kind in (Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ):
        return _time_text(column, value)
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return "\\x" + decode_base64(column, value).hex() if column.kind is Kind.BYTES else value
    if column.kind is Kind.JSON and isinstance(value, (dict, list)):
        return json.dumps(value)
    raise ValueError(column.name)


def _time_text(column: Column, value: Any) -> str:
    found = read_time(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(column.name)
    if column.kind is Kind.TIMESTAMP:
        return str(in_utc(found))
    return str(found.date()) if column.kind is Kind.DATE else found.isoformat(sep=" ")

"""The settings, read out of the classes that load them."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Any, Union

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reference.writing import code, document, table
from sexton.server.configuration import Settings

_WORDS = {bool: "true or false", int: "a number", timedelta: "a duration"}
_UNITS = ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))  # the largest of which there are two or more
_HEAD = """
A setting is looked up on the command line, then in the environment, then in `sexton.toml` of the working directory (or
the file given with `--config`; or `[tool.sexton]` of `pyproject.toml`). An unknown key is an error that names the nearest
known one. Durations are written `30d`, `24h`, `90m`, `10s`, `2w` or `250ms`.
""".strip()


def page() -> str:
    """docs/reference/settings.md."""
    return document("Settings", _HEAD, *_sections())


def _sections() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        named = typing.get_origin(kind) is dict
        section = typing.get_args(kind)[1] if named else kind
        yield f"## `[{name}{'.NAME' if named else ''}]`"
        yield section.__doc__ or ""
        variable = f'SEXTON_{name.upper()}={{"NAME": {{"%s": …}}}}' if named else f"SEXTON_{name.upper()}_%s"
        yield table(("Setting", "Type", "Default", "Environment", "Meaning"), _rows(section, variable))


def _rows(model: type[BaseModel], variable: str) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        if not field.description:
            raise LookupError(f"{model.__name__}.{name} has no sentence below it: write one, the reference shows it")
        told = variable % (name if "=" in variable else name.upper())
        yield code(name), _type(field.annotation), _default(field), code(told), field.description


def _type(kind: Any) -> str:
    if typing.get_origin(kind) in (Union, types.UnionType):
        return " or ".join(_type(part) for part in typing.get_args(kind) if part is not type(None))
    if typing.get_origin(kind) is list:
        return "a list"
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return ", ".join(code(word) for word in kind)
    return _WORDS.get(typing.get_args(kind)[0] if hasattr(kind, "__metadata__") else kind, "text")


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return code(
            next(f"{seconds // size}{unit}" for size, unit in _UNITS if seconds % size == 0 and seconds >= 2 * size)
        )
    if isinstance(value, bool):
        return code(str(value).lower())
    return "" if value is None else code(value)

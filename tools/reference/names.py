"""The public Python names with their signatures and docstrings."""

from __future__ import annotations

import enum
import inspect
import typing
from collections.abc import Iterator
from typing import Any

import sexton
import sexton.client
from reference.writing import code, document
from sexton.library.verbs import Verbs

_HEAD = "What `import sexton` and `import sexton.client` offer. Names that are not here may change without notice."
_MODULES = (sexton, sexton.client)


def page() -> str:
    """docs/reference/python.md."""
    parts = [_HEAD]
    for module in _MODULES:
        parts.append(f"## `{module.__name__}`")
        for name in sorted(module.__all__):
            parts += _name(f"{module.__name__}.{name}", getattr(module, name))
    parts += ["### `sexton.Sexton(…).sync`", Verbs.__doc__ or "", *_members(Verbs)]
    return document("Python", *parts)


def _name(path: str, thing: Any) -> Iterator[str]:
    yield f"### `{path}`"
    if typing.is_typeddict(thing):
        yield "A dictionary of " + ", ".join(map(code, thing.__annotations__)) + "."
    elif not (isinstance(thing, type) and issubclass(thing, enum.Enum | Exception)):
        yield code(path.rpartition(".")[2] + _signature(thing))
    yield inspect.getdoc(thing) or ""
    if isinstance(thing, type) and issubclass(thing, enum.Enum):
        yield "Members: " + ", ".join(code(f"{one.name} = {one.value!r}") for one in thing) + "."
    elif isinstance(thing, type):
        yield from _members(thing)


def _members(thing: type) -> Iterator[str]:
    for name, member in inspect.getmembers(thing, callable):
        ours = str(getattr(member, "__module__", "")).startswith("sexton")
        if name.startswith("_") or not ours or isinstance(member, type):
            continue
        words = " ".join((inspect.getdoc(member) or "").partition("\n\n")[0].split())
        yield f"- {code(name + _signature(member))}: {words}"


def _signature(thing: Any) -> str:
    shown, starred = [], False
    for one in inspect.signature(thing).parameters.values():
        if one.name == "self":
            continue
        if one.kind is one.KEYWORD_ONLY and not starred:
            shown.append("*")
        starred = starred or one.kind in (one.KEYWORD_ONLY, one.VAR_POSITIONAL)
        shown.append(_parameter(one))
    return f"({', '.join(shown)})"


def _parameter(one: inspect.Parameter) -> str:
    stars = "*" * ((one.kind is one.VAR_POSITIONAL) + 2 * (one.kind is one.VAR_KEYWORD))
    return stars + one.name if one.default is one.empty else f"{one.name}={_value(one.default)}"


def _value(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    return "…" if "<" in repr(value) else repr(value)

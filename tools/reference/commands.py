"""The commands with their options, read out of the command line itself, and the exit codes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import typer

from reference.writing import code, document, table, told
from sexton.cli import app
from sexton.cli.exits import Exit

_HEAD = """
`sexton COMMAND --help` says the same. Results go to stdout, everything for people to stderr; with `--json` (`--output
json` of `plan`'s family) results are for machines. No secret is ever an argument: it comes from the environment or a file.
""".strip()
_SIGNALS = [("130, 143", "Interrupted or told to stop: what was on the wire came to its end; it can be resumed.")]


def page() -> str:
    """docs/reference/commands.md."""
    said = told(Exit)
    codes = [(str(one.value), said[one.name]) for one in Exit] + _SIGNALS
    exits = ["## Exit codes", "They never change their meaning.", table(("Code", "Meaning"), codes)]
    return document("Commands", _HEAD, *_group(typer.main.get_group(app), "sexton"), *exits)


def _group(group: Any, path: str) -> Iterator[str]:
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from _group(command, f"{path} {name}")
        else:
            yield from _command(command, f"{path} {name}")


def _command(command: Any, path: str) -> Iterator[str]:
    text, _, example = inspect.cleandoc(command.help or "").partition("Example: ")
    arguments = [_metavar(one) for one in command.params if one.param_type_name == "argument"]
    yield f"## `{path}`"
    yield code(" ".join([path, *arguments, "[OPTIONS]"]))
    yield text.strip()
    if example:
        yield f"Example: {code(' '.join(example.split()))}"
    options = [one for one in command.params if one.name != "help"]
    if options:
        yield table(("Option", "Default", "Meaning"), map(_row, options))


def _row(option: Any) -> tuple[str, ...]:
    names = [*option.opts, *option.secondary_opts] if option.param_type_name == "option" else [_metavar(option)]
    default = "required" if option.required else _default(option.default)
    return ", ".join(map(code, names)), default, option.help or ""


def _default(value: Any) -> str:
    return "" if value is None or value is False or callable(value) else code(getattr(value, "value", value))


def _metavar(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper())

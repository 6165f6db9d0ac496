"""The command line: one file a command group. Results go to stdout, everything for people to stderr.

Each command's module is imported when the command is asked for: those of the client need neither SQLAlchemy nor
FastAPI, and an installation without the server's extras can run them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from sexton.cli.exits import run
from sexton.errors import ConfigurationError

# name: (module, function or sub-application, one line of help, the extra it needs)
_COMMANDS: dict[str, tuple[str, str, str, str]] = {
    "rm": ("rm", "rm", "One safe DELETE against any HTTP API.", ""),
    "plan": ("plan", "plan", "Look at many items and write down which ones to delete.", "async"),
    "show": ("reports", "show", "Show a plan.", ""),
    "apply": ("apply", "apply", "Delete just what a plan says, once (a dry run without --execute).", "async"),
    "resume": ("apply", "resume", "Go on with an apply that was stopped or killed.", "async"),
    "verify": ("apply", "verify", "GET again what a journal says is gone.", "async"),
    "report": ("reports", "report", "Say what became of a plan's items.", ""),
    "probe": ("probe", "probe", "Grade any HTTP API's deletes on items made for it.", ""),
    "demo": ("demo", "demo", "Four example products with data, in one process.", "server"),
    "serve": ("serve", "serve", "Serve any SQLite or PostgreSQL database.", "server"),
    "worker": ("worker", "worker", "Run jobs, purges and deliveries.", "server"),
    "migrate": ("migrate", "migrate", "Create or upgrade Sexton's own tables.", "server"),
    "purge": ("purge", "purge", "Remove for good what is past its recovery window.", "server"),
    "doctor": ("doctor", "doctor", "Report what would hurt, with what mends it.", ""),
    "keys": ("keys", "app", "API keys; only a hash of each secret is kept.", "server"),
    "audit": ("audit", "app", "Who deleted what, when, why, and what failed.", "server"),
}


class _Commands(TyperGroup):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 — click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        try:
            return _load(cmd_name) if cmd_name in _COMMANDS else None
        except ConfigurationError:
            if ctx.resilient_parsing:  # a shell that completes; there is nothing to complain to
                return None
            raise

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 — click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line, _) in _COMMANDS.items()])


def _load(name: str) -> Any:
    module, member, _, extra = _COMMANDS[name]
    try:
        found: Any = getattr(import_module(f"sexton.cli.{module}"), member)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("sexton") or not extra:
            raise
        raise ConfigurationError(f"`sexton {name}` needs {error.name}: pip install 'sexton[{extra}]'") from None
    alone = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None, add_completion=False)
    alone.callback()(group)  # a group with one command: else that command would stand for the group
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
    else:
        alone.command(name)(found)
    return typer.main.get_group(alone).commands[name]


def group() -> None:
    """Deletes through an API that are retry-safe, previewed, undoable, bounded and provable."""


app = typer.Typer(
    name="sexton",
    cls=_Commands,
    help="Deletes through an API that are retry-safe, previewed, undoable, bounded and provable.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


app.callback()(group)


def main() -> None:
    """The entry point."""
    run(app)

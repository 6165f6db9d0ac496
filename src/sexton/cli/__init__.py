"""The command line: one file a command group. Results go to stdout, everything for people to stderr."""

from __future__ import annotations

import typer

from sexton.cli import audit, demo, doctor, keys, migrate, probe, purge, serve, worker
from sexton.cli.exits import run

app = typer.Typer(
    name="sexton",
    help="Deletes through an API that are retry-safe, previewed, undoable, bounded and provable.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("migrate")(migrate.migrate)
app.command("purge")(purge.purge)
app.command("probe")(probe.probe)
app.command("doctor")(doctor.doctor)
app.add_typer(keys.app, name="keys")
app.add_typer(audit.app, name="audit")


def main() -> None:
    """The entry point."""
    run(app)

"""`sexton demo`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from sexton.cli.exits import say
from sexton.cli.serve import address_of, listen, run_application
from sexton.examples.demo import build, curl_lines
from sexton.server.logging import configure_logging


def demo(
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """The four example products on SQLite in one process, with data, a key and five commands to paste.

    Example: sexton demo --port 8080
    """
    configure_logging()
    listener = listen(host, port)
    with tempfile.TemporaryDirectory(prefix="sexton-demo-") as folder:
        application, token = build(Path(folder) / "demo.db")
        _introduce(address_of(listener), token)
        run_application(application, listener)


def _introduce(base: str, token: str) -> None:
    say(f"DocuMint, CronPing, FlagBit and WebhookVault on one SQLite file; the API is described at {base}/docs\n")
    lines = [f"key: {token}", f"docs: {base}/docs", ""]
    for what, command in curl_lines(base, token):
        lines += [f"# {what}", command, ""]
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()

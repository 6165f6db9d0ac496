"""`sexton rm`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from sexton.cli.client_options import (
    INTERRUPTED,
    Connection,
    Env,
    Environment,
    Json,
    Quiet,
    expanded,
    explained,
    printer,
)
from sexton.cli.exits import Exit, say
from sexton.cli.streams import has_terminal
from sexton.client import Client, DeleteResult, Outcome, RetryPolicy, Timeout, UnsafeAddress
from sexton.client._address import base_of, is_loopback, raw_text
from sexton.client._judge import judge_look
from sexton.client._planning import DENIED
from sexton.client.outcome import Finding

_EXITS = {
    Outcome.DELETED: Exit.OK,
    Outcome.ALREADY_ABSENT: Exit.OK,
    Outcome.ACCEPTED: Exit.UNKNOWN,
    Outcome.UNKNOWN: Exit.UNKNOWN,
    Outcome.FORBIDDEN: Exit.FORBIDDEN,
}


@expanded
def rm(  # noqa: PLR0913 — the options
    url: Annotated[str, typer.Argument(metavar="URL", help="The item, as https://host/path/reports/r_9132")],
    connection: Connection,
    if_match: Annotated[
        str | None, typer.Option("--if-match", metavar="ETAG", help="The version to delete, quotes included.")
    ] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="GET it first, and delete just that version.")] = False,  # noqa: FBT002
    allow_missing: Annotated[bool, typer.Option("--allow-missing", help="A 404 is fine, too.")] = False,  # noqa: FBT002
    verify: Annotated[bool, typer.Option("--verify", help="GET afterwards, also where nothing was doubtful.")] = False,  # noqa: FBT002
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="GET it, send no DELETE.")] = False,  # noqa: FBT002
    interactive: Annotated[  # noqa: FBT002
        bool, typer.Option("--interactive/--yes", "-i/-y", help="Ask before it is deleted; or do not (the default).")
    ] = False,
    deadline: Annotated[
        float, typer.Option("--deadline", min=0.1, metavar="SECONDS", help="For the delete with its retries.")
    ] = 30.0,
    retries: Annotated[int, typer.Option("--retries", min=0, metavar="N", help="Further tries, at most.")] = 3,
    env: Env = None,
    as_json: Json = False,  # noqa: FBT002
    quiet: Quiet = False,  # noqa: FBT002
) -> None:
    """Delete one item, and know what became of it.

    Example: sexton rm https://api.example.com/v1/reports/r_9132 --token-env API_TOKEN
    """
    with explained():
        base_url, collection, item = split_item(url)
        host = base_of(base_url, allow_http=True).host
        production = not is_loopback(host) if env is None else env is Environment.PROD
        timeout = Timeout(connection.connect_timeout, connection.read_timeout, deadline)
        options: Any = {
            **connection.options(),
            "production": production,
            "raise_errors": False,
            "timeout": timeout,
            "retry": RetryPolicy(retries=retries),
        }
        with Client(base_url, **options) as client:
            if dry_run:
                sys.exit(_preview(client, collection, item, as_json=as_json, quiet=quiet))
            if interactive:
                _ask(url)
            asked: Any = {"idempotent": allow_missing, "verify": "always" if verify else True}
            if fetch and if_match is not None:
                raise typer.BadParameter("--fetch finds the version itself: leave --if-match out")
            with _interruptible(url):
                if fetch:
                    result = client.fetch_and_delete(collection, item, **asked)
                else:
                    result = client.delete(collection, item, if_match=if_match, **asked)
    _tell(result, as_json=as_json, quiet=quiet)
    sys.exit(_EXITS.get(result.outcome, Exit.SOME_LEFT))


@contextmanager
def _interruptible(url: str) -> Iterator[None]:
    """Say what Ctrl-C leaves open."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"interrupted: the DELETE may have been sent. `sexton rm -n {url}` looks whether it is still there.")
        sys.exit(INTERRUPTED)


def _ask(url: str) -> None:
    """Go on only if somebody says yes."""
    if not has_terminal():
        say("sexton: --interactive asks, and there is no terminal to answer. Nothing was sent; --yes does not ask.")
        sys.exit(Exit.REFUSED)
    if not typer.confirm(f"Delete {url}?", err=True):
        say("Nothing was sent.")
        sys.exit(Exit.REFUSED)


def split_item(url: str) -> tuple[str, str, str]:
    """An item's URL as base URL, collection and id (raw text).

    Raises:
        UnsafeAddress: it has no id, or a query: it would name a collection.
    """
    base, _, item = url.rpartition("/")
    base, _, collection = base.rpartition("/")
    if "?" in url or "#" in url or not base or base.endswith(("/", ":")):
        raise UnsafeAddress(
            "Name one item, as https://host/path/reports/r_9132: no query, no fragment. Nothing was sent."
        )
    if not item:
        raise UnsafeAddress("The URL ends with a slash: it names the whole collection. Nothing was sent.")
    return base, raw_text(collection), raw_text(item)


def _preview(client: Client, collection: str, item: str, *, as_json: bool, quiet: bool) -> Exit:
    """Look. Whether it is there or gone, the preview is fine; not so where nobody can tell."""
    answer = client.get(collection, item)
    printer(wanted=as_json)(
        {"type": "result", "dry_run": True, "id": item, "status": answer.status, "etag": answer.etag}
    )
    if not quiet:
        say(f"(dry run) GET answers {answer.status}; no DELETE was sent")
    if answer.status in DENIED:
        return Exit.FORBIDDEN
    return Exit.UNKNOWN if judge_look(answer, etag=None, collection=False) is Finding.UNCLEAR else Exit.OK


def _tell(result: DeleteResult, *, as_json: bool, quiet: bool) -> None:
    emit = printer(wanted=as_json)
    emit(
        {
            "type": "result",
            "path": result.path,
            "outcome": result.outcome,
            "status": result.status,
            "verified": result.verified,
            "attempts": len(result.attempts),
            "correlation_id": result.correlation_id,
            "reason": result.reason,
            "detail": result.problem.sentence if result.problem else None,
        }
    )
    if not quiet:
        said = f" The server says: {result.problem.sentence}" if result.problem and result.problem.sentence else ""
        say(f"{result.outcome}: {result.reason}{said}")

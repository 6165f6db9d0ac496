"""`sexton plan`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from sexton.cli.client_options import Connection, Json, Quiet, Tempo, expanded, explained, printer
from sexton.cli.exits import Exit, say
from sexton.cli.progress import progress
from sexton.client._address import Base
from sexton.client._bulk_job import sexton_resource
from sexton.client._bulk_transport import BulkTransport
from sexton.client._carrier import Carrier, ReadOnly, Target
from sexton.client._pace import Pace
from sexton.client._planning import Pinning, Planner, split_collection
from sexton.client._sources import Form, Listing, ids_of, listed_ids
from sexton.client.apply import ApplyOptions, settings_for
from sexton.client.plan_file import PlanHeader, PlanWriter, Seen


@dataclass(frozen=True)
class Source:
    """The options that say where the ids are."""

    ids_from: Annotated[
        str | None, typer.Option("--ids-from", metavar="FILE|-", help="A file of ids, or - for stdin.")
    ] = None
    form: Annotated[Form, typer.Option("--format", help="How the file is written; auto goes by its name.")] = Form.AUTO
    null: Annotated[bool, typer.Option("--null", "-0", help="The ids end with a zero byte (find -print0).")] = False
    column: Annotated[
        str | None, typer.Option("--column", help="The CSV's column, or the NDJSON's member, with the id [id].")
    ] = None
    list_url: Annotated[
        str | None, typer.Option("--list", metavar="URL", help="A list endpoint on the same host, instead of a file.")
    ] = None
    items_key: Annotated[str, typer.Option("--items-key", help="Where a page of the list has its items.")] = "items"
    id_key: Annotated[str, typer.Option("--id-key", help="Where an item of the list has its id.")] = "id"
    next_key: Annotated[str, typer.Option("--next-key", help="Where a page has the next one's URL or cursor.")] = (
        "next_cursor"
    )
    cursor_param: Annotated[str, typer.Option("--cursor-param", help="The query parameter of the cursor.")] = "cursor"

    def check(self) -> None:
        """Exactly one source."""
        if (self.ids_from is None) == (self.list_url is None):
            raise typer.BadParameter("give either --ids-from or --list")
        if self.null and self.form not in {Form.AUTO, Form.NULL}:
            raise typer.BadParameter("--null is a format of its own: leave --format out")

    @property
    def chosen_form(self) -> Form:
        """How the file is written."""
        if self.null:
            return Form.NULL
        return Form.of(self.ids_from or "") if self.form is Form.AUTO else self.form

    @property
    def told(self) -> str:
        """What the plan says of it; never a query, for that may hold a secret."""
        if self.list_url is not None:
            return f"list {self.list_url.partition('?')[0]}"
        return "stdin" if self.ids_from == "-" else f"file {Path(self.ids_from or '').name}"


@expanded
def plan(  # noqa: PLR0913 — the options
    collection: Annotated[str, typer.Argument(metavar="COLLECTION_URL", help="https://host/path/reports")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PLAN", help="The plan file; must not exist.")],
    source: Source,
    tempo: Tempo,
    connection: Connection,
    if_match: Annotated[Pinning, typer.Option("--if-match", help="pin each ETag; require one; or none.")] = Pinning.PIN,
    look: Annotated[bool, typer.Option("--look/--no-look", help="GET each item; without it nothing is pinned.")] = True,  # noqa: FBT002
    population: Annotated[
        int | None, typer.Option("--population", min=1, metavar="N", help="Items in all, for --max-percent.")
    ] = None,
    detailed_exitcode: Annotated[  # noqa: FBT002
        bool, typer.Option("--detailed-exitcode", help="Exit code 10 where there is something to delete.")
    ] = False,
    as_json: Json = False,  # noqa: FBT002
    quiet: Quiet = False,  # noqa: FBT002
) -> None:
    """Look at each item, pin the version that was seen, and write a plan. Sends nothing but GET.

    Example: sexton plan https://api.example.com/v1/reports --ids-from old.txt -o old.plan --token-env API_TOKEN
    """
    source.check()
    with explained(), ExitStack() as stack:
        base_url, resource = split_collection(collection)
        making = _Making(base_url, resource, source, tempo, connection)
        writer = stack.enter_context(PlanWriter(output))
        stack.enter_context(making)
        told = asyncio.run(making.run(writer, if_match, population, look=look, quiet=quiet))
    printer(wanted=as_json)({"type": "plan", "path": str(output), **told})
    if not quiet:
        say(_sentence(told, output))
    if told["unclear"]:
        sys.exit(Exit.UNKNOWN)
    if detailed_exitcode and told["to_delete"]:
        sys.exit(Exit.TO_DELETE)


def _sentence(told: dict[str, Any], output: Path) -> str:
    return (
        f"{output}: {told['to_delete']} of {told['count']} items to delete ({told['absent']} are absent, {told['unclear']} "
        f"could not be seen, {told['duplicates']} ids were repeated). Nothing was deleted. Next: sexton apply {output}"
    )


class _Making:
    """The making of one plan."""

    def __init__(self, base_url: str, resource: str, source: Source, tempo: Tempo, connection: Connection) -> None:
        options = ApplyOptions(
            concurrency=tempo.concurrency,
            longest_pause=tempo.max_retry_after,
            deadline=tempo.deadline,
            retries=tempo.retries,
            client=connection.options(),
        )
        self._settings = settings_for(base_url, options)
        self._target = Target(resource, "")
        self._source = source
        self._tempo = tempo
        self._stack = ExitStack()
        self._file: IO[str] | None = None
        self._done = 0

    def __enter__(self) -> None:
        if self._source.ids_from is not None:
            self._file = self._stack.enter_context(_opened(self._source.ids_from))

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _ids(self, carrier: Carrier) -> AsyncIterator[str] | Iterable[str]:
        source = self._source
        if source.list_url is not None:
            keys = (source.items_key, source.id_key, source.next_key, source.cursor_param)
            return listed_ids(carrier, self._settings.base, Listing(source.list_url, *keys))
        return ids_of(self._file or (), source.chosen_form, source.column)

    async def run(
        self, writer: PlanWriter, pinning: Pinning, population: int | None, *, look: bool, quiet: bool
    ) -> dict[str, Any]:
        """Make it; what it holds."""
        pace = Pace(self._tempo.concurrency, rate=self._tempo.rate, longest_pause=self._tempo.max_retry_after)
        transport = BulkTransport(self._settings)
        carrier = Carrier(self._settings, ReadOnly(transport), pace)
        try:
            if population is None and look:
                population = _count(await sexton_resource(carrier, self._settings.base, self._target))
            header = self._header(self._settings.base, population)
            planner = Planner(
                carrier if look else None,
                writer,
                self._settings.base,
                self._target.resource,
                pinning=pinning,
                progress=self._advance,
            )
            async with progress("planning", None, lambda: self._done, lambda: pace.state, quiet=quiet):
                digest = await planner.run(self._ids(carrier), header)
        finally:
            await transport.close()
        seen = {state.value: planner.counts[state] for state in Seen}
        counts = {"count": writer.count, "to_delete": writer.to_delete, "duplicates": writer.duplicates}
        return {**counts, **seen, "population": population, "digest": digest}

    def _header(self, base: Base, population: int | None) -> PlanHeader:
        return PlanHeader(base.origin + base.path, self._target.resource, self._source.told, population=population)

    def _advance(self, items: int) -> None:
        self._done += items


def _count(resource: Any) -> int | None:
    count = resource.get("count") if resource else None
    return count if isinstance(count, int) and count > 0 else None


@contextmanager
def _opened(name: str) -> Iterator[IO[str]]:
    """A text file with its line ends as they are, or stdin."""
    if name == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", newline="")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8-sig", newline="") as file:
            yield file
    except OSError as error:
        raise typer.BadParameter(f"{name}: {error.strerror}", param_hint="--ids-from") from None
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{name} is not UTF-8", param_hint="--ids-from") from None

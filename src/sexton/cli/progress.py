"""A progress bar on stderr: done of total, rate, what is left, and how the pool is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

_SECONDS = 0.2


@asynccontextmanager
async def progress(
    what: str, total: int | None, done: Callable[[], int], state: Callable[[], str], *, quiet: bool
) -> AsyncIterator[None]:
    """Show how far it is while the block lasts; nothing where stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(show_speed=True),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[state]}"),
    ]
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, state="", rate="")

        def show() -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done(), state=state(), rate=f"{speed:,.0f}/s" if speed else "")

        ticking = asyncio.create_task(_tick(show))
        try:
            yield
        finally:
            ticking.cancel()
            show()


async def _tick(show: Callable[[], None]) -> None:
    while True:
        show()
        await asyncio.sleep(_SECONDS)

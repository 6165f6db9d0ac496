"""The reference, read out of the code: `make reference` writes it, a test compares it with what is checked in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reference import commands, diagrams, events, names, problems, routes, settings

PAGES: Mapping[str, Callable[[], str]] = {
    "reference/settings.md": settings.page,
    "reference/errors.md": problems.page,
    "reference/events.md": events.page,
    "reference/commands.md": commands.page,
    "reference/http.md": routes.page,
    "reference/python.md": names.page,
    "images/job.svg": diagrams.job,
    "images/item.svg": diagrams.item,
}
"""What is written, by its path below docs/."""

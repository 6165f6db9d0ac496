"""Markdown, and the sentences that stand below the members of an enum or the fields of a class."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Sequence

GENERATED = "<!-- Written by `make reference`. Change the code it is read from, not this page. -->"


def document(title: str, *parts: str) -> str:
    """A page with its title and the note that it is generated."""
    return "\n\n".join([f"# {title}", GENERATED, *parts]) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are one line each."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |" for line in lines
    )


def code(value: object) -> str:
    """A value as code; nothing for nothing."""
    return f"`{value}`" if str(value) else ""


def told(of: type) -> dict[str, str]:
    """The sentence below each member of an enum. Raises LookupError where one has none."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(of))).body
    assert isinstance(body, ast.ClassDef)  # noqa: S101 — for the type checker
    found = {}
    for one, following in zip(body.body, [*body.body[1:], None], strict=True):
        if isinstance(one, ast.Assign) and isinstance(target := one.targets[0], ast.Name):
            said = following.value if isinstance(following, ast.Expr) else None
            if not isinstance(said, ast.Constant) or not isinstance(said.value, str):
                raise LookupError(
                    f"{of.__name__}.{target.id} has no sentence below it: write one, the reference shows it"
                )
            found[target.id] = said.value
    return found

"""The error codes: what each means, its status, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from reference.writing import code, document, table, told
from sexton.api.problems import BASE, STATUS
from sexton.api.problems import document as shown
from sexton.errors import Code, Problem

_HEAD = f"""
A refusal is an `application/problem+json` document (RFC 9457). Its `type` is `{BASE}` and the code below; `detail` says
what was refused, why, and the safe call. The same object stands inside the answer of a bulk delete, one for each item
that failed; in code it is `problem.code`.
""".strip()


def page() -> str:
    """docs/reference/errors.md; each code is an anchor of it."""
    rows = [(f"[{code(one)}](#{one})", str(STATUS[one]), _title(one)) for one in Code]
    return document("Errors: when something is refused", _HEAD, table(("Code", "Status", "Title"), rows), *_each())


def _each() -> Iterator[str]:
    said = told(Code)
    for one in Code:
        meaning, _, following = said[one.name].partition(" Next: ")
        if not following:
            raise LookupError(f"Code.{one.name} does not say what to do: end its sentence with `Next: …`")
        yield f"## {one}"
        yield f"{STATUS[one]}, “{_title(one)}”. {meaning}"
        yield f"**Next:** {following}"


def _title(one: Code) -> str:
    return str(shown(Problem(one, ""))["title"])

"""Facts about locked rows → one outcome for each requested item. Pure; the heart.

The order of checks is the contract's: existence, version, hold, rule, references. A row goes only if everything
that must go with it may go; what stops one of them stops every requested item that would take it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sexton import etag
from sexton.errors import Code, Problem
from sexton.model import Target
from sexton.plan import NodeKey, Plan, Row


@dataclass(frozen=True, slots=True)
class Reference:
    """Rows of another table that point at a row and would be left pointing at nothing."""

    resource: str
    column: str
    count: int
    sample_ids: tuple[str, ...]
    may_go_along: bool = True

    def as_member(self) -> dict[str, object]:
        """As the problem document shows it."""
        members = {"resource": self.resource, "column": self.column, "count": self.count}
        return {**members, "sample_ids": list(self.sample_ids)}


def own_problem(row: Row, target: Target | None) -> Problem | None:
    """What a row itself has against going; `target` is None for a dependent."""
    condition = target.if_match if target else None
    if condition is not None and not etag.matches(condition, row.etag or ""):
        detail = "the item has changed since that version was read: GET it again, look, and send its new ETag"
        return Problem(Code.VERSION_MISMATCH, detail, {"current_etag": etag.quote(row.etag or "")})
    if row.held:
        detail = f"{row.resource.name}/{row.item_id} is under a legal hold: it can go once the hold is lifted"
        return Problem(Code.HELD, detail)
    if row.blocked:
        reason = row.resource.block_reason or f"a rule of {row.resource.name} keeps it"
        return Problem(Code.BLOCKED, reason, {"reason": reason})
    return None


def referenced(references: Iterable[Reference]) -> Problem | None:
    """The refusal for a row that others point at; None where nothing does."""
    found = list(references)
    if not found:
        return None
    count, where = sum(r.count for r in found), ", ".join(sorted({r.resource for r in found}))
    detail = f"{count} row(s) of {where} point at this item"
    if all(reference.may_go_along for reference in found):
        detail += (
            ": delete them first, or ask for ?cascade=true (`cascade` in a bulk request) to delete them with it,"
            " restorable as one"
        )
    else:
        kept = ", ".join(sorted({reference.resource for reference in found if not reference.may_go_along}))
        detail += f" and those of {kept} may not go along with it: delete or move them first"
    return Problem(Code.REFERENCED, detail, {"references": [r.as_member() for r in found]})


def verdicts(plan: Plan, roots: Iterable[NodeKey], *, cascade: bool) -> dict[NodeKey, Problem | None]:
    """For each root: None where it may go with all it takes, else the first reason why not (its own before others')."""
    spoiled = _spoiled(plan)
    found: dict[NodeKey, Problem | None] = {}
    for root in roots:
        problem = plan.problems.get(root)
        if problem is None and root in spoiled:
            key, reason = spoiled[root]
            problem = because(key, reason) if cascade else _stays(key)
        found[root] = problem
    return found


def _spoiled(plan: Plan) -> Mapping[NodeKey, tuple[NodeKey, Problem]]:
    """Rows that cannot go because something they take cannot: what, and why."""
    taken_by: dict[NodeKey, list[NodeKey]] = {}
    for taker, taken in plan.takes.items():
        for key in taken:
            taken_by.setdefault(key, []).append(taker)
    found: dict[NodeKey, tuple[NodeKey, Problem]] = {}
    for key, problem in plan.problems.items():
        seen, line = {key}, [key]
        while line:
            for taker in taken_by.get(line.pop(), ()):
                if taker not in seen:
                    seen.add(taker)
                    line.append(taker)
                    found.setdefault(taker, (key, problem))
    return found


def because(key: NodeKey, problem: Problem) -> Problem:
    """The refusal for a row that would take another one with it, which cannot go."""
    detail = f"{key[0]}/{key[1]} would go with it, but: {problem.detail}"
    return Problem(problem.code, detail, {**problem.members, "dependent": {"resource": key[0], "id": key[1]}})


def _stays(key: NodeKey) -> Problem:
    detail = f"{key[0]}/{key[1]} points at this item and was asked for too, but it stays"
    reference = Reference(key[0], "", 1, (key[1],))
    return Problem(Code.REFERENCED, detail, {"references": [reference.as_member()]})

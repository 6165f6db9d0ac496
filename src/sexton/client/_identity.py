"""Whether the service that answers is the one that was planned: asked before the first DELETE of each run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sexton.client._carrier import Carrier
from sexton.client._checks import GuardRefused
from sexton.client._engine import OPEN
from sexton.client._judge import judge_look
from sexton.client._planning import DENIED, shape_of
from sexton.client._request import strong
from sexton.client._response import Answer, looks_like_a_page, problem_of
from sexton.client.errors import CallFailed, Unreachable
from sexton.client.journal import Recovered, Standing
from sexton.client.outcome import Finding
from sexton.client.plan_file import Plan, PlannedItem

SAMPLES = 3


async def check_identity(
    carrier: Carrier, plan: Plan, found: Recovered | None = None, unsettled: Sequence[int] = OPEN
) -> int:
    """GET a few items: at least one must be as it was planned. How many were.

    A new run looks at the first items. A run that is resumed looks at items that were never begun; where there are none
    left, at those without a result, and at last at deleted ones, which must look as gone as they did in this journal.

    Args:
        carrier: Sends the GETs.
        plan: What was seen.
        found: On a resume, what the journal says.
        unsettled: The standings that the run will settle.

    Raises:
        GuardRefused: another service answers there, or everything changed since.
        CallFailed: these credentials may not look.
    """
    standings = found.standings if found else bytearray(plan.header.count)
    samples = _samples(plan, standings, (Standing.NOT_STARTED,))
    if samples or found is None:
        return await _check_present(carrier, plan, samples)
    begun = _samples(plan, standings, unsettled)
    if not begun or None in [await _recognise(carrier, plan, item) for item in begun]:
        return len(begun)
    gone = _samples(plan, standings, (Standing.DELETED, Standing.ABSENT)) or begun
    _refuse_unless(plan, gone, [await _recognise_gone(carrier, plan, item, found.gone) for item in gone], all)
    return len(gone)


async def _check_present(carrier: Carrier, plan: Plan, samples: list[PlannedItem]) -> int:
    findings = [await _recognise(carrier, plan, item) for item in samples]
    _refuse_unless(plan, samples, findings, any)
    return findings.count(None)


def _samples(plan: Plan, standings: bytearray, wanted: Sequence[int]) -> list[PlannedItem]:
    chosen: Iterator[PlannedItem] = (i for i in plan.items() if i.seen.to_delete and standings[i.position] in wanted)
    return list(islice(chosen, SAMPLES))


def _refuse_unless(plan: Plan, samples: list[PlannedItem], findings: list[str | None], enough: Any) -> None:
    if not samples or enough(finding is None for finding in findings):
        return
    told = "; ".join(f"{item.id!r} {why}" for item, why in zip(samples, findings, strict=True) if why)
    raise GuardRefused(
        f"{plan.header.base_url} does not answer as the service that was planned: {told}. No DELETE was sent. "
        "Is it the right host, account and token? If everything changed, make a new plan."
    )


async def _asked(carrier: Carrier, plan: Plan, item: PlannedItem) -> Answer | str:
    try:
        answer = await carrier.get(plan.header.resource, item.id)
    except Unreachable as error:
        return f"gave no answer ({error.kind})"
    if answer.status in DENIED:
        raise CallFailed(answer.status, problem_of(answer), carrier.run_id)
    return answer


async def _recognise(carrier: Carrier, plan: Plan, item: PlannedItem) -> str | None:
    """None where the item is as it was planned; else what is not."""
    answer = await _asked(carrier, plan, item)
    if isinstance(answer, str):
        return answer
    if judge_look(answer, etag=None, collection=False) is not Finding.PRESENT:
        return f"answers {answer.status}"
    if item.etag is not None and strong(answer.etag) != item.etag:
        return "has another version"
    return None if _alike(plan.header.shape, answer) else "has other members"


async def _recognise_gone(
    carrier: Carrier, plan: Plan, item: PlannedItem, known: Mapping[str, Any] | None
) -> str | None:
    """None where the item looks as gone as others did in this journal; else what does not."""
    answer = await _asked(carrier, plan, item)
    if isinstance(answer, str):
        return answer
    if judge_look(answer, etag=None, collection=False) is not Finding.ABSENT:
        return f"answers {answer.status}, and the journal says that it is gone or was to go"
    if known is None:
        return "answers with a web page" if looks_like_a_page(answer) else None
    same = _media_type(answer) == known.get("type") and _alike(tuple(known.get("members", ())), answer)
    return None if same else f"answers {answer.status}, and not as this service did for what is gone"


def appearance_of(answer: Answer) -> dict[str, Any]:
    """What to recognise a service by in its answer for something that is gone; no values."""
    return {"type": _media_type(answer), "members": list(shape_of(answer))}


def _media_type(answer: Answer) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def _alike(shape: tuple[str, ...], answer: Answer) -> bool:
    """Whether an item has at least half of the members that were seen."""
    found = set(shape_of(answer))
    return not shape or 2 * len(found & set(shape)) >= len(shape)

"""A list of items as the chunks of a job, and what became of them as a chunk keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from sexton import rollout
from sexton.actions.delete import failure
from sexton.errors import Code, Problem
from sexton.model import Chunk, ItemResult, Outcome, Principal, Target
from sexton.resource import CHUNK_SIZE
from sexton.storage import chunks
from sexton.storage.store import Store
from sexton.telemetry import traces


def who(principal: Principal) -> dict[str, Any]:
    """A principal as a job keeps it, for the audit of its chunks."""
    names = ("account", "key_id", "ip", "user_agent", "correlation_id")
    return {name: getattr(principal, name) for name in names}


def traced() -> dict[str, Any]:
    """The trace context of the request, as a job's options keep it: `{"trace": {"traceparent": …}}`, or nothing."""
    told = traces.carrier()
    return {"trace": told} if told else {}


def targets_of(chunk: Chunk) -> list[Target]:
    """The items of a chunk with the versions they must have."""
    versions = chunk.versions or [None] * len(chunk.ids)
    return [Target(item, version) for item, version in zip(chunk.ids, versions, strict=True)]


def batched(targets: Iterable[Target]) -> Iterator[list[Target]]:
    """A list in pieces of a chunk's size."""
    rest = iter(targets)
    while batch := list(islice(rest, CHUNK_SIZE)):
        yield batch


def chunks_of(job_id: str, targets: Iterable[Target], state: str) -> Iterator[Chunk]:
    """Cut a list of items into chunks, one at a time."""
    for n, batch in enumerate(batched(targets)):
        exact = any(target.if_match is not None for target in batch)
        versions = [target.if_match for target in batch] if exact else None
        yield Chunk(job_id, n, state, [target.id for target in batch], versions, place=n * CHUNK_SIZE)


def exceptions_of(results: Iterable[ItemResult], plain: Outcome) -> dict[str, Any]:
    """The results that are not the plain one, by id."""
    return {
        result.id: {"status": str(result.outcome)}
        | ({"error": failure(result.id, result.error)} if result.error else {})
        for result in results
        if result.outcome is not plain
    }


def results_of(connection: Connection, store: Store, job_id: str, plain: Outcome) -> tuple[ItemResult, ...]:
    """What became of each item of a job that has ended, in request order."""
    found = []
    for _, chunk, index in chunks.items(connection, store, job_id, 0):
        item = chunk.ids[index]
        odd = chunk.exceptions.get(item, {"status": plain})
        error = odd.get("error")
        problem = Problem(Code(error["code"]), error["detail"], error["members"]) if error else None
        found.append(ItemResult(item, Outcome(odd["status"]), problem))
    return tuple(found)


def counts_of(results: Iterable[ItemResult]) -> dict[str, int]:
    """How many of each outcome."""
    found: dict[str, int] = {}
    for result in results:
        found[str(result.outcome)] = found.get(str(result.outcome), 0) + 1
    return found


def stage(connection: Connection, store: Store, job_id: str, total: int, percent: float) -> None:
    """Move a random share of a job's items into chunks of a first stage of their own; all others come after."""
    chunks.set_stage(connection, store, job_id, rollout.REST)
    positions = rollout.canaries(total, percent)
    chosen: list[Chunk] = []
    at = 0
    for chunk in chunks.each(connection, store, job_id, stage=rollout.REST):
        end = at
        while end < len(positions) and positions[end] < chunk.place + len(chunk.ids):
            end += 1
        if end > at:
            taken, left = _part(chunk, {position - chunk.place for position in positions[at:end]})
            chosen.append(taken)
            chunks.rewrite(connection, store, left) if left.ids else chunks.drop(connection, store, chunk)
        at = end
        if sum(len(one.ids) for one in chosen) >= CHUNK_SIZE:
            chunks.add(connection, store, [_joined(chosen)])
            chosen = []
    chunks.add(connection, store, [_joined(chosen)] if chosen else [])


def _part(chunk: Chunk, chosen: set[int]) -> tuple[Chunk, Chunk]:
    """The items at some indexes of a chunk, and those at the others, each with their places."""
    inside = sorted(chosen)
    outside = [n for n in range(len(chunk.ids)) if n not in chosen]
    return replace(chunk.pick(inside), stage=rollout.CANARY), chunk.pick(outside)


def _joined(parts: Sequence[Chunk]) -> Chunk:
    """Several small chunks as one."""
    exact = any(part.versions for part in parts)
    versions = [tag for part in parts for tag in part.versions or [None] * len(part.ids)] if exact else None
    listed = [item for part in parts for item in part.ids]
    places = [place for part in parts for place in part.places or ()]
    return replace(parts[0], ids=listed, versions=versions, places=places).numbered()

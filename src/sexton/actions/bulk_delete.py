"""Delete many items: every bulk delete is a job; a small one has ended before its answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from sexton.actions import preview
from sexton.actions.batches import batched, chunks_of, counts_of, exceptions_of, stage, targets_of, traced, who
from sexton.actions.delete import failure
from sexton.actions.finish_job import announce_job
from sexton.actions.prepare import Order, Prepared, TooManyRows, count_dependents, prepare
from sexton.actions.remove import Record, execute
from sexton.errors import Code, Refused
from sexton.lifecycle import State, finished
from sexton.model import DELETE_OUTCOMES, ItemResult, Job, Outcome, Principal, Removal, Target, summarize
from sexton.names import new_id
from sexton.resource import CHUNK_SIZE, MAX_PLANNED_ROWS, Resource
from sexton.storage import audit, chunks, duplicates, jobs, rows
from sexton.storage.store import Store
from sexton.telemetry.instruments import ITEMS


@dataclass(frozen=True, slots=True)
class Rollout:
    """A random share of the items first; the rest only if at most so many of them failed."""

    canary_percent: float
    max_failure_percent: float


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """What is asked. `targets` is None where a confirm token says which items.

    A list that `may_repeat` is one that is too long to be held in memory; its repeats are found in the database.
    """

    targets: Collection[Target] | None
    duplicates: int = 0
    may_repeat: bool = False
    confirm: bool = False
    confirm_token: str | None = None
    atomic: bool = False
    cascade: bool = False
    reason: str | None = None
    expected_count: int | None = None
    max_affected: int | None = None
    delay_seconds: int = 0
    rollout: Rollout | None = None
    respond_async: bool = False


@dataclass(frozen=True, slots=True)
class BulkDeleted:
    """The job, and where it has ended already the results (else None) and all rows that went, by resource."""

    job: Job
    results: tuple[ItemResult, ...] | None = None
    removed: Mapping[str, Sequence[str]] = field(default_factory=dict)


def distinct(store: Store, resource: Resource, targets: Sequence[Target]) -> tuple[tuple[Target, ...], int]:
    """Each item once, in the order asked, and how many repeats were left out.

    Raises Refused where one item is asked for under two conditions.
    """
    spells_freely = rows.spells_freely(resource)
    if not spells_freely and len({target.id for target in targets}) == len(targets):
        return tuple(targets), 0
    found: dict[object, Target] = {}
    for target in targets:
        name = (rows.parse(store, resource, target.id) if spells_freely else None) or target.id
        first = found.setdefault(name, target)
        if first.if_match != target.if_match:
            raise repeated(target.id)
    return tuple(found.values()), len(targets) - len(found)


def repeated(item: str) -> Refused:
    """One item under two conditions."""
    detail = f"{item!r} is listed twice with two different versions: send it once"
    return Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": "#/items"}])


def size(
    connection: Connection, store: Store, resource: Resource, request: BulkRequest, who: Principal, now: datetime
) -> int:
    """How many items are asked for; a token's are counted by its preview. Raises Refused for a token that is no good."""
    if request.targets is not None:
        return len(request.targets)
    return preview.redeem(connection, store, resource, request.confirm_token or "", who, now).count


def bulk_delete(
    connection: Connection,
    store: Store,
    resource: Resource,
    request: BulkRequest,
    *,
    principal: Principal,
    now: datetime,
) -> BulkDeleted:
    """Do it now where it is small, else leave it to the workers as a job.

    Raises Refused where a confirmation is missing, an assertion fails or an atomic batch cannot be done.
    """
    frozen = None
    if request.targets is None:
        frozen = preview.redeem(connection, store, resource, request.confirm_token or "", principal, now)
        request = replace(request, cascade=frozen.cascade, confirm=True)
    count = frozen.count if frozen else len(request.targets or ())
    _require_versions(resource, request)
    _require_confirmation(store, resource, principal, request, count)
    record = Record(principal, new_id("aud"), now, new_id("job"))
    asked = _Asked(connection, store, resource, request, record, frozen, count)
    done = _try_now(asked) if _is_small(asked) else None
    return done or _leave_to_workers(asked)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request with everything that is known of it."""

    connection: Connection
    store: Store
    resource: Resource
    request: BulkRequest
    record: Record
    frozen: preview.Frozen | None
    count: int

    def targets(self) -> Iterator[Target]:
        """The items, out of the preview's frozen list where there is one."""
        if self.frozen is None:
            return iter(self.request.targets or ())
        found = chunks.each(self.connection, self.store, self.frozen.id)
        return (target for chunk in found for target in targets_of(chunk))

    def job(self, state: State, audit_id: str | None) -> Job:
        """The job's record."""
        principal, request, now = self.record.principal, self.request, self.record.now
        delay = timedelta(seconds=request.delay_seconds)
        return Job(
            id=self.record.job_id or "",
            account=principal.account,
            resource=self.resource.name,
            kind="delete",
            state=str(state),
            state_reason=None,
            stage=0,
            reason=request.reason,
            requested_by=principal.key_id,
            principal=who(principal),
            options=self._options(),
            requested=self.count,
            duplicates=request.duplicates,
            audit_id=audit_id,
            source_job_id=None,
            created_at=now,
            started_at=now if state.is_final else None,
            finished_at=now if state.is_final else None,
            not_before=now + delay if request.delay_seconds else None,
            restorable_until=self.record.stamp(self.resource).restorable_until,
        )

    def _options(self) -> dict[str, Any]:
        request = self.request
        told = {"cascade": request.cascade, "atomic": request.atomic, "from_preview": self.frozen is not None}
        return told | ({"rollout": asdict(request.rollout)} if request.rollout else {}) | traced()

    def requested(self, targets: Sequence[Target]) -> dict[str, Any]:
        """What was asked, as the audit keeps it."""
        if self.frozen is not None and "filter" in self.frozen.request:
            return {**self.frozen.request, "preview_id": self.frozen.id, "matched": self.count}
        return {"ids": [target.id for target in targets], "cascade": self.request.cascade}


def _require_versions(resource: Resource, request: BulkRequest) -> None:
    if resource.require_if_match and any(target.if_match is None for target in request.targets or ()):
        detail = f"{resource.name} demands versions: send `items`, each with its `if_match`, or a preview's token"
        raise Refused(Code.PRECONDITION_REQUIRED, detail)


def _require_confirmation(
    store: Store, resource: Resource, principal: Principal, request: BulkRequest, count: int
) -> None:
    limit = store.limits_of(principal.account).confirm_above
    if count > limit and not request.confirm:
        where = f"{resource.name}/bulk_delete/preview"
        detail = f"{count} rows would go, more than {limit}: look at them with POST {where}, then send its token, or `confirm: true`"
        raise Refused(Code.CONFIRMATION_REQUIRED, detail, count=count, preview=where)


def _is_small(asked: _Asked) -> bool:
    limits = asked.store.limits_of(asked.record.principal.account)
    request = asked.request
    if request.atomic:
        _require_possible(asked)
        return True
    waits = request.respond_async or request.delay_seconds or request.rollout or _needs_approval(asked)
    return asked.count <= limits.sync_limit and not waits


def _require_possible(asked: _Asked) -> None:
    detail = None
    if asked.count > MAX_PLANNED_ROWS:
        detail = f"an atomic batch holds up to {MAX_PLANNED_ROWS:,} items, not {asked.count:,}: split it"
    if asked.request.rollout:
        detail = "an atomic batch is one transaction and has no stages: leave `rollout` or `atomic` out"
    if detail is not None:
        raise Refused(Code.INVALID_REQUEST, detail, errors=[{"detail": detail, "pointer": "#/atomic"}])


def _needs_approval(asked: _Asked) -> bool:
    limit = asked.store.limits_of(asked.record.principal.account).approve_above
    return limit is not None and asked.count > limit


def _order(asked: _Asked, targets: Sequence[Target]) -> Order:
    account = asked.record.principal.account
    return Order(asked.resource, targets, account, asked.request.cascade, only_exact=asked.resource.require_if_match)


def _try_now(asked: _Asked) -> BulkDeleted | None:
    """Do it in this transaction; None where more rows depend on it than one transaction may take."""
    targets = tuple(asked.targets())
    try:
        prepared = prepare(asked.connection, asked.store, _order(asked, targets), asked.record.now)
    except TooManyRows as error:
        if asked.request.atomic:
            raise Refused(Code.TOO_MANY_DEPENDENTS, f"{error}: too many for one atomic batch") from None
        return None
    planned = prepared.planned
    if planned > MAX_PLANNED_ROWS and not asked.request.atomic:
        return None
    _assert_counts(asked, planned)
    if asked.request.atomic:
        _refuse_unless_all(asked, prepared.order.targets, _foreseen(prepared))
    removal = execute(asked.connection, asked.store, prepared, asked.record)
    if asked.request.atomic:
        _refuse_unless_all(asked, targets, removal.results)
    return _record_done(asked, targets, removal)


def _foreseen(prepared: Prepared) -> list[ItemResult]:
    going = {id_: ItemResult(id_, Outcome.DELETED) for id_ in prepared.going.values()}
    return [prepared.decided.get(target.id) or going[target.id] for target in prepared.order.targets]


def _assert_counts(asked: _Asked, planned: int) -> None:
    request = asked.request
    _require_confirmation(asked.store, asked.resource, asked.record.principal, request, planned)
    if request.expected_count is not None and planned != request.expected_count:
        detail = f"{planned} rows would go, not the {request.expected_count} you expect: nothing was deleted"
        raise Refused(Code.COUNT_MISMATCH, detail, expected_count=request.expected_count, actual_count=planned)
    if request.max_affected is not None and planned > request.max_affected:
        detail = f"{planned} rows would go, more than your limit of {request.max_affected}: nothing was deleted"
        raise Refused(Code.COUNT_MISMATCH, detail, max_affected=request.max_affected, actual_count=planned)


def _refuse_unless_all(asked: _Asked, targets: Sequence[Target], results: Sequence[ItemResult]) -> None:
    bad = [r for r in results if r.outcome in (Outcome.NOT_FOUND, Outcome.FAILED)]
    if bad:
        shown = [replace(r, outcome=Outcome.ROLLED_BACK) if r.outcome is Outcome.DELETED else r for r in results]
        detail = f"{len(bad)} of {len(targets)} items cannot be deleted, so none was: see which in `deleted`"
        summary = summarize(shown, (*DELETE_OUTCOMES, Outcome.ROLLED_BACK)) | {"duplicates": asked.request.duplicates}
        raise Refused(Code.ATOMIC_FAILED, detail, deleted=shown, summary=summary)


def _record_done(asked: _Asked, targets: Sequence[Target], removal: Removal) -> BulkDeleted:
    """Write the job that has ended, its chunks, its audit entry, and what the token did."""
    summary = summarize(removal.results, DELETE_OUTCOMES)
    job = asked.job(finished(summary), asked.record.audit_id)
    jobs.insert(asked.connection, asked.store, job)
    made = []
    for chunk in chunks_of(job.id, targets, "done"):
        part = removal.results[chunk.place : chunk.place + CHUNK_SIZE]
        made.append(replace(chunk, counts=counts_of(part), exceptions=exceptions_of(part, Outcome.DELETED)))
    chunks.add(asked.connection, asked.store, made, asked.record.audit_id)
    if asked.frozen is not None:
        preview.spend(asked.connection, asked.store, asked.frozen.id, job.id)
    failed = [failure(result.id, result.error) for result in removal.results if result.error]
    entry = audit.Entry(
        asked.record.audit_id,
        asked.record.now,
        asked.record.principal,
        "bulk_delete",
        asked.resource.name,
        removal.removed,
        job_id=job.id,
        reason=asked.request.reason,
        requested=asked.requested(targets),
        failed=failed,
        summary=summary,
    )
    audit.write(asked.connection, asked.store, entry)
    outcomes = counts_of(removal.results)
    asked.store.count(asked.connection, ITEMS, outcomes, "delete", asked.resource.name)
    announce_job(asked.connection, asked.store, job, State(job.state), job.created_at)
    return BulkDeleted(job, removal.results, removal.removed)


def _leave_to_workers(asked: _Asked) -> BulkDeleted:
    request = asked.request
    if request.expected_count is not None or request.max_affected is not None or not request.confirm:
        _assert_counts(asked, _planned(asked))
    job = asked.job(State.AWAITING_APPROVAL if _needs_approval(asked) else State.QUEUED, asked.record.audit_id)
    jobs.insert(asked.connection, asked.store, job)
    if asked.frozen is not None:
        chunks.adopt(asked.connection, asked.store, asked.frozen.id, job.id)
        preview.spend(asked.connection, asked.store, asked.frozen.id, job.id)
    else:
        chunks.add(asked.connection, asked.store, chunks_of(job.id, asked.targets(), "ready"))
    if request.may_repeat:
        job = _without_repeats(asked, job)
    if request.rollout is not None:
        stage(asked.connection, asked.store, job.id, job.requested, request.rollout.canary_percent)
    filtered = asked.frozen is not None and "filter" in asked.frozen.request
    entry = audit.Entry(
        asked.record.audit_id,
        asked.record.now,
        asked.record.principal,
        "bulk_delete_requested",
        asked.resource.name,
        job_id=job.id,
        reason=request.reason,
        requested=asked.requested(()) if filtered else {"count": job.requested, "cascade": request.cascade},
        summary={"requested": job.requested},
    )
    audit.write(asked.connection, asked.store, entry)
    return BulkDeleted(job)


def _without_repeats(asked: _Asked, job: Job) -> Job:
    """Leave repeated items out of a stored list. Raises Refused where one is asked for under two conditions."""
    twice = duplicates.contradiction(asked.connection, asked.store, asked.resource, job.id)
    if twice is not None:
        raise repeated(twice)
    found = duplicates.remove(asked.connection, asked.store, asked.resource, job.id)
    jobs.set_requested(asked.connection, asked.store, job.id, job.requested - found, found)
    return replace(job, requested=job.requested - found, duplicates=found)


def _planned(asked: _Asked) -> int:
    """All rows that would go, dependents included, looked at a chunk at a time."""
    planned = 0
    for batch in batched(asked.targets()):
        order = _order(asked, batch)
        try:
            planned += prepare(asked.connection, asked.store, order, asked.record.now).planned
        except TooManyRows:
            planned += sum(count_dependents(asked.connection, asked.store, order).values())
    return planned

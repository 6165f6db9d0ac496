"""The verbs for the host's own code: in its transaction where it hands one over, else each in one of its own.

An item that cannot go is a value: `outcome` and `error` of what is returned, audited with the rest. A whole request
that is refused raises `Refused`, and whatever is raised leaves nothing of the call behind: in the host's transaction
there is a savepoint around each call. With `savepoint=False` there is none (two statements fewer), and after an
exception the host must roll back. Under an `idempotency_key` a call of the account is done once; the same call again
returns what it returned, for 72 hours; another call under it raises `Refused`. Scopes and quotas are the endpoints'
affair; code that calls these has asked its own rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypedDict, TypeVar, Unpack

from sqlalchemy import Column, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from sexton import etag
from sexton.actions import hold as holding
from sexton.actions.batches import results_of
from sexton.actions.bulk_delete import BulkDeleted, BulkRequest, Rollout, bulk_delete, distinct
from sexton.actions.create import create
from sexton.actions.delete import Deleted, delete
from sexton.actions.preview import Previewed, preview
from sexton.actions.purge import Report, purge, purge_within
from sexton.actions.remove import database_refusal
from sexton.actions.restore import Restored, restore
from sexton.actions.restore_job import BulkRestored, restore_job
from sexton.errors import Code, ConfigurationError, PlanDiffers, Refused
from sexton.filters import parse
from sexton.library.creating import Created, document_of
from sexton.library.declaration import Declared, table_of
from sexton.library.engines import HostConnection, joined
from sexton.library.expiring import forget
from sexton.library.keyed import BULK_DELETED, BULK_RESTORED, DELETED, RESTORED, Once, Work
from sexton.library.rules import spell
from sexton.lifecycle import State
from sexton.model import ItemResult, Outcome, Principal, Removal, Target
from sexton.resource import Resource
from sexton.storage import jobs
from sexton.storage.store import Store

T = TypeVar("T")
_Changed = Mapping[str, Sequence[str]]


class BulkOptions(TypedDict, total=False):
    """What a bulk delete may say besides its items, as the endpoint's body does."""

    confirm: bool
    confirm_token: str | None
    atomic: bool
    cascade: bool
    reason: str | None
    expected_count: int | None
    max_affected: int | None
    delay_seconds: int
    rollout: Rollout | None
    respond_async: bool


class Verbs:
    """The verbs without `await`. `connection` is a SQLAlchemy `Connection` or `Session` of the same database."""

    def __init__(self, declared: Mapping[str, Declared], opened: Callable[[], Store], wake: Callable[[], None]) -> None:
        """`opened` gives the store, opening it the first time; `wake` tells the worker of a new job."""
        self._declared, self._opened, self._wake = declared, opened, wake

    def delete(  # noqa: PLR0913 — the switches of the endpoint
        self,
        model: Any,
        item_id: Any,
        *,
        principal: Principal,
        connection: HostConnection | None = None,
        if_match: str | int | None = None,
        cascade: bool = False,
        confirm: bool = False,
        idempotency_key: str | None = None,
        savepoint: bool = True,
    ) -> Deleted:
        """Delete one item: `outcome` is `deleted`, `gone`, `not_found` or `failed` (then `error` says why).

        Raises Refused where a cascade needs a confirmation, or is too large for one transaction.
        """
        store, resource = self._of(model)
        target = Target(self._spelled(resource, item_id), _quoted(if_match))
        once = Once(idempotency_key, ["delete", resource.name, *target, cascade, confirm], DELETED)

        def work(connection: Connection, now: datetime) -> Deleted:
            options = {"cascade": cascade, "confirmed": confirm}
            return delete(connection, store, resource, target, principal=principal, now=now, **options)

        try:
            done = once.of(store, principal, work)
            return self._do(store, connection, done, lambda done: done.removal.removed, savepoint=savepoint)
        except (DBAPIError, PlanDiffers) as error:
            if not savepoint or (isinstance(error, DBAPIError) and store.dialect.is_transient(error)):
                raise
            failed = ItemResult(target.id, Outcome.FAILED, database_refusal(store, error))
            return Deleted(failed, Removal((failed,)), {})

    def bulk_delete(
        self,
        model: Any,
        ids: Iterable[Any] | None = None,
        *,
        principal: Principal,
        connection: HostConnection | None = None,
        idempotency_key: str | None = None,
        savepoint: bool = True,
        **options: Unpack[BulkOptions],
    ) -> BulkDeleted:
        """Delete many items (ids, or `Target`s with versions), or those of a preview's `confirm_token`.

        Few go at once: `results` has an outcome each. More become a job for the workers, once the transaction commits.
        Raises Refused where a confirmation is missing, an assertion fails or an atomic batch cannot be done.
        """
        store, resource = self._of(model)
        targets, duplicates = None, 0
        if ids is not None:
            targets, duplicates = distinct(store, resource, [self._target(resource, one) for one in ids])
        request = BulkRequest(targets, duplicates, **options)
        once = Once(idempotency_key, ["bulk_delete", resource.name, asdict(request)], BULK_DELETED)

        def work(connection: Connection, now: datetime) -> BulkDeleted:
            return bulk_delete(connection, store, resource, request, principal=principal, now=now)

        kept = once.of(store, principal, work)
        done = self._do(store, connection, kept, lambda done: done.removed, savepoint=savepoint)
        if connection is None and done.results is None:
            self._wake()
        return done

    def preview(
        self,
        model: Any,
        ids: Iterable[Any] | None = None,
        *,
        principal: Principal,
        connection: HostConnection | None = None,
        filter: Mapping[str, Any] | None = None,  # noqa: A002 — the endpoint's word
        cascade: bool = False,
    ) -> Previewed:
        """Say what a bulk delete of these ids, or of what matches a filter, would do; its `token` does just that."""
        store, resource = self._of(model)
        if (ids is None) == (filter is None):
            raise ValueError("give either ids or a filter; all items are spelled filter={'all': True}")
        targets = None
        if ids is not None:
            targets, _ = distinct(store, resource, [self._target(resource, one) for one in ids])
        conditions = parse(resource.table, dict(filter)) if filter is not None else ()
        told = {"cascade": cascade} | ({} if filter is None else {"filter": dict(filter)})

        def work(connection: Connection, now: datetime) -> Previewed:
            asked: dict[str, Any] = {"targets": targets, "conditions": conditions, "cascade": cascade, "request": told}
            return preview(connection, store, resource, **asked, principal=principal, now=now)

        return self._do(store, connection, work)

    def restore(
        self,
        model: Any,
        item_id: Any,
        *,
        principal: Principal,
        connection: HostConnection | None = None,
        idempotency_key: str | None = None,
        savepoint: bool = True,
    ) -> Restored:
        """Bring an item back, with what went with it: `outcome` is `restored`, `live`, `purged`, `not_found`, `failed`."""
        store, resource = self._of(model)
        item = self._spelled(resource, item_id)
        once = Once(idempotency_key, ["restore", resource.name, item], RESTORED)

        def work(connection: Connection, now: datetime) -> Restored:
            return restore(connection, store, resource, item, principal=principal, now=now)

        kept = once.of(store, principal, work)
        return self._do(store, connection, kept, lambda done: done.items, savepoint=savepoint)

    def restore_job(
        self,
        job_id: str,
        *,
        principal: Principal,
        connection: HostConnection | None = None,
        respond_async: bool = False,
        idempotency_key: str | None = None,
        savepoint: bool = True,
    ) -> BulkRestored:
        """Undo a whole bulk delete, dependents too, by the `job.id` of what it returned.

        A small one has ended: `results` has an outcome each. A larger one is a job for the workers, once the
        transaction commits. Raises Refused for a job that is not the account's, still runs, or is an undo itself.
        """
        store = self._opened()
        once = Once(idempotency_key, ["restore_job", job_id, respond_async], BULK_RESTORED)

        def work(connection: Connection, now: datetime) -> BulkRestored:
            job = jobs.get(connection, store, principal.account, job_id, lock=True)
            if job is None:
                raise Refused(Code.NOT_FOUND, f"there is no job {job_id!r} of this account")
            undo = restore_job(connection, store, job, principal=principal, now=now, respond_async=respond_async)
            ended = State(undo.state).is_final
            return BulkRestored(undo, results_of(connection, store, undo.id, Outcome.RESTORED) if ended else None)

        done = self._do(store, connection, once.of(store, principal, work), savepoint=savepoint)
        if isinstance(connection, Session):
            connection.expire_all()
        if connection is None and done.results is None:
            self._wake()
        return done

    def idempotent_create(
        self,
        model: Any,
        values: Any,
        *,
        principal: Principal,
        connection: HostConnection | None = None,
        savepoint: bool = True,
    ) -> Created:
        """Insert an item whose id the caller chose, so that a retry is told apart from a new one.

        `values` are a mapping by attribute or column, or an instance of the model that is in no session; the model's
        own defaults fill the rest. `outcome` is `created`, `live`, `gone` or `failed`, and `status` what the endpoint
        answers. Raises Refused for values that are no row of the account's.
        """
        store, resource = self._of(model)
        document, defaults = document_of(self._declared[resource.name], values, store.engine.dialect)

        def work(connection: Connection, now: datetime) -> Created:
            made = create(connection, store, resource, document, principal=principal, now=now, defaults=defaults)
            if made.tombstone is not None:
                return Created(Outcome.GONE, tombstone=made.tombstone)
            return Created(Outcome.CREATED if made.created else Outcome.LIVE, made.item.document, made.item.etag)

        try:
            return self._do(store, connection, work, savepoint=savepoint)
        except Refused as refused:
            if not savepoint or refused.problem.code not in (Code.ALREADY_EXISTS, Code.CONFLICT):
                raise
            return Created(Outcome.FAILED, error=refused.problem)

    def purge(self, *, connection: HostConnection | None = None, dry_run: bool = False) -> Report:
        """Remove for good what is past its window, as the worker does on its schedule; a dry run only counts."""
        store = self._opened()
        if connection is None:
            return purge(store, dry_run=dry_run)
        if dry_run:
            raise ValueError("a dry run rolls back what it did: leave `connection` out")
        return self._do(store, connection, lambda connection, now: purge_within(connection, store, now=now))

    def hold(
        self, model: Any, item_id: Any, reason: str, *, principal: Principal, connection: HostConnection | None = None
    ) -> bool:
        """Place a legal hold on an item, live or deleted: it is neither deleted nor purged; False: no such item."""
        store, resource = self._of(model)
        item = self._spelled(resource, item_id)

        def work(connection: Connection, now: datetime) -> bool:
            return holding.place(connection, store, resource, item, reason, principal, now) is not None

        return self._do(store, connection, work)

    def lift_hold(
        self, model: Any, item_id: Any, *, principal: Principal, connection: HostConnection | None = None
    ) -> bool:
        """Lift the hold of an item; False where none stands."""
        store, resource = self._of(model)
        item = self._spelled(resource, item_id)

        def work(connection: Connection, now: datetime) -> bool:
            return holding.lift(connection, store, resource, item, principal, now)

        return self._do(store, connection, work)

    # -- what they share -----------------------------------------------------------------------------------

    def _do(
        self,
        store: Store,
        host: HostConnection | None,
        work: Work[T],
        changed: Callable[[T], _Changed] = lambda _: {},
        *,
        savepoint: bool = True,
    ) -> T:
        if host is None:
            with store.write() as connection:
                return work(connection, store.dialect.now(connection))
        with joined(store, host, savepoint=savepoint) as connection:
            done = work(connection, store.dialect.now(connection))
        resources = store.catalog.resources
        items = {resources[name].table.name: set(ids) for name, ids in changed(done).items()}
        forget(host, items, store.catalog.foreign_keys, self._spelled_of)
        return done

    def _of(self, model: Any) -> tuple[Store, Resource]:
        """The resource of a model, a table or a name."""
        store = self._opened()
        name = model if isinstance(model, str) else self._name_of(model)
        if name not in self._declared:
            known = ", ".join(self._declared) or "none"
            raise ConfigurationError(f"{model!r} is no declared resource: add Resource(…) for it (there are {known})")
        return store, store.catalog.resources[name]

    def _name_of(self, model: Any) -> str:
        table, _ = table_of(model)
        return next((one.name for one in self._declared.values() if one.table is table), "")

    def _spelled(self, resource: Resource, item_id: Any) -> str:
        return self._spelled_of(self._declared[resource.name].table.primary_key.columns, item_id)

    def _spelled_of(self, columns: Iterable[Column[Any]], item_id: Any) -> str:
        return spell(item_id, list(columns), self._opened().engine.dialect)

    def _target(self, resource: Resource, told: Any) -> Target:
        if isinstance(told, Target):
            return Target(self._spelled(resource, told.id), _quoted(told.if_match))
        return Target(self._spelled(resource, told))


def _quoted(if_match: str | int | None) -> str | None:
    """An entity tag as the header spells it; a bare version is quoted."""
    if if_match is None or str(if_match).startswith(('"', "W/", "*")):
        return None if if_match is None else str(if_match)
    return etag.quote(str(if_match))

"""Lock the rows, decide each one's outcome, take them, leave their tombstones: one short transaction's work.

A single delete is this with one item, a bulk delete with up to 200, a job once a chunk. Nothing else removes a
host's row but `destroy`, which asks for holds in the transaction that destroys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from sexton import decide, ids
from sexton.errors import Code, PlanDiffers, Problem, SextonError
from sexton.model import ItemResult, Outcome, Principal, Removal, Target
from sexton.plan import Group, NodeKey, Plan, Row
from sexton.resource import MAX_PLANNED_ROWS, ForeignKey, Resource
from sexton.storage import audit, detached_links, free_removal, removal, rows, tombstones
from sexton.storage.removal import Stamp
from sexton.storage.store import Store


class TooManyRows(SextonError):
    """More rows would go than one transaction may take."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked: these items of one resource, with or without what depends on them."""

    resource: Resource
    targets: Sequence[Target]
    account: str
    cascade: bool = False
    cap: int = MAX_PLANNED_ROWS
    only_exact: bool = False
    """Whether an item without `if_match` is refused, as the resource demands."""


@dataclass(slots=True)
class Prepared:
    """The locked rows and what was decided of them; nothing has changed yet."""

    order: Order
    plan: Plan
    decided: dict[str, ItemResult]
    going: dict[NodeKey, str]
    """The requested items that will go, each with the id it was asked by."""

    @property
    def planned(self) -> int:
        """All rows that will go, dependents included."""
        return sum(len(group.rows) for group in self.plan.groups(self.going))

    def dependents(self) -> dict[str, int]:
        """How many rows of each resource will go along with the requested ones."""
        counts: dict[str, int] = {}
        for group in self.plan.groups(self.going):
            extra = sum(row.key not in self.going for row, _ in group.rows)
            if extra:
                counts[group.resource.name] = counts.get(group.resource.name, 0) + extra
        return counts


def prepare(connection: Connection, store: Store, order: Order, now: datetime) -> Prepared:
    """Lock the rows, find what depends on them, decide. Raises TooManyRows above the order's cap."""
    parts = {target.id: rows.parse(store, order.resource, target.id) for target in order.targets}
    wanted = [found for found in dict.fromkeys(parts.values()) if found is not None]
    versions = any(target.if_match is not None for target in order.targets)
    locked = rows.lock(connection, store, order.resource, wanted, order.account, versions=versions)
    targets = {target.id: target for target in order.targets}
    live = {id_: locked[p] for id_, p in parts.items() if p in locked and not locked[p].trashed}
    decided = _missing(connection, store, order, [id_ for id_ in targets if id_ not in live], parts, now)
    plan = Plan()
    for row in live.values():
        plan.add(row)
    if order.cascade:
        _expand(connection, store, plan, order)
    else:
        _refuse_referenced(connection, store, plan, list(live.values()), order.resource)
    _own_problems(plan, {live[id_].key: targets[id_] for id_ in live}, order)
    _ask_guards(connection, plan)
    reasons = decide.verdicts(plan, {row.key for row in live.values()}, cascade=order.cascade)
    going = {}
    for id_, row in live.items():
        reason = reasons[row.key]
        if reason is None:
            going[row.key] = id_
        else:
            decided[id_] = ItemResult(id_, Outcome.FAILED, reason)
    return Prepared(order, plan, decided, going)


def _missing(
    connection: Connection, store: Store, order: Order, missing: Sequence[str], parts: dict[str, Any], now: datetime
) -> dict[str, ItemResult]:
    """Items that are not live: remembered ones are gone, others were never here."""
    spelled = {id_: Row(order.resource, parts[id_]).item_id for id_ in missing if parts[id_] is not None}
    stones = tombstones.remembered(connection, store, order.resource.name, order.account, spelled.values(), now)
    found = {}
    for id_ in missing:
        stone = stones.get(spelled.get(id_, ""))
        found[id_] = ItemResult(id_, Outcome.GONE if stone else Outcome.NOT_FOUND, None, stone)
    return found


def _own_problems(plan: Plan, asked: dict[NodeKey, Target], order: Order) -> None:
    for key, row in plan.rows.items():
        target = asked.get(key)
        problem = decide.own_problem(row, target)
        if target is not None and order.only_exact and target.if_match is None:
            detail = f"{order.resource.name} demands the version: send the item's ETag as If-Match (`if_match` in bulk)"
            problem = Problem(Code.PRECONDITION_REQUIRED, detail)
        if problem is not None and (key not in plan.problems or problem.code is not Code.REFERENCED):
            plan.problems[key] = problem


def _ask_guards(connection: Connection, plan: Plan) -> None:
    """Ask each resource's guard once about all of its rows that nothing keeps yet."""
    asked: dict[Resource, list[Row]] = {}
    for key, row in plan.rows.items():
        if row.resource.guard is not None and key not in plan.problems:
            asked.setdefault(row.resource, []).append(row)
    for resource, found in asked.items():
        reasons = resource.guard(connection, [row.item_id for row in found]) if resource.guard else {}
        told = {str(item): reason for item, reason in reasons.items()}
        for row in found:
            if row.item_id in told:
                reason = told[row.item_id]
                plan.problems[row.key] = Problem(Code.BLOCKED, reason, {"reason": reason})


def _refuse_referenced(
    connection: Connection, store: Store, plan: Plan, asked: Sequence[Row], resource: Resource
) -> None:
    """Without cascade: what points at a row keeps it, unless it is asked for itself."""
    inbound = store.catalog.inbound(resource.table)
    links = [link for link in inbound if not link.on_delete.detaches or (not link.child.key and not resource.soft)]
    for parts, found in rows.references(connection, store, resource, links, asked).items():
        problem = decide.referenced(found)
        if problem is not None:
            plan.problems[(resource.name, Row(resource, parts).item_id)] = problem
    themselves = [link for link in links if link.child is link.parent]
    for link in themselves if len(asked) > 1 else ():
        for parent, child in rows.children(connection, store, link, asked):
            if child.key in plan.rows and child.key != parent.key:
                plan.add(child, parent)


def _expand(connection: Connection, store: Store, plan: Plan, order: Order) -> None:
    """With cascade: walk the foreign keys of the database, level by level, locking what would go."""
    frontier = list(plan.rows.values())
    while frontier:
        if len(plan.rows) > order.cap:
            message = f"more than {order.cap:,} rows depend on what was asked"
            raise TooManyRows(message)
        following: dict[NodeKey, Row] = {}
        for resource in dict.fromkeys(row.resource for row in frontier):
            level = [row for row in frontier if row.resource is resource]
            for link in store.catalog.inbound(resource.table):
                following |= _follow(connection, store, plan, link, level, order)
        frontier = list(following.values())


def _follow(
    connection: Connection, store: Store, plan: Plan, link: ForeignKey, level: Sequence[Row], order: Order
) -> dict[NodeKey, Row]:
    """Add the rows behind one foreign key; returns those whose own children must be looked for."""
    if not _may_go_along(store, link):
        _keep(connection, store, plan, link, level)
        return {}
    leaving = [row for row in level if row.key in plan.physical]
    staying = [row for row in level if row.key not in plan.physical]
    if not link.child.key:
        found = rows.references(connection, store, level[0].resource, [link], leaving)
        for parts, references in found.items():
            _cannot_follow(plan, Row(level[0].resource, parts), references)
        return {}
    if link.on_delete.detaches:
        return {}
    news: dict[NodeKey, Row] = {}
    for parent, child in rows.children(connection, store, link, [*leaving, *staying]):
        if child.trashed and parent.key not in plan.physical:
            continue
        if child.resource.account_column is not None and child.account != order.account:
            reference = decide.Reference(child.resource.name, ",".join(link.columns), 1, ())
            _cannot_follow(plan, parent, [reference])
        elif plan.add(child, parent):
            news[child.key] = child
    return news


def _may_go_along(store: Store, link: ForeignKey) -> bool:
    parent, child = store.catalog.of(link.parent), store.catalog.of(link.child)
    named = parent.cascade if parent is not None else None
    return named is None or link.on_delete.detaches or child is None or child.name in named


def _keep(connection: Connection, store: Store, plan: Plan, link: ForeignKey, level: Sequence[Row]) -> None:
    """Rows that are not declared to go along keep what they point at."""
    for parts, found in rows.references(connection, store, level[0].resource, [link], level).items():
        problem = decide.referenced(found)
        if problem is not None:
            where = ", ".join(sorted({reference.resource for reference in found}))
            detail = f"rows of {where} point at this item and may not go along with it: delete or move them first"
            plan.problems.setdefault(
                (level[0].resource.name, Row(level[0].resource, parts).item_id), replace(problem, detail=detail)
            )


def _cannot_follow(plan: Plan, parent: Row, references: Iterable[decide.Reference]) -> None:
    problem = decide.referenced(references)
    if problem is not None:
        detail = "rows point at this item that cannot go with it and be restored: delete or detach them first"
        plan.problems.setdefault(parent.key, replace(problem, detail=detail))


@dataclass(frozen=True, slots=True)
class Record:
    """What the tombstones and the audit of one transaction say of it."""

    principal: Principal
    audit_id: str
    now: datetime
    job_id: str | None = None

    def stamp(self, resource: Resource) -> Stamp:
        """The tombstones' part; dates are fixed here, at the delete, and nothing shortens them later."""
        until = None if resource.strategy == "hard" else self.now + resource.recovery_window
        return Stamp(
            self.now,
            until,
            (until or self.now) + resource.memory,
            self.audit_id,
            resource.name,
            self.job_id,
            self.principal.correlation_id,
            self.principal.key_id,
        )


def execute_one(
    connection: Connection, store: Store, prepared: Prepared, record: Record, tell: Callable[[Removal], audit.Entry]
) -> Removal:
    """Take what was decided of one item, with its audit entry in the same statement where the database can.

    An error of the database's is raised, and the caller's transaction must roll back.
    """
    id_ = prepared.order.targets[0].id
    if not prepared.going:
        removal_ = Removal((prepared.decided[id_],))
        if prepared.decided[id_].outcome is Outcome.FAILED:
            audit.write(connection, store, tell(removal_))
        return removal_
    groups = prepared.plan.groups(prepared.going)
    removal_ = Removal((ItemResult(id_, Outcome.DELETED),), _ids_of(groups))
    destroy(connection, store, groups, record.stamp(prepared.order.resource), tell(removal_))
    return removal_


def _ids_of(groups: Sequence[Group]) -> dict[str, list[str]]:
    removed: dict[str, list[str]] = {}
    for group in groups:
        removed.setdefault(group.resource.name, []).extend(row.item_id for row, _ in group.rows)
    return removed


def execute(connection: Connection, store: Store, prepared: Prepared, record: Record) -> Removal:
    """Take what was decided; what the database itself refuses is narrowed down to the items at fault."""
    going = list(prepared.going)
    failed, taken = _take(connection, store, prepared.plan, going, record.stamp(prepared.order.resource))
    results = dict(prepared.decided)
    for key, id_ in prepared.going.items():
        problem = failed.get(key)
        results[id_] = ItemResult(id_, Outcome.FAILED if problem else Outcome.DELETED, problem)
    return Removal(tuple(results[target.id] for target in prepared.order.targets), _ids_of(taken))


def _take(
    connection: Connection, store: Store, plan: Plan, going: list[NodeKey], stamp: Stamp
) -> tuple[dict[NodeKey, Problem], list[Group]]:
    """Take these roots with all they take; halve until only what the database refuses is left."""
    if not going:
        return {}, []
    groups = plan.groups(going)
    try:
        with connection.begin_nested():
            destroy(connection, store, groups, stamp)
    except (DBAPIError, PlanDiffers) as error:
        if isinstance(error, DBAPIError) and store.dialect.is_transient(error):
            raise
        if len(going) == 1:
            return {going[0]: database_refusal(store, error)}, []
        return _halves(connection, store, plan, going, stamp)
    return {}, groups


def _halves(
    connection: Connection, store: Store, plan: Plan, going: list[NodeKey], stamp: Stamp
) -> tuple[dict[NodeKey, Problem], list[Group]]:
    """Each half for itself, the later one first; what failed is tried once more after the rest went."""
    taken: list[Group] = []
    left, failed = going, dict[NodeKey, Problem]()
    for _ in range(2):
        middle = (len(left) + 1) // 2
        failed = {}
        for half in (left[middle:], left[:middle]):
            problems, groups = _take(connection, store, plan, half, stamp)
            failed |= problems
            taken += groups
        if not taken or not failed or len(failed) == len(left):
            break
        left = list(failed)
    return failed, taken


def destroy(
    connection: Connection, store: Store, groups: Sequence[Group], stamp: Stamp, entry: audit.Entry | None = None
) -> None:
    """Remove rows for good from their tables. The only way there is; its statements ask for holds themselves."""
    tables = {id(group.resource.table) for group in groups}
    links = [k for k in store.catalog.foreign_keys if id(k.parent) in tables and k.on_delete.detaches]
    noted = [(link, detached_links.note_links(connection, store, link, groups, stamp)) for link in links]
    removal.remove(connection, store, groups, stamp, entry)
    for link, items in noted:
        detached_links.note_new_links(connection, store, link, stamp.audit_id, items)


def can_free(store: Store, resource: Resource) -> bool:
    """Whether `free` may be tried."""
    return free_removal.can_go_at_once(store, resource)


def free(connection: Connection, store: Store, row: Row, record: Record, entry: audit.Entry) -> bool:
    """`destroy` for one row that nothing keeps, which its statement itself makes sure of; False changes nothing."""
    stamp = record.stamp(row.resource)
    return free_removal.remove_free(connection, store, row, record.principal.account, stamp, entry)


def free_all(connection: Connection, store: Store, order: Order, record: Record) -> dict[str, str]:
    """`destroy` for those of many rows that nothing keeps; returns those that went: the id asked, the id spelled.

    The others are as they were: kept, missing, gone, another version, or spelled another way.
    """
    if not can_free(store, order.resource):
        return {}
    asked: dict[str, str] = {}
    wanted = []
    for target in order.targets:
        parts = rows.parse(store, order.resource, target.id)
        if parts is not None and _is_plain(target.if_match, required=order.only_exact):
            asked[ids.join(parts)] = target.id
            wanted.append((parts, target.if_match))
    try:
        with connection.begin_nested():
            stamp = record.stamp(order.resource)
            taken = free_removal.remove_all_free(connection, store, order.resource, wanted, order.account, stamp)
    except (DBAPIError, PlanDiffers) as error:
        if isinstance(error, DBAPIError) and store.dialect.is_transient(error):
            raise
        return {}
    return {asked[item]: item for item in taken}


def _is_plain(tag: str | None, *, required: bool) -> bool:
    """Whether a condition on the version is none, or one strong tag."""
    return not required if tag is None else tag.startswith('"') and tag.find('"', 1) == len(tag) - 1


def database_refusal(store: Store, error: Exception) -> Problem:
    """Why the database itself would not let a row go."""
    if isinstance(error, IntegrityError):
        return Problem(Code.REFERENCED, f"the database keeps it: {store.dialect.conflict_detail(error)}")
    detail = store.dialect.conflict_detail(error) if isinstance(error, DBAPIError) else str(error)
    return Problem(Code.BLOCKED, f"the database keeps it: {detail}")

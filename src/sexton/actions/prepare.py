"""Lock the rows, find what goes with them, decide each one's outcome; nothing has changed yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sexton import decide
from sexton.errors import Code, Problem, SextonError
from sexton.model import ItemResult, Outcome, Target
from sexton.plan import NodeKey, Plan, Row
from sexton.resource import MAX_PLANNED_ROWS, Cascade, ForeignKey, Resource
from sexton.storage import dependents, rows, tombstones
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
    live = _lock(connection, store, order, parts)
    targets = {target.id: target for target in order.targets}
    decided = _missing(connection, store, order, [id_ for id_ in targets if id_ not in live], parts, now)
    plan = Plan()
    for row in live.values():
        plan.add(row)
    if order.cascade:
        _expand(connection, store, plan, order, list(plan.rows.values()))
    else:
        _refuse_referenced(connection, store, plan, list(live.values()), order)
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


def _lock(
    connection: Connection, store: Store, order: Order, parts: Mapping[str, tuple[str, ...] | None]
) -> dict[str, Row]:
    """The live rows, by the ids they were asked by."""
    wanted = [found for found in dict.fromkeys(parts.values()) if found is not None]
    versions = any(target.if_match is not None for target in order.targets)
    locked = rows.lock(connection, store, order.resource, wanted, order.account, versions=versions)
    return {id_: locked[p] for id_, p in parts.items() if p is not None and p in locked and not locked[p].trashed}


def prepare_alone(connection: Connection, store: Store, order: Order) -> tuple[Row | None, Problem | None]:
    """Lock the one row that is asked for, without its dependents: the row, and what it has against going itself."""
    (target,) = order.targets
    row = _lock(connection, store, order, {target.id: rows.parse(store, order.resource, target.id)}).get(target.id)
    if row is None:
        return None, None
    plan = Plan()
    plan.add(row)
    _own_problems(plan, {row.key: target}, order)
    _ask_guards(connection, plan)
    for link in store.catalog.inbound(order.resource.table):
        _stays(connection, store, plan, link, [row], order)
    return row, plan.problems.get(row.key)


def count_dependents(connection: Connection, store: Store, order: Order) -> dict[str, int]:
    """How many rows of each resource depend on the live ones that are asked for, themselves included, if all go."""
    live = _lock(connection, store, order, {t.id: rows.parse(store, order.resource, t.id) for t in order.targets})
    return dependents.count(connection, store, order.resource, live.values())


def prepare_dependents(
    connection: Connection, store: Store, order: Order, path: Sequence[Row], link: ForeignKey, found: Sequence[Row]
) -> Plan:
    """Plan rows that go because the last row of a path does, with all that these take; the path itself is not followed.

    Raises TooManyRows above the order's cap.
    """
    plan = Plan()
    for row, taken_by in zip(path, (None, *path), strict=False):
        plan.add(row, taken_by)
    news = [row for row in found if _add(plan, link, path[-1], row, order)]
    _expand(connection, store, plan, order, news)
    _own_problems(plan, {}, order)
    _ask_guards(connection, plan)
    return plan


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


def _refuse_referenced(connection: Connection, store: Store, plan: Plan, asked: Sequence[Row], order: Order) -> None:
    """Without cascade: what points at a row keeps it, unless it is asked for itself."""
    resource = order.resource
    inbound = store.catalog.inbound(resource.table)
    for link in inbound:
        _keep_for_strangers(connection, store, plan, link, asked, order)
    links = [link for link in inbound if not link.detaches or (not link.child.key and not resource.soft)]
    for parts, found in rows.references(connection, store, resource, links, asked).items():
        problem = decide.referenced(found)
        if problem is not None:
            plan.problems[(resource.name, Row(resource, parts).item_id)] = problem
    themselves = [link for link in links if link.child is link.parent]
    for link in themselves if len(asked) > 1 else ():
        for parent, child in rows.children(connection, store, link, asked):
            if child.key in plan.rows and child.key != parent.key:
                plan.add(child, parent)


def _expand(connection: Connection, store: Store, plan: Plan, order: Order, first: Sequence[Row]) -> None:
    """With cascade: walk the foreign keys of the database, level by level, locking what would go."""
    frontier = list(first)
    while frontier:
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
    news: dict[NodeKey, Row] = {}
    if _stays(connection, store, plan, link, level, order):
        return news
    leaving = [row for row in level if row.key in plan.physical]
    staying = [row for row in level if row.key not in plan.physical]
    for parents, trashed in ((leaving, True), (staying, False)):
        if rows.has_children(connection, store, link, parents, order.cap, trashed=trashed):
            raise _too_many(order)
        for parent, child in rows.children(connection, store, link, parents, trashed=trashed):
            if _add(plan, link, parent, child, order):
                news[child.key] = child
    if len(plan.rows) > order.cap:
        raise _too_many(order)
    return news


def _add(plan: Plan, link: ForeignKey, parent: Row, child: Row, order: Order) -> bool:
    """Let a row go along, unless it is another account's; True where its own children must be looked for."""
    if child.resource.account_column is None or child.account == order.account:
        return plan.add(child, parent)
    _cannot_follow(plan, parent, [decide.Reference(child.resource.name, ",".join(link.columns), 1, ())])
    return False


def _too_many(order: Order) -> TooManyRows:
    return TooManyRows(f"more than {order.cap:,} rows depend on what was asked")


def _stays(
    connection: Connection, store: Store, plan: Plan, link: ForeignKey, level: Sequence[Row], order: Order
) -> bool:
    """Whether the rows behind a foreign key do not go along; notes which of the rows they point at they keep."""
    if link.cascade is Cascade.RESTRICT:
        _keep(connection, store, plan, link, level)
    elif not link.child.key:
        leaving = [row for row in level if row.key in plan.physical]
        found = rows.references(connection, store, level[0].resource, [link], leaving)
        for parts, references in found.items():
            _cannot_follow(plan, Row(level[0].resource, parts), references)
    elif link.detaches:
        _keep_for_strangers(connection, store, plan, link, level, order)
    else:
        return False
    return True


def _keep(connection: Connection, store: Store, plan: Plan, link: ForeignKey, level: Sequence[Row]) -> None:
    """Rows that are not declared to go along keep what they point at."""
    for parts, found in rows.references(connection, store, level[0].resource, [link], level).items():
        problem = decide.referenced(found)
        if problem is not None:
            plan.problems.setdefault(Row(level[0].resource, parts).key, problem)


def _keep_for_strangers(
    connection: Connection, store: Store, plan: Plan, link: ForeignKey, level: Sequence[Row], order: Order
) -> None:
    """Rows of other accounts are not detached: nothing of theirs changes by what this one does."""
    if not link.undone:
        return
    reference = decide.Reference(_name(store, link), ",".join(link.columns), 1, ())
    for parent in rows.with_children_of_others(connection, store, link, level, order.account):
        _cannot_follow(plan, parent, [reference])


def _name(store: Store, link: ForeignKey) -> str:
    child = store.catalog.of(link.child)
    return child.name if child is not None else link.child.name


def _cannot_follow(plan: Plan, parent: Row, references: Iterable[decide.Reference]) -> None:
    problem = decide.referenced(references)
    if problem is not None:
        detail = "rows point at this item that cannot go with it, or lose their link, and be restored: move them first"
        plan.problems.setdefault(parent.key, replace(problem, detail=detail))

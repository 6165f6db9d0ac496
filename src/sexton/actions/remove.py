"""Lock the rows, decide each one's outcome, take them, leave their tombstones: one short transaction's work.

A single delete is this with one item, a bulk delete with up to 200, a job once a chunk. Nothing else removes a
host's row but `destroy`, which asks for holds in the transaction that destroys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from sexton import ids
from sexton.actions.prepare import Order, Prepared
from sexton.errors import Code, PlanDiffers, Problem
from sexton.model import ItemResult, Outcome, Principal, Removal
from sexton.plan import Group, NodeKey, Plan, Row
from sexton.resource import Resource
from sexton.storage import audit, detached_links, free_removal, removal, rows
from sexton.storage.removal import Stamp
from sexton.storage.store import Store


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
) -> tuple[Removal, dict[str, int]]:
    """Take what was decided of one item, with its audit entry in the same statement where the database can.

    Returns also how many rows of each resource stay without their link.

    An error of the database's is raised, and the caller's transaction must roll back.
    """
    id_ = prepared.order.targets[0].id
    if not prepared.going:
        removal_ = Removal((prepared.decided[id_],))
        if prepared.decided[id_].outcome is Outcome.FAILED:
            audit.write(connection, store, tell(removal_))
        return removal_, {}
    groups = prepared.plan.groups(prepared.going)
    removal_ = Removal((ItemResult(id_, Outcome.DELETED),), ids_of(groups))
    return removal_, destroy(connection, store, groups, record.stamp(prepared.order.resource), tell(removal_))


def ids_of(groups: Sequence[Group]) -> dict[str, list[str]]:
    """The ids of these rows, by resource."""
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
    return Removal(tuple(results[target.id] for target in prepared.order.targets), ids_of(taken))


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
) -> dict[str, int]:
    """Remove rows for good from their tables. The only way there is; its statements ask for holds themselves.

    Returns how many rows of each resource stay without their link.
    """
    undone = detached_links.undo(connection, store, groups, stamp)
    removal.remove(connection, store, groups, stamp, entry)
    detached_links.note_new_links(connection, store, undone, stamp.audit_id)
    return detached_links.tally(store, ((link, len(items)) for link, items in undone))


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

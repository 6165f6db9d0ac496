"""Take an item with more dependents than one plan holds: in one transaction, some at a time, from the leaves up.

Each part is planned, asked for holds, rules and guards, and taken as any delete is; what stops one row undoes all of
it. No part is ever held after it, so a million dependents need no more memory than ten thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from sexton import decide
from sexton.actions.prepare import Order, TooManyRows, prepare, prepare_alone, prepare_dependents
from sexton.actions.remove import Record, database_refusal, destroy, execute, ids_of
from sexton.errors import Code, PlanDiffers, Problem
from sexton.model import ItemResult, Outcome, Removal
from sexton.plan import Group, Plan, Row
from sexton.resource import Cascade, ForeignKey
from sexton.storage import audit, dependents
from sexton.storage.store import Store

MOST_DEPENDENTS = 10_000_000
"""Of one item: a bulk delete refuses one that has more."""
_DEEPEST = 30
_AT_ONCE = 4_000
Tell = Callable[[dict[str, list[str]]], audit.Entry]
"""The audit entry of some dependents that went, by resource."""


class _Kept(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def remove_many(connection: Connection, store: Store, order: Order, record: Record, tell: Tell) -> Removal:
    """Take the one item that is asked for with all that depends on it, or nothing; the removal names the item's last rows.

    What went before them is in audit entries of their own. An error of the database's that says nothing of the rows is
    raised.
    """
    (target,) = order.targets
    try:
        with connection.begin_nested():
            row, problem = prepare_alone(connection, store, order)
            if problem is not None:
                raise _Kept(problem)
            if row is not None:
                _Walk(connection, store, order, record, tell).empty([row])
            return _item_itself(connection, store, order, record)
    except _Kept as kept:
        found = kept.problem
    except TooManyRows as error:
        found = _too_many(str(error))
    except (DBAPIError, PlanDiffers) as error:
        if isinstance(error, DBAPIError) and store.dialect.is_transient(error):
            raise
        found = database_refusal(store, error)
    return Removal((ItemResult(target.id, Outcome.FAILED, found),))


def _item_itself(connection: Connection, store: Store, order: Order, record: Record) -> Removal:
    removal = execute(connection, store, prepare(connection, store, order, record.now), record)
    error = removal.results[0].error
    if error is not None:
        raise _Kept(error)
    return removal


def _too_many(why: str) -> Problem:
    return Problem(Code.TOO_MANY_DEPENDENTS, f"{why}: delete some of them first, then this item")


@dataclass
class _Walk:
    connection: Connection
    store: Store
    order: Order
    record: Record
    tell: Tell
    taken: int = 0

    def empty(self, path: Sequence[Row]) -> None:
        """Take all that goes along with the last row of a path; the row itself stays for now."""
        if len(path) > _DEEPEST:
            raise _Kept(_too_many(f"each of {_DEEPEST} rows that hang on each other has too many dependents"))
        for link in self.store.catalog.inbound(path[-1].resource.table):
            if link.cascade is Cascade.DELETE and link.child.key:
                for keys in dependents.keys(self.connection, self.store, link, path[-1], _AT_ONCE):
                    self.take(path, link, keys)

    def take(self, path: Sequence[Row], link: ForeignKey, keys: dependents.Keys) -> None:
        """Take these rows with all that goes along with them; half of them at a time where that is too much.

        A row that would take one of the path with it is left: it goes with that one.
        """
        found = self._lock(path, link, keys)
        plan = self._plan(path, link, found)
        if plan is not None and not plan.takes_any(row.key for row in path):
            self._destroy(path, plan, found)
        elif len(found) > 1:
            middle = len(keys) // 2
            self.take(path, link, keys[:middle])
            self.take(path, link, keys[middle:])
        elif plan is None:
            self.empty([*path, *found])
            self._take_emptied(path, link, found)

    def _take_emptied(self, path: Sequence[Row], link: ForeignKey, found: Sequence[Row]) -> None:
        plan = self._plan(path, link, found)
        if plan is None:
            raise _Kept(_too_many("rows that hang on each other in a circle have too many dependents"))
        if not plan.takes_any(row.key for row in path):
            self._destroy(path, plan, found)

    def _lock(self, path: Sequence[Row], link: ForeignKey, keys: dependents.Keys) -> list[Row]:
        """Those that still depend on the last row of a path; where nothing leaves its table, what is trashed stays so."""
        known = {row.key for row in path}
        leaves = any(not row.resource.soft for row in path)
        found = dependents.lock(self.connection, self.store, link, path[-1], keys)
        return [row for row in found if row.key not in known and (leaves or not row.trashed)]

    def _plan(self, path: Sequence[Row], link: ForeignKey, found: Sequence[Row]) -> Plan | None:
        """What goes with these rows; None where it is too much for one plan."""
        try:
            plan = prepare_dependents(self.connection, self.store, self.order, path, link, found)
        except TooManyRows:
            return None
        for key, problem in plan.problems.items():
            raise _Kept(problem if key == path[0].key else decide.because(key, problem))
        return plan

    def _destroy(self, path: Sequence[Row], plan: Plan, found: Sequence[Row]) -> None:
        groups = [_of(group, path[0].item_id) for group in plan.groups(row.key for row in found)]
        self.taken += sum(len(group.rows) for group in groups)
        if self.taken > MOST_DEPENDENTS:
            raise _Kept(_too_many(f"more than {MOST_DEPENDENTS:,} rows depend on it"))
        if groups:
            destroy(self.connection, self.store, groups, self.record.stamp(self.order.resource))
            audit.write(self.connection, self.store, self.tell(ids_of(groups)))


def _of(group: Group, root: str) -> Group:
    return replace(group, rows=[(row, root) for row, _ in group.rows])

"""What goes with what: the graph of rows that a delete would take, and the order of tables it follows from.

Pure: the rows come from `storage.rows`, the foreign keys from the database itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sexton import ids
from sexton.errors import Problem
from sexton.resource import ForeignKey, Resource, Strategy, Table


@dataclass(frozen=True, slots=True)
class Row:
    """A locked row of a host's table: what was seen of it under the lock. `account` is None where tables are shared."""

    resource: Resource
    parts: tuple[str, ...]
    account: str | None = None
    etag: str | None = None
    blocked: bool = False
    trashed: bool = False
    held: bool = False

    @property
    def item_id(self) -> str:
        """Its id as URLs spell it."""
        return ids.join(self.parts)

    @property
    def key(self) -> NodeKey:
        """What it is known by in a plan."""
        return (self.resource.name, self.item_id)


NodeKey = tuple[str, str]


@dataclass(slots=True)
class Plan:
    """Rows and what they take with them. `physical` holds the rows that leave their tables."""

    rows: dict[NodeKey, Row] = field(default_factory=dict)
    takes: dict[NodeKey, dict[NodeKey, None]] = field(default_factory=dict)
    physical: set[NodeKey] = field(default_factory=set)
    problems: dict[NodeKey, Problem] = field(default_factory=dict)

    def add(self, row: Row, taken_by: Row | None = None) -> bool:
        """Note a row and who takes it; True where its own children must be looked for (again)."""
        leaves = not row.resource.soft or (taken_by is not None and taken_by.key in self.physical)
        news = row.key not in self.rows or (leaves and row.key not in self.physical)
        self.rows.setdefault(row.key, row)
        if leaves:
            self.physical.add(row.key)
        if taken_by is not None:
            self.takes.setdefault(taken_by.key, {})[row.key] = None
        return news

    def reach(self, root: NodeKey) -> Iterator[NodeKey]:
        """A row and all that goes with it, itself first."""
        seen, line = {root}, [root]
        while line:
            at = line.pop()
            yield at
            for taken in self.takes.get(at, ()):
                if taken not in seen:
                    seen.add(taken)
                    line.append(taken)

    def takes_any(self, path: Iterable[NodeKey]) -> bool:
        """Whether what goes along with a path would take one of the path itself."""
        known = set(path)
        return any(not known.isdisjoint(taken) for taker, taken in self.takes.items() if taker not in known)

    def strategy(self, key: NodeKey) -> Strategy:
        """What becomes of a row: a soft one whose parent leaves must leave too, and is archived."""
        declared = self.rows[key].resource.strategy
        return Strategy.ARCHIVE if declared is Strategy.SOFT and key in self.physical else declared

    def groups(self, roots: Iterable[NodeKey]) -> list[Group]:
        """The rows that go with these roots, by table and strategy; a row goes once, with the first that takes it."""
        owner: dict[NodeKey, NodeKey] = {root: root for root in roots}
        for root in list(owner):
            for key in self.reach(root):
                owner.setdefault(key, root)
        found: dict[tuple[str, Strategy], Group] = {}
        for key, root in owner.items():
            row, strategy = self.rows[key], self.strategy(key)
            group = found.setdefault((row.resource.name, strategy), Group(row.resource, strategy))
            group.rows.append((row, root[1]))
        for group in found.values():
            group.rows.sort(key=lambda pair: pair[0].parts)
        return list(found.values())


@dataclass(slots=True)
class Group:
    """Rows of one table that share a strategy, each with the requested item it goes with."""

    resource: Resource
    strategy: Strategy
    rows: list[tuple[Row, str]] = field(default_factory=list)


def parents_first(tables: Sequence[Table], keys: Iterable[ForeignKey]) -> list[list[Table]]:
    """Order tables so that no table comes before one it points at; tables in a cycle stand together.

    Tarjan's strongly connected components come out in just this order when edges lead from child to parent.
    """
    wanted = {id(table) for table in tables}
    parents: dict[int, list[Table]] = {}
    for key in keys:
        if id(key.child) in wanted and id(key.parent) in wanted and key.child is not key.parent:
            parents.setdefault(id(key.child), []).append(key.parent)
    return _components(tables, parents)


def _components(tables: Sequence[Table], parents: Mapping[int, list[Table]]) -> list[list[Table]]:
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[Table] = []
    out: list[list[Table]] = []

    def visit(table: Table) -> None:
        index[id(table)] = low[id(table)] = len(index)
        stack.append(table)
        for parent in parents.get(id(table), ()):
            if id(parent) not in index:
                visit(parent)
                low[id(table)] = min(low[id(table)], low[id(parent)])
            elif parent in stack:
                low[id(table)] = min(low[id(table)], index[id(parent)])
        if low[id(table)] == index[id(table)]:
            at = stack.index(table)
            out.append(stack[at:])
            del stack[at:]

    for table in tables:
        if id(table) not in index:
            visit(table)
    return out

"""The rows that point at one row, where they may be a million: their keys are read as they are wanted, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

from sexton.plan import Row
from sexton.resource import ForeignKey, Resource
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.rows import made, seen
from sexton.storage.store import Store

Keys = Sequence[tuple[str, ...]]


def keys(connection: Connection, store: Store, link: ForeignKey, parent: Row, size: int) -> Iterator[Keys]:
    """The keys of the rows that point at one through a foreign key, in their order, so many at a time; none is locked."""
    bound = store.dialect.bind("parents", [parent.parts], len(parent.parts))
    for part in _keys(store.dialect, link).stream(connection, bound, size):
        yield [tuple(map(str, row)) for row in part]


@cache
def _keys(dialect: Dialect, link: ForeignKey) -> Statement:
    found = ", ".join(dialect.key_text(column) for column in link.child.key_columns)
    pairs = zip(link.columns, link.parent_columns, strict=True)
    join = " AND ".join(f"t.{dialect.quote(child)} = p.{dialect.quote(parent)}" for child, parent in pairs)
    return dialect.statement(
        f"SELECT {found} FROM {_parent(dialect, link)} CROSS JOIN {dialect.relation(link.child)} AS t"
        f" WHERE {dialect.key_match(link.parent, 'p')} AND {join} ORDER BY {dialect.key_order(link.child)}"
    )


def _parent(dialect: Dialect, link: ForeignKey) -> str:
    names = [f"k{i}" for i in range(len(link.parent.key))]
    return f"{dialect.records('parents', names)} AS r CROSS JOIN {dialect.relation(link.parent)} AS p"


def lock(connection: Connection, store: Store, link: ForeignKey, parent: Row, keys: Keys) -> list[Row]:
    """Lock those of these rows that are still there and still point at the parent."""
    dialect, child = store.dialect, store.catalog.of(link.child)
    if child is None:
        return []
    bound = dialect.bind("parents", [parent.parts], len(parent.parts))
    bound |= dialect.bind("keys", keys, len(link.child.key))
    return [made(child, values) for values in _lock(dialect, link, child).on(connection, bound)]


@cache
def _lock(dialect: Dialect, link: ForeignKey, child: Resource) -> Statement:
    """By their own keys one by one, whatever the statistics say: the parent's index leads to all the others too."""
    names = [f"k{i}" for i in range(len(link.child.key))]
    pairs = zip(link.columns, link.parent_columns, strict=True)
    still = " AND ".join(dialect.same(f"t.{dialect.quote(ours)}", _value(dialect, link, its)) for ours, its in pairs)
    return dialect.statement(
        f"SELECT {seen(dialect, child, versions=False)} FROM {dialect.records('keys', names)} AS r"
        f" CROSS JOIN {dialect.relation(link.child)} AS t WHERE {dialect.key_match(link.child)} AND {still}"
        f" ORDER BY {dialect.key_order(link.child)} {dialect.lock}"
    )


def _value(dialect: Dialect, link: ForeignKey, column: Any) -> str:
    where = dialect.key_match(link.parent, "p")
    return f"(SELECT p.{dialect.quote(column)} FROM {_parent(dialect, link)} WHERE {where})"

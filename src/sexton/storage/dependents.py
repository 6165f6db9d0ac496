"""The rows that point at one row, where they may be a million: their keys are read as they are wanted, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

from sexton.plan import Row
from sexton.resource import Cascade, ForeignKey, Resource
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.rows import live, made, seen
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


# -- how many there are -----------------------------------------------------------------------------------------


def count(connection: Connection, store: Store, resource: Resource, rows: Iterable[Row]) -> dict[str, int]:
    """How many rows of each resource would go with these rows of one, themselves included; none is locked or read."""
    keys = [row.parts for row in rows]
    bound = store.dialect.bind("keys", keys, len(resource.table.key))
    return {name: int(found) for name, found in _count(store, resource).on(connection, bound)}


@cache
def _count(store: Store, resource: Resource) -> Statement:
    dialect, links = store.dialect, _reachable(store, resource)
    width = max(len(table.key) for table in (resource.table, *(link.child for link in links)))
    names = [f"k{i}" for i in range(width)]
    own = _wide((f"r.k{i}" for i in range(len(resource.table.key))), width)
    source = dialect.records("keys", names[: len(resource.table.key)])
    seed = f"SELECT CAST({dialect.literal(resource.name)} AS text), {int(not resource.soft)}, {own} FROM {source} AS r"
    terms = [_following(store, link, width) for link in links]
    found = f"SELECT DISTINCT resource, {', '.join(names)} FROM going"
    return dialect.statement(
        f"WITH RECURSIVE going(resource, leaves, {', '.join(names)}) AS ({_recursion(dialect, seed, terms)})"
        f" SELECT resource, count(*) FROM ({found}) AS found GROUP BY resource"
    )


def _reachable(store: Store, resource: Resource) -> list[ForeignKey]:
    """The foreign keys along which rows go with rows of a resource, directly or through others."""
    tables, links = [resource.table], list[ForeignKey]()
    for table in tables:
        for link in store.catalog.inbound(table):
            if link.cascade is Cascade.DELETE and link.child.key:
                links.append(link)
                tables += [link.child] if link.child not in tables else []
    return links


def _recursion(dialect: Dialect, seed: str, terms: Sequence[str]) -> str:
    if dialect.recurs_once and terms:
        return f"{seed} UNION SELECT n.* FROM going AS g CROSS JOIN LATERAL ({' UNION ALL '.join(terms)}) AS n"
    return " UNION ".join([seed, *terms])


def _following(store: Store, link: ForeignKey, width: int) -> str:
    """The rows `t` behind a foreign key of a row `g`; a key is only read as one where it is of the parent's table."""
    dialect, child, parent = store.dialect, store.catalog.of(link.child), store.catalog.of(link.parent)
    if child is None or parent is None:
        raise KeyError(link.name)
    of_parent = f"g.resource = {dialect.literal(parent.name)}"
    mine = " AND ".join(
        dialect.key_equals(column, f"(CASE WHEN {of_parent} THEN g.k{i} END)", "p")
        for i, column in enumerate(link.parent.key_columns)
    )
    pairs = zip(link.columns, link.parent_columns, strict=True)
    join = " AND ".join(f"t.{dialect.quote(ours)} = p.{dialect.quote(its)}" for ours, its in pairs)
    keys = _wide((dialect.key_text(column) for column in link.child.key_columns), width)
    leaves = "g.leaves" if child.soft else "1"
    source = "" if dialect.recurs_once else "going AS g CROSS JOIN "
    return (
        f"SELECT CAST({dialect.literal(child.name)} AS text), {leaves}, {keys} FROM {source}"
        f"{dialect.relation(link.parent)} AS p CROSS JOIN {dialect.relation(link.child)} AS t"
        f" WHERE {of_parent} AND {mine} AND {join} AND (g.leaves = 1 OR {live(dialect, child)})"
    )


def _wide(keys: Iterable[str], width: int) -> str:
    given = list(keys)
    return ", ".join([*given, *["CAST(NULL AS text)"] * (width - len(given))])

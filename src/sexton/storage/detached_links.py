"""Links that a removal undoes, by itself or by the database's rule: written down before, written back by a restore."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

from sexton import ids
from sexton.model import Tombstone
from sexton.plan import Group
from sexton.resource import ForeignKey, Resource, Strategy
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.removal import Stamp
from sexton.storage.rows import live
from sexton.storage.store import Store

Undone = list[tuple[ForeignKey, list[str]]]
"""Links by their foreign key: the ids of the children."""


def undo(connection: Connection, store: Store, groups: Sequence[Group], stamp: Stamp) -> Undone:
    """Write down the links that go when these rows do, and undo those that the database would not.

    Children that leave too keep their links in their snapshots.
    """
    return [(link, _undo(connection, store, link, groups, stamp)) for link in _links_to(store, groups)]


def count(connection: Connection, store: Store, groups: Sequence[Group]) -> dict[str, int]:
    """How many children of each resource would stay without their link."""
    return tally(store, ((link, _count_of(connection, store, link, groups)) for link in _links_to(store, groups)))


def tally(store: Store, counts: Iterable[tuple[ForeignKey, int]]) -> dict[str, int]:
    """Counts of links by the resource of their children."""
    found: Counter[str] = Counter()
    for link, size in counts:
        child = store.catalog.of(link.child)
        found[child.name if child else link.child.name] += size
    return dict(+found)


def _links_to(store: Store, groups: Sequence[Group]) -> list[ForeignKey]:
    tables = {id(group.resource.table) for group in groups}
    return [link for link in store.catalog.foreign_keys if id(link.parent) in tables and link.detaches]


def _undo(connection: Connection, store: Store, link: ForeignKey, groups: Sequence[Group], stamp: Stamp) -> list[str]:
    child, parent = store.catalog.of(link.child), store.catalog.of(link.parent)
    ends = _ends(store, link, groups)
    if child is None or parent is None or ends is None:
        return []
    bound = ends | {
        "audit_id": stamp.audit_id,
        "root_resource": stamp.root_resource,
        "forget_after": store.dialect.bind_time(stamp.forget_after),
        "columns": store.dialect.as_list(link.columns),
        "parent_resource": parent.name,
        "resource": child.name,
    }
    items = list(_note_links(store.dialect, link).on(connection, bound).scalars())
    if link.undone and items:
        _undoing(store.dialect, link).on(connection, _keys(store, link, items))
    return items


def _count_of(connection: Connection, store: Store, link: ForeignKey, groups: Sequence[Group]) -> int:
    ends = _ends(store, link, groups)
    return int(_count(store.dialect, link).on(connection, ends).scalar_one()) if ends is not None else 0


def _ends(store: Store, link: ForeignKey, groups: Sequence[Group]) -> dict[str, Any] | None:
    """The parents that go (of soft ones the database knows nothing), and the children that leave too; None: no parent."""
    leaving = [group for group in groups if group.strategy is not Strategy.SOFT]
    going = groups if link.declared else leaving
    parents = [(*row.parts, root) for g in going if g.resource.table is link.parent for row, root in g.rows]
    if not parents or not link.child.key:
        return None
    children = [row.parts for group in leaving if group.resource.table is link.child for row, _ in group.rows]
    bound = store.dialect.bind("keys", parents, len(link.parent.key) + 1)
    return bound | store.dialect.bind("leaving", children, len(link.child.key))


def _source(dialect: Dialect, link: ForeignKey) -> str:
    """The parents `p` that go, and the children `t` that stay."""
    names = [*(f"k{i}" for i in range(len(link.parent.key))), "root"]
    on = zip(link.columns, link.parent_columns, strict=True)
    join = " AND ".join(f"t.{dialect.quote(child)} = p.{dialect.quote(parent)}" for child, parent in on)
    return (
        f" FROM {dialect.records('keys', names)} AS r CROSS JOIN {dialect.relation(link.parent)} AS p"
        f" CROSS JOIN {dialect.relation(link.child)} AS t WHERE {dialect.key_match(link.parent, 'p')} AND {join}"
        f" AND NOT {dialect.key_in(link.child, 'leaving')}"
    )


@cache
def _count(dialect: Dialect, link: ForeignKey) -> Statement:
    return dialect.statement(f"SELECT count(*){_source(dialect, link)}")


@cache
def _undoing(dialect: Dialect, link: ForeignKey) -> Statement:
    nothing = ", ".join(f"{dialect.quote(name)} = NULL" for name in link.undone)
    names = [f"k{i}" for i in range(len(link.child.key))]
    return dialect.statement(
        f"UPDATE {dialect.relation(link.child)} AS t SET {nothing} FROM {dialect.records('keys', names)} AS r"
        f" WHERE {dialect.key_match(link.child)}"
    )


@cache
def _note_links(dialect: Dialect, link: ForeignKey) -> Statement:
    time = "timestamptz" if dialect.own_schema else "text"
    array = "text[]" if dialect.own_schema else "text"
    return dialect.statement(
        f"INSERT INTO {dialect.own('detached_links')} (audit_id, root_resource, root_item, parent_resource,"
        " parent_item, resource, item_id, columns, old, forget_after)"
        f" SELECT CAST(:audit_id AS text), CAST(:root_resource AS text), r.root, CAST(:parent_resource AS text),"
        f" {dialect.item_id(link.parent, 'p')}, CAST(:resource AS text), {dialect.item_id(link.child)},"
        f" CAST(:columns AS {array}), {dialect.detached(link)}, CAST(:forget_after AS {time})"
        f"{_source(dialect, link)} {dialect.lock} RETURNING item_id"
    )


def note_new_links(connection: Connection, store: Store, undone: Undone, audit_id: str) -> None:
    """Write down what is in the place of those links now."""
    for link, items in undone:
        child = store.catalog.of(link.child)
        if child is not None and items:
            bound = {"audit_id": audit_id, "resource": child.name, "columns": store.dialect.as_list(link.columns)}
            bound |= store.dialect.bind("items", [(item,) for item in items], 1)
            _note_new_links(store.dialect, link).on(connection, bound | _keys(store, link, items))


def _keys(store: Store, link: ForeignKey, items: Iterable[str]) -> dict[str, Any]:
    width = len(link.child.key)
    return store.dialect.bind("keys", [parts for item in items if (parts := ids.split(item, width))], width)


@cache
def _note_new_links(dialect: Dialect, link: ForeignKey) -> Statement:
    links = dialect.own("detached_links")
    array = "text[]" if dialect.own_schema else "text"
    names = [f"k{i}" for i in range(len(link.child.key))]
    return dialect.statement(
        f"UPDATE {links} SET new = f.new FROM (SELECT {dialect.item_id(link.child)} AS item_id,"
        f" {dialect.detached(link)} AS new FROM {dialect.records('keys', names)} AS r"
        f" CROSS JOIN {dialect.relation(link.child)} AS t WHERE {dialect.key_match(link.child)}) AS f"
        f" WHERE {links}.audit_id = :audit_id AND {links}.resource = :resource AND {links}.item_id = f.item_id"
        f" AND {links}.item_id IN (SELECT item FROM {dialect.records('items', ['item'])} AS named)"
        f" AND {links}.columns = CAST(:columns AS {array})"
    )


def relink(connection: Connection, store: Store, stones: Sequence[Tombstone]) -> None:
    """Write links back where both ends are there and the child's still is as the delete left it.

    That holds for links to the rows that came back, and for links of them that were undone before they were deleted.
    """
    dialect = store.dialect
    records = [(stone.resource, stone.item_id) for stone in stones]
    found = _links(dialect).on(connection, dialect.bind("items", records, 2)).all()
    by_link: dict[tuple[str, tuple[str, ...]], list[tuple[str, str]]] = {}
    for number, resource, item, columns in found:
        by_link.setdefault((resource, tuple(dialect.from_list(columns))), []).append((str(number), item))
    for (name, columns), those in by_link.items():
        child = store.catalog.resources.get(name)
        links = [k for k in store.catalog.foreign_keys if child and k.child is child.table and k.columns == columns]
        for link in links[:1]:
            _relink(connection, store, link, those)


@cache
def _links(dialect: Dialect) -> Statement:
    links, records = dialect.own("detached_links"), dialect.records("items", ["resource", "item_id"])
    chosen = "SELECT l.id, l.resource, l.item_id, l.columns FROM"
    return dialect.statement(
        f"{chosen} {records} AS r CROSS JOIN {links} AS l"
        " WHERE (l.parent_resource = r.resource AND l.parent_item = r.item_id)"
        f" UNION {chosen} {records} AS r CROSS JOIN {links} AS l"
        " WHERE (l.resource = r.resource AND l.item_id = r.item_id) ORDER BY 1"
    )


def _relink(connection: Connection, store: Store, link: ForeignKey, those: Sequence[tuple[str, str]]) -> None:
    width = len(link.child.key)
    records = [(*parts, number) for number, item in those if (parts := ids.split(item, width))]
    bound = store.dialect.bind("keys", records, width + 1)
    parent = store.catalog.of(link.parent)
    _relinking(store.dialect, link, parent).on(connection, bound)
    _settled(store.dialect, link, parent).on(connection, bound)


def _both_ends(dialect: Dialect, link: ForeignKey, parent: Resource | None) -> str:
    """The child `t` of a link `l` is there, and so is, live, the parent it pointed at."""
    old = [dialect.unpack(link.child.by_name[name], n, "l.old") for n, name in enumerate(link.columns)]
    pairs = zip(link.parent_columns, old, strict=True)
    same = " AND ".join(f"p.{dialect.quote(name)} = {value}" for name, value in pairs)
    match = dialect.key_match(link.child)
    alive = live(dialect, parent, "p") if parent is not None else "1 = 1"
    there = f"SELECT 1 FROM {dialect.relation(link.parent)} AS p WHERE {same} AND {alive}"
    return f"l.id = CAST(r.link AS bigint) AND {match} AND EXISTS ({there})"


def _named(dialect: Dialect, link: ForeignKey) -> str:
    names = [*(f"k{i}" for i in range(len(link.child.key))), "link"]
    return dialect.records("keys", names)


@cache
def _relinking(dialect: Dialect, link: ForeignKey, parent: Resource | None) -> Statement:
    pairs = [
        f"{dialect.quote(name)} = {dialect.unpack(link.child.by_name[name], n, 'l.old')}"
        for n, name in enumerate(link.columns)
    ]
    return dialect.statement(
        f"UPDATE {dialect.relation(link.child)} AS t SET {', '.join(pairs)}"
        f" FROM {_named(dialect, link)} AS r, {dialect.own('detached_links')} AS l"
        f" WHERE {_both_ends(dialect, link, parent)} AND {dialect.same(dialect.detached(link), 'l.new')}"
    )


@cache
def _settled(dialect: Dialect, link: ForeignKey, parent: Resource | None) -> Statement:
    return dialect.statement(
        f"DELETE FROM {dialect.own('detached_links')} WHERE id IN (SELECT l.id FROM {_named(dialect, link)} AS r,"
        f" {dialect.own('detached_links')} AS l, {dialect.relation(link.child)} AS t WHERE {_both_ends(dialect, link, parent)})"
    )

"""Links that a removal sets to NULL or to their default: written down before, written back by a restore."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection

from sexton import ids
from sexton.model import Tombstone
from sexton.plan import Group
from sexton.resource import ForeignKey, Strategy
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.removal import Stamp
from sexton.storage.store import Store


def note_links(
    connection: Connection, store: Store, link: ForeignKey, groups: Sequence[Group], stamp: Stamp
) -> list[str]:
    """Write down the links that the database will undo by itself when these rows leave; returns the children's ids.

    Children that leave too keep their links in their snapshots.
    """
    child, parent = store.catalog.of(link.child), store.catalog.of(link.parent)
    parents = [row for g in groups if g.resource is parent and g.strategy is not Strategy.SOFT for row in g.rows]
    if child is None or parent is None or not parents:
        return []
    leaving = [
        row.parts for g in groups if g.resource is child and g.strategy is not Strategy.SOFT for row, _ in g.rows
    ]
    bound = store.dialect.bind("keys", [(*row.parts, root) for row, root in parents], len(link.parent.key) + 1)
    bound |= store.dialect.bind("leaving", leaving, len(link.child.key))
    bound |= {
        "audit_id": stamp.audit_id,
        "root_resource": stamp.root_resource,
        "forget_after": store.dialect.bind_time(stamp.forget_after),
        "columns": store.dialect.as_list(link.columns),
        "parent_resource": parent.name,
        "resource": child.name,
    }
    return list(_note_links(store.dialect, link).on(connection, bound).scalars())


@cache
def _note_links(dialect: Dialect, link: ForeignKey) -> Statement:
    names = [*(f"k{i}" for i in range(len(link.parent.key))), "root"]
    on = zip(link.columns, link.parent_columns, strict=True)
    join = " AND ".join(f"t.{dialect.quote(child)} = p.{dialect.quote(parent)}" for child, parent in on)
    time = "timestamptz" if dialect.own_schema else "text"
    array = "text[]" if dialect.own_schema else "text"
    return dialect.statement(
        f"INSERT INTO {dialect.own('detached_links')} (audit_id, root_resource, root_item, parent_resource,"
        " parent_item, resource, item_id, columns, old, forget_after)"
        f" SELECT CAST(:audit_id AS text), CAST(:root_resource AS text), r.root, CAST(:parent_resource AS text),"
        f" {dialect.item_id(link.parent, 'p')}, CAST(:resource AS text), {dialect.item_id(link.child)},"
        f" CAST(:columns AS {array}), {dialect.detached(link)}, CAST(:forget_after AS {time})"
        f" FROM {dialect.records('keys', names)} AS r CROSS JOIN {dialect.relation(link.parent)} AS p"
        f" CROSS JOIN {dialect.relation(link.child)} AS t WHERE {dialect.key_match(link.parent, 'p')} AND {join}"
        f" AND NOT {dialect.key_in(link.child, 'leaving')} {dialect.lock} RETURNING item_id"
    )


def note_new_links(connection: Connection, store: Store, link: ForeignKey, audit_id: str, items: list[str]) -> None:
    """Write down what the database put in the place of those links."""
    child = store.catalog.of(link.child)
    width = len(link.child.key)
    keys = [parts for item in items if (parts := ids.split(item, width))]
    if child is not None and keys:
        bound = {"audit_id": audit_id, "resource": child.name, "columns": store.dialect.as_list(link.columns)}
        _note_new_links(store.dialect, link).on(connection, bound | store.dialect.bind("keys", keys, width))


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
    _relinking(store.dialect, link).on(connection, bound)
    _settled(store.dialect, link).on(connection, bound)


def _both_ends(dialect: Dialect, link: ForeignKey) -> str:
    """The child `t` of a link `l` is there, and so is the parent it pointed at."""
    old = [dialect.unpack(link.child.by_name[name], n, "l.old") for n, name in enumerate(link.columns)]
    pairs = zip(link.parent_columns, old, strict=True)
    same = " AND ".join(f"p.{dialect.quote(name)} = {value}" for name, value in pairs)
    match = dialect.key_match(link.child)
    return f"l.id = CAST(r.link AS bigint) AND {match} AND EXISTS (SELECT 1 FROM {dialect.relation(link.parent)} AS p WHERE {same})"


def _named(dialect: Dialect, link: ForeignKey) -> str:
    names = [*(f"k{i}" for i in range(len(link.child.key))), "link"]
    return dialect.records("keys", names)


@cache
def _relinking(dialect: Dialect, link: ForeignKey) -> Statement:
    pairs = [
        f"{dialect.quote(name)} = {dialect.unpack(link.child.by_name[name], n, 'l.old')}"
        for n, name in enumerate(link.columns)
    ]
    return dialect.statement(
        f"UPDATE {dialect.relation(link.child)} AS t SET {', '.join(pairs)}"
        f" FROM {_named(dialect, link)} AS r, {dialect.own('detached_links')} AS l"
        f" WHERE {_both_ends(dialect, link)} AND {dialect.same(dialect.detached(link), 'l.new')}"
    )


@cache
def _settled(dialect: Dialect, link: ForeignKey) -> Statement:
    return dialect.statement(
        f"DELETE FROM {dialect.own('detached_links')} WHERE id IN (SELECT l.id FROM {_named(dialect, link)} AS r,"
        f" {dialect.own('detached_links')} AS l, {dialect.relation(link.child)} AS t WHERE {_both_ends(dialect, link)})"
    )

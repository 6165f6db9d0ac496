"""What the host says of each relation, a foreign key of the database, or one sentence that says how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Column
from sqlalchemy import Table as HostTable

from sexton.errors import ConfigurationError
from sexton.library.declaration import Declared, table_of
from sexton.resource import Cascade, ForeignKey, Resource, Table
from sexton.storage.opening import HostTables


def find(resource: str, table: HostTable, host: HostTables) -> Table:
    """The database's table of a model. Raises ConfigurationError where there is none."""
    schemas = [table.schema] if table.schema else [None, *host.search_path]
    for schema in schemas:
        for found in host.tables:
            if found.schema == schema and found.name.casefold() == table.name.casefold():
                return found
    known = ", ".join(sorted({found.name for found in host.tables})) or "none"
    told = f"{resource}: the database has no table {table.fullname}: run your migrations first (it has {known})"
    raise ConfigurationError(told)


def related(
    declared: Mapping[str, Declared], host: HostTables, resources: Mapping[str, Resource]
) -> tuple[ForeignKey, ...]:
    """All foreign keys, each with what the resource it points at says of it."""
    by_table = {id(resource.table): resource for resource in resources.values()}
    said: dict[int, Cascade] = {}
    for name, one in declared.items():
        if one.resource.cascade is not None:
            said |= _said(one, resources[name].table, host)
    return tuple(
        replace(key, declared=said[id(key)], undone=_undone(key, said[id(key)], by_table)) if id(key) in said else key
        for key in host.foreign_keys
    )


def _said(one: Declared, parent: Table, host: HostTables) -> dict[int, Cascade]:
    """By foreign key; rows that are not named keep the item, unless the database undoes their link by itself."""
    inbound = [key for key in host.foreign_keys if key.parent is parent]
    said: dict[int, Cascade] = {}
    for relation, cascade in _relations(one):
        for key in _keys(one, relation, inbound, host):
            if said.setdefault(id(key), cascade) is not cascade:
                where = f"{key.child.name} ({', '.join(key.columns)})"
                told = f"{one.name}: cascade says both {said[id(key)]} and {cascade} of {where}: name each of its keys once"
                raise ConfigurationError(told)
            _require_possible(one, key, cascade)
    rest = [key for key in inbound if id(key) not in said and not key.on_delete.detaches]
    return said | {id(key): Cascade.RESTRICT for key in rest}


def _relations(one: Declared) -> Iterator[tuple[Any, Cascade]]:
    told = one.resource.cascade or ()
    for relation in told:
        said = told[relation] if isinstance(told, Mapping) else Cascade.DELETE
        try:
            yield relation, Cascade(said)
        except ValueError:
            known = ", ".join(f'"{cascade}"' for cascade in Cascade)
            raise ConfigurationError(f"{one.name}: there is no cascade {said!r}: take one of {known}") from None


def _keys(one: Declared, relation: Any, inbound: list[ForeignKey], host: HostTables) -> list[ForeignKey]:
    """The foreign keys that a model, a table or one of its columns stands for."""
    column = relation.__clause_element__() if hasattr(relation, "__clause_element__") else relation
    if not isinstance(column, Column):
        column = None
    table = column.table if column is not None else table_of(relation)[0]
    child = find(one.name, table, host)
    found = [key for key in inbound if key.child is child and (column is None or column.name in key.columns)]
    if not found:
        named = child.name if column is None else f"{child.name}.{column.name}"
        told = (
            f"{one.name}: cascade names {named}, but no foreign key of it points at {one.table.fullname}: leave it out"
        )
        raise ConfigurationError(told)
    return found


def _require_possible(one: Declared, key: ForeignKey, cascade: Cascade) -> None:
    if not key.child.key and cascade is not Cascade.RESTRICT:
        told = (
            f"{one.name}: cascade names {key.child.name}, which has no primary key and cannot be restored: give it one"
        )
        raise ConfigurationError(told)


def _undone(key: ForeignKey, cascade: Cascade, by_table: Mapping[int, Resource]) -> tuple[str, ...]:
    """The columns that a detachment sets to NULL: neither the row's own identity nor its account."""
    if cascade is not Cascade.DETACH:
        return ()
    child, columns = by_table[id(key.child)], key.child.by_name
    kept = {*key.child.key, child.account_column}
    found = tuple(name for name in key.columns if columns[name].nullable and name not in kept)
    if not found:
        named = f"{key.child.name}.{', '.join(key.columns)}"
        told = f"{key.parent.name}: cascade says detach of {named}, which cannot be NULL: let the column be nullable"
        raise ConfigurationError(f'{told}, or say "delete" or "restrict"')
    return found

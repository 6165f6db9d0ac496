"""Declared resources and the database as it is → the catalog, or one sentence that says how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from sexton.errors import ConfigurationError
from sexton.library.declaration import Declared
from sexton.library.relations import find, related
from sexton.library.rules import as_sql, typed_guard
from sexton.resource import Catalog, Kind, Resource, Table
from sexton.storage.dialects import Dialect
from sexton.storage.opening import HostTables

_NO_TIMES = frozenset({Kind.INTEGER, Kind.BOOLEAN, Kind.FLOAT, Kind.DECIMAL, Kind.BYTES, Kind.JSON, Kind.UUID})


def catalog_of(declared: Mapping[str, Declared], host: HostTables, engine: Engine, dialect: Dialect) -> Catalog:
    """Match every declaration with its table; other tables become hidden resources, so that plans see them too."""
    matched = {id(found): one for one in declared.values() for found in [find(one.name, one.table, host)]}
    tables = {one.name: table for table in host.tables for one in [matched.get(id(table))] if one is not None}
    resources = {}
    for name, one in declared.items():
        resource = _resource(one, tables[name], dialect)
        _try_rule(engine, dialect, resource)
        resources[name] = resource
    for name, table in _others(declared, host, matched):
        resources[name] = Resource(name, table, expose=False)
    keys = related(declared, host, resources)
    return Catalog(resources, keys, tuple(host.without_index()), host.tables)


def _others(
    declared: Mapping[str, Declared], host: HostTables, matched: Mapping[int, Any]
) -> Iterator[tuple[str, Table]]:
    """Tables that nobody declared, by the names they get; those without a primary key have no address."""
    for name, table in host.named().items():
        if id(table) not in matched and table.key:
            if name in declared:
                told = f"the resource {name} is not over the table {name}: declare that table too, or take another name"
                raise ConfigurationError(told)
            yield name, table


def _resource(one: Declared, table: Table, dialect: Dialect) -> Resource:
    own = one.resource
    key = tuple(column.name for column in one.table.primary_key.columns)
    if not table.key or set(key) != set(table.key):
        said = f"({', '.join(table.key)})" if table.key else "none"
        told = f"{one.name}: the model's primary key is ({', '.join(key)}), the table's is {said}: make them the same"
        raise ConfigurationError(told)
    for role in ("account", "version"):
        _require_column(one.name, table, role, getattr(one, role))
    if one.soft:
        _require_deleted_at(one, table)
    columns = [one.table.columns[column.key] for name in table.key for column in one.table.c if column.name == name]
    return Resource(
        one.name,
        table,
        one.strategy,
        one.account,
        one.version,
        one.deleted_at,
        own.expose,
        own.require_if_match,
        None if own.block_when is None else as_sql(one.name, one.table, own.block_when, dialect.name),
        own.block_reason,
        own.recovery_window,
        own.memory,
        None if own.guard is None else typed_guard(own.guard, columns),
    )


def _require_column(resource: str, table: Table, role: str, column: str | None) -> None:
    if column is not None and column not in table.by_name:
        known = ", ".join(table.by_name)
        told = (
            f"{resource}: {role} is {column!r}, which the table {table.name} does not have ({known}): migrate it first"
        )
        raise ConfigurationError(told)


def _require_deleted_at(one: Declared, table: Table) -> None:
    _require_column(one.name, table, "deleted_at", one.deleted_at)
    column = table.by_name[one.deleted_at]
    if not column.nullable or column.kind in _NO_TIMES:
        told = f"{one.name}: {one.deleted_at} is {column.sql_type or 'untyped'}{'' if column.nullable else ' NOT NULL'}"
        raise ConfigurationError(f"{told}: a soft delete needs a nullable timestamp there, or take strategy='archive'")


def _try_rule(engine: Engine, dialect: Dialect, resource: Resource) -> None:
    if resource.block_when is None:
        return
    rule = resource.block_when.replace(":", "\\:")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"SELECT 1 FROM {dialect.relation(resource.table)} AS t WHERE ({rule}) LIMIT 1"))
    except DBAPIError as error:
        reason = " ".join(dialect.conflict_detail(error).split())
        told = f"{resource.name}: the database does not take block_when ({resource.block_when}): {reason}"
        raise ConfigurationError(told) from None

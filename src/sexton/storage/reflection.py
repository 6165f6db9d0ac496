"""The host's database as it is: tables, keys and foreign keys, mapped by nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Inspector, inspect

from sexton.resource import Column, ForeignKey, OnDelete, Table
from sexton.storage.dialects import Dialect

Name = tuple[str | None, str]


def reflect(connection: Connection, dialect: Dialect) -> tuple[tuple[Table, ...], tuple[ForeignKey, ...]]:
    """Read all ordinary tables and the foreign keys between them; Sexton's own are left out."""
    inspector = inspect(connection)
    skipped = dialect.tables_to_skip(connection)
    types = dialect.column_types(connection)
    tables: dict[Name, Table] = {}
    for schema in _schemas(inspector, dialect):
        keys: Any = inspector.get_multi_pk_constraint(schema=schema)
        for name in inspector.get_table_names(schema=schema):
            if (schema, name) in skipped or (schema is None and _is_own(name, dialect)) or (schema, name) not in types:
                continue
            key = tuple((keys.get((schema, name)) or {}).get("constrained_columns") or ())
            tables[schema, name] = Table(schema, name, tuple(types[schema, name].values()), key)
    return tuple(tables.values()), tuple(_foreign_keys(inspector, dialect, tables, dialect.delete_rules(connection)))


def _schemas(inspector: Inspector, dialect: Dialect) -> list[str | None]:
    if dialect.own_schema is None:
        return [None]
    names = inspector.get_schema_names()
    return [n for n in names if n not in (dialect.own_schema, "information_schema") and not n.startswith("pg_")]


def _is_own(name: str, dialect: Dialect) -> bool:
    return bool(dialect.own_prefix) and name.lower().startswith(dialect.own_prefix)


def _foreign_keys(
    inspector: Inspector,
    dialect: Dialect,
    tables: Mapping[Name, Table],
    rules: Mapping[tuple[str, frozenset[str]], str],
) -> Iterable[ForeignKey]:
    folded = {(schema, name.casefold()): table for (schema, name), table in tables.items()}
    for schema in {table.schema for table in tables.values()}:
        indexes = inspector.get_multi_indexes(schema=schema)
        uniques = inspector.get_multi_unique_constraints(schema=schema)
        for (_, name), found in inspector.get_multi_foreign_keys(schema=schema).items():
            child = tables.get((schema, name))
            if child is None:
                continue
            leading = [child.key, *_leading(indexes.get((schema, name))), *_leading(uniques.get((schema, name)))]
            for fact in found:
                referred = fact["referred_schema"] or (_default_schema(inspector) if dialect.own_schema else None)
                rule = rules.get((name, frozenset(fact["constrained_columns"])))
                rule = rule or (fact.get("options") or {}).get("ondelete") or "NO ACTION"
                parent = folded.get((referred, fact["referred_table"].casefold()))
                if parent is not None and (key := _foreign_key(child, parent, fact, rule, leading)) is not None:
                    yield key


def _default_schema(inspector: Inspector) -> str | None:
    return inspector.default_schema_name


def _leading(facts: Any) -> list[tuple[str, ...]]:
    return [tuple(column or "" for column in fact["column_names"]) for fact in facts or ()]


def _foreign_key(
    child: Table, parent: Table, fact: Mapping[str, Any], rule: str, leading: list[tuple[str, ...]]
) -> ForeignKey | None:
    columns = tuple(_named(child, name) for name in fact["constrained_columns"])
    referred = tuple(_named(parent, name) for name in fact["referred_columns"] or parent.key)
    if not all(columns) or not all(referred) or len(columns) != len(referred):
        return None
    action = next(action for action in OnDelete if rule.upper().startswith(action))
    indexed = any(set(index[: len(columns)]) == set(columns) for index in leading)
    name = fact["name"] or f"{child.name}({', '.join(columns)})"
    return ForeignKey(name, child, columns, parent, referred, action, indexed)


def _named(table: Table, name: str) -> str:
    found: Column | None = table.by_name.get(name)
    if found is None:
        found = next((column for column in table.columns if column.name.casefold() == name.casefold()), None)
    return found.name if found else ""

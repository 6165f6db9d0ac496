"""What a host's database offers: its tables as the database sees them, and the rules a resource adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any


class Kind(StrEnum):
    """What a column's values are to Sexton; decides how ids are read and how values look in JSON."""

    INTEGER = "integer"
    BOOLEAN = "boolean"
    FLOAT = "float"
    DECIMAL = "decimal"
    TEXT = "text"
    CHAR = "char"
    UUID = "uuid"
    BYTES = "bytes"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamptz"
    JSON = "json"
    ENUM = "enum"
    OTHER = "other"


class Strategy(StrEnum):
    """What a delete does to the row."""

    ARCHIVE = "archive"
    SOFT = "soft"
    HARD = "hard"


class OnDelete(StrEnum):
    """What the database does to a child when its parent's row is deleted."""

    NO_ACTION = "NO ACTION"
    RESTRICT = "RESTRICT"
    CASCADE = "CASCADE"
    SET_NULL = "SET NULL"
    SET_DEFAULT = "SET DEFAULT"

    @property
    def detaches(self) -> bool:
        """Whether the child stays and only its link changes."""
        return self in (OnDelete.SET_NULL, OnDelete.SET_DEFAULT)


class Cascade(StrEnum):
    """What becomes of the rows behind a foreign key when what they point at is deleted.

    `restrict`: they keep it. `delete`: they go along where the caller asks for a cascade, else they keep it.
    `detach`: they stay, and their link is set to NULL, cascade or not; a restore links them again.
    """

    RESTRICT = "restrict"
    DELETE = "delete"
    DETACH = "detach"


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """A column: `sql_type` is the database's own name of the type, fit for a cast that never shortens a value."""

    name: str
    kind: Kind
    sql_type: str
    nullable: bool = True
    generated: bool = False
    identity_always: bool = False
    scale: int | None = None
    bits: int | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Table:
    """A table with its key columns (empty where it has no primary key)."""

    schema: str | None
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def stored(self) -> tuple[Column, ...]:
        """The columns a row is made of; generated ones follow from the others."""
        return tuple(column for column in self.columns if not column.generated)

    @cached_property
    def key_columns(self) -> tuple[Column, ...]:
        """The key's columns in the key's order."""
        return tuple(self.by_name[name] for name in self.key)


@dataclass(frozen=True, eq=False, slots=True)
class ForeignKey:
    """A foreign key: rows of `child` point at rows of `parent`.

    `declared` is what the host says of it; where it says nothing, the database's own rule stands. `undone` are the
    columns that a declared detachment sets to NULL.
    """

    name: str
    child: Table
    columns: tuple[str, ...]
    parent: Table
    parent_columns: tuple[str, ...]
    on_delete: OnDelete
    indexed: bool = True
    declared: Cascade | None = None
    undone: tuple[str, ...] = ()

    @property
    def cascade(self) -> Cascade:
        """What becomes of the child's rows."""
        return self.declared or (Cascade.DETACH if self.on_delete.detaches else Cascade.DELETE)

    @property
    def detaches(self) -> bool:
        """Whether the child's rows stay without their link."""
        return self.cascade is Cascade.DETACH


Guard = Callable[[Any, list[str]], Mapping[str, str]]
"""Asked within the transaction, on its connection, about locked rows by id: the reasons of those that must stay."""


@dataclass(frozen=True, eq=False, slots=True)
class Resource:
    """A collection backed by one table, and the rules for deleting from it."""

    name: str
    table: Table
    strategy: Strategy = Strategy.ARCHIVE
    account_column: str | None = None
    version_column: str | None = None
    deleted_at_column: str = "deleted_at"
    expose: bool = True
    require_if_match: bool = False
    block_when: str | None = None
    block_reason: str | None = None
    recovery_window: timedelta = timedelta(days=30)
    memory: timedelta = timedelta(hours=24)
    guard: Guard | None = None

    @property
    def soft(self) -> bool:
        """Whether a delete leaves the row in its table."""
        return self.strategy is Strategy.SOFT

    @property
    def has_plain_id(self) -> bool:
        """Whether the key is one column named `id`, so that an item needs no `_id`."""
        return self.table.key == ("id",)


@dataclass(frozen=True, eq=False)
class Catalog:
    """All resources of one database, the foreign keys between its tables, and what was left out and why."""

    resources: Mapping[str, Resource]
    foreign_keys: tuple[ForeignKey, ...]
    warnings: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    _by_table: dict[int, Resource] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the resources by table."""
        self._by_table.update({id(resource.table): resource for resource in self.resources.values()})

    def of(self, table: Table) -> Resource | None:
        """The resource of a table; None for a table without a primary key."""
        return self._by_table.get(id(table))

    @cached_property
    def _inbound(self) -> Mapping[int, tuple[ForeignKey, ...]]:
        found: dict[int, list[ForeignKey]] = {}
        for key in self.foreign_keys:
            found.setdefault(id(key.parent), []).append(key)
        return {parent: tuple(keys) for parent, keys in found.items()}

    def inbound(self, table: Table) -> tuple[ForeignKey, ...]:
        """The foreign keys that point at a table."""
        return self._inbound.get(id(table), ())

    @property
    def exposed(self) -> dict[str, Resource]:
        """The resources that have addresses of their own."""
        return {name: resource for name, resource in self.resources.items() if resource.expose}


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of an account; items, not requests."""

    confirm_above: int = 100
    sync_limit: int = 200
    items_per_hour: int = 100_000
    approve_above: int | None = None
    workers: int | None = None
    """How many workers may be on chunks of the account at once; as many as there are where None."""


MAX_PLANNED_ROWS = 10_000
CHUNK_SIZE = 1_000
MAX_CHUNK_ROWS = 100_000
"""Rows of one plan of a job: items that keep each other's dependents can only go, and come back, in one."""

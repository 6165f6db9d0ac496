"""What a host declares: its models, and the rules for deleting from them. Checked as far as no database is needed."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Table, inspect
from sqlalchemy.orm import Mapper

from sexton.api.routes import OWN_PATHS
from sexton.errors import ConfigurationError
from sexton.resource import Cascade, Strategy

_RESERVED = OWN_PATHS | {"healthz", "readyz", "metrics", "openapi.json", "docs"}
_UNFIT = frozenset("/{}")


@dataclass(frozen=True, eq=False)
class Resource:
    """A model of the host's, or a plain `Table`, and the rules for deleting from it.

    `name` is its part of the URL (the table's name where None). `account`, `version` and `deleted_at` are columns of
    the model. `block_when` is an SQL expression over its columns: rows for which it is true stay, for `block_reason`.
    `guard(connection, ids)` is asked once for many locked rows, on the connection of the delete's transaction, and
    returns the reasons of those that must stay, by id. `cascade` says what becomes of the rows that point at an item: a
    list of models whose rows may go along where a caller asks for that, or a mapping of them to `"delete"` (just
    that), `"detach"` (they stay, their link is set to NULL) or `"restrict"` (they keep the item); a column stands for
    one foreign key of several. Rows that are not named keep the item, unless the database itself sets their link to
    NULL; None: all may go along. `expose=False`: reachable through cascades and
    in code only. Times are `timedelta`s. What cannot be raises ConfigurationError, at the start.
    """

    model: Any
    _: KW_ONLY
    name: str | None = None
    strategy: Strategy | str = Strategy.ARCHIVE
    account: Any = None
    version: Any = None
    deleted_at: Any = "deleted_at"
    block_when: Any = None
    block_reason: str | None = None
    guard: Callable[[Any, list[Any]], Mapping[Any, str]] | None = None
    cascade: Sequence[Any] | Mapping[Any, Cascade | str] | None = None
    expose: bool = True
    require_if_match: bool = False
    recovery_window: timedelta = timedelta(days=30)
    memory: timedelta = timedelta(hours=24)


@dataclass(frozen=True, eq=False)
class Declared:
    """A resource whose model was understood: its table, and its columns by name."""

    resource: Resource
    name: str
    table: Table
    mapper: Mapper[Any] | None
    strategy: Strategy
    account: str | None
    version: str | None
    deleted_at: str

    @property
    def soft(self) -> bool:
        """Whether a delete only sets `deleted_at`."""
        return self.strategy is Strategy.SOFT

    @property
    def deleted_at_column(self) -> Column[Any]:
        """The column that a soft delete sets."""
        return next(column for column in self.table.columns if column.name == self.deleted_at)


def understand(resources: Sequence[Any]) -> dict[str, Declared]:
    """The declared resources by name. Raises ConfigurationError with one sentence that says how to mend it."""
    found: dict[str, Declared] = {}
    tables: dict[str, str] = {}
    for resource in resources:
        declared = _understand(resource)
        if declared.name in found:
            told = f"two resources are named {declared.name!r}: give one of them another name=…"
            raise ConfigurationError(told)
        first = tables.setdefault(declared.table.fullname, declared.name)
        if first != declared.name:
            told = f"{first} and {declared.name} are both over the table {declared.table.fullname}: declare it once"
            raise ConfigurationError(told)
        found[declared.name] = declared
    return found


def _understand(resource: Any) -> Declared:
    if not isinstance(resource, Resource):
        raise ConfigurationError(f"resources=[…] holds {resource!r}: write Resource({_title(resource)}, …)")
    table, mapper = table_of(resource.model)
    name = table.fullname if resource.name is None else resource.name
    _require_name(resource, name)
    account, version = (column_of(name, table, role, getattr(resource, role)) for role in ("account", "version"))
    strategy = _strategy(name, resource.strategy)
    deleted_at = _deleted_at(name, table, resource) if strategy is Strategy.SOFT else "deleted_at"
    _require_times(name, resource)
    return Declared(resource, name, table, mapper, strategy, account, version, deleted_at)


def _title(thing: Any) -> str:
    return thing.__name__ if isinstance(thing, type) else repr(thing)


def table_of(model: Any) -> tuple[Table, Mapper[Any] | None]:
    """The table of a mapped class, or a plain table. Raises ConfigurationError for anything else."""
    if isinstance(model, Table):
        return model, None
    mapper = inspect(model, raiseerr=False)
    if not isinstance(mapper, Mapper):
        told = f"{_title(model)} is neither a mapped class nor a Table: declare the SQLAlchemy model itself"
        raise ConfigurationError(told)
    if mapper.inherits is not None:
        told = f"{_title(model)} inherits the mapping of {mapper.inherits.class_.__name__}: declare that class instead"
        raise ConfigurationError(told)
    if not isinstance(mapper.local_table, Table):
        told = f"{_title(model)} is mapped to {type(mapper.local_table).__name__}, not to a table: declare the Table"
        raise ConfigurationError(told)
    return mapper.local_table, mapper


def _require_name(resource: Resource, name: str) -> None:
    if not name or _UNFIT & set(name):
        raise ConfigurationError(f"{name!r} cannot be a part of a URL: give {_title(resource.model)} a plain name=…")
    if name in _RESERVED and resource.expose:
        raise ConfigurationError(f"{name} is one of Sexton's own paths: give {_title(resource.model)} another name=…")


def _strategy(name: str, told: Strategy | str) -> Strategy:
    try:
        return Strategy(told)
    except ValueError:
        known = ", ".join(f'"{strategy}"' for strategy in Strategy)
        raise ConfigurationError(f"{name}: there is no strategy {told!r}: take one of {known}") from None


def _deleted_at(name: str, table: Table, resource: Resource) -> str:
    told = resource.deleted_at
    if isinstance(told, str) and named(table, told) is None:
        how = "add a nullable timestamp, name another as deleted_at=…, or take strategy='archive', which needs none"
        raise ConfigurationError(f"{name}: strategy='soft' needs a column {told!r} in {table.fullname}: {how}")
    return column_of(name, table, "deleted_at", told) or ""


def _require_times(name: str, resource: Resource) -> None:
    for role in ("recovery_window", "memory"):
        told = getattr(resource, role)
        if not isinstance(told, timedelta) or told < timedelta(0):
            raise ConfigurationError(f"{name}: {role}={told!r} is no time to wait: write timedelta(days=30)")


def named(table: Table, name: str) -> Column[Any] | None:
    """The column that the database knows by this name."""
    return next((column for column in table.columns if column.name == name), None)


def column_of(resource: str, table: Table, role: str, told: Any) -> str | None:
    """The name of a column that a declaration names, as attribute, column or text. Raises ConfigurationError."""
    if told is None:
        return None
    element = told.__clause_element__() if hasattr(told, "__clause_element__") else told
    if isinstance(element, str):
        found, of = named(table, element), table.fullname
    else:
        of = getattr(getattr(element, "table", None), "fullname", None) or repr(told)
        found = named(table, getattr(element, "name", "") or "") if of == table.fullname else None
    if found is None:
        near = difflib.get_close_matches(
            str(getattr(element, "name", element)), [c.name for c in table.columns], 1, 0.0
        )
        where = f"it is of {of}" if of != table.fullname else "there is no such column"
        told_ = f"{resource}: {role}={told} is no column of {table.fullname} ({where}); the nearest is {near[0]!r}"
        raise ConfigurationError(told_)
    return found.name

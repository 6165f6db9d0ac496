"""One database with Sexton on it: its engine, its dialect, Sexton's tables and the host's resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy import Table as OwnTable

from sexton.receivers import Reach
from sexton.resource import Catalog, Limits
from sexton.storage.dialects import Dialect
from sexton.storage.tables import own_tables


@dataclass(frozen=True, eq=False)
class Store:
    """Everything an action needs besides a connection."""

    engine: Engine
    dialect: Dialect
    catalog: Catalog
    limits: Limits = field(default_factory=Limits)
    account_limits: Mapping[str, Limits] = field(default_factory=dict)
    reach: Reach = field(default_factory=Reach)
    tables: Mapping[str, OwnTable] = field(init=False)

    def __post_init__(self) -> None:
        """Name Sexton's own tables as this database does."""
        named = own_tables(MetaData(), self.dialect.own_schema, self.dialect.own_prefix)
        object.__setattr__(self, "tables", named)

    def limits_of(self, account: str) -> Limits:
        """The bounds of an account."""
        return self.account_limits.get(account, self.limits)

    @contextmanager
    def write(self, *, patient: bool = False) -> Iterator[Connection]:
        """A transaction that writes: commits at the end, rolls back on an exception; `patient` lets others go first."""
        with self.dialect.write(self.engine, patient=patient) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading."""
        with self.dialect.read(self.engine) as connection:
            yield connection

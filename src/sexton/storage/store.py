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
from sexton.telemetry.instruments import Instrument, Sample
from sexton.telemetry.recorder import Recorder

_DONE = "sexton.done"


@dataclass(frozen=True, eq=False)
class Store:
    """Everything an action needs besides a connection."""

    engine: Engine
    dialect: Dialect
    catalog: Catalog
    limits: Limits = field(default_factory=Limits)
    account_limits: Mapping[str, Limits] = field(default_factory=dict)
    reach: Reach = field(default_factory=Reach)
    recorder: Recorder = field(default_factory=Recorder)
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
        with self.dialect.write(self.engine, patient=patient) as connection, self.counting(connection) as done:
            yield connection
        if done:
            self.recorder.tell_all(done)

    @contextmanager
    def counting(self, connection: Connection) -> Iterator[list[Sample]]:
        """Collect what is counted on a connection; whoever sees its transaction commit tells it."""
        known = connection.info  # a lost connection has none to ask
        outer, done = known.get(_DONE), list[Sample]()
        known[_DONE] = done
        try:
            yield done
        finally:
            known[_DONE] = outer

    def count(self, connection: Connection, instrument: Instrument, counts: Mapping[str, int], *labels: str) -> None:
        """Count by word, the last label, what a transaction did: once it has committed, and not where it rolls back."""
        connection.info[_DONE].extend((instrument, n, (*labels, word)) for word, n in counts.items() if n)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading."""
        with self.dialect.read(self.engine) as connection:
            yield connection

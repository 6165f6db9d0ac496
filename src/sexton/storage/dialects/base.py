"""What differs between the databases, as small answers. Nothing outside this folder asks which database it is.

SQL is assembled from these pieces and from identifiers that `quote` has quoted; every value is a bound parameter.
The alias of a host's table is always `t`, of a list of records bound as a parameter `r`.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Row, text
from sqlalchemy.engine import Dialect as SQLAlchemyDialect

from sexton.resource import Column, ForeignKey, Resource, Table

Record = Sequence[str | None]


class Statement:
    """SQL that was translated for the driver once, so that running it costs no more than the driver does."""

    __slots__ = ("_driver", "_sql", "_text")

    def __init__(self, sql: str, driver: SQLAlchemyDialect) -> None:
        """Translate `:name` parameters to the driver's own."""
        self._text, self._driver = text(sql), driver.driver
        self._sql = str(self._text.compile(dialect=driver))

    def on(self, connection: Connection, bound: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
        """Run it; on a host's connection of another driver it is translated there."""
        if connection.dialect.driver != self._driver:
            return connection.execute(self._text, dict(bound))
        return connection.exec_driver_sql(self._sql, dict(bound))

    def stream(
        self, connection: Connection, bound: Mapping[str, Any], size: int
    ) -> Iterator[Sequence[Row[tuple[Any, ...]]]]:
        """Run it and read its rows as they are wanted, so many at a time, so that none but these are held here."""
        options = {"yield_per": size}
        if connection.dialect.driver != self._driver:
            found = connection.execute(self._text, dict(bound), execution_options=options)
        else:
            found = connection.exec_driver_sql(self._sql, dict(bound), execution_options=options)
        with found:
            yield from found.partitions(size)


class Dialect(ABC):
    """One database's way of spelling what Sexton needs."""

    name: str
    driver: SQLAlchemyDialect
    own_schema: str | None
    own_prefix: str
    lock: str
    """Appended to a select to lock the rows of `t`."""
    deletes_knots_at_once: bool
    """Whether one statement removes rows of several tables, so that cycles between them need no order."""
    fence: str
    """Ends a subquery so that no condition from outside is evaluated on rows it leaves out (casts of them would raise)."""
    recurs_once: bool
    """Whether a recursive query may name itself only once."""
    commits_apart: bool
    """Whether `apart` gives a connection whose commit is its own."""
    chunk_seconds: float
    """How long a chunk should take, so that a pause returns and others get their turn."""

    def statement(self, sql: str) -> Statement:
        """SQL with `:name` parameters, made ready for the driver."""
        return Statement(sql, self.driver)

    # -- names ---------------------------------------------------------------------------------------------

    def quote(self, name: str) -> str:
        """Quote an identifier for use in `text()`: quotes doubled, colons kept from being parameters."""
        return '"' + name.replace('"', '""').replace(":", "\\:") + '"'

    def literal(self, name: str) -> str:
        """A name of the configuration or of the database itself as a text constant."""
        return "'" + name.replace("'", "''").replace(":", "\\:") + "'"

    def relation(self, table: Table) -> str:
        """The table's quoted, qualified name."""
        name = self.quote(table.name)
        return f"{self.quote(table.schema)}.{name}" if table.schema else name

    def own(self, name: str) -> str:
        """The quoted name of one of Sexton's own tables."""
        return self.quote(self.own_prefix + name) if self.own_schema is None else f"{self.own_schema}.{name}"

    # -- connections ---------------------------------------------------------------------------------------

    connect: Mapping[str, Any] = {}
    """What the driver is told beside the URL."""

    def configure(self, *, pooled: bool, told: Mapping[str, Any]) -> None:
        """Get ready for a pooler in transaction mode; `told` is what the URL says already."""
        del pooled, told

    @abstractmethod
    def prepare_engine(self, engine: Engine) -> None:
        """Make every new connection one whose text forms and locks Sexton can rely on."""

    @contextmanager
    def write(self, engine: Engine, *, patient: bool = False) -> Iterator[Connection]:
        """Open a transaction that writes; commits at the end, rolls back on an exception.

        Who is `patient` leaves the writer's place to others where there is only one, and waits for a lock so briefly
        that nobody who waits for the end of this transaction waits for long.
        """
        del patient
        with engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self, engine: Engine) -> Iterator[Connection]:
        """Open a connection for reading."""
        with engine.connect() as connection:
            yield connection

    @contextmanager
    def apart(self, engine: Engine, connection: Connection) -> Iterator[Connection]:
        """A connection whose commit is its own, where the database can; else the one given."""
        del engine
        yield connection

    @contextmanager
    def guest(self, connection: Connection, *, savepoint: bool, bounded: bool) -> Iterator[None]:
        """A host's own connection as one on which Sexton's statements may rely on what they rely on.

        With a savepoint, nothing of the block is left after an exception; the host's settings are afterwards what they
        were. Waits for locks are the host's own affair, or `bounded` as ours are. Raises ConfigurationError where the connection cannot be relied on.
        """
        del bounded
        with connection.begin_nested() if savepoint else nullcontext():
            yield

    def begin(self, connection: Connection) -> None:
        """Let the transaction of somebody else's connection have really begun, whatever its driver puts off."""
        del connection

    def close(self, engine: Engine) -> None:
        """Close all connections."""
        engine.dispose()

    @abstractmethod
    def now(self, connection: Connection) -> datetime:
        """The database's time, with its zone."""

    @abstractmethod
    def defer_foreign_keys(self, connection: Connection) -> None:
        """Let foreign keys be checked at the end of the transaction, where that is needed for cycles."""

    @abstractmethod
    def is_lock_timeout(self, error: BaseException) -> bool:
        """Whether a driver's error says that somebody else held a lock for too long."""

    @abstractmethod
    def is_transient(self, error: BaseException) -> bool:
        """Whether a driver's error says nothing of the rows: a lock, a lost connection, a full disk, a time-out."""

    @abstractmethod
    def conflict_detail(self, error: BaseException) -> str:
        """What a constraint said, without the statement."""

    # -- lists as parameters -------------------------------------------------------------------------------

    @abstractmethod
    def records(self, parameter: str, columns: Sequence[str]) -> str:
        """A derived table (without alias) of text columns, bound as `parameter` by `bind`."""

    @abstractmethod
    def bind(self, parameter: str, records: Sequence[Record], width: int) -> dict[str, Any]:
        """The parameters for `records`."""

    # -- keys ----------------------------------------------------------------------------------------------

    @abstractmethod
    def key_text(self, column: Column, alias: str = "t") -> str:
        """A key column as text, the way ids spell it."""

    @abstractmethod
    def key_sides(self, column: Column, value: str, alias: str = "t") -> tuple[str, str]:
        """A key column and a value given as text, made comparable; the column stays bare where it has an index."""

    def key_equals(self, column: Column, value: str, alias: str = "t") -> str:
        """Whether a key column equals a value given as text."""
        return " = ".join(self.key_sides(column, value, alias))

    @abstractmethod
    def acceptable(self, column: Column, value: str) -> bool:
        """Whether a text can be a value of the column's type at all (else the database would raise)."""

    def canonical(self, column: Column, value: str) -> str:
        """The one spelling under which the database knows this key value."""
        del column
        return value

    def key_match(self, table: Table, alias: str = "t", records: str = "r") -> str:
        """Join condition between a table and records whose first columns are `k0`, `k1`, ….."""
        return " AND ".join(self.key_equals(c, f"{records}.k{i}", alias) for i, c in enumerate(table.key_columns))

    def key_in(self, table: Table, parameter: str) -> str:
        """Whether the key of `t` is among the records bound as `parameter`, looked up at once and not one by one."""
        sides = [self.key_sides(column, f"k{i}") for i, column in enumerate(table.key_columns)]
        own, given = (", ".join(side) for side in zip(*sides, strict=True))
        names = [f"k{i}" for i in range(len(sides))]
        return f"({own}) IN (SELECT {given} FROM {self.records(parameter, names)} AS among)"

    def item_id(self, table: Table, alias: str = "t") -> str:
        """The id of a row, spelled as `ids.join` does."""
        parts = [self.key_text(column, alias) for column in table.key_columns]
        if len(parts) == 1:
            return parts[0]
        return " || ',' || ".join(f"replace(replace({p}, '%', '%25'), ',', '%2C')" for p in parts)

    def key_order(self, table: Table, alias: str = "t") -> str:
        """The order in which rows are locked and listed."""
        return ", ".join(f"{alias}.{self.quote(name)}" for name in table.key)

    # -- values --------------------------------------------------------------------------------------------

    @abstractmethod
    def text_of(self, column: Column, alias: str = "t") -> str:
        """A column as text."""

    @abstractmethod
    def typed(self, column: Column, value: str) -> str:
        """A text expression as a value of the column's type."""

    @abstractmethod
    def time_value(self, column: Column, value: str) -> str:
        """A bound time as a value of a time column of the host's."""

    @abstractmethod
    def pack(self, table: Table, alias: str = "t") -> str:
        """A row as a snapshot: every stored column, in the table's order, without loss."""

    @abstractmethod
    def unpack(self, column: Column, position: int, snapshot: str) -> str:
        """A column's value out of a snapshot (`position` counts from 0)."""

    @abstractmethod
    def hash_of(self, packed: str) -> str:
        """A hash of a packed row that any process computes alike."""

    def etag(self, resource: Resource, alias: str = "t") -> str:
        """The entity tag of a row: its version column where it has one, else a hash of its content."""
        if resource.version_column is not None:
            return self.text_of(resource.table.by_name[resource.version_column], alias)
        return self.hash_of(self.pack(resource.table, alias))

    @abstractmethod
    def same(self, left: str, right: str) -> str:
        """Whether two values are equal, NULL counting as a value."""

    @abstractmethod
    def detached(self, key: ForeignKey, alias: str = "t") -> str:
        """The columns of a link as a snapshot list."""

    # -- items as JSON -------------------------------------------------------------------------------------

    @abstractmethod
    def document_columns(self, table: Table, alias: str = "t") -> str:
        """Select list from which `document` makes the item."""

    @abstractmethod
    def document(self, table: Table, row: Sequence[Any]) -> dict[str, Any]:
        """The item as JSON values: bytes as base64, exact numerics as strings, times as RFC 3339."""

    @abstractmethod
    def incoming(self, table: Table, names: Sequence[str]) -> str:
        """A derived table `d` of typed columns out of a posted document bound as `document`."""

    @abstractmethod
    def bind_incoming(self, table: Table, document: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters for `incoming`. Raises ValueError with the column's name for a value it cannot hold."""

    @abstractmethod
    def compare(self, column: Column, operator: str, parameter: str) -> str:
        """A condition of a filter between a column and the bound `parameter`."""

    @abstractmethod
    def operand(self, column: Column, value: Any) -> Any:
        """The value of a filter as it is bound. Raises ValueError where the column cannot be compared with it."""

    def starts_with(self, column: Column, parameter: str) -> str:
        """A condition that a text begins with the bound text, letter for letter."""
        return f"substr({self.text_of(column)}, 1, length(:{parameter})) = :{parameter}"

    # -- sets of items -------------------------------------------------------------------------------------

    @abstractmethod
    def gather(self, expression: str, order: str) -> str:
        """Aggregate of texts into a list as chunks store it."""

    @abstractmethod
    def contains(self, lists: str, parameter: str) -> str:
        """Whether a stored list holds the bound text."""

    @abstractmethod
    def as_list(self, values: Sequence[Any]) -> Any:
        """A list as it is bound to a list column in text SQL."""

    @abstractmethod
    def from_list(self, stored: Any) -> list[Any]:
        """A list column as text SQL returns it."""

    @abstractmethod
    def latest(self, relation: str, match: str) -> str:
        """Joins to each record before it the row `s` with the highest id of those rows `n` that match.

        Looked up one by one, whatever the statistics say: they lag behind a table that a job fills.
        """

    @abstractmethod
    def length(self, stored: str) -> str:
        """How many elements a stored list has."""

    @abstractmethod
    def list_without(self, stored: str, named: str) -> str:
        """A stored list without the members that a JSON object names, in its order."""

    @abstractmethod
    def members(self) -> str:
        """All items of the job bound as `job_id`: chunk `n`, place `o` in it (from 0), `id`, `version`."""

    @abstractmethod
    def json_each(self, stored: str) -> str:
        """The members of a stored JSON object as a set of `key` and `value`."""

    def remaining(self) -> str:
        """The tokens of the account's bucket now, refilled since it was last used."""
        return f"{self.least()}(:capacity, q.remaining + {self.seconds_since('q.refilled_at')} * :rate)"

    def least(self) -> str:
        """The scalar minimum."""
        return "least"

    @abstractmethod
    def seconds_since(self, column: str) -> str:
        """Seconds between a stored time and the bound `now`."""

    @abstractmethod
    def bind_time(self, value: datetime | None) -> Any:
        """A time as text SQL binds it for Sexton's own tables."""

    @abstractmethod
    def read_time(self, value: Any) -> datetime | None:
        """A time as text SQL returns it from Sexton's own tables."""

    # -- start-up ------------------------------------------------------------------------------------------

    @abstractmethod
    def tables_to_skip(self, connection: Connection) -> frozenset[tuple[str | None, str]]:
        """Tables that are no resources: partitions of another, virtual and shadow tables."""

    @abstractmethod
    def column_types(self, connection: Connection) -> Mapping[tuple[str | None, str], Mapping[str, Column]]:
        """Every column of every table of the host's, by (schema, table)."""

    def delete_rules(self, connection: Connection) -> Mapping[tuple[str, frozenset[str]], str]:
        """ON DELETE rules by (table, columns), where the inspector does not tell them all."""
        del connection
        return {}


class WriterLock:
    """One writer at a time inside a process, so that threads wait in line instead of polling the database."""

    def __init__(self) -> None:
        """Start unlocked."""
        self._lock = threading.Lock()

    @contextmanager
    def held(self, timeout: float) -> Iterator[bool]:
        """Hold the lock; yields False where it was not to be had in time."""
        got = self._lock.acquire(timeout=timeout)
        try:
            yield got
        finally:
            if got:
                self._lock.release()


def scalar(connection: Connection, sql: str, **parameters: Any) -> Any:
    """The first column of the first row."""
    return connection.execute(text(sql), parameters).scalar()

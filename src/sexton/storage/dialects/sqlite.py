"""SQLite 3.37 and newer, through the standard library's driver."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import OperationalError

from sexton.errors import ConfigurationError
from sexton.resource import Column, ForeignKey, Kind, Table
from sexton.storage.dialects import sqlite_values, values
from sexton.storage.dialects.base import Dialect, Record, WriterLock

_BUSY_SECONDS = 10.0
_ASK_SECONDS = 0.001
_DECLARED = (
    (re.compile("BOOL"), Kind.BOOLEAN),
    (re.compile("INT"), Kind.INTEGER),
    (re.compile("DATETIME|TIMESTAMP"), Kind.TIMESTAMP),
    (re.compile("DATE"), Kind.DATE),
    (re.compile("JSON"), Kind.JSON),
    (re.compile("CHAR|CLOB|TEXT|UUID"), Kind.TEXT),
    (re.compile("DECIMAL|NUMERIC|MONEY"), Kind.DECIMAL),
    (re.compile("REAL|FLOA|DOUB"), Kind.FLOAT),
    (re.compile("BLOB|BINARY"), Kind.BYTES),
)
_TRANSIENT = ("is locked", "is full", "I/O error", "readonly", "unable to open", "interrupted")
_SCALE = re.compile(r"\(\s*\d+\s*,\s*(\d+)\s*\)")


class SQLite(Dialect):
    """One writer at a time; types belong to values, so snapshots tag what JSON cannot hold."""

    name = "sqlite"
    driver = sqlite.dialect(paramstyle="named")
    own_schema = None
    own_prefix = "sexton_"
    lock = ""
    deletes_knots_at_once = False
    fence = ""
    recurs_once = False
    commits_apart = False
    chunk_seconds = 0.05

    def __init__(self) -> None:
        """One line for the writers of this process."""
        self._writers = WriterLock()

    # -- connections ---------------------------------------------------------------------------------------

    def prepare_engine(self, engine: Engine) -> None:
        """Foreign keys on, write-ahead log, transactions that begin where Sexton says, and its own functions."""

        @event.listens_for(engine, "connect")
        def settle(connection: sqlite3.Connection, _record: Any) -> None:
            connection.isolation_level = None
            for pragma in ("foreign_keys=ON", "journal_mode=WAL", f"busy_timeout={int(_BUSY_SECONDS * 1000)}"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("PRAGMA wal_autocheckpoint=16000")
            _add_functions(connection)

    @contextmanager
    def guest(self, connection: Connection, *, savepoint: bool, bounded: bool) -> Iterator[None]:
        """A transaction that the driver has really begun: it would commit with a savepoint of its own."""
        del bounded  # a wait for the one writer is by the host's `timeout`
        if not connection.exec_driver_sql("PRAGMA foreign_keys").scalar():
            told = "foreign keys are off on this connection: run PRAGMA foreign_keys=ON in the engine's `connect` event"
            raise ConfigurationError(told)
        if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
            told = "this connection is in autocommit, nothing could be rolled back: hand over one in a transaction"
            raise ConfigurationError(told)
        if not connection.info.get("sexton"):
            _add_functions(connection.connection)
            connection.info["sexton"] = True
        self.begin(connection)
        deferred = connection.exec_driver_sql("PRAGMA defer_foreign_keys").scalar()
        try:
            with connection.begin_nested() if savepoint else nullcontext():
                yield
        finally:
            if not connection.invalidated:
                connection.exec_driver_sql(f"PRAGMA defer_foreign_keys={deferred}")

    def begin(self, connection: Connection) -> None:
        """The standard library's driver sends no BEGIN before a savepoint or a CREATE TABLE."""
        if not getattr(connection.connection.driver_connection, "in_transaction", True):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    @contextmanager
    def write(self, engine: Engine, *, patient: bool = False) -> Iterator[Connection]:
        """Wait in line, then BEGIN IMMEDIATE: nobody else writes until the end."""
        with self._writers.held(_BUSY_SECONDS) as got:
            if not got:
                locked = sqlite3.OperationalError("database is locked")
                raise OperationalError("BEGIN IMMEDIATE", None, locked)
            with engine.begin() as connection:
                if patient:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                else:
                    _begin(connection.connection.driver_connection)
                yield connection

    @contextmanager
    def read(self, engine: Engine) -> Iterator[Connection]:
        """One snapshot for all reads of the block."""
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection

    def now(self, connection: Connection) -> datetime:
        """The clock of the process, which is the database's here."""
        del connection
        return datetime.now(UTC)

    def defer_foreign_keys(self, connection: Connection) -> None:
        """Check foreign keys at COMMIT."""
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")

    def is_lock_timeout(self, error: BaseException) -> bool:
        """`SQLITE_BUSY` and `SQLITE_LOCKED`."""
        return "is locked" in _operational(error)

    def is_transient(self, error: BaseException) -> bool:
        """Locks, a full disk, a file that cannot be written."""
        said = _operational(error)
        return any(words in said for words in _TRANSIENT)

    def conflict_detail(self, error: BaseException) -> str:
        """The library's message."""
        return str(getattr(error, "orig", error))

    # -- lists as parameters -------------------------------------------------------------------------------

    def records(self, parameter: str, columns: Sequence[str]) -> str:
        """A JSON array of texts, or of arrays of texts."""
        if len(columns) == 1:
            return f"(SELECT value AS {columns[0]} FROM json_each(:{parameter}))"
        names = ", ".join(f"value->>{i} AS {name}" for i, name in enumerate(columns))
        return f"(SELECT {names} FROM json_each(:{parameter}))"

    def bind(self, parameter: str, records: Sequence[Record], width: int) -> dict[str, Any]:
        """One JSON text."""
        return {parameter: json.dumps([record[0] if width == 1 else list(record) for record in records])}

    # -- keys ----------------------------------------------------------------------------------------------

    def key_text(self, column: Column, alias: str = "t") -> str:
        """The value as text; bytes as PostgreSQL spells them."""
        value = f"{alias}.{self.quote(column.name)}"
        if column.kind is not Kind.BYTES:
            return f"CAST({value} AS TEXT)"
        return f"CASE typeof({value}) WHEN 'blob' THEN '\\x' || lower(hex({value})) ELSE CAST({value} AS TEXT) END"

    def key_sides(self, column: Column, value: str, alias: str = "t") -> tuple[str, str]:
        """The column's affinity turns the text into its kind of value; columns without one compare texts."""
        if column.kind in (Kind.BYTES, Kind.OTHER):
            return self.key_text(column, alias), value
        return f"{alias}.{self.quote(column.name)}", value

    def acceptable(self, column: Column, value: str) -> bool:
        """Any text can be compared with any column."""
        del column, value
        return True

    # -- values --------------------------------------------------------------------------------------------

    def text_of(self, column: Column, alias: str = "t") -> str:
        """The value as text."""
        return f"CAST({alias}.{self.quote(column.name)} AS TEXT)"

    def typed(self, column: Column, value: str) -> str:
        """As it is: the column's affinity does the rest."""
        del column
        return value

    def time_value(self, column: Column, value: str) -> str:
        """The form CURRENT_TIMESTAMP has, with microseconds."""
        del column
        return f"replace(replace({value}, 'T', ' '), 'Z', '')"

    def pack(self, table: Table, alias: str = "t") -> str:
        """A JSON array."""
        parts = " || ',' || ".join(self._packed(f"{alias}.{self.quote(column.name)}") for column in table.stored)
        return f"('[' || {parts} || ']')"

    @staticmethod
    def _packed(value: str) -> str:
        return (
            f"CASE typeof({value}) WHEN 'real' THEN json_object('real', printf('%!.17g', {value}))"
            f" WHEN 'blob' THEN json_object('blob', hex({value})) WHEN 'text' THEN"
            f" CASE WHEN instr(CAST({value} AS BLOB), x'00') THEN json_object('text', hex({value}))"
            f" ELSE json_quote({value}) END ELSE json_quote({value}) END"
        )

    def unpack(self, column: Column, position: int, snapshot: str) -> str:
        """The element; what JSON cannot hold is tagged."""
        del column
        value = f"json_extract({snapshot}, '$[{position}]')"
        tagged = f"json_type({snapshot}, '$[{position}]') = 'object'"
        return f"CASE WHEN {tagged} THEN sexton_untag({value}) ELSE {value} END"

    def hash_of(self, packed: str) -> str:
        """SHA-256 of the JSON."""
        return f"sexton_hash({packed})"

    def same(self, left: str, right: str) -> str:
        """NULL-safe equality."""
        return f"{left} IS {right}"

    def detached(self, key: ForeignKey, alias: str = "t") -> str:
        """A JSON array."""
        parts = " || ',' || ".join(self._packed(f"{alias}.{self.quote(column)}") for column in key.columns)
        return f"('[' || {parts} || ']')"

    # -- items as JSON -------------------------------------------------------------------------------------

    def document_columns(self, table: Table, alias: str = "t") -> str:
        """The raw values."""
        return ", ".join(f"{alias}.{self.quote(column.name)}" for column in table.columns)

    def document(self, table: Table, row: Sequence[Any]) -> dict[str, Any]:
        """Each value by its own type and its column's declared one."""
        return {
            column.name: sqlite_values.shown(column, value) for column, value in zip(table.columns, row, strict=True)
        }

    def incoming(self, table: Table, names: Sequence[str]) -> str:
        """One bound value a column."""
        places = {column.name: f":incoming_{i}" for i, column in enumerate(table.columns)}
        columns = ", ".join(f"{places[name]} AS {self.quote(name)}" for name in names) or "1 AS nothing"
        return f"(SELECT {columns})"

    def bind_incoming(self, table: Table, document: Mapping[str, Any]) -> dict[str, Any]:
        """Each value as its column's declared type wants it."""
        columns = enumerate(table.columns)
        return {f"incoming_{i}": sqlite_values.incoming(c, document[c.name]) for i, c in columns if c.name in document}

    def compare(self, column: Column, operator: str, parameter: str) -> str:
        """Times compare as instants, whichever way they are written; the rest by affinity."""
        if column.kind in (Kind.TIMESTAMP, Kind.DATE):
            return f"sexton_time(t.{self.quote(column.name)}) {operator} :{parameter}"
        return f"t.{self.quote(column.name)} {operator} :{parameter}"

    def operand(self, column: Column, value: Any) -> Any:
        """The value as the column's declared type wants it."""
        if column.kind in (Kind.TIMESTAMP, Kind.DATE):
            return sqlite_values.comparable_time(values.operand_text(column, value))
        return sqlite_values.incoming(column, value)

    # -- sets of items -------------------------------------------------------------------------------------

    def gather(self, expression: str, order: str) -> str:
        """A JSON array; the caller's subquery has the order."""
        del order
        return f"json_group_array({expression})"

    def contains(self, lists: str, parameter: str) -> str:
        """A search of the JSON array."""
        return f"EXISTS (SELECT 1 FROM json_each({lists}) WHERE value = :{parameter})"

    def as_list(self, values: Sequence[Any]) -> Any:
        """A JSON text."""
        return json.dumps(list(values))

    def from_list(self, stored: Any) -> list[Any]:
        """Parse it."""
        return list(json.loads(stored))

    def latest(self, relation: str, match: str) -> str:
        """A query for each record, then the row by its rowid."""
        return f"CROSS JOIN {relation} AS s ON s.id = (SELECT max(n.id) FROM {relation} AS n WHERE {match})"

    def length(self, stored: str) -> str:
        """Of a JSON array."""
        return f"json_array_length({stored})"

    def list_without(self, stored: str, named: str) -> str:
        """A JSON array, rebuilt only where something is named."""
        kept = (
            f"SELECT value FROM json_each({stored}) WHERE value NOT IN (SELECT key FROM json_each({named})) ORDER BY id"
        )
        return f"CASE WHEN {named} = '{{}}' THEN {stored} ELSE (SELECT json_group_array(value) FROM ({kept})) END"

    def members(self) -> str:
        """The members of one array, each with the other array's at the same place."""
        version = "json_extract(c.versions, '$[' || j.key || ']')"
        chunks = f"{self.own('bulk_chunks')} AS c, json_each(c.ids) AS j"
        return f"SELECT c.n, j.key AS o, j.value AS id, {version} AS version FROM {chunks} WHERE c.job_id = :job_id"

    def json_each(self, stored: str) -> str:
        """The library's function."""
        return f"json_each({stored})"

    def least(self) -> str:
        """The scalar minimum."""
        return "min"

    def seconds_since(self, column: str) -> str:
        """Never negative."""
        return f"max(0, (julianday(:now) - julianday({column})) * 86400.0)"

    def bind_time(self, value: datetime | None) -> Any:
        """UTC with microseconds, so that texts sort as times."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"

    def read_time(self, value: Any) -> datetime | None:
        """Back to a time with a zone."""
        return None if value is None else datetime.fromisoformat(value)

    # -- start-up ------------------------------------------------------------------------------------------

    def tables_to_skip(self, connection: Connection) -> frozenset[tuple[str | None, str]]:
        """Virtual tables and the tables that serve them."""
        rows = connection.execute(text("SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow')"))
        return frozenset((None, name) for (name,) in rows)

    def column_types(self, connection: Connection) -> Mapping[tuple[str | None, str], Mapping[str, Column]]:
        """From `pragma_table_xinfo`: hidden 2 and 3 are generated columns."""
        found: dict[tuple[str | None, str], dict[str, Column]] = {}
        for table, name, declared, notnull, hidden in connection.execute(
            text(
                'SELECT m.name, x.name, x.type, x."notnull", x.hidden FROM sqlite_master m, pragma_table_xinfo(m.name) x'
                " WHERE m.type = 'table' ORDER BY m.name, x.cid"
            )
        ):
            upper = (declared or "").upper()
            kind = next((kind for form, kind in _DECLARED if form.search(upper)), Kind.OTHER)
            scale = _SCALE.search(upper)
            found.setdefault((None, table), {})[name] = Column(
                name, kind, declared or "", not notnull, hidden in (2, 3), scale=int(scale[1]) if scale else None
            )
        return found

    def delete_rules(self, connection: Connection) -> Mapping[tuple[str, frozenset[str]], str]:
        """From `pragma_foreign_key_list`: SQLAlchemy reads them out of the table's text and misses inline ones."""
        found: dict[tuple[str, int], tuple[set[str], str]] = {}
        for table, number, column, rule in connection.execute(
            text(
                'SELECT m.name, f.id, f."from", f.on_delete FROM sqlite_master m, pragma_foreign_key_list(m.name) f'
                " WHERE m.type = 'table'"
            )
        ):
            found.setdefault((table, number), (set(), rule))[0].add(column)
        return {(table, frozenset(columns)): rule for (table, _), (columns, rule) in found.items()}


def _add_functions(connection: Any) -> None:
    connection.create_function("sexton_untag", 1, _untag, deterministic=True)
    connection.create_function("sexton_hash", 1, _hash, deterministic=True)
    connection.create_function("sexton_time", 1, sqlite_values.comparable_time, deterministic=True)


def _begin(connection: Any) -> None:
    """BEGIN IMMEDIATE, asked for every millisecond while another process writes.

    SQLite's own waits grow to 100 ms: between the chunks of a busy worker of another process, a pause or a delete would
    find the moment by chance only. Workers wait like that for their chunks, so that they do not pass each page around.
    """
    deadline = time.monotonic() + _BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "is locked" not in str(error) or time.monotonic() > deadline:
                    raise OperationalError("BEGIN IMMEDIATE", None, error) from None
                time.sleep(_ASK_SECONDS)
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout={int(_BUSY_SECONDS * 1000)}")


def _operational(error: BaseException) -> str:
    """What the library said of itself; nothing where a constraint or a trigger of the host's spoke."""
    found = getattr(error, "orig", error)
    return str(found) if isinstance(found, sqlite3.OperationalError) else ""


def _untag(tagged: str) -> Any:
    kind, value = next(iter(json.loads(tagged).items()))
    if kind == "real":
        return float(value)
    return bytes.fromhex(value) if kind == "blob" else bytes.fromhex(value).decode()


def _hash(packed: str) -> str:
    return hashlib.sha256(packed.encode()).hexdigest()[:32]

"""PostgreSQL 15 and newer, through psycopg 3."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects.postgresql import psycopg

from sexton.errors import ConfigurationError
from sexton.resource import Column, ForeignKey, Kind, Table
from sexton.storage.dialects import values
from sexton.storage.dialects.base import Dialect, Record, scalar
from sexton.storage.dialects.postgresql_types import BITS, COLUMNS, ID_FORMS, KINDS

_SETTINGS = {
    "DateStyle": "ISO, YMD",
    "TimeZone": "UTC",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "20s",
    "client_connection_check_interval": "5s",
}
_TEXT_FORMS = ("DateStyle", "TimeZone", "IntervalStyle", "extra_float_digits", "bytea_output")
_SHORT = _SETTINGS | {"synchronous_commit": "off"}
"""For reads, and for what may be forgotten in a crash of the server: quota, presence, intents."""
_LINE = {
    "client_encoding": "utf8",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
_CLOCK_SECONDS = 0.5
_TRANSIENT = frozenset(
    {"08", "40", "53", "57P01", "57P02", "57P03", "57P05", "58", "25006", "25P02", "25P03", "25P04", "55006", "55P03"}
)
"""Not the whole of class 55: with 55000 triggers, views and publications refuse a row for good. Not 57014: a statement
that takes too long does so again."""


class PostgreSQL(Dialect):
    """Row locks, arrays, data-modifying CTEs; a value's text form is its lossless form."""

    name = "postgresql"
    driver = psycopg.dialect()  # type: ignore[no-untyped-call]
    own_schema = "sexton"
    own_prefix = ""
    lock = "FOR UPDATE OF t"
    deletes_knots_at_once = True
    fence = " OFFSET 0"
    recurs_once = True
    commits_apart = True
    chunk_seconds = 0.2

    # -- connections ---------------------------------------------------------------------------------------

    def __init__(self) -> None:
        """No connections yet."""
        self.pooled = False
        """Whether a pooler in transaction mode stands before the server, so that no setting outlives a transaction."""
        self.connect: dict[str, Any] = {}
        self._short: Engine | None = None
        self._clock: tuple[datetime, float] | None = None

    def configure(self, *, pooled: bool, told: Mapping[str, Any]) -> None:
        """Texts in UTF-8, whatever the database's encoding; notice within half a minute that a line broke.

        Behind a pooler no statement is prepared.
        """
        self.pooled = pooled
        self.connect = {name: value for name, value in _LINE.items() if name not in told}
        if pooled:
            self.connect["prepare_threshold"] = None

    def prepare_engine(self, engine: Engine) -> None:
        """Fix the session settings that text forms depend on, and bound every wait for a lock."""
        self._settle(engine, _SETTINGS)

    def _settle(self, engine: Engine, settings: Mapping[str, str]) -> None:
        told = "; ".join(f"SET {'LOCAL ' if self.pooled else ''}{name} = '{value}'" for name, value in settings.items())

        def once(connection: Any, _record: Any) -> None:
            before, connection.autocommit = connection.autocommit, True
            connection.execute(told)
            connection.autocommit = before

        if self.pooled:
            event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(told))
        else:
            event.listen(engine, "connect", once)

    @contextmanager
    def write(self, engine: Engine, *, patient: bool = False) -> Iterator[Connection]:
        """Open a transaction; one that is `patient` gives up on a lock after half a second."""
        with engine.begin() as connection:
            if patient:
                connection.exec_driver_sql("SET LOCAL lock_timeout = '500ms'")
            yield connection

    @contextmanager
    def read(self, engine: Engine) -> Iterator[Connection]:
        """Read without opening a transaction: each statement sees what is committed.

        These connections have a pool of their own, so that who holds a transaction can always get one.
        """
        with self._second(engine).begin() as connection:
            yield connection

    def _second(self, engine: Engine) -> Engine:
        if self._short is None:
            level = {} if self.pooled else {"isolation_level": "AUTOCOMMIT"}
            self._short = create_engine(engine.url, pool_size=10, max_overflow=0, connect_args=self.connect, **level)
            self._settle(self._short, _SHORT)
        return self._short

    def close(self, engine: Engine) -> None:
        """Close both pools."""
        engine.dispose()
        if self._short is not None:
            self._short.dispose()

    @contextmanager
    def apart(self, engine: Engine, connection: Connection) -> Iterator[Connection]:
        """A second connection in autocommit, so that a short lock does not last until the caller's commit."""
        del connection
        with self.read(engine) as other:
            yield other

    @contextmanager
    def guest(self, connection: Connection, *, savepoint: bool, bounded: bool) -> Iterator[None]:
        """The settings that text forms depend on; the host's come back with the savepoint, however it ends."""
        driver = connection.connection.dbapi_connection
        if driver is not None and connection.dialect.detect_autocommit_setting(driver):
            told = (
                "this connection is in autocommit, so that nothing could be rolled back: hand over one in a transaction"
            )
            raise ConfigurationError(told)
        with connection.begin_nested() if savepoint else nullcontext():
            names = (*_TEXT_FORMS, "lock_timeout") if bounded else _TEXT_FORMS
            asked = ", ".join(f"current_setting('{name}')" for name in names)
            found = dict(zip(names, connection.execute(text(f"SELECT {asked}")).one(), strict=True))
            others = {name: value for name, value in found.items() if value != _SETTINGS[name]}
            _set_local(connection, {name: _SETTINGS[name] for name in others})
            yield
            _set_local(connection, others)

    def now(self, connection: Connection) -> datetime:
        """The server's time, asked for at most half a second ago and carried on by this process's steady clock."""
        steady = time.monotonic()
        if self._clock is None or steady - self._clock[1] > _CLOCK_SECONDS:
            self._clock = (scalar(connection, "SELECT clock_timestamp()"), steady)
        return self._clock[0] + timedelta(seconds=steady - self._clock[1])

    def defer_foreign_keys(self, connection: Connection) -> None:
        """Nothing to do: one statement checks its foreign keys at its end."""

    def is_lock_timeout(self, error: BaseException) -> bool:
        """SQLSTATE 55P03 (lock not available), 40P01 (deadlock) and 40001 (serialization)."""
        return _sqlstate(error) in {"55P03", "40P01", "40001"}

    def is_transient(self, error: BaseException) -> bool:
        """SQLSTATE classes of connections, conflicts, resources and operators; none at all where the line broke."""
        state = _sqlstate(error)
        return not state or state[:2] in _TRANSIENT or state in _TRANSIENT

    def conflict_detail(self, error: BaseException) -> str:
        """The server's message and detail."""
        diag = getattr(getattr(error, "orig", None), "diag", None)
        parts = [getattr(diag, "message_primary", None), getattr(diag, "message_detail", None)]
        return ": ".join(part for part in parts if part) or str(getattr(error, "orig", error))

    # -- lists as parameters -------------------------------------------------------------------------------

    def records(self, parameter: str, columns: Sequence[str]) -> str:
        """Parallel text arrays, unnested."""
        arrays = ", ".join(f"CAST(:{parameter}_{i} AS text[])" for i in range(len(columns)))
        names = ", ".join(columns)
        return f"(SELECT * FROM unnest({arrays}) AS u({names}))"

    def bind(self, parameter: str, records: Sequence[Record], width: int) -> dict[str, Any]:
        """One array a column."""
        return {f"{parameter}_{i}": [record[i] for record in records] for i in range(width)}

    # -- keys ----------------------------------------------------------------------------------------------

    def key_text(self, column: Column, alias: str = "t") -> str:
        """The type's own text form."""
        return self.text_of(column, alias)

    def key_sides(self, column: Column, value: str, alias: str = "t") -> tuple[str, str]:
        """Typed for the types whose texts can be checked beforehand; else texts."""
        if column.kind is Kind.OTHER:
            return self.text_of(column, alias), value
        return f"{alias}.{self.quote(column.name)}", self.typed(column, value)

    def acceptable(self, column: Column, value: str) -> bool:
        """Whether a cast of the text to the column's type would not raise."""
        match column.kind:
            case Kind.INTEGER:
                return values.is_integer(value, column.bits or 64)
            case Kind.ENUM:
                return value in column.labels
            case Kind.DATE | Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
                return values.is_time(value, column.kind)
        form = ID_FORMS.get(column.kind)
        return form is None or form.fullmatch(value) is not None

    def canonical(self, column: Column, value: str) -> str:
        """A UUID's letters are small."""
        return value.lower() if column.kind is Kind.UUID else value

    # -- values --------------------------------------------------------------------------------------------

    def text_of(self, column: Column, alias: str = "t") -> str:
        """The type's own text form."""
        return f"CAST({alias}.{self.quote(column.name)} AS text)"

    def typed(self, column: Column, value: str) -> str:
        """A cast to the type without its length, so that nothing is ever cut off."""
        return f"CAST({value} AS {self._escape(column.sql_type)})"

    def time_value(self, column: Column, value: str) -> str:
        """The bound time as the column's own type."""
        return f"CAST(CAST({value} AS timestamptz) AS {self._escape(column.sql_type)})"

    def pack(self, table: Table, alias: str = "t") -> str:
        """An array of texts."""
        return f"CAST(ARRAY[{', '.join(self.text_of(c, alias) for c in table.stored)}] AS text[])"

    def unpack(self, column: Column, position: int, snapshot: str) -> str:
        """The element, cast back."""
        return self.typed(column, f"{snapshot}[{position + 1}]")

    def hash_of(self, packed: str) -> str:
        """SHA-256 of the array's text form."""
        return f"left(encode(sha256(convert_to(CAST({packed} AS text), 'UTF8')), 'hex'), 32)"

    def same(self, left: str, right: str) -> str:
        """NULL-safe equality."""
        return f"{left} IS NOT DISTINCT FROM {right}"

    def detached(self, key: ForeignKey, alias: str = "t") -> str:
        """An array of texts."""
        return f"CAST(ARRAY[{', '.join(self.text_of(key.child.by_name[c], alias) for c in key.columns)}] AS text[])"

    # -- items as JSON -------------------------------------------------------------------------------------

    def document_columns(self, table: Table, alias: str = "t") -> str:
        """One JSON text a row, made by the server."""
        columns = ", ".join(f"{self._shown(c, alias)} AS {self.quote(c.name)}" for c in table.columns)
        return f"CAST((SELECT row_to_json(sexton_row) FROM (SELECT {columns}) AS sexton_row) AS text)"

    def document(self, table: Table, row: Sequence[Any]) -> dict[str, Any]:
        """Parse it; bytes come as hexadecimal and leave as base64."""
        item: dict[str, Any] = json.loads(row[0])
        for column in table.columns:
            if column.kind is Kind.BYTES and item[column.name] is not None:
                item[column.name] = base64.b64encode(bytes.fromhex(item[column.name])).decode()
        return item

    def _shown(self, column: Column, alias: str) -> str:
        value = f"{alias}.{self.quote(column.name)}"
        if column.kind is Kind.DECIMAL:
            return f"CAST({value} AS text)"
        if column.kind is Kind.BYTES:
            return f"encode({value}, 'hex')"
        if column.bits == 64:  # noqa: PLR2004 — the width of bigint
            small = f"{value} BETWEEN -9007199254740991 AND 9007199254740991"
            return f"CASE WHEN {small} THEN to_json({value}) ELSE to_json(CAST({value} AS text)) END"
        return value

    def incoming(self, table: Table, names: Sequence[str]) -> str:
        """The server's own reading of a JSON document as a row of the table."""
        columns = ", ".join(f"p.{self.quote(name)}" for name in names) or "1 AS nothing"
        return (
            f"(SELECT {columns} FROM jsonb_populate_record(NULL::{self.relation(table)}, CAST(:document AS jsonb)) p)"
        )

    def bind_incoming(self, table: Table, document: Mapping[str, Any]) -> dict[str, Any]:
        """Bytes leave base64 for the server's own form; the rest is read by the server."""
        read = {name: values.incoming_bytes(table.by_name[name], value) for name, value in document.items()}
        return {"document": json.dumps(read)}

    def compare(self, column: Column, operator: str, parameter: str) -> str:
        """Typed comparison."""
        if column.kind is Kind.OTHER or column.kind is Kind.JSON:
            return f"{self.text_of(column)} {operator} :{parameter}"
        return f"t.{self.quote(column.name)} {operator} {self.typed(column, f'CAST(:{parameter} AS text)')}"

    def operand(self, column: Column, value: Any) -> Any:
        """The value's text; refused where a cast would raise."""
        found = values.operand_text(column, value)
        checked = column.kind in (Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ) or self.acceptable(column, found)
        if not checked or "\0" in found:
            raise ValueError(column.name)
        return found

    # -- sets of items -------------------------------------------------------------------------------------

    def gather(self, expression: str, order: str) -> str:
        """An array."""
        return f"array_agg({expression} ORDER BY {order})"

    def contains(self, lists: str, parameter: str) -> str:
        """Array containment."""
        return f"{lists} @> ARRAY[CAST(:{parameter} AS text)]"

    def as_list(self, values: Sequence[Any]) -> Any:
        """Psycopg turns a list into an array."""
        return list(values)

    def from_list(self, stored: Any) -> list[Any]:
        """Psycopg turns an array into a list."""
        return list(stored)

    def latest(self, relation: str, match: str) -> str:
        """A lateral query; the sum keeps the planner from walking the primary key backwards."""
        newest = f"SELECT * FROM {relation} AS n WHERE {match} ORDER BY n.id + 0 DESC LIMIT 1"
        return f"CROSS JOIN LATERAL ({newest}) AS s"

    def length(self, stored: str) -> str:
        """Of an array."""
        return f"cardinality({stored})"

    def list_without(self, stored: str, named: str) -> str:
        """An array, rebuilt only where something is named."""
        kept = f"SELECT u.x FROM unnest({stored}) WITH ORDINALITY AS u(x, o) WHERE NOT jsonb_exists(CAST({named} AS jsonb), u.x)"
        return f"CASE WHEN CAST({named} AS text) = '{{}}' THEN {stored} ELSE ARRAY({kept} ORDER BY u.o) END"

    def members(self) -> str:
        """Both arrays, unnested."""
        unnested = "unnest(c.ids, c.versions) WITH ORDINALITY AS u(id, version, o)"
        chunks = f"{self.own('bulk_chunks')} AS c CROSS JOIN LATERAL {unnested}"
        return f"SELECT c.n, u.o - 1 AS o, u.id, u.version FROM {chunks} WHERE c.job_id = :job_id"

    def json_each(self, stored: str) -> str:
        """The server's function."""
        return f"json_each_text({stored})"

    def seconds_since(self, column: str) -> str:
        """Never negative."""
        return f"greatest(0, extract(epoch FROM (CAST(:now AS timestamptz) - {column})))"

    def bind_time(self, value: datetime | None) -> Any:
        """As it is."""
        return value

    def read_time(self, value: Any) -> datetime | None:
        """As it is."""
        found: datetime | None = value
        return found

    # -- start-up ------------------------------------------------------------------------------------------

    def tables_to_skip(self, connection: Connection) -> frozenset[tuple[str | None, str]]:
        """Partitions: their rows are reached through the partitioned table."""
        rows = connection.execute(
            text(
                "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE c.relispartition"
            )
        )
        return frozenset((schema, name) for schema, name in rows)

    def column_types(self, connection: Connection) -> Mapping[tuple[str | None, str], Mapping[str, Column]]:
        """From the catalogue, as the database spells its types itself (domains, enums and extensions included)."""
        found: dict[tuple[str | None, str], dict[str, Column]] = {}
        for schema, name, column, sql_type, base, nullable, generated, always, scale, labels in connection.execute(
            text(COLUMNS)
        ):
            kind = KINDS.get(base, Kind.ENUM if labels else Kind.OTHER)
            found.setdefault((schema, name), {})[column] = Column(
                column, kind, sql_type, nullable, generated, always, scale, BITS.get(base), tuple(labels)
            )
        return found

    @staticmethod
    def _escape(sql_type: str) -> str:
        return sql_type.replace(":", "\\:")


def _set_local(connection: Connection, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})


def _sqlstate(error: BaseException) -> str | None:
    found: str | None = getattr(getattr(error, "orig", None), "sqlstate", None)
    return found

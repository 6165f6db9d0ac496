"""The audit: who asked for what, when, and what became of it. Only ever inserted into."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, or_, select, text

from sexton import ids
from sexton.model import Principal
from sexton.storage.dialects import Dialect, Statement
from sexton.storage.store import Store

KEPT = timedelta(days=7 * 365 + 2)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `items` are all rows that went or came back, by resource, dependents included."""

    id: str
    at: datetime
    principal: Principal
    action: str
    resource: str
    items: Mapping[str, Sequence[str]] = field(default_factory=dict)
    item_id: str | None = None
    job_id: str | None = None
    reason: str | None = None
    requested: Any = None
    failed: Sequence[Any] = ()
    summary: Mapping[str, int] = field(default_factory=dict)


_COLUMNS = (
    "id",
    "at",
    "account",
    "key_id",
    "ip",
    "user_agent",
    "correlation_id",
    "action",
    "resource",
    "item_id",
    "items",
    "job_id",
    "reason",
    "requested",
    "failed",
    "summary",
    "keep_until",
)
_TYPES = {"at": "timestamptz", "keep_until": "timestamptz", "items": "text[]"}
_JSON = frozenset({"requested", "failed", "summary"})


def write(connection: Connection, store: Store, entry: Entry) -> None:
    """Append an entry, in the transaction of what it tells."""
    _write(store.dialect).on(connection, bound(store, entry))


@cache
def _write(dialect: Dialect) -> Statement:
    return dialect.statement(insertion(dialect))


@cache
def insertion(dialect: Dialect) -> str:
    """The statement that appends an entry, with the parameters of `bound`."""
    values = []
    for name in _COLUMNS:
        kind = _TYPES.get(name, "json" if name in _JSON else "text") if dialect.own_schema else "text"
        values.append(f"CAST(:audit_{name} AS {kind})")
    return f"INSERT INTO {dialect.own('audit_log')} ({', '.join(_COLUMNS)}) SELECT {', '.join(values)}"


def bound(store: Store, entry: Entry) -> dict[str, Any]:
    """The parameters of `insertion`."""
    who, dialect = entry.principal, store.dialect
    references = [ids.reference(resource, item) for resource, items in entry.items.items() for item in items]
    alone = entry.item_id is not None and references in ([], [ids.reference(entry.resource, entry.item_id)])
    values = (
        entry.id,
        dialect.bind_time(entry.at),
        who.account,
        who.key_id,
        who.ip,
        _storable(who.user_agent),
        who.correlation_id,
        entry.action,
        entry.resource,
        _storable(entry.item_id) if alone else None,
        dialect.as_list(references),
        entry.job_id,
        entry.reason,
        json.dumps(entry.requested),
        json.dumps(list(entry.failed)),
        json.dumps(dict(entry.summary)),
        dialect.bind_time(entry.at + KEPT),
    )
    return {f"audit_{name}": value for name, value in zip(_COLUMNS, values, strict=True)}


def _storable(value: str | None) -> str | None:
    """Without what no database keeps in a text."""
    return value and value.encode(errors="backslashreplace").decode().replace("\0", "\\0")


def get(connection: Connection, store: Store, account: str | None, audit_id: str) -> dict[str, Any] | None:
    """One entry of an account (of any account for the operator at the database)."""
    table = store.tables["audit_log"]
    query = select(table).where(table.c.id == audit_id)
    if account is not None:
        query = query.where(table.c.account == account)
    row = connection.execute(query).mappings().first()
    return _shown(dict(row)) if row else None


def search(  # noqa: PLR0913 — the filters of the endpoint
    connection: Connection,
    store: Store,
    account: str | None,
    *,
    filters: Mapping[str, str | None],
    item_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Entries, newest first; `after` is the (time, id) of the last one of the page before."""
    table = store.tables["audit_log"]
    query = select(table).order_by(table.c.at.desc(), table.c.id.desc()).limit(limit)
    bound: dict[str, Any] = {}
    if account is not None:
        query = query.where(table.c.account == account)
    resource = filters.get("resource")
    for name, value in filters.items():
        if value is not None and not (name == "resource" and item_id is not None):
            query = query.where(table.c[name] == value)
    if item_id is not None:
        query = query.where(_about(store, resource, item_id, bound))
    if since is not None:
        query = query.where(table.c.at >= since)
    if until is not None:
        query = query.where(table.c.at < until)
    if after is not None:
        query = query.where(or_(table.c.at < after[0], and_(table.c.at == after[0], table.c.id < after[1])))
    return [_shown(dict(row)) for row in connection.execute(query, bound).mappings()]


def _about(store: Store, resource: str | None, item_id: str, bound: dict[str, Any]) -> Any:
    """Entries that name an item: alone, or in their list."""
    table, dialect = store.tables["audit_log"], store.dialect
    alone = table.c.item_id == item_id
    if resource is not None:
        alone = and_(alone, table.c.resource == resource)
    names = [resource] if resource is not None else list(store.catalog.resources)
    listed = []
    for n, name in enumerate(names):
        bound[f"ref{n}"] = ids.reference(name, item_id)
        listed.append(dialect.contains(f"{dialect.own('audit_log')}.items", f"ref{n}"))
    return or_(alone, and_(table.c.item_id.is_(None), text(f"({' OR '.join(listed)})"))) if listed else alone


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    items = [ids.dereference(reference) for reference in row["items"] or []]
    same = ("account", "key_id", "ip", "user_agent", "correlation_id", "action", "resource", "job_id", "reason")
    entry = {"audit_id": row["id"], "at": row["at"]} | {name: row[name] for name in same}
    affected = "restored" if row["action"] in {"restore", "bulk_restore"} else "deleted"
    return entry | {
        "item_id": row["item_id"],
        "requested": row["requested"],
        affected: [{"resource": resource, "id": item} for resource, item in items],
        "failed": row["failed"] or [],
        "summary": row["summary"] or {},
    }


def names_item(connection: Connection, store: Store, job_id: str, resource: str, item_id: str) -> bool:
    """Whether an entry of a job lists an item among the rows it took or brought back."""
    dialect, table = store.dialect, store.tables["audit_log"]
    listed = text(dialect.contains(f"{dialect.own('audit_log')}.items", "ref"))
    query = select(table.c.id).where(table.c.job_id == job_id, listed).limit(1)
    return connection.execute(query, {"ref": ids.reference(resource, item_id)}).first() is not None

"""Sexton's own tables: schema `sexton` on PostgreSQL, prefix `sexton_` on SQLite.

No foreign key joins the audit to anything, and no column of a host's table is touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine.interfaces import Dialect as Engine
from sqlalchemy.types import TypeEngine

NAMES = (
    "tombstones",
    "detached_links",
    "shapes",
    "bulk_jobs",
    "bulk_chunks",
    "job_controls",
    "workers",
    "previews",
    "audit_log",
    "idempotency_keys",
    "quotas",
    "holds",
    "api_keys",
    "secrets",
    "webhooks",
    "webhook_deliveries",
)


class Time(TypeDecorator[datetime]):
    """An instant: `timestamptz`, or on SQLite a text in UTC with microseconds that sorts as time does."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Engine) -> TypeEngine[Any]:
        """The database's own type where it has one."""
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: datetime | None, dialect: Engine) -> Any:
        """To UTC."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any, dialect: Engine) -> datetime | None:
        """With its zone."""
        found: datetime | None = datetime.fromisoformat(value) if isinstance(value, str) else value
        del dialect
        return found


def _list() -> TypeEngine[Any]:
    return JSON().with_variant(ARRAY(Text), "postgresql")


def _json() -> TypeEngine[Any]:
    return JSON(none_as_null=True)


def _id() -> Column[Any]:
    return Column("id", String(64), primary_key=True)


def own_tables(metadata: MetaData, schema: str | None, prefix: str) -> Mapping[str, Table]:
    """All of Sexton's tables in a metadata, by their plain names."""
    makers = (_records, _jobs, _workers, _requests, _audit, _access, _webhooks)
    made = [table for maker in makers for table in maker(metadata, schema, prefix)]
    return {table.name.removeprefix(prefix): table for table in made}


def _records(m: MetaData, schema: str | None, p: str) -> list[Table]:
    tombstones = Table(
        f"{p}tombstones",
        m,
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("resource", Text, nullable=False),
        Column("account", Text, nullable=False),
        Column("item_id", Text, nullable=False),
        Column("strategy", Text, nullable=False),
        Column("deleted_at", Time, nullable=False),
        Column("restorable_until", Time),
        Column("forget_after", Time, nullable=False),
        Column("job_id", Text),
        Column("audit_id", Text, nullable=False),
        Column("correlation_id", Text),
        Column("key_id", Text),
        Column("etag", Text),
        Column("root_resource", Text, nullable=False),
        Column("root_item", Text, nullable=False),
        Column("shape", Text),
        Column("snapshot", _list()),
        Column("purged_at", Time),
        schema=schema,
    )
    Index(f"ix_{p}tombstones_item", tombstones.c.resource, tombstones.c.item_id)
    Index(f"ix_{p}tombstones_audit", tombstones.c.audit_id, tombstones.c.root_item)
    kept = text("purged_at IS NULL")
    Index(f"ix_{p}tombstones_due", tombstones.c.restorable_until, postgresql_where=kept, sqlite_where=kept)
    finished = text("purged_at IS NOT NULL OR restorable_until IS NULL")
    forget = f"ix_{p}tombstones_forget"
    Index(forget, tombstones.c.forget_after, postgresql_where=finished, sqlite_where=finished)
    links = Table(
        f"{p}detached_links",
        m,
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("audit_id", Text, nullable=False),
        Column("root_resource", Text, nullable=False),
        Column("root_item", Text, nullable=False),
        Column("parent_resource", Text, nullable=False),
        Column("parent_item", Text, nullable=False),
        Column("resource", Text, nullable=False),
        Column("item_id", Text, nullable=False),
        Column("columns", _list(), nullable=False),
        Column("old", _list(), nullable=False),
        Column("new", _list()),
        Column("forget_after", Time, nullable=False),
        schema=schema,
    )
    Index(f"ix_{p}detached_links_audit", links.c.audit_id, links.c.resource, links.c.item_id)
    Index(f"ix_{p}detached_links_parent", links.c.parent_resource, links.c.parent_item)
    Index(f"ix_{p}detached_links_item", links.c.resource, links.c.item_id)
    shapes = Table(f"{p}shapes", m, _id(), Column("columns", _list(), nullable=False), schema=schema)
    return [tombstones, links, shapes]


def _jobs(m: MetaData, schema: str | None, p: str) -> list[Table]:
    jobs = Table(
        f"{p}bulk_jobs",
        m,
        _id(),
        Column("account", Text, nullable=False),
        Column("resource", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("state_reason", Text),
        Column("stage", Integer, nullable=False, server_default="0"),
        Column("reason", Text),
        Column("requested_by", Text, nullable=False),
        Column("principal", _json(), nullable=False),
        Column("options", _json(), nullable=False),
        Column("requested", Integer, nullable=False),
        Column("duplicates", Integer, nullable=False),
        Column("audit_id", Text),
        Column("source_job_id", Text),
        Column("created_at", Time, nullable=False),
        Column("started_at", Time),
        Column("finished_at", Time),
        Column("not_before", Time),
        Column("restorable_until", Time),
        schema=schema,
    )
    Index(f"ix_{p}bulk_jobs_account", jobs.c.account, jobs.c.created_at)
    chunks = Table(
        f"{p}bulk_chunks",
        m,
        Column("job_id", String(64), primary_key=True),
        Column("n", Integer, primary_key=True, autoincrement=False),
        Column("state", Text, nullable=False),
        Column("stage", Integer, nullable=False, server_default="0"),
        Column("place", Integer, nullable=False, server_default="0"),
        Column("size", Integer, nullable=False, server_default="0"),
        Column("ids", _list(), nullable=False),
        Column("versions", _list()),
        Column("places", _json()),
        Column("counts", _json(), nullable=False),
        Column("exceptions", _json(), nullable=False),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("not_before", Time),
        Column("audit_id", Text),
        schema=schema,
    )
    ready = text("state = 'ready'")
    Index(f"ix_{p}bulk_chunks_open", chunks.c.job_id, chunks.c.place, postgresql_where=ready, sqlite_where=ready)
    Index(f"ix_{p}bulk_chunks_place", chunks.c.job_id, chunks.c.stage, chunks.c.place)
    return [jobs, chunks]


def _workers(m: MetaData, schema: str | None, p: str) -> list[Table]:
    controls = Table(
        f"{p}job_controls",
        m,
        _id(),
        Column("job_id", Text, nullable=False),
        Column("move", Text, nullable=False),
        Column("at", Time, nullable=False),
        schema=schema,
    )
    Index(f"ix_{p}job_controls_job", controls.c.job_id)
    workers = Table(
        f"{p}workers",
        m,
        _id(),
        Column("host", Text, nullable=False),
        Column("pid", Integer, nullable=False),
        Column("version", Text, nullable=False),
        Column("started_at", Time, nullable=False),
        Column("seen_at", Time, nullable=False),
        Column("job_id", Text),
        Column("n", Integer),
        schema=schema,
    )
    Index(f"ix_{p}workers_job", workers.c.job_id, workers.c.n)
    return [controls, workers]


def _requests(m: MetaData, schema: str | None, p: str) -> list[Table]:
    previews = Table(
        f"{p}previews",
        m,
        _id(),
        Column("account", Text, nullable=False),
        Column("resource", Text, nullable=False),
        Column("token_hash", Text, nullable=False),
        Column("request", _json(), nullable=False),
        Column("cascade", Integer, nullable=False),
        Column("count", Integer, nullable=False),
        Column("planned", Integer, nullable=False),
        Column("created_at", Time, nullable=False),
        Column("expires_at", Time, nullable=False),
        Column("job_id", Text),
        schema=schema,
    )
    keys = Table(
        f"{p}idempotency_keys",
        m,
        Column("account", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", Text, nullable=False),
        Column("created_at", Time, nullable=False),
        Column("expires_at", Time, nullable=False),
        Column("status", Integer),
        Column("headers", _json()),
        Column("body", LargeBinary),
        schema=schema,
    )
    Index(f"ix_{p}idempotency_keys_expires", keys.c.expires_at)
    quotas = Table(
        f"{p}quotas",
        m,
        Column("account", Text, primary_key=True),
        Column("remaining", Float, nullable=False),
        Column("refilled_at", Time, nullable=False),
        schema=schema,
        sqlite_with_rowid=False,
    )
    return [previews, keys, quotas]


def _audit(m: MetaData, schema: str | None, p: str) -> list[Table]:
    audit = Table(
        f"{p}audit_log",
        m,
        _id(),
        Column("at", Time, nullable=False),
        Column("account", Text, nullable=False),
        Column("key_id", Text),
        Column("ip", Text),
        Column("user_agent", Text),
        Column("correlation_id", Text),
        Column("action", Text, nullable=False),
        Column("resource", Text, nullable=False),
        Column("item_id", Text),
        Column("items", _list()),
        Column("job_id", Text),
        Column("reason", Text),
        Column("requested", _json()),
        Column("failed", _json()),
        Column("summary", _json()),
        Column("keep_until", Time, nullable=False),
        schema=schema,
        sqlite_with_rowid=False,
    )
    Index(f"ix_{p}audit_log_account", audit.c.account, audit.c.at)
    alone, of_job = text("item_id IS NOT NULL"), text("job_id IS NOT NULL")
    Index(f"ix_{p}audit_log_item", audit.c.resource, audit.c.item_id, postgresql_where=alone, sqlite_where=alone)
    Index(f"ix_{p}audit_log_job", audit.c.job_id, postgresql_where=of_job, sqlite_where=of_job)
    return [audit]


def _access(m: MetaData, schema: str | None, p: str) -> list[Table]:
    holds = Table(
        f"{p}holds",
        m,
        _id(),
        Column("account", Text, nullable=False),
        Column("resource", Text, nullable=False),
        Column("item_id", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("placed_by", Text, nullable=False),
        Column("placed_at", Time, nullable=False),
        Column("lifted_at", Time),
        schema=schema,
    )
    Index(
        f"ux_{p}holds_item",
        holds.c.resource,
        holds.c.item_id,
        holds.c.account,
        unique=True,
        postgresql_where=text("lifted_at IS NULL"),
        sqlite_where=text("lifted_at IS NULL"),
    )
    keys = Table(
        f"{p}api_keys",
        m,
        _id(),
        Column("account", Text, nullable=False),
        Column("secret_hash", Text, nullable=False),
        Column("scopes", _list(), nullable=False),
        Column("name", Text),
        Column("created_at", Time, nullable=False),
        Column("revoked_at", Time),
        schema=schema,
    )
    secrets = Table(f"{p}secrets", m, _id(), Column("value", Text, nullable=False), schema=schema)
    return [holds, keys, secrets]


def _webhooks(m: MetaData, schema: str | None, p: str) -> list[Table]:
    webhooks = Table(
        f"{p}webhooks",
        m,
        _id(),
        Column("account", Text, nullable=False),
        Column("url", Text, nullable=False),
        Column("events", _list(), nullable=False),
        Column("secret", Text, nullable=False),
        Column("old_secret", Text),
        Column("old_secret_until", Time),
        Column("created_at", Time, nullable=False),
        Column("disabled_at", Time),
        Column("disabled_because", Text),
        schema=schema,
    )
    Index(f"ix_{p}webhooks_account", webhooks.c.account, webhooks.c.id)
    deliveries = Table(
        f"{p}webhook_deliveries",
        m,
        _id(),
        Column("webhook_id", String(64), nullable=False),
        Column("account", Text, nullable=False),
        Column("event", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("attempts_before", Integer, nullable=False),
        Column("not_before", Time, nullable=False),
        Column("locked_until", Time),
        Column("created_at", Time, nullable=False),
        Column("delivered_at", Time),
        Column("last_status", Integer),
        Column("last_error", Text),
        schema=schema,
    )
    pending, due = text("state = 'pending'"), f"ix_{p}webhook_deliveries_due"
    Index(due, deliveries.c.not_before, postgresql_where=pending, sqlite_where=pending)
    Index(f"ix_{p}webhook_deliveries_webhook", deliveries.c.webhook_id, deliveries.c.id)
    return [webhooks, deliveries]

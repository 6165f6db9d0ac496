"""Plan a bulk delete without doing it: exactly which items, what depends on them, and a token for just that."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from sexton import etag
from sexton.actions.batches import batched, targets_of
from sexton.actions.prepare import Order, TooManyRows, count_dependents, prepare, prepare_alone
from sexton.errors import Code, Refused
from sexton.filters import Condition
from sexton.model import Chunk, Outcome, Principal, Target
from sexton.names import new_id
from sexton.resource import CHUNK_SIZE, MAX_PLANNED_ROWS, Resource
from sexton.storage import chunks, detached_links, items, rows
from sexton.storage.store import Store

LASTS = timedelta(minutes=15)
_SAMPLE = 10


@dataclass(slots=True)
class Findings:
    """What a preview tells. `dependents` would go along, `detached` would stay without their link: rows by resource."""

    count: int = 0
    gone: int = 0
    not_found: int = 0
    dependents: dict[str, int] = field(default_factory=dict)
    detached: dict[str, int] = field(default_factory=dict)
    blocked: list[dict[str, Any]] = field(default_factory=list)
    blocked_count: int = 0
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Previewed:
    """A preview and its token."""

    id: str
    token: str
    expires_at: datetime
    findings: Findings
    percent_of_account: float
    sample: list[dict[str, Any]]
    mode: str


def preview(  # noqa: PLR0913 — the switches of the endpoint
    connection: Connection,
    store: Store,
    resource: Resource,
    *,
    targets: Sequence[Target] | None,
    conditions: Sequence[Condition],
    cascade: bool,
    request: dict[str, Any],
    principal: Principal,
    now: datetime,
) -> Previewed:
    """Find the items, freeze their ids and versions, and say what a delete would do. Changes nothing of the host's."""
    preview_id, secret = new_id("prev"), secrets.token_urlsafe(24)
    if targets is None:
        items.freeze(connection, store, resource, principal.account, conditions, preview_id)
        looked_at = _doubtful(connection, store, resource, principal.account, conditions, preview_id)
        findings = _examine_frozen(connection, store, resource, looked_at, principal, now, cascade=cascade)
        _count_others(findings, chunks.size(connection, store, preview_id))
    else:
        findings = _examine_listed(connection, store, resource, preview_id, targets, principal, now, cascade=cascade)
    live = items.count(connection, store, resource, principal.account)
    sample = _sample(connection, store, resource, preview_id, principal)
    expires = now + LASTS
    connection.execute(
        store.tables["previews"].insert(),
        {
            "id": preview_id,
            "account": principal.account,
            "resource": resource.name,
            "token_hash": _hash(secret),
            "request": request,
            "cascade": int(cascade),
            "count": findings.count,
            "planned": findings.planned,
            "created_at": now,
            "expires_at": expires,
            "job_id": None,
        },
    )
    sync = findings.count <= store.limits_of(principal.account).sync_limit and findings.planned <= MAX_PLANNED_ROWS
    percent = round(100 * findings.count / live, 2) if live else 0.0
    mode = "sync" if sync else "async"
    return Previewed(preview_id, f"ct_{preview_id}_{secret}", expires, findings, percent, sample, mode)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _examine_listed(  # noqa: PLR0913
    connection: Connection,
    store: Store,
    resource: Resource,
    preview_id: str,
    targets: Sequence[Target],
    principal: Principal,
    now: datetime,
    *,
    cascade: bool,
) -> Findings:
    """Examine a list of ids and freeze those that are live, each with the version it has now."""
    findings, frozen = Findings(), list[Chunk]()
    for start in range(0, len(targets), CHUNK_SIZE):
        part = targets[start : start + CHUNK_SIZE]
        live = _examine(connection, store, resource, part, principal, now, findings, cascade=cascade)
        if live:
            listed, versions = [item for item, _ in live], [tag for _, tag in live]
            n = len(frozen)
            frozen.append(Chunk(preview_id, n, "frozen", listed, list(versions), place=n * CHUNK_SIZE))
    chunks.add(connection, store, frozen)
    return findings


def _doubtful(
    connection: Connection,
    store: Store,
    resource: Resource,
    account: str,
    conditions: Sequence[Condition],
    preview_id: str,
) -> Iterable[Target]:
    """The matching rows that something may keep or that others depend on; all, where a guard must be asked or rows of the table keep each other."""
    if resource.guard or any(link.child is resource.table for link in store.catalog.inbound(resource.table)):
        found = chunks.each(connection, store, preview_id)
        return (target for chunk in found for target in targets_of(chunk))
    return map(Target, items.kept(connection, store, resource, account, conditions))


def _examine_frozen(  # noqa: PLR0913
    connection: Connection,
    store: Store,
    resource: Resource,
    targets: Iterable[Target],
    principal: Principal,
    now: datetime,
    *,
    cascade: bool,
) -> Findings:
    findings = Findings()
    for batch in batched(targets):
        plain = [Target(target.id) for target in batch]
        _examine(connection, store, resource, plain, principal, now, findings, cascade=cascade)
    return findings


def _count_others(findings: Findings, size: int) -> None:
    """Add the rows that needed no look: nothing keeps them and nothing goes with them."""
    findings.planned += size - findings.count
    findings.count = size


def _examine(  # noqa: PLR0913
    connection: Connection,
    store: Store,
    resource: Resource,
    targets: Sequence[Target],
    principal: Principal,
    now: datetime,
    findings: Findings,
    *,
    cascade: bool,
) -> list[tuple[str, str]]:
    """Add what a delete of these would do; returns the live ones with their versions."""
    order = Order(resource, targets, principal.account, cascade)
    try:
        prepared = prepare(connection, store, order, now)
    except TooManyRows:
        if len(targets) == 1:
            return _examine_large(connection, store, order, findings)
        halves = targets[: len(targets) // 2], targets[len(targets) // 2 :]
        found = [_examine(connection, store, resource, h, principal, now, findings, cascade=cascade) for h in halves]
        return [*found[0], *found[1]]
    failed = [result for result in prepared.decided.values() if result.outcome is Outcome.FAILED]
    live = len(prepared.going) + len(failed)
    findings.count += live
    findings.gone += sum(result.outcome is Outcome.GONE for result in prepared.decided.values())
    findings.not_found += sum(result.outcome is Outcome.NOT_FOUND for result in prepared.decided.values())
    findings.blocked_count += len(failed)
    findings.blocked += [{"id": r.id, "problem": r.error} for r in failed[: _SAMPLE - len(findings.blocked)]]
    _add(findings.dependents, prepared.dependents())
    _add(findings.detached, detached_links.count(connection, store, prepared.plan.groups(prepared.going)))
    findings.planned += prepared.planned + len(failed)
    return _versions(connection, store, order)


def _versions(connection: Connection, store: Store, order: Order) -> list[tuple[str, str]]:
    """The live items, each with its version."""
    parsed = {target.id: rows.parse(store, order.resource, target.id) for target in order.targets}
    parts = [p for p in parsed.values() if p is not None]
    locked = rows.lock(connection, store, order.resource, parts, order.account, versions=True)
    live = (locked[p] for p in parsed.values() if p in locked and not locked[p].trashed)
    return [(row.item_id, etag.quote(row.etag or "")) for row in live]


def _examine_large(connection: Connection, store: Store, order: Order, findings: Findings) -> list[tuple[str, str]]:
    """An item with more dependents than one plan holds: they are counted, not looked at one by one."""
    _, problem = prepare_alone(connection, store, order)
    counts = count_dependents(connection, store, order)
    findings.count += 1
    findings.planned += sum(counts.values())
    if problem is None:
        counts[order.resource.name] -= 1
        _add(findings.dependents, {name: count for name, count in counts.items() if count})
    else:
        findings.blocked_count += 1
        findings.blocked += [{"id": order.targets[0].id, "problem": problem}][: _SAMPLE - len(findings.blocked)]
    return _versions(connection, store, order)


def _add(counts: dict[str, int], more: dict[str, int]) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count


def _sample(
    connection: Connection, store: Store, resource: Resource, preview_id: str, principal: Principal
) -> list[dict[str, Any]]:
    first = next(chunks.each(connection, store, preview_id), None)
    sample = []
    for item_id in first.ids[:_SAMPLE] if first else ():
        parts = rows.parse(store, resource, item_id)
        item = items.get(connection, store, resource, principal.account, parts) if parts else None
        if item is not None:
            sample.append(item.document)
    return sample


@dataclass(frozen=True, slots=True)
class Frozen:
    """A preview whose token was shown."""

    id: str
    cascade: bool
    count: int
    planned: int
    request: dict[str, Any]


def redeem(
    connection: Connection, store: Store, resource: Resource, token: str, principal: Principal, now: datetime
) -> Frozen:
    """Find and lock the preview of a token. Raises Refused (409) where it is used, expired or another resource's."""
    table = store.tables["previews"]
    preview_id, secret = _parted(token)
    query = select(table).where(table.c.id == preview_id, table.c.account == principal.account).with_for_update()
    row = connection.execute(query).mappings().first()
    known = hmac.compare_digest(_hash(secret), row["token_hash"] if row else _hash("nothing"))
    if row is None or not known:
        raise _invalid("it is not a token of yours")
    if row["resource"] != resource.name:
        raise _invalid(f"it is for {row['resource']}, not for {resource.name}")
    if row["job_id"] is not None:
        raise _invalid(f"it was used: {row['job_id']} is what it did", job_id=row["job_id"])
    if row["expires_at"] <= now:
        raise _invalid("it has expired")
    return Frozen(row["id"], bool(row["cascade"]), row["count"], row["planned"], row["request"])


def _parted(token: str) -> tuple[str, str]:
    """`ct_prev_<id>_<secret>` → (`prev_<id>`, secret)."""
    parts = token.split("_", 3)
    if len(parts) != 4 or parts[:2] != ["ct", "prev"]:  # noqa: PLR2004 — the token's four parts
        return "", ""
    return f"prev_{parts[2]}", parts[3]


def _invalid(why: str, **members: Any) -> Refused:
    return Refused(
        Code.CONFIRM_TOKEN_INVALID, f"this confirm token cannot be used: {why}; ask for a preview", **members
    )


def spend(connection: Connection, store: Store, preview_id: str, job_id: str) -> None:
    """Mark a token as used by a job, in the transaction of that job."""
    table = store.tables["previews"]
    connection.execute(update(table).where(table.c.id == preview_id).values(job_id=job_id))

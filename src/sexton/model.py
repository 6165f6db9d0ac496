"""The nouns: who asks, what became of each item, and the records that stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sexton.errors import Problem


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"
    DELETE = "delete"
    RESTORE = "restore"
    WRITE = "write"
    HOLD = "hold"
    APPROVE = "approve"
    AUDIT = "audit"
    ADMIN = "admin"


class Outcome(StrEnum):
    """What became of one requested item; exactly one each."""

    DELETED = "deleted"
    GONE = "gone"
    NOT_FOUND = "not_found"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"
    RESTORED = "restored"
    LIVE = "live"
    PURGED = "purged"
    CREATED = "created"


DELETE_OUTCOMES = (Outcome.DELETED, Outcome.GONE, Outcome.NOT_FOUND, Outcome.FAILED)
RESTORE_OUTCOMES = (Outcome.RESTORED, Outcome.LIVE, Outcome.PURGED, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: the account, the API key and where the call came from."""

    account: str
    key_id: str
    scopes: frozenset[str] = frozenset()
    ip: str | None = None
    user_agent: str | None = None
    correlation_id: str | None = None


class Target(NamedTuple):
    """One item that somebody wants deleted: its id as the caller spelled it, and the version it must have.

    A tuple, because requests of 100,000 make as many: a frozen dataclass takes three times as long.
    """

    id: str
    if_match: str | None = None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One requested id and what became of it; `tombstone` is the record that explains a `gone`."""

    id: str
    outcome: Outcome
    error: Problem | None = None
    tombstone: Tombstone | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The record that an item was deleted. `restorable_until` is None where there is nothing to restore."""

    id: int
    resource: str
    account: str
    item_id: str
    strategy: str
    deleted_at: datetime
    restorable_until: datetime | None
    forget_after: datetime
    job_id: str | None
    audit_id: str
    correlation_id: str | None
    key_id: str | None
    etag: str | None
    root_resource: str
    root_item: str
    shape: str | None
    purged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Removal:
    """What one transaction took: per-item results in request order, and all rows that went, by resource."""

    results: tuple[ItemResult, ...]
    removed: dict[str, list[str]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All rows that went, dependents included."""
        return sum(map(len, self.removed.values()))


@dataclass(frozen=True, slots=True)
class Job:
    """One bulk delete or bulk restore."""

    id: str
    account: str
    resource: str
    kind: str
    state: str
    state_reason: str | None
    stage: int
    reason: str | None
    requested_by: str
    principal: dict[str, Any]
    options: dict[str, Any]
    requested: int
    duplicates: int
    audit_id: str | None
    source_job_id: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    not_before: datetime | None
    restorable_until: datetime | None


_MOST_PLACES = 20_000_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Up to 1,000 items of a job, done in one transaction.

    `place` is the position of its first item in the request; `places` are those of all its items where they do not
    follow one another. `exceptions` has the outcome of each item that is not the plain one, by id.
    """

    job_id: str
    n: int
    state: str
    ids: list[str]
    versions: list[str | None] | None = None
    stage: int = 0
    place: int = 0
    places: list[int] | None = None
    counts: dict[str, int] = field(default_factory=dict)
    exceptions: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0

    def place_of(self, index: int) -> int:
        """The position in the request of the item at an index of `ids`."""
        return self.places[index] if self.places else self.place + index

    def pick(self, indexes: Sequence[int]) -> Chunk:
        """The items at these indexes of `ids`, with their places in the request."""
        places = [self.place_of(n) for n in indexes]
        versions = [self.versions[n] for n in indexes] if self.versions else None
        follow = not self.places and bool(places) and places[-1] - places[0] == len(places) - 1
        place = places[0] if places else self.place
        listed = [self.ids[n] for n in indexes]
        return replace(self, ids=listed, versions=versions, place=place, places=None if follow else places)

    def numbered(self) -> Chunk:
        """With a number that no other chunk of the job has: no two of one stage begin at the same place."""
        return replace(self, n=_MOST_PLACES * (self.stage + 1) + self.place)


def summarize(results: Iterable[ItemResult], outcomes: tuple[Outcome, ...]) -> dict[str, int]:
    """Count results by outcome, every word of `outcomes` named, `requested` first."""
    counts = Counter(result.outcome for result in results)
    words = [*outcomes, *(o for o in counts if o not in outcomes)]
    return {"requested": sum(counts.values())} | {str(word): counts[word] for word in words}

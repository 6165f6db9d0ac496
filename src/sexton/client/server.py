"""What a Sexton server answers: previews, bulk deletes, jobs. Read from JSON; no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sexton.client._response import Answer
from sexton.client.errors import Refused

_ENDED = frozenset({"completed", "completed_with_failures", "cancelled", "halted", "failed"})
_CHOICES = frozenset({"ids", "items", "filter", "confirm_token", "confirm"})


@dataclass(frozen=True, slots=True)
class Preview:
    """What a bulk delete would do. `count` items would go; `confirm_token` deletes exactly those, once."""

    preview_id: str
    confirm_token: str = field(repr=False)
    expires_at: str
    count: int
    document: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """One item of a bulk delete or restore: its status in the server's words, and its problem where it failed."""

    id: str
    status: str
    error: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class BulkResult:
    """The answer to a bulk call. `items` is empty while the job is not ended: then `job_id` is to be waited for."""

    job_id: str
    ended: bool
    summary: Mapping[str, int]
    items: tuple[ItemOutcome, ...]
    replayed: bool
    document: Mapping[str, Any] = field(repr=False)

    @property
    def failed(self) -> tuple[ItemOutcome, ...]:
        """The items that are still there."""
        return tuple(item for item in self.items if item.status in {"failed", "not_found", "rolled_back", "purged"})


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job as it stood when asked. `progress` from 0 to 1."""

    job_id: str
    state: str
    summary: Mapping[str, int]
    progress: float
    document: Mapping[str, Any] = field(repr=False)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in _ENDED


def object_of(answer: Answer) -> Mapping[str, Any]:
    """The JSON object of an answer; empty where it is none."""
    found = answer.document
    return found if isinstance(found, dict) else {}


def preview_of(answer: Answer) -> Preview:
    """Read a preview."""
    found = object_of(answer)
    return Preview(
        str(found.get("preview_id", "")),
        str(found.get("confirm_token", "")),
        str(found.get("expires_at", "")),
        int(found.get("count", 0)),
        found,
    )


def bulk_of(answer: Answer) -> BulkResult:
    """Read the answer to a bulk delete or a restore."""
    found = object_of(answer)
    listed = found.get("deleted", found.get("restored", []))
    items = [ItemOutcome(str(one.get("id")), str(one.get("status")), one.get("error")) for one in listed]
    replayed = answer.headers.get("idempotent-replayed") == "true"
    ended = answer.status == 200  # noqa: PLR2004 — 202 is a job under way
    return BulkResult(str(found.get("job_id", "")), ended, found.get("summary", {}), tuple(items), replayed, found)


def job_of(answer: Answer) -> JobStatus:
    """Read a job."""
    found = object_of(answer)
    progress = float(found.get("progress") or 0.0)
    return JobStatus(
        str(found.get("job_id", "")), str(found.get("state", "")), found.get("summary", {}), progress, found
    )


def targets_of(
    ids: Iterable[str | int] | None, items: Sequence[Mapping[str, Any]] | None, **others: Any
) -> dict[str, Any]:
    """The body that names what is meant: exactly one of ids, items, filter, confirm_token.

    Raises:
        Refused: none or several were given, or one is empty: an empty list must not come to mean "all".
    """
    given = {"ids": None if ids is None else list(ids), "items": None if items is None else [dict(i) for i in items]}
    named = {name: value for name, value in (given | others).items() if value is not None}
    if len(named) != 1:
        raise Refused("Name the items in exactly one way: ids=, items=, or a filter (preview) or token (bulk_delete).")
    if not all(named.values()):
        raise Refused("The list, filter or token is empty: an empty choice must not come to mean everything.")
    return named


def preview_body(
    ids: Iterable[str | int] | None,
    items: Sequence[Mapping[str, Any]] | None,
    chosen: Mapping[str, Any] | None,
    *,
    cascade: bool,
) -> dict[str, Any]:
    """The body of a preview.

    Raises:
        Refused: as `targets_of`.
    """
    return targets_of(ids, items, filter=chosen) | ({"cascade": True} if cascade else {})


def bulk_body(
    ids: Iterable[str | int] | None,
    items: Sequence[Mapping[str, Any]] | None,
    confirm_token: str | None,
    *,
    confirm: bool,
    options: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The body of a bulk delete.

    Raises:
        Refused: as `targets_of`, or an option would name other items.
    """
    further = dict(options or {})
    if _CHOICES & further.keys():
        raise Refused(
            "options= takes the members beside the items; name the items themselves by ids=, items= or confirm_token=."
        )
    return further | targets_of(ids, items, confirm_token=confirm_token) | ({"confirm": True} if confirm else {})

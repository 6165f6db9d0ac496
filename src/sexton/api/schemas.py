"""What requests may say. Unknown members are refused, never ignored: a typo must not widen a delete."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr, StringConstraints

from sexton.events import Event

Reason = Annotated[str, StringConstraints(max_length=500)]
Id = StrictStr | StrictInt
JSON_IDS = 100_000
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


class Schema(BaseModel):
    """The common rules."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Schema):
    """No query parameters."""


class DeleteQuery(Schema):
    """Switches of a single delete."""

    allow_missing: bool = False
    cascade: bool = False
    confirm: bool = False
    dry_run: bool = False


class Page(Schema):
    """A page of a list."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: str | None = None


class ListQuery(Page):
    """A page of items; any other parameter is a column that must equal its value."""

    model_config = ConfigDict(extra="allow")
    deleted: Annotated[str, StringConstraints(pattern="^only$")] | None = None


class Listed(Schema):
    """One item of a bulk request, with the version it must have."""

    id: Id
    if_match: StrictStr | None = None


Percent = Annotated[float, Field(gt=0, le=100)]
Share = Annotated[float, Field(ge=0, le=100)]


class Rollout(Schema):
    """A canary before the rest."""

    canary_percent: Percent = 2
    max_failure_percent: Share = 1


class BulkOptions(Schema):
    """What a bulk delete may say besides its items; query parameters where the body is a stream of ids."""

    idempotency_key: StrictStr | None = None
    confirm: bool = False
    confirm_token: StrictStr | None = None
    atomic: bool = False
    cascade: bool = False
    reason: Reason | None = None
    expected_count: Annotated[int, Field(ge=0)] | None = None
    max_affected: Annotated[int, Field(ge=0)] | None = None
    delay_seconds: Annotated[int, Field(ge=0, le=86_400)] = 0


class StreamOptions(BulkOptions):
    """A bulk delete whose body is a stream of ids: its options are query parameters, a rollout's too."""

    canary_percent: Percent | None = None
    max_failure_percent: Share | None = None

    @property
    def rollout(self) -> Rollout | None:
        """The rollout that is asked for, if any."""
        told = {"canary_percent": self.canary_percent, "max_failure_percent": self.max_failure_percent}
        given = {name: value for name, value in told.items() if value is not None}
        return Rollout(**given) if given else None


class BulkDelete(BulkOptions):
    """A bulk delete: `ids`, or `items` with versions, or the `confirm_token` of a preview."""

    ids: list[Id] | None = None
    items: list[Listed] | None = None
    confirm: StrictBool = False
    atomic: StrictBool = False
    cascade: StrictBool = False
    rollout: Rollout | None = None


class Preview(Schema):
    """A preview of `ids`, of `items`, or of all rows that match a `filter`."""

    ids: list[Id] | None = None
    items: list[Listed] | None = None
    filter: dict[str, Any] | None = None
    cascade: StrictBool = False


class JobsQuery(Page):
    """Which jobs to list."""

    state: str | None = None
    resource: str | None = None


class JobItemsQuery(Page):
    """Which results of a job to list."""

    status: str | None = None


def _rfc3339(value: Any) -> Any:
    """Only the written form; pydantic would read a number as seconds."""
    if isinstance(value, str) and not _TIME.fullmatch(value):
        raise ValueError("write a time as 2026-01-31T12:00:00Z")
    return value


Time = Annotated[datetime, BeforeValidator(_rfc3339)]


class AuditQuery(Page):
    """Which entries to list."""

    resource: str | None = None
    item_id: str | None = None
    job_id: str | None = None
    key_id: str | None = None
    action: str | None = None
    since: Time | None = None
    until: Time | None = None


class HoldBody(Schema):
    """Why an item is held."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class WebhookBody(Schema):
    """Where to send which events; all of them where none is named."""

    url: Annotated[StrictStr, StringConstraints(min_length=1, max_length=2048)]
    events: Annotated[list[Event], Field(min_length=1, max_length=100)] = list(Event)


class DeliveriesQuery(Page):
    """Which messages to list."""

    state: Literal["pending", "delivered", "dead"] | None = None

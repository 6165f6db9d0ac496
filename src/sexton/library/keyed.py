"""A verb under a key: done once, and its result told again to whoever asks again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection

from sexton.actions import idempotency
from sexton.actions.bulk_delete import BulkDeleted
from sexton.actions.delete import Deleted
from sexton.actions.restore import Restored
from sexton.actions.restore_job import BulkRestored
from sexton.api import headers
from sexton.model import Outcome, Principal
from sexton.storage import idempotency_keys
from sexton.storage.store import Store

T = TypeVar("T")
Work = Callable[[Connection, datetime], T]
_SPACE = "code "
"""Before each key: no header can hold a key with a space, so that the endpoints' keys are others."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """How a verb's results are kept: as JSON of their type, where something was done."""

    adapter: TypeAdapter[T]
    is_done: Callable[[T], bool]


DELETED = Kept(TypeAdapter(Deleted), lambda done: done.outcome is Outcome.DELETED)
BULK_DELETED = Kept(TypeAdapter(BulkDeleted), lambda _: True)
RESTORED = Kept(TypeAdapter(Restored), lambda done: done.outcome in (Outcome.RESTORED, Outcome.LIVE))
BULK_RESTORED = Kept(TypeAdapter(BulkRestored), lambda _: True)


@dataclass(frozen=True, slots=True)
class Once(Generic[T]):
    """A call under a key, or under none. `asked` is what makes another request another: verb, resource, arguments."""

    key: str | None
    asked: Sequence[Any]
    kept: Kept[T]

    def of(self, store: Store, principal: Principal, work: Work[T]) -> Work[T]:
        """The work, done once. Raises Refused: no key, of another request, or of one that still runs."""
        key = headers.idempotency_key((), self.key)
        if key is None:
            return work
        name, mark, account = _SPACE + key, idempotency.fingerprint_of(self.asked), principal.account

        def keyed(connection: Connection, now: datetime) -> T:
            answered = idempotency.claim(connection, store, account, name, mark, now)
            if answered is not None:
                return self.kept.adapter.validate_json(answered.body)
            done = work(connection, now)
            if self.kept.is_done(done):
                body = self.kept.adapter.dump_json(done)
                idempotency_keys.save(connection, store, account, name, {"status": 200, "headers": {}, "body": body})
            else:
                idempotency_keys.release(connection, store, account, name)
            return done

        return keyed

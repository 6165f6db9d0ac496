"""What a host's own transaction did is counted when the host commits, and not where it rolls back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, event

from sexton.telemetry.instruments import Sample

_Tell = Callable[[Sequence[Sample]], None]
_pending: WeakKeyDictionary[Connection, _Pending] = WeakKeyDictionary()


def tell_at_commit(connection: Connection, tell: _Tell, samples: Sequence[Sample]) -> None:
    """Tell these once the connection's transaction commits, unless it, or a savepoint around them, is rolled back.

    SQLAlchemy says it right before the commit: one that the database refuses is counted all the same.
    """
    if samples:
        pending = _pending.get(connection)
        if pending is None:
            pending = _pending[connection] = _Pending(connection)
        pending.told.append((frozenset(_savepoints(connection)), tell, samples))


def _savepoints(connection: Connection) -> Iterator[str]:
    """The savepoints that are open; an event tells of a savepoint's end by this name, and of its begin without one."""
    nested: Any = connection.get_nested_transaction()
    while nested is not None:
        yield nested._savepoint  # noqa: SLF001 — there is no public name
        nested = nested._previous_nested  # noqa: SLF001 — nor a public way to the one around it


class _Pending:
    """What waits for the end of a connection's transaction."""

    def __init__(self, connection: Connection) -> None:
        self.told: list[tuple[frozenset[str], _Tell, Sequence[Sample]]] = []
        for name in ("rollback_savepoint", "rollback", "rollback_twophase", "commit", "commit_twophase"):
            event.listen(connection, name, getattr(self, name))

    def rollback_savepoint(self, _: Connection, name: str, _context: None) -> None:
        self.told = [one for one in self.told if name not in one[0]]

    def rollback(self, *_: Any) -> None:
        self.told = []

    def commit(self, *_: Any) -> None:
        told, self.told = self.told, []
        for _around, tell, samples in told:
            tell(samples)

    def rollback_twophase(self, _: Connection, _xid: Any, _is_prepared: bool) -> None:  # noqa: FBT001 — SQLAlchemy's
        self.rollback()

    def commit_twophase(self, _: Connection, _xid: Any, _is_prepared: bool) -> None:  # noqa: FBT001 — SQLAlchemy's
        self.commit()

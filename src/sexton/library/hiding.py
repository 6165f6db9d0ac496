"""An opt-in filter that keeps soft-deleted rows out of the host's own ORM queries.

It covers what SQLAlchemy sends through `do_orm_execute`: selects, joins, aliases, subqueries, eager and lazy loads. It
does not cover Core selects on a `Table`, text SQL, bulk UPDATE and DELETE, `Session.get()` of an object that the
session holds, `refresh()`, and on SQLAlchemy before 2.1 `any()`, `has()` and `exists()`. Sexton's endpoints never rely on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria

from sexton.errors import ConfigurationError
from sexton.library.declaration import Declared
from sexton.library.engines import is_async
from sexton.library.sexton import INSTANCES, Sexton

INCLUDE_DELETED = "include_deleted"


def hide_deleted(sessions: Any, sexton: Sexton | None = None) -> None:
    """Hide rows that are soft-deleted from the sessions of a `sessionmaker` or `async_sessionmaker`, or from a session.

    The models are those declared with `strategy="soft"`: of one `Sexton`, or of all there are. A query that shall see
    them says `.execution_options(include_deleted=True)`; lazy loads of what it found stay filtered. Raises
    ConfigurationError for anything else.
    """

    def filter_deleted(state: ORMExecuteState) -> None:
        if state.is_select and not state.is_column_load and not state.execution_options.get(INCLUDE_DELETED, False):
            state.statement = state.statement.options(*_criteria(sexton))

    event.listen(_target(sessions), "do_orm_execute", filter_deleted)


def _target(sessions: Any) -> Any:
    if is_async(sessions) and hasattr(sessions, "configure"):
        plain = sessions.kw.get("sync_session_class") or sessions.class_.sync_session_class
        hiding = type(f"Hiding{plain.__name__}", (plain,), {})
        sessions.configure(sync_session_class=hiding)
        return hiding
    if is_async(sessions) and hasattr(sessions, "sync_session"):
        return sessions.sync_session
    if isinstance(sessions, (sessionmaker, Session)):
        return sessions
    told = f"hide_deleted(…) takes a sessionmaker, an async_sessionmaker or a session, not {sessions!r}"
    raise ConfigurationError(told)


def _criteria(sexton: Sexton | None) -> Iterator[Any]:
    for one in _soft(sexton):
        if one.mapper is not None:
            key = one.mapper.get_property_by_column(one.deleted_at_column).key
            alive = getattr(one.mapper.class_, key).is_(None)
            yield with_loader_criteria(one.mapper.class_, alive, include_aliases=True)


def _soft(sexton: Sexton | None) -> Iterator[Declared]:
    for instance in [sexton] if sexton is not None else list(INSTANCES):
        yield from (one for one in instance.declared.values() if one.soft)

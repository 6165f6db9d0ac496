"""A session's objects whose rows changed behind it: expired, so that nobody goes on with what is no longer so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, inspect
from sqlalchemy.orm import Session

from sexton.resource import ForeignKey, OnDelete

Changed = Mapping[str, set[str]]
"""Ids by the name of the table."""
Spell = Callable[[Iterable[Column[Any]], Any], str]
"""The id of a key, or of a link to one, by its columns and their values."""


def forget(host: Any, changed: Changed, links: Sequence[ForeignKey], spell: Spell) -> None:
    """Expire the objects of these rows, and those that a removal may have unlinked from them, or a restore linked again.

    Reading an object of a row that is gone raises SQLAlchemy's ObjectDeletedError.
    """
    near = [link for link in links if link.detaches and changed.get(link.parent.name)]
    for found in list(host.identity_map.values()) if isinstance(host, Session) else ():
        if _is_changed(found, changed, spell) or any(_is_turned(found, link, changed, spell) for link in near):
            host.expire(found)


def _is_changed(found: Any, changed: Changed, spell: Spell) -> bool:
    state = inspect(found)
    table = state.mapper.local_table
    items = changed.get(table.name, set()) if isinstance(table, Table) else set()
    return bool(items) and spell(table.primary_key.columns, state.identity) in items


def _is_turned(found: Any, link: ForeignKey, changed: Changed, spell: Spell) -> bool:
    """Whether this link of the object names such a row, or what a removal leaves in its place."""
    state = inspect(found)
    table = state.mapper.local_table
    if not isinstance(table, Table) or table.name != link.child.name:
        return False
    names = {attribute.columns[0].name: attribute.key for attribute in state.mapper.column_attrs}
    values = [state.dict.get(names.get(column, column)) for column in link.columns]
    if None in values or link.on_delete is OnDelete.SET_DEFAULT or link.parent_columns != link.parent.key:
        return True
    columns = [column for name in link.columns for column in table.columns if column.name == name]
    return spell(columns, tuple(values)) in changed[link.parent.name]

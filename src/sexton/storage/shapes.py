"""The shapes of tables whose rows are kept in snapshots: a snapshot lists values, its shape names their columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache

from sqlalchemy import Connection, select

from sexton.resource import Table
from sexton.storage.store import Store


@cache
def shape_of(table: Table) -> str:
    """The fingerprint of a table's stored columns and their types."""
    told = json.dumps([[column.name, column.sql_type] for column in table.stored])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def remember(connection: Connection, store: Store, tables: Iterable[Table]) -> None:
    """Keep the shapes of these tables, so that their snapshots can be read after the tables changed."""
    shapes = store.tables["shapes"]
    known = set(connection.execute(select(shapes.c.id)).scalars())
    new = {shape_of(t): [c.name for c in t.stored] for t in tables}
    rows = [{"id": shape, "columns": columns} for shape, columns in new.items() if shape not in known]
    if rows:
        connection.execute(shapes.insert(), rows)


def columns_of(connection: Connection, store: Store, shape: str) -> list[str]:
    """The names of the columns of a shape."""
    shapes = store.tables["shapes"]
    found: list[str] = connection.execute(select(shapes.c.columns).where(shapes.c.id == shape)).scalar_one()
    return found

"""The only code that asks which database this is."""

from __future__ import annotations

from sexton.errors import ConfigurationError
from sexton.storage.dialects.base import Dialect, Statement
from sexton.storage.dialects.postgresql import PostgreSQL
from sexton.storage.dialects.sqlite import SQLite

_DIALECTS: dict[str, type[Dialect]] = {"postgresql": PostgreSQL, "sqlite": SQLite}


def dialect_of(name: str) -> Dialect:
    """The dialect of a SQLAlchemy backend name. Raises ConfigurationError for a database Sexton does not speak."""
    try:
        return _DIALECTS[name]()
    except KeyError:
        message = f"Sexton works over SQLite and PostgreSQL, not over {name}: give a sqlite:// or postgresql:// URL"
        raise ConfigurationError(message) from None


__all__ = ["Dialect", "Statement", "dialect_of"]

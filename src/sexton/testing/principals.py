"""Principals for tests that call the library without HTTP."""

from __future__ import annotations

from sexton.model import Principal, Scope


def principal(account: str = "default", *scopes: Scope | str, key_id: str = "key_test") -> Principal:
    """Who asks: of an account, with these scopes, or with all of them where none is named."""
    return Principal(account, key_id, frozenset(scopes or Scope))

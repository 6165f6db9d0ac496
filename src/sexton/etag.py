"""Entity tags and the conditions on them (RFC 9110, sections 8.8.3 and 13.1.1)."""

from __future__ import annotations

import re

_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')


def quote(tag: str) -> str:
    """Spell a strong entity tag."""
    return f'"{tag}"'


def parse(condition: str) -> frozenset[str] | None:
    """Return the opaque tags of an `If-Match` value, `{"*"}` for any, or None where it is malformed.

    Weak tags are left out: they never match strongly.
    """
    if condition.strip() == "*":
        return frozenset({"*"})
    tags, at = [], 0
    while at < len(condition):
        found = _TAG.match(condition, at)
        if found is None:
            return None
        if not found[1]:
            tags.append(found[2])
        at = found.end()
    return frozenset(tags) if condition.strip() else None


def matches(condition: str | None, tag: str) -> bool:
    """Whether a live row of this tag meets the condition; no condition is always met, a malformed one never."""
    if condition is None:
        return True
    tags = parse(condition)
    return tags is not None and ("*" in tags or tag in tags)

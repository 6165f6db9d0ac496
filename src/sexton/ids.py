"""How the id of an item is spelled: one text, from one or several key columns.

A key of one column is that column's own text. A composite key joins its parts with `,`; a part that holds
`,` or `%` has just these two percent-encoded. Any other spelling is another id: ids are literals.
"""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 4096


def join(parts: Sequence[str]) -> str:
    """Spell the id of these key parts."""
    if len(parts) == 1:
        return parts[0]
    return ",".join(part.replace("%", "%25").replace(",", "%2C") for part in parts)


def split(item_id: str, width: int) -> tuple[str, ...] | None:
    """Return the key parts of an id, or None where no key of `width` columns is spelled so."""
    if len(item_id) > _LONGEST or "\0" in item_id or not _encodable(item_id):
        return None
    if width == 1:
        return (item_id,)
    parts = tuple(part.replace("%2C", ",").replace("%25", "%") for part in item_id.split(","))
    return parts if len(parts) == width and join(parts) == item_id else None


def reference(resource: str, item_id: str) -> str:
    """Spell an item of any resource as one text, as the audit lists it (`/` and `%` of the name encoded)."""
    return f"{resource.replace('%', '%25').replace('/', '%2F')}/{item_id}"


def dereference(text: str) -> tuple[str, str]:
    """Take apart what `reference` spelled."""
    resource, _, item_id = text.partition("/")
    return resource.replace("%2F", "/").replace("%25", "%"), item_id


def _encodable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)

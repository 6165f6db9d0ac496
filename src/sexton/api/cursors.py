"""Cursors: where a page ended, signed, so that one that was not given out is refused."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from sexton.errors import Code, Refused

_MAC = 16


class Cursors:
    """Makes and reads the cursors of one installation."""

    def __init__(self, secret: str) -> None:
        """Sign with a secret that all processes on a database share."""
        self._secret = secret.encode()

    def make(self, of: str, place: Any) -> str:
        """A cursor for the list `of` (its path, account and filters) after a place."""
        told = json.dumps(place, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._mac(of, told) + told).decode().rstrip("=")

    def read(self, of: str, cursor: str) -> Any:
        """The place. Raises Refused (400) for a cursor of another list, or of nobody's."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        mac, told = raw[:_MAC], raw[_MAC:]
        if not hmac.compare_digest(mac, self._mac(of, told)):
            detail = "this cursor was not given out for this list: start again without one"
            raise Refused(Code.CURSOR_INVALID, detail)
        return json.loads(told)

    def _mac(self, of: str, told: bytes) -> bytes:
        return hmac.new(self._secret, of.encode(errors="surrogatepass") + b"\0" + told, hashlib.sha256).digest()[:_MAC]

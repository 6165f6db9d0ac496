"""A token that ends while a run lasts: all wait, one reads it again, and the run goes on."""

from __future__ import annotations

import asyncio

from sexton.client._pace import Pace
from sexton.client._response import Failure
from sexton.client._secret import Token
from sexton.client._wire import Reply

_UNAUTHENTICATED = 401
_PAUSES = (0.0, 0.5, 1.5)
"""Seconds before each look: what renews the token may be a little late."""


class Renewal:
    """Shared by all workers of a run."""

    def __init__(self, token: Token | None, pace: Pace) -> None:
        self._token = token
        self._pace = pace
        self._lock = asyncio.Lock()
        self._accepted = False
        self._refused = -1

    @property
    def generation(self) -> int:
        """Which of its values the token has now."""
        return 0 if self._token is None else self._token.generation

    def accepts(self, reply: Reply) -> bool:
        """Whether this reply is anything but a 401."""
        if isinstance(reply, Failure):
            return True
        if reply.status == _UNAUTHENTICATED:
            return False
        self._accepted = True
        return True

    async def renewed(self, used: int) -> bool:
        """After a 401 to a request with the token's value number `used`: whether there is a later one to try."""
        if self._token is None:
            return False
        async with self._lock:
            if self._refused != used == self._token.generation:
                await self._read(self._token)
                self._refused = used
            return self._token.generation != used

    async def _read(self, token: Token) -> None:
        self._pace.hold("token", "the token is read again")
        try:
            for pause in _PAUSES if self._accepted else _PAUSES[:1]:
                await asyncio.sleep(pause)
                if token.renew():
                    return
        finally:
            self._pace.hold("token", None)

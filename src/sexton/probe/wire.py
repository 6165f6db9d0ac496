"""Requests exactly as they are written: no redirect followed, no path tidied, nothing retried."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from sexton.errors import ConfigurationError
from sexton.version import __version__

_SECONDS = 20
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `headers` have small names."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 — HTTP's own classes

    @property
    def refused(self) -> bool:
        """4xx."""
        return 400 <= self.status < 500  # noqa: PLR2004

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(slots=True)
class Wire:
    """One origin, with the token that goes to it and nowhere else."""

    base: str
    token: str | None = field(repr=False, default=None)
    sent: list[tuple[str, str, int]] = field(default_factory=list)

    def __call__(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        anonymous: bool = False,
    ) -> Answer:
        """Send one request to `path`, which is put behind the base's own path as it is.

        Raises ConfigurationError where there is no answer.
        """
        parts = urlsplit(self.base)
        target = parts.path.rstrip("/") + path
        told = {"Accept": "application/json", "User-Agent": f"sexton-probe/{__version__}", **(headers or {})}
        if self.token and not anonymous:
            told["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            told.setdefault("Content-Type", "application/json")
        connection = self._open(parts.scheme, parts.hostname or "", parts.port)
        try:
            connection.request(method, target, data, told)
            response = connection.getresponse()
            answer = Answer(
                response.status, {k.lower(): v for k, v in response.getheaders()}, response.read(_MOST_BYTES)
            )
        except (OSError, http.client.HTTPException) as error:
            message = f"{method} {target}: no answer ({type(error).__name__}: {error})"
            raise ConfigurationError(message) from None
        finally:
            connection.close()
        self.sent.append((method, target, answer.status))
        return answer

    @staticmethod
    def _open(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port, timeout=_SECONDS)


def segment(value: str) -> str:
    """A value as one segment of a path."""
    return quote(value, safe="")

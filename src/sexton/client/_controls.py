"""What steers a run from outside while it runs: files that stop, pause and pace it, a health URL, a time limit.

`watch` looks once before anything is deleted, and then every second for as long as the run lasts.
"""

from __future__ import annotations

import asyncio
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from sexton.client._engine import Cause
from sexton.client._pace import Pace
from sexton.client.errors import UnsafeAddress

EVERY = 1.0
_HEALTH_EVERY = 5.0
_PATIENCE = aiohttp.ClientTimeout(total=5.0)
_NO_HEAD = frozenset({405, 501})


@dataclass(frozen=True, slots=True)
class Controls:
    """What may steer a run.

    Attributes:
        stop_file: Where it exists, the run ends; it can be resumed.
        pause_file: While it exists, nothing is sent.
        pace_file: TOML with `rate` (requests a second; 0: no limit) and `concurrency`; read again when it changes.
        throttle_url: Asked with HEAD (else GET) every five seconds, without the token; while the answer is not 2xx,
            or there is none, nothing is sent.
        max_time: Seconds after which the run ends; it can be resumed.

    Raises:
        UnsafeAddress: the throttle URL is none, or holds a user's name.
    """

    stop_file: Path | None = None
    pause_file: Path | None = None
    pace_file: Path | None = None
    throttle_url: str | None = None
    max_time: float | None = None

    def __post_init__(self) -> None:
        if self.throttle_url is None:
            return
        parts = urlsplit(self.throttle_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise UnsafeAddress("The throttle URL is http:// or https:// with a host, and no user's name in it.")

    def __bool__(self) -> bool:
        return self != Controls()


class Run(Protocol):
    """What `Watch` steers."""

    def stop(self, cause: Cause, reason: str) -> None:
        """End it."""
        ...


class Watch:
    """Looks at the controls of one run. An async context manager that looks for as long as it lasts."""

    def __init__(self, controls: Controls, pace: Pace, run: Run) -> None:
        self._controls = controls
        self._pace = pace
        self._run = run
        self._began = time.monotonic()
        self._paced: str | None = None
        self._health: str | None = None
        self._healthy_until = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        if self._controls:
            await self._look()
            self._task = asyncio.create_task(self._keep_looking())

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self._look()

    async def _look(self) -> None:
        self._look_for_an_end()
        if self._controls.pace_file is not None:
            self._set_the_pace(self._controls.pace_file)
        await self._look_at_health()
        pause = self._controls.pause_file
        self._pace.hold("health", self._health)
        self._pace.hold("pause", f"{pause} exists" if pause is not None and _exists(pause) else None)

    def _look_for_an_end(self) -> None:
        stop, limit = self._controls.stop_file, self._controls.max_time
        if stop is not None and _exists(stop):
            self._run.stop(Cause.STOP_FILE, f"{stop} exists; remove it first")
        if limit is not None and time.monotonic() - self._began >= limit:
            self._run.stop(Cause.MAX_TIME, f"{limit:g} seconds are over (--max-time)")

    def _set_the_pace(self, path: Path) -> None:
        """A file that cannot be read, or is half written, changes nothing."""
        try:
            text = path.read_text(encoding="utf-8")
            if text == self._paced:
                return
            told = tomllib.loads(text)
        except (OSError, ValueError):
            return
        self._paced = text
        if _is_number(told.get("rate")):
            self._pace.rate = told["rate"] or None
        if _is_number(told.get("concurrency")):
            self._pace.ceiling = int(told["concurrency"])
            self._pace.wake()

    async def _look_at_health(self) -> None:
        url, now = self._controls.throttle_url, time.monotonic()
        if url is None or now < self._healthy_until:
            return
        self._health = await fault_of(url)
        self._healthy_until = now + (EVERY if self._health else _HEALTH_EVERY)


def _exists(path: Path) -> bool:
    """Whether a file is there; where nobody may look, it is safer to take it for there."""
    try:
        return path.exists()
    except OSError:
        return True


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= sys.maxsize


async def fault_of(url: str) -> str | None:
    """Why a health URL says that one should wait, or None. Asked without token, cookies, proxies or redirects."""
    try:
        async with aiohttp.ClientSession(timeout=_PATIENCE, trust_env=False) as session:
            status = await _status_of(session, "HEAD", url)
            if status in _NO_HEAD:
                status = await _status_of(session, "GET", url)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return "the throttle URL gives no answer"
    return None if status // 100 == 2 else f"the throttle URL answers {status}"  # noqa: PLR2004 — the class


async def _status_of(session: aiohttp.ClientSession, method: str, url: str) -> int:
    async with session.request(method, URL(url, encoded=True), allow_redirects=False) as answer:
        return answer.status

"""Cuts sockets at their deadline: a socket's own time-out starts anew with every byte, so a slow drip outlives it."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import socket
import threading
import time


class Watch:
    """One socket under a deadline; `cut` is True once it was shut down."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock: socket.socket | None = sock
        self._lock = threading.Lock()
        self.cut = False

    def end(self) -> None:
        """The exchange is over: the socket may serve another."""
        with self._lock:
            self._sock = None

    def fire(self) -> None:
        """Shut the socket down, unless its exchange is over."""
        with self._lock:
            if self._sock is None:
                return
            self.cut = True
            with contextlib.suppress(OSError):
                # Not SSLSocket.shutdown: that would take the TLS object from under the reading thread.
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    @property
    def over(self) -> bool:
        """Whether nothing is watched any more."""
        return self._sock is None


class Watchdog:
    """One daemon thread for all sockets of a process."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Watch]] = []
        self._number = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def watch(self, sock: socket.socket, seconds: float) -> Watch:
        """Shut this socket down in so many seconds, unless its watch ends before."""
        watch = Watch(sock)
        entry = (time.monotonic() + seconds, next(self._number), watch)
        with self._changed:
            heapq.heappush(self._due, entry)
            if self._thread is None or not self._thread.is_alive():  # also after a fork
                self._thread = threading.Thread(target=self._run, name="sexton-deadlines", daemon=True)
                self._thread.start()
            if self._due[0] is entry:
                self._changed.notify()
        return watch

    def _run(self) -> None:
        while True:
            with self._changed:
                watch = self._next()
            if watch is not None:
                watch.fire()

    def _next(self) -> Watch | None:
        while self._due and self._due[0][2].over:
            heapq.heappop(self._due)
        wait = self._due[0][0] - time.monotonic() if self._due else None
        if wait is None or wait > 0:
            self._changed.wait(wait)
            return None
        return heapq.heappop(self._due)[2]


WATCHDOG = Watchdog()

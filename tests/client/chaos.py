"""A store behind a hostile server, with its own log of what was really removed, and by whom."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from hostile import Act, Seen, drop, json, raw, stall, status

FATES = ("drop before", "drop after", "500 before", "500 after", "503", "429", "lie", "redirect", "half", "late", "403")
_NOTHING_DONE = frozenset({"429"})  # the answers that say so


@dataclass
class Store:
    """`chaos` is the share of requests that go wrong; `stall` and `late` in seconds: the answer, and the effect, of a late one."""

    there: set[str]
    seed: int = 7
    chaos: float = 0.4
    stall: float = 0.3
    late: float = 0.4
    log: list[tuple[str, str, str]] = field(default_factory=list)  # method, id, fate; or "removed", id, by whom
    removed: dict[str, str] = field(default_factory=dict)  # id: by a DELETE, or by somebody else

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._lock = threading.Lock()
        self._timers: list[threading.Timer] = []

    def __call__(self, seen: Seen) -> Act:
        item = seen.path.rpartition("/")[2]
        with self._lock:
            fate = self._random.choice(FATES) if self._random.random() < self.chaos else "ok"
            self.log.append((seen.method, item, fate))
            return self._get(item, fate) if seen.method == "GET" else self._delete(item, fate)

    def taken_by_somebody_else(self, items: Iterable[str]) -> None:
        for item in items:
            self._remove(item, "somebody else")

    def of(self, item: str) -> list[tuple[str, str, str]]:
        return [entry for entry in self.log if entry[1] == item]

    def settled(self) -> None:
        """Wait for what is late."""
        for timer in self._timers:
            timer.join()

    def _remove(self, item: str, by: str = "a DELETE") -> None:
        if item in self.there:
            self.there.remove(item)
            self.removed[item] = by
            self.log.append(("removed", item, by))

    def _get(self, item: str, fate: str) -> Act:
        if fate in {"drop before", "drop after", "half"}:
            return drop
        if fate in {"500 before", "503"}:
            return status(int(fate[:3]), Retry_After="0")
        return json(200, f'{{"id": "{item}", "n": 1}}', ETag='"a"') if item in self.there else status(404)

    def _delete(self, item: str, fate: str) -> Act:
        early: dict[str, Act] = {
            "drop before": drop,
            "500 before": status(500),
            "503": status(503, Retry_After="0"),
            "429": status(429, Retry_After="0"),
            "lie": json(200, '{"deleted": false}'),
            "redirect": status(302, Location="/login"),
            "403": status(403),
        }
        if fate in early:
            return early[fate]
        if fate == "late":
            timer = threading.Timer(self.late, self._remove, [item])
            self._timers.append(timer)
            timer.start()
            return stall(self.stall)
        was = item in self.there
        self._remove(item)
        after: dict[str, Act] = {
            "drop after": drop,
            "500 after": status(500),
            "half": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", keep=False),
        }
        return after.get(fate, status(204 if was else 404))

    def doubled(self) -> list[str]:
        """Ids whose DELETE came twice without a GET between, where the first may have done something."""
        open_, found = set[str](), []
        for method, item, fate in self.log:
            if method != "DELETE":
                open_.difference_update({item} if method == "GET" else ())
            elif item in open_:
                found.append(item)
            elif fate not in _NOTHING_DONE:
                open_.add(item)
        return found

"""A job's progress as server-sent events (WHATWG HTML, section 9.2), until its end.

An event's id says how far the job was. Who comes back with `Last-Event-ID` hears only what came after; who comes back
after the end hears 204, which tells a browser not to come again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from sexton.api.answer import Answer, dumps, refuse
from sexton.api.call import Call
from sexton.api.jobs import find_job, job_shown
from sexton.api.schemas import Nothing
from sexton.errors import Code, Problem
from sexton.lifecycle import State

_LOOK_SECONDS = 0.5
_QUIET_SECONDS = 15.0


def job_events(call: Call) -> Answer:
    """The progress of a job, as it happens."""
    call.read_query(Nothing)
    shown = _look(call)
    if shown is None:
        return refuse(Problem(Code.NOT_FOUND, "there is no such job"))
    last = call.header("last-event-id")
    if last == _id(shown) and State(shown["state"]).is_final:
        return Answer(204, headers={"Cache-Control": "no-store"})
    told = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Answer(200, headers=told, pieces=_events(call, last))


def _look(call: Call) -> dict[str, Any] | None:
    with call.store.read() as connection:
        job = find_job(call, connection)
        return job_shown(call, connection, job) if job else None


def _id(shown: dict[str, Any]) -> str:
    done = sum(n for word, n in shown["summary"].items() if word not in ("requested", "duplicates"))
    return f"{done}-{shown['state']}"


def _events(call: Call, last: str | None) -> Iterator[bytes | float]:
    """Each state of progress once, then how it ended; a comment now and then, so that nobody hangs up."""
    spoken = time.monotonic()
    while (shown := _look(call)) is not None:
        name, ended = _id(shown), State(shown["state"]).is_final
        if name != last:
            kind = "end" if ended else "progress"
            yield b"id: %s\nevent: %s\ndata: %s\n\n" % (name.encode(), kind.encode(), dumps(shown))
            last, spoken = name, time.monotonic()
        elif time.monotonic() - spoken > _QUIET_SECONDS:
            yield b": still here\n\n"
            spoken = time.monotonic()
        if ended:
            return
        yield _LOOK_SECONDS

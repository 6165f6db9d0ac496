"""What is due on a schedule: siblings of one shape (interval, one pass, one report)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sexton.actions.finish_job import finish_jobs
from sexton.actions.purge import purge
from sexton.storage.store import Store


@dataclass(slots=True)
class Duty:
    """Something to do every so often; `run` returns what it did, for the log."""

    name: str
    interval: timedelta
    run: Callable[[Store], Any]
    due: float = 0.0

    def is_due(self, clock: float) -> bool:
        """Whether its time has come (`clock`: seconds of a monotonic clock); sets the next time."""
        if clock < self.due:
            return False
        self.due = clock + self.interval.total_seconds()
        return True


def _sweep_jobs(store: Store) -> list[str]:
    """End what a worker left that died between a job's last chunk and its end."""
    with store.write() as connection:
        return [job.id for job, _ in finish_jobs(connection, store, store.dialect.now(connection))]


def duties(purge_interval: timedelta, stopped: Callable[[], bool]) -> list[Duty]:
    """What every worker does beside its chunks; `stopped` ends a long one between two of its batches."""
    return [
        Duty("finish_jobs", timedelta(seconds=10), _sweep_jobs),
        Duty("purge", purge_interval, lambda store: purge(store, stopped=stopped).as_dict()),
    ]

"""Whose turn it is: a small job is not stuck behind a big one, nor one account behind another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that has work."""

    id: str
    account: str


@dataclass(slots=True)
class Turns:
    """What one worker served, and when: the account served longest ago is next, within it the job served longest ago."""

    _clock: count[int] = field(default_factory=lambda: count(1))
    _accounts: dict[str, int] = field(default_factory=dict)
    _jobs: dict[str, int] = field(default_factory=dict)

    def order(
        self, waiting: Sequence[Waiting], busy: Mapping[str, int] = {}, most: Mapping[str, int] = {}
    ) -> list[Waiting]:
        """The jobs in the order they should be tried; those of accounts that have as many workers as they may are left out."""
        may = [job for job in waiting if busy.get(job.account, 0) < most.get(job.account, 1 << 30)]
        return sorted(may, key=lambda job: (self._accounts.get(job.account, 0), self._jobs.get(job.id, 0)))

    def served(self, job: Waiting) -> None:
        """This job has just had its turn."""
        self._accounts[job.account] = self._jobs[job.id] = next(self._clock)

    def keep(self, waiting: Sequence[Waiting]) -> None:
        """Forget jobs and accounts that wait no more."""
        ids, accounts = {job.id for job in waiting}, {job.account for job in waiting}
        self._jobs = {name: at for name, at in self._jobs.items() if name in ids}
        self._accounts = {name: at for name, at in self._accounts.items() if name in accounts}

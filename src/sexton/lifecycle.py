"""The states of a job and the one table of allowed moves.

awaiting_approval ──approve──▶ queued ──▶ running ⇄ paused
                                 │           │
                                 └──cancel───┴──▶ cancelled
running ──▶ completed | completed_with_failures | halted | failed        halted ──resume──▶ running
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a job stands."""

    AWAITING_APPROVAL = "awaiting_approval"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    HALTED = "halted"
    COMPLETED = "completed"
    COMPLETED_WITH_FAILURES = "completed_with_failures"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether nothing will happen any more."""
        return self in FINAL


class Move(StrEnum):
    """What a person may do to a job."""

    APPROVE = "approve"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


FINAL = frozenset({State.COMPLETED, State.COMPLETED_WITH_FAILURES, State.CANCELLED, State.FAILED})

MOVES: Mapping[Move, Mapping[State, State]] = {
    Move.APPROVE: {State.AWAITING_APPROVAL: State.QUEUED},
    Move.PAUSE: {State.QUEUED: State.PAUSED, State.RUNNING: State.PAUSED},
    Move.RESUME: {State.PAUSED: State.QUEUED, State.HALTED: State.QUEUED},
    Move.CANCEL: {
        State.AWAITING_APPROVAL: State.CANCELLED,
        State.QUEUED: State.CANCELLED,
        State.RUNNING: State.CANCELLED,
        State.PAUSED: State.CANCELLED,
        State.HALTED: State.CANCELLED,
    },
}

_ALREADY: Mapping[Move, frozenset[State]] = {
    Move.APPROVE: frozenset(State) - {State.AWAITING_APPROVAL, State.CANCELLED},
    Move.PAUSE: frozenset({State.PAUSED}),
    Move.RESUME: frozenset({State.QUEUED, State.RUNNING}),
    Move.CANCEL: frozenset({State.CANCELLED}),
}


def after(move: Move, state: State) -> State | None:
    """The state a move leads to (the same one where it was made before); None where it is not allowed."""
    if state in _ALREADY[move]:
        return state
    return MOVES[move].get(state)


def finished(counts: Mapping[str, int]) -> State:
    """The final state of a job whose chunks are all done."""
    return State.COMPLETED_WITH_FAILURES if counts.get("failed") else State.COMPLETED

"""The states of a job and the tables of its moves; docs/lifecycle.md draws them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a job stands."""

    AWAITING_APPROVAL = "awaiting_approval"
    """Larger than `approve_above`: it waits until another key approves it."""
    QUEUED = "queued"
    """It waits for a worker, or for its `delay_seconds` to pass."""
    RUNNING = "running"
    """Workers are at it, a chunk at a time."""
    PAUSED = "paused"
    """Somebody paused it: no chunk is begun until it is resumed."""
    HALTED = "halted"
    """A stage of its rollout failed more than it may: it waits for somebody to resume or cancel it."""
    COMPLETED = "completed"
    """Every item came to its plain end."""
    COMPLETED_WITH_FAILURES = "completed_with_failures"
    """It has ended, and some items failed; each says why."""
    CANCELLED = "cancelled"
    """Somebody cancelled it: what was done stays done, and can be undone."""
    FAILED = "failed"
    """It could not go on. No job of this release ends so: what fails is an item, and workers try again."""

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

BY_WORKERS: Mapping[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.RUNNING}),
    State.RUNNING: frozenset({State.COMPLETED, State.COMPLETED_WITH_FAILURES, State.HALTED}),
}
"""Where a job goes by itself."""

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

"""The state diagrams. Only the places of the states are written here; the states and moves are the code's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from sexton.lifecycle import BY_WORKERS, FINAL, MOVES, State

Place = tuple[int, int]
Edge = tuple[str, str, str]  # from, to, what moves it

_HEIGHT = 34
_JOB: Mapping[str, Place] = {
    State.CANCELLED: (455, 30),
    State.AWAITING_APPROVAL: (100, 160),
    State.QUEUED: (330, 160),
    State.RUNNING: (580, 160),
    State.PAUSED: (330, 290),
    State.HALTED: (580, 290),
    State.COMPLETED: (830, 80),
    State.COMPLETED_WITH_FAILURES: (830, 160),
    State.FAILED: (830, 240),
}
_ITEM: Mapping[str, Place] = {
    "live": (110, 40),
    "deleted": (370, 40),
    "purged": (680, 40),
    "forgotten": (930, 40),
    "live, held": (110, 140),
    "deleted, held": (370, 140),
}
ITEM_MOVES: tuple[Edge, ...] = (
    ("live", "deleted", "delete"),
    ("deleted", "live", "restore"),
    ("live", "live, held", "hold"),
    ("live, held", "live", "lift"),
    ("deleted", "deleted, held", "hold"),
    ("deleted, held", "deleted", "lift"),
    ("deleted", "purged", "recovery window over"),
    ("purged", "forgotten", "memory over"),
)
"""What can happen to an item of the strategy archive or soft; tests/docs/test_lifecycle.py goes all these ways."""


def job() -> str:
    """docs/images/job.svg."""
    missing = [state for state in State if state not in _JOB]
    if missing:
        raise LookupError(f"give {missing} a place in tools/reference/diagrams.py")
    return _svg("The states of a job", _JOB, job_moves(), FINAL, (940, 330))


def job_moves() -> list[Edge]:
    """Every move of a job: those of people by their name, those of workers without."""
    people = [(start, end, move) for move, table in MOVES.items() for start, end in table.items()]
    workers = [(start, end, "") for start, ends in BY_WORKERS.items() for end in sorted(ends)]
    return [(str(a), str(b), str(c)) for a, b, c in [*people, *workers]]


def item() -> str:
    """docs/images/item.svg."""
    return _svg("The states of an item", _ITEM, ITEM_MOVES, {"forgotten"}, (1000, 175))


def _svg(title: str, places: Mapping[str, Place], edges: Iterable[Edge], final: Iterable[str], size: Place) -> str:
    ends, labels = _edges(places, list(edges))
    parts = [*ends, *(_box(name, at, ended=name in set(final)) for name, at in places.items()), *labels]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" width="{size[0]}" role="img"'
        f' font-family="sans-serif" font-size="13"><title>{escape(title)}</title>'
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 10 5 0 10z" fill="#555"/></marker></defs>'
        f'<rect width="{size[0]}" height="{size[1]}" fill="#fff"/>'
    )
    return "\n".join([head, *parts, "</svg>"]) + "\n"


def _box(name: str, at: Place, *, ended: bool) -> str:
    width = _width(name)
    x, y = at[0] - width // 2, at[1] - _HEIGHT // 2
    look = 'stroke="#333" stroke-width="3"' if ended else 'stroke="#777"'
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{_HEIGHT}" rx="8" fill="#f4f4f0" {look}/>'
        f'<text x="{at[0]}" y="{at[1] + 4}" text-anchor="middle">{escape(name)}</text>'
    )


def _edges(places: Mapping[str, Place], edges: list[Edge]) -> tuple[list[str], list[str]]:
    """Lines and labels; two that go opposite ways stand beside each other."""
    lines, labels = [], []
    there = {(start, end) for start, end, _ in edges}
    for start, end, move in edges:
        aside = 9 if (end, start) in there else 0
        (x1, y1), (x2, y2) = _ends(places, start, end, aside)
        lines.append(
            f'<path d="M{x1} {y1}L{x2} {y2}" stroke="#555" fill="none" marker-end="url(#tip)"'
            f' data-move="{escape(f"{start} {end} {move}".strip())}"/>'
        )
        if move:
            labels.append(_label(move, x1 + (x2 - x1) * 2 // 5, y1 + (y2 - y1) * 2 // 5))
    return lines, labels


def _label(move: str, x: int, y: int) -> str:
    width = 7 * len(move) + 4
    return (
        f'<rect x="{x - width // 2}" y="{y - 9}" width="{width}" height="17" fill="#fff" fill-opacity="0.85"/>'
        f'<text x="{x}" y="{y + 4}" text-anchor="middle" fill="#333" font-style="italic">{escape(move)}</text>'
    )


def _ends(places: Mapping[str, Place], start: str, end: str, aside: int) -> tuple[Place, Place]:
    """Where the line between two boxes leaves one and meets the other, moved aside to its left."""
    dx, dy = places[end][0] - places[start][0], places[end][1] - places[start][1]
    length = (dx * dx + dy * dy) ** 0.5
    right, down = dy / length * aside, -dx / length * aside
    (x1, y1), (x2, y2) = _border(places[start], _width(start), dx, dy), _border(places[end], _width(end), -dx, -dy)
    return (round(x1 + right), round(y1 + down)), (round(x2 + right), round(y2 + down))


def _border(centre: Place, width: int, dx: int, dy: int) -> tuple[float, float]:
    across = width / 2 / abs(dx) if dx else float("inf")
    down = _HEIGHT / 2 / abs(dy) if dy else float("inf")
    part = min(across, down)
    return centre[0] + dx * part, centre[1] + dy * part


def _width(name: str) -> int:
    return 8 * len(name) + 24

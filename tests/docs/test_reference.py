"""The reference is what the code says now, and the diagrams are its tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reference import PAGES, diagrams, writing
from sexton.api.problems import BASE
from sexton.errors import Code
from sexton.lifecycle import BY_WORKERS, FINAL, MOVES, State

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_it_is_fresh(name):
    assert (DOCS / name).read_text() == PAGES[name](), "the code has changed: run `make reference`"


def test_no_page_of_it_is_written_by_hand():
    made = [*(DOCS / "reference").iterdir(), *(DOCS / "images").iterdir()]
    assert {str(path.relative_to(DOCS)) for path in made} == set(PAGES)


def test_each_type_of_a_problem_is_an_anchor():
    assert BASE.endswith("/problems/")
    headings = re.findall(r"^## (.+)$", (DOCS / "reference/errors.md").read_text(), re.MULTILINE)
    assert headings == list(Code)


def test_a_new_member_without_its_sentence_is_refused():
    assert set(writing.told(State)) == set(State.__members__)
    with pytest.raises(LookupError, match="FORGED has no sentence"):
        writing.told(_Bare)


class _Bare:
    FORGED = "forged"


def test_the_diagram_has_every_move_of_the_tables():
    drawn = set(re.findall(r'data-move="([^"]+)"', (DOCS / "images/job.svg").read_text()))
    people = {f"{start} {end} {move}" for move, table in MOVES.items() for start, end in table.items()}
    assert drawn == people | {f"{start} {end}" for start, ends in BY_WORKERS.items() for end in ends}


def test_every_state_has_a_way_in_and_every_open_one_a_way_out():
    edges = [(start, end) for start, end, _ in diagrams.job_moves()]
    assert {end for _, end in edges} == set(State) - {State.AWAITING_APPROVAL, State.FAILED}  # where it begins; unused
    assert {start for start, _ in edges} == set(State) - FINAL

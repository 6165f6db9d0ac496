"""Properties of what has no I/O: ids, entity tags, quotas, plans, job states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sexton import decide, etag, ids
from sexton.errors import Code, Problem, Refused
from sexton.filters import parse
from sexton.lifecycle import FINAL, Move, State, after
from sexton.plan import Plan, Row, parents_first
from sexton.quota import Bucket
from sexton.resource import Column, ForeignKey, Kind, OnDelete, Resource, Strategy, Table

PARTS = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20), min_size=2, max_size=4
)


@given(PARTS)
def test_an_id_has_one_spelling(parts):
    assert ids.split(ids.join(parts), len(parts)) == tuple(parts)


@given(st.text(max_size=40), st.integers(2, 3))
def test_any_other_spelling_is_another_id(text, width):
    parts = ids.split(text, width)
    assert parts is None or ids.join(parts) == text


@given(st.text(max_size=20), st.text(max_size=20))
def test_references_are_taken_apart_as_they_were_made(resource, item):
    assert ids.dereference(ids.reference(resource, item)) == (resource, item)


@pytest.mark.parametrize(
    ("condition", "tag", "met"),
    [
        ('"a"', "a", True),
        ('"a", "b"', "b", True),
        ('W/"a"', "a", False),
        ("*", "a", True),
        ("a", "a", False),
        ('"a" "b"', "a", False),
        ('""', "", True),
        ("", "", False),
        (None, "a", True),
    ],
)
def test_conditions(condition, tag, met):
    assert etag.matches(condition, tag) is met


@given(st.integers(1, 10_000), st.floats(0, 1), st.integers(0, 20_000))
def test_waiting_as_long_as_told_is_enough(capacity, share, items):
    bucket = Bucket(capacity, capacity * share)
    wait = bucket.seconds_until(items)
    assert bucket.remaining + wait * capacity / 3600 >= min(items, capacity) - 1e-6
    assert (wait == 0) == (bucket.remaining >= min(items, capacity))


@given(st.sampled_from(Move), st.sampled_from(State))
def test_moves_are_idempotent_and_the_end_is_the_end(move, state):
    target = after(move, state)
    if target is not None:
        assert after(move, target) == target
    if state in FINAL:
        assert target in (None, state)


def _table(name: str) -> Table:
    return Table(None, name, (Column("id", Kind.INTEGER, "INTEGER"),), ("id",))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_parents_come_first_and_cycles_together(pairs):
    tables = [_table(str(n)) for n in range(6)]
    keys = [ForeignKey("k", tables[c], ("id",), tables[p], ("id",), OnDelete.NO_ACTION) for c, p in pairs]
    order = parents_first(tables, keys)
    place = {table.name: n for n, knot in enumerate(order) for table in knot}
    assert sorted(place) == [str(n) for n in range(6)]
    assert all(place[key.parent.name] <= place[key.child.name] for key in keys)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20), st.sets(st.integers(0, 9)))
def test_a_row_goes_only_if_all_it_takes_may_go(pairs, kept):
    resource = Resource("r", _table("r"), Strategy.ARCHIVE)
    rows = [Row(resource, (str(n),)) for n in range(10)]
    plan = Plan()
    for row in rows:
        plan.add(row)
    for taker, taken in pairs:
        plan.add(rows[taken], rows[taker])
    for n in kept:
        plan.problems[rows[n].key] = Problem(Code.HELD, "held")
    verdicts = decide.verdicts(plan, [row.key for row in rows], cascade=True)
    for row in rows:
        reached = set(plan.reach(row.key))
        assert (verdicts[row.key] is None) == (not reached & set(plan.problems))
    going = [key for key, problem in verdicts.items() if problem is None]
    taken = [row.key for group in plan.groups(going) for row, _ in group.rows]
    assert len(taken) == len(set(taken))
    assert not set(taken) & set(plan.problems)


@given(
    st.dictionaries(
        st.text(max_size=5), st.one_of(st.none(), st.integers(), st.dictionaries(st.text(max_size=4), st.integers()))
    )
)
def test_a_filter_is_understood_whole_or_refused(wanted):
    table = Table(None, "t", (Column("id", Kind.INTEGER, "INTEGER"), Column("v", Kind.TEXT, "TEXT")), ("id",))
    try:
        conditions = parse(table, wanted)
    except Refused as refused:
        assert refused.problem.code is Code.INVALID_REQUEST
    else:
        assert {condition.column.name for condition in conditions} == set(wanted) != set()

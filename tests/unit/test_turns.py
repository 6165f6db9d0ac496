"""Whose turn it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sexton.rollout import REST, Gate, canaries
from sexton.turns import Turns, Waiting


def served(turns: Turns, waiting: list[Waiting], rounds: int) -> list[str]:
    found = []
    for _ in range(rounds):
        first = turns.order(waiting)[0]
        turns.served(first)
        found.append(first.id)
    return found


def test_a_new_job_is_next_and_then_they_take_turns():
    turns, big, small = Turns(), Waiting("big", "a"), Waiting("small", "b")
    assert served(turns, [big], 50) == ["big"] * 50
    assert served(turns, [big, small], 6) == ["small", "big"] * 3


def test_an_account_with_many_jobs_has_no_more_turns_than_one_with_one():
    many = [Waiting(f"a{n}", "a") for n in range(9)]
    found = served(Turns(), [*many, Waiting("b0", "b")], 40)
    assert found.count("b0") == 20
    assert {found.count(job.id) for job in many} == {2, 3}


def test_an_account_at_its_bound_is_left_out():
    jobs = [Waiting("x", "a"), Waiting("y", "b")]
    assert [job.id for job in Turns().order(jobs, {"a": 2}, {"a": 2})] == ["y"]
    assert [job.id for job in Turns().order(jobs, {"a": 1}, {"a": 2})] == ["x", "y"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("123")), min_size=1, max_size=9, unique=True))
def test_nobody_waits_longer_than_a_round(pairs):
    jobs = [Waiting(account + name, account) for account, name in pairs]
    accounts = {job.account for job in jobs}
    rounds = len(accounts) * len(jobs)
    found = served(Turns(), jobs, rounds)
    assert set(found) == {job.id for job in jobs}


@given(st.integers(1, 5000), st.floats(0.001, 100))
def test_canaries_are_some_of_all(total, percent):
    chosen = canaries(total, percent)
    assert chosen == sorted(set(chosen))
    assert 1 <= len(chosen) <= total
    assert chosen[0] >= 0
    assert chosen[-1] < total
    assert len(chosen) >= total * percent / 100 or len(chosen) == total


@given(st.integers(0, 1000), st.integers(1, 1000), st.floats(0, 100))
def test_a_gate_breaks_just_above_its_share(failed, size, most):
    failed = min(failed, size)
    reason = Gate(2, most).breach(REST, size, {"failed": failed})
    assert (reason is not None) == (100 * failed / size > most)
    assert reason is None or f"{failed:,} of the {size:,}" in reason

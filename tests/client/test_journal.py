from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sexton.client.journal import Journal, JournalFault, JournalHeader, Recovered, Standing, check_of, recover
from sexton.client.plan_file import PlannedItem, Seen

COUNT = 8
HEADER = JournalHeader("/tmp/some.plan", "d" * 64, "https://api.example.com/v1", "reports", COUNT, "2026-01-01")
ITEMS = [PlannedItem(n, f"r{n}", None, Seen.PRESENT) for n in range(COUNT)]
OUTCOMES = [
    "deleted",
    "already_absent",
    "not_found",
    "failed",
    "unknown",
    "throttled",
    "accepted",
    "conflict",
    "forbidden",
]
EXPECTED = {
    "deleted": 2,
    "already_absent": 3,
    "not_found": 3,
    "failed": 5,
    "unknown": 1,
    "throttled": 4,
    "accepted": 6,
    "conflict": 5,
    "forbidden": 7,
}

Step = tuple[str, int, str]
steps = st.lists(
    st.tuples(st.sampled_from(["intent", "result", "release"]), st.integers(0, COUNT - 1), st.sampled_from(OUTCOMES)),
    max_size=12,
)


def written(path: Path, taken: list[Step]) -> tuple[bytes, list[bytearray]]:
    """A journal of these steps: its bytes, and the standings after each line."""
    journal = Journal.create(path, HEADER)
    standings = [bytearray(COUNT)]
    for kind, n, outcome in taken:
        event = {"e": kind, "n": n, "id": f"r{n}"} | ({"outcome": outcome} if kind == "result" else {})
        journal.note(event)
        after = bytearray(standings[-1])
        after[n] = {"intent": 1, "release": 0, "result": EXPECTED[outcome]}[kind]
        standings.append(after)
    journal.write(journal.taken())
    journal.close()
    return path.read_bytes(), standings


def refused(path: Path) -> str:
    with pytest.raises(JournalFault) as caught:
        recover(path)
    return str(caught.value)


@settings(max_examples=10, deadline=None)
@given(steps)
def test_cut_at_every_byte_it_says_what_was_durable(tmp_path_factory, taken):
    path = tmp_path_factory.mktemp("cut") / "some.journal"
    whole, standings = written(path, taken)
    first = whole.index(b"\n") + 1
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        if length < first - 1:
            assert "line 1" in refused(path)
            continue
        # a line that lacks just its line end is whole: its checksum says so
        lines = whole[:length].count(b"\n") + (whole[length : length + 1] == b"\n")
        found = recover(path)
        assert found.standings == standings[lines - 1], length
        assert found.end + found.torn == length


@settings(max_examples=5, deadline=None)
@given(steps, st.integers(1, 255))
def test_every_changed_byte_is_refused(tmp_path_factory, taken, mask):
    path = tmp_path_factory.mktemp("flip") / "some.journal"
    whole, _ = written(path, taken)
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ mask]) + whole[place + 1 :])
        line = whole[:place].count(b"\n") + 1
        told = refused(path)
        assert any(f"line {n}" in told for n in (line, line + 1)), place


@settings(max_examples=10, deadline=None)
@given(steps.filter(lambda taken: len(taken) > 2), st.data())
def test_lines_that_miss_move_or_come_from_elsewhere_are_refused(tmp_path_factory, taken, data):
    path = tmp_path_factory.mktemp("move") / "some.journal"
    whole, _ = written(path, taken)
    lines = whole.splitlines(keepends=True)
    n = data.draw(st.integers(1, len(lines) - 2))
    path.write_bytes(b"".join(lines[:n] + lines[n + 1 :]))
    assert f"line {n + 1}" in refused(path)
    path.write_bytes(b"".join([*lines[:n], lines[n], *lines[n:]]))
    assert f"line {n + 2}" in refused(path)


@settings(max_examples=15, deadline=None)
@given(steps, steps)
def test_it_goes_on_after_a_cut(tmp_path_factory, before, after):
    path = tmp_path_factory.mktemp("on") / "some.journal"
    whole, standings = written(path, before)
    path.write_bytes(whole[: len(whole) - 1 - len(before) % 7])
    journal, found = Journal.reopen(path)
    for kind, n, outcome in after:
        journal.note({"e": kind, "n": n, "id": f"r{n}"} | ({"outcome": outcome} if kind == "result" else {}))
        found.standings[n] = {"intent": 1, "release": 0, "result": EXPECTED[outcome]}[kind]
    journal.write(journal.taken())
    journal.close()
    assert recover(path).standings == found.standings
    assert standings


def append(path: Path, body: bytes) -> None:
    """A line with a right checksum, whatever it says."""
    crc = recover(path).crc
    with path.open("ab") as file:
        file.write(body + check_of(body, crc)[1])


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b'{"e":"intent","n":8,"id":"x"', "outside the plan"),
        (b'{"e":"intent","n":-1,"id":"x"', "outside the plan"),
        (b'{"e":"result","n":1,"id":"x"', "no outcome"),
        (b'{"e":"dance"', "no event"),
        (b'["e"', "no JSON object"),
    ],
)
def test_foreign_lines_are_refused_with_their_number(tmp_path, body, what):
    path = tmp_path / "some.journal"
    written(path, [("intent", 1, "deleted")])
    append(path, body)
    told = refused(path)
    assert "line 3" in told
    assert what in told


def test_a_plan_is_no_journal(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b'{"format":"sexton-plan"}\n')
    assert "line 1" in refused(path)
    path.write_bytes(b"")
    assert "line 1" in refused(path)


def test_a_line_longer_than_any_is_no_torn_one(tmp_path):
    path = tmp_path / "some.journal"
    written(path, [("intent", 1, "deleted")])
    with path.open("ab") as file:
        file.write(b"x" * (1 << 20) + b"y")
    assert "longer than any line" in refused(path)


def test_a_journal_is_begun_once(tmp_path):
    path = tmp_path / "some.journal"
    Journal.create(path, HEADER).close()
    with pytest.raises(JournalFault, match="sexton resume"):
        Journal.create(path, HEADER)


def test_two_processes_cannot_work_on_one(tmp_path):
    path = tmp_path / "some.journal"
    journal = Journal.create(path, HEADER)
    with pytest.raises(JournalFault, match="in use"):
        Journal.reopen(path)
    journal.close()
    Journal.reopen(path)[0].close()


def _hold(path: Path, ready: object) -> None:
    Journal.reopen(path)
    ready.set()  # type: ignore[attr-defined]
    multiprocessing.Event().wait()


def test_a_killed_process_leaves_no_lock(tmp_path):
    path = tmp_path / "some.journal"
    Journal.create(path, HEADER).close()
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    holder = context.Process(target=_hold, args=(path, ready))
    holder.start()
    assert ready.wait(20)
    with pytest.raises(JournalFault, match="in use"):
        Journal.reopen(path)
    holder.kill()
    holder.join()
    Journal.reopen(path)[0].close()


def test_write_fsyncs_before_it_returns(tmp_path, monkeypatch):
    calls = []
    write, fsync = os.write, os.fsync
    journal = Journal.create(tmp_path / "some.journal", HEADER)
    monkeypatch.setattr(os, "write", lambda fd, data: (calls.append("write"), write(fd, data))[1])
    monkeypatch.setattr(os, "fsync", lambda fd: (calls.append("fsync"), fsync(fd))[1])
    journal.intents(ITEMS)
    journal.write(journal.taken())
    assert calls == ["write", "fsync"]
    journal.close()


def test_a_short_write_is_completed(tmp_path, monkeypatch):
    path = tmp_path / "some.journal"
    journal = Journal.create(path, HEADER)
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:7]))
    journal.intents(ITEMS)
    journal.write(journal.taken())
    journal.close()
    assert recover(path).standings == bytearray([Standing.UNKNOWN] * COUNT)


def test_counts_name_every_standing():
    found = Recovered(HEADER, bytearray([0, 1, 2, 2, 3]))
    assert found.counts() == {
        "not_started": 1,
        "unknown": 1,
        "deleted": 2,
        "absent": 1,
        "throttled": 0,
        "failed": 0,
        "accepted": 0,
        "forbidden": 0,
    }


def test_a_process_killed_as_it_begins_a_journal_leaves_none(tmp_path):
    """An empty one would be neither resumed nor begun anew."""
    path = tmp_path / "some.journal"
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from sexton.client.journal import Journal, JournalHeader\n"
        "Journal.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "Journal.create(Path(sys.argv[1]), JournalHeader('a.plan', 'ab', 'https://api.example.com', 'reports', 1))\n"
    )
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == -signal.SIGKILL
    assert not path.exists()
    Journal.create(path, HEADER).close()

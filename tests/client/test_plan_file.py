from __future__ import annotations

import hashlib
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop import plan_of

from sexton.client.plan_file import Plan, PlanFault, PlanHeader, PlannedItem, PlanWriter, Seen

BASE = "https://api.example.com/v1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return plan_of(tmp_path / "some.plan", BASE, [("a", '"1"'), ("b", None), ("ü/ 'x'", '"3"')])


def refused(path: Path) -> str:
    with pytest.raises(PlanFault) as caught:
        Plan(path)
    return str(caught.value)


def sealed(path: Path, lines: list[bytes]) -> Path:
    """A file with a right digest, whatever its lines say."""
    body = b"".join(lines)
    path.write_bytes(
        body
        + json.dumps({"digest": f"sha256:{hashlib.sha256(body).hexdigest()}"}, separators=(",", ":")).encode()
        + b"\n"
    )
    return path


def test_what_was_written_is_read(path):
    with Plan(path) as plan:
        assert list(plan.items()) == [
            PlannedItem(0, "a", '"1"', Seen.PRESENT),
            PlannedItem(1, "b", None, Seen.PRESENT),
            PlannedItem(2, "ü/ 'x'", '"3"', Seen.PRESENT),
        ]
        assert (plan.header.count, plan.header.to_delete, plan.header.base_url) == (3, 3, BASE)
        assert plan.digest == hashlib.sha256(b"".join(path.read_bytes().splitlines(keepends=True)[:-1])).hexdigest()


def test_two_passes_at_once_do_not_disturb_each_other(path):
    with Plan(path) as plan:
        pairs = [(one.id, other.id) for one in plan.items() for other in plan.items()]
    assert len(pairs) == 9


def test_cut_at_every_byte_is_refused_with_a_line(path, tmp_path):
    whole = path.read_bytes()
    for length in range(len(whole)):
        cut = tmp_path / "cut"
        cut.write_bytes(whole[:length])
        line = whole[:length].count(b"\n") + 1
        assert f"line {line}:" in refused(cut), length


def test_every_changed_byte_is_refused(path, tmp_path):
    whole = path.read_bytes()
    for place in range(len(whole)):
        other = tmp_path / "other"
        other.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert "line " in refused(other), place


@given(st.binary(max_size=300))
def test_foreign_files_are_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("foreign") / "file"
    path.write_bytes(content)
    assert "line 1" in refused(path)


def test_the_line_of_a_fault_is_named(path):
    lines = path.read_bytes().splitlines(keepends=True)
    assert "line 3: this is no item" in refused(
        sealed(path, [lines[0], lines[1], b'{"id": 7, "state": "present"}\n', lines[3]])
    )
    assert "line 4: this id stands in the plan twice" in refused(sealed(path, [*lines[:3], lines[1]]))
    assert "line 3: this is no item" in refused(
        sealed(path, [*lines[:2], b'{"id":"b","state":"present","more":1}\n', lines[3]])
    )
    assert "line 5: the digest does not match" in refused(sealed(path, [*lines[:4], lines[1]]))
    assert "the header counts 3" in refused(sealed(path, [*lines[:2], b'{"id":"b","state":"absent"}\n', lines[3]]))


def test_something_behind_the_digest_is_refused(path):
    path.write_bytes(path.read_bytes() + b"\n")
    assert "line 6: something follows" in refused(path)


def test_another_version_is_refused(path):
    lines = path.read_bytes().splitlines(keepends=True)
    assert "line 1: this is 'sexton-plan' of version 2" in refused(
        sealed(path, [lines[0].replace(b'"version":1', b'"version":2'), *lines[1:-1]])
    )


def test_a_plan_that_was_exchanged_while_open_is_noticed(path):
    with Plan(path) as plan:
        content = path.read_bytes()
        with path.open("r+b") as file:
            file.write(content.replace(b'"a"', b'"c"'))
        with pytest.raises(PlanFault, match="digest"):
            list(plan.items())


def test_a_plan_is_never_overwritten(path):
    before = path.read_bytes()
    with pytest.raises(PlanFault, match="never overwritten"):
        PlanWriter(path)
    assert path.read_bytes() == before


def test_a_plan_that_appears_meanwhile_is_not_overwritten(tmp_path):
    path = tmp_path / "late.plan"
    with PlanWriter(path) as writer:
        writer.add("a", None, Seen.PRESENT)
        path.write_text("mine")
        with pytest.raises(PlanFault, match="never overwritten"):
            writer.finish(PlanHeader(BASE, "reports", "test"))
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_an_abandoned_plan_leaves_nothing(tmp_path):
    with PlanWriter(tmp_path / "never.plan") as writer:
        writer.add("a", None, Seen.PRESENT)
    assert list(tmp_path.iterdir()) == []


def test_repeated_ids_are_planned_once(tmp_path):
    with PlanWriter(tmp_path / "some.plan") as writer:
        assert [writer.is_new(i) for i in ("a", "b", "a")] == [True, True, False]
        assert writer.duplicates == 1


def test_reading_is_a_stream(tmp_path):
    path = plan_of(tmp_path / "big.plan", BASE, ((f"item-{n}", f'"{n}"') for n in range(20_000)))
    with Plan(path) as plan:
        tracemalloc.start()
        assert sum(1 for _ in plan.items()) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
        tracemalloc.stop()

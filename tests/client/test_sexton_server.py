"""Both clients against a real `sexton serve` process: delete, preview, bulk, jobs, undo."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from hostile import make

from serving import create_key, serving
from sexton.client import CallFailed, Outcome, PreconditionFailed, Timeout

CONFIG = "[defaults]\nconfirm_above = 1000\nsync_limit = 50\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT)")
        connection.executemany("INSERT INTO notes VALUES (?, ?)", [(f"n{n:03}", f"b{n % 3}") for n in range(400)])
    connection.close()
    url = f"sqlite:///{path}"
    with serving(url, "--migrate", config=CONFIG) as address:
        yield address, create_key(url)


@pytest.fixture
def client(served: tuple[str, str], transport: str) -> Iterator[Any]:
    address, token = served
    made = make(transport, f"{address}/api/v1", token=token, timeout=Timeout(3, 10, 30))
    yield made
    made.close()


def test_one_item_goes_and_comes_back(client: Any) -> None:
    first = client.delete("notes", "n001")
    assert (first.outcome, first.status) == (Outcome.DELETED, 204)
    assert first.rate_limit.remaining > 0
    again = client.delete("notes", "n001")
    assert again.outcome is Outcome.ALREADY_ABSENT
    own = client.delete("notes", "n001", headers={"X-Correlation-Id": first.correlation_id})
    assert own.outcome is Outcome.DELETED
    assert client.restore("notes", "n001")["id"] == "n001"
    assert client.get("notes", "n001").json()["body"] == "b1"
    assert client.delete("notes", "never").outcome is Outcome.NOT_FOUND


def test_a_key_makes_a_second_call_a_replay(client: Any, transport: str) -> None:
    results = [client.delete("notes", "n002", idempotency_key=f"key-{transport}") for _ in range(2)]
    assert [r.status for r in results] == [204, 204]
    client.restore("notes", "n002")


def test_what_was_fetched_is_what_goes(client: Any) -> None:
    assert client.fetch_and_delete("notes", "n003").outcome is Outcome.DELETED
    assert client.fetch_and_delete("notes", "n003").outcome is Outcome.ALREADY_ABSENT
    client.restore("notes", "n003")
    with pytest.raises(PreconditionFailed):
        client.delete("notes", "n003", if_match='"another"')
    assert client.get("notes", "n003").status == 200


def test_a_preview_and_its_token(client: Any) -> None:
    found = client.preview("notes", filter={"body": "b2", "id": {"lt": "n060"}})
    assert found.count == 20
    assert found.confirm_token not in repr(found)
    done = client.bulk_delete("notes", confirm_token=found.confirm_token)
    assert (done.ended, done.summary["deleted"], len(done.items)) == (True, 20, 20)
    with pytest.raises(CallFailed) as caught:
        client.bulk_delete("notes", confirm_token=found.confirm_token)
    assert (caught.value.status, caught.value.problem.code) == (409, "confirm-token-invalid")
    undone = client.restore_job(done.job_id)
    assert undone.summary["restored"] == 20


def test_a_job_is_waited_for_and_undone(client: Any) -> None:
    ids = [f"n{n:03}" for n in range(100, 220)]
    started = client.bulk_delete("notes", ids=[*ids, "nope"], options={"reason": "test"})
    assert not started.ended
    job = client.wait_for_job(started.job_id, within=30)
    assert job.ended
    assert (job.summary["deleted"], job.summary["not_found"]) == (120, 1)
    assert client.job(started.job_id).progress == 1
    undo = client.restore_job(started.job_id)
    assert client.wait_for_job(undo.job_id, within=30).state == "completed"
    assert client.get("notes", "n150").status == 200


def test_items_carry_their_versions(client: Any) -> None:
    etag = client.get("notes", "n300").etag
    done = client.bulk_delete("notes", items=[{"id": "n300", "if_match": etag}, {"id": "n301", "if_match": '"no"'}])
    assert [item.status for item in done.items] == ["deleted", "failed"]
    assert done.failed[0].id == "n301"
    client.restore("notes", "n300")


def test_the_collection_is_out_of_reach(client: Any) -> None:
    result = client.get("notes", filters={"limit": 1})
    assert result.status == 200
    with pytest.raises(ValueError, match="collection"):
        client.delete("notes")

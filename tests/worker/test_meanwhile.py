"""What others do while a job waits or runs (cases 19, 29, 30)."""

from __future__ import annotations

import time
from functools import partial

from processes import wait_after_first
from scene import until
from slow import slow_down
from where import SOAK, on_postgres, usually

BIG = 1_000_000 if SOAK else 20_000


def frozen(scene):
    """A job over a preview's list, which nobody has begun."""
    seen = scene.api("POST", "/items/bulk_delete/preview", json={"filter": {"id": {"lte": 400}}}).json()
    body = {"confirm_token": seen["confirm_token"]}
    asked = scene.api("POST", "/items/bulk_delete", json=body, headers={"Prefer": "respond-async"})
    assert asked.status_code == 202, asked.text
    return asked.json()["job_id"]


@usually
def test_items_that_changed_since_the_list_was_frozen(make_scene):
    """Case 19: changed, deleted, deleted and restored, moved to another account, or new: each hears its own."""
    scene = make_scene(400)
    job = frozen(scene)
    scene.run("UPDATE items SET v = 'changed' WHERE id = 10")
    assert scene.api("DELETE", "/items/20").status_code == 204
    assert scene.api("DELETE", "/items/30").status_code == 204
    assert scene.api("POST", "/items/30/restore").status_code == 200
    scene.run("UPDATE items SET account_id = 'other' WHERE id = 40")
    scene.run("DELETE FROM items WHERE id = 50")
    scene.fill(0, 0)
    with scene.workers(2):
        assert scene.ended(job)["state"] == "completed_with_failures"
    told = {item["id"]: item for item in scene.outcomes(job)}
    assert {i: told[i]["status"] for i in ("10", "20", "30", "40", "50")} == {
        "10": "failed", "20": "gone", "30": "deleted", "40": "not_found", "50": "not_found"
    }  # fmt: skip
    assert told["10"]["error"]["type"].endswith("/version-mismatch")
    assert sorted(scene.sql("SELECT id FROM items")) == [0, 10, 40]
    assert scene.check(job, range(1, 401)) == {"deleted": 396, "failed": 1, "gone": 1, "not_found": 2}


@usually
def test_items_restored_or_deleted_again_before_the_undo(make_scene):
    """Case 19: an undo takes only what its job deleted and what is still as it left it."""
    scene = make_scene(300)
    with scene.workers():
        scene.ended(job := scene.ask(range(1, 301)))
    assert scene.api("POST", "/items/10/restore").status_code == 200
    assert scene.api("POST", "/items/20/restore").status_code == 200
    assert scene.api("DELETE", "/items/20").status_code == 204
    undo = scene.undo(job)
    scene.fill(30, 30)
    with scene.workers(2):
        scene.ended(undo)
    told = {item["id"]: item["status"] for item in scene.outcomes(undo)}
    assert {i: told.pop(i) for i in ("10", "20", "30")} == {"10": "live", "20": "failed", "30": "live"}
    assert set(told.values()) == {"restored"}
    assert scene.rows() == 299


@usually
def test_a_hold_placed_while_a_job_runs(make_scene):
    """Case 29: the chunks that come later leave the held row."""
    scene = make_scene(3_000)
    job = scene.ask(range(1, 3_001))
    worker = scene.worker(partial(wait_after_first, "sexton.worker.hand:Hand.step", scene.folder))
    until((scene.folder / "here").exists)
    until(lambda: scene.done(job) == 1)
    assert scene.api("PUT", "/items/2500/hold", json={"reason": "a case"}).status_code in (200, 201)
    (scene.folder / "go").touch()
    assert scene.ended(job)["state"] == "completed_with_failures"
    worker.stop()
    assert scene.check(job, range(1, 3_001)) == {"deleted": 2_999, "failed": 1}
    told = next(item for item in scene.outcomes(job) if item["status"] == "failed")
    assert (told["id"], told["error"]["type"].rpartition("/")[2]) == ("2500", "held")
    assert scene.sql("SELECT id FROM items") == [2500]


@on_postgres
def test_a_small_job_behind_a_big_one(make_scene):
    """Case 30: of the same account, with one worker and slow rows."""
    scene = make_scene(BIG + 600)
    slow_down(scene, 0.0002)
    with scene.workers():
        big = scene.ask_stream(range(1, BIG + 1))
        until(lambda: scene.done(big) >= 1)
        small = scene.ask(range(BIG + 1, BIG + 301))
        began = time.monotonic()
        assert scene.ended(small)["state"] == "completed"
        assert time.monotonic() - began < 3
        assert scene.job(big)["state"] == "running"
        assert scene.move(big, "cancel").status_code == 200
    assert scene.check(small, range(BIG + 1, BIG + 301)) == {"deleted": 300}


@usually
def test_a_small_job_of_another_account_behind_a_big_one(make_scene):
    """Case 30: on SQLite, too, as the accounts take turns."""
    scene = make_scene(20_000)
    scene.fill(30_001, 30_300, "other")
    slow_down(scene, 0.0002)
    with scene.workers():
        big = scene.ask(range(1, 20_001))
        until(lambda: scene.done(big) >= 1)
        small = scene.ask(range(30_001, 30_301), "other")
        began = time.monotonic()
        assert scene.ended(small, account="other")["state"] == "completed"
        assert time.monotonic() - began < 3
        assert scene.job(big)["state"] == "running"
        assert scene.move(big, "cancel").status_code == 200

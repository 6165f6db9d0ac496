"""Promises of restores, cascades and holds."""

from __future__ import annotations

from typing import Any

from sexton.testing.promises.api import Api, code, outcomes, said
from sexton.testing.promises.base import Promises


class Undo(Promises):
    """What comes back, and how."""

    def test_an_undo_brings_back_value_for_value(self, api: Api) -> None:
        """POST restore: 200 with the item, and it is what it was, in every column."""
        api.needs_undo()
        (item,) = api.items()
        before = api.shown(item)
        assert api.delete(item).status_code == 204
        answer = api.restore(item)
        assert answer.status_code == 200, said(answer)
        assert answer.json() == before
        assert api.shown(item) == before

    def test_an_undo_of_a_live_item_is_no_error(self, api: Api) -> None:
        """200 also if it is live already; 404 for what never was."""
        (item,) = api.items()
        answer, never = api.restore(item), api.restore(api.never())
        assert answer.status_code == 200, said(answer)
        assert answer.json() == api.shown(item)
        assert never.status_code == 404, said(never)

    def test_a_hard_delete_is_final(self, api: Api) -> None:
        """What is deleted by the strategy hard answers a restore with 410; anything else comes back."""
        (item,) = api.items()
        assert api.delete(item).status_code == 204
        answer = api.restore(item)
        assert answer.status_code == (200 if api.recoverable else 410), said(answer)
        assert api.there(item) == api.recoverable

    def test_a_whole_job_is_undone(self, api: Api) -> None:
        """POST bulk_jobs/{id}/restore: a job of kind restore, per-item results, and every item is what it was."""
        api.needs_undo()
        items = api.items(3)
        before = {item: api.shown(item) for item in items}
        done = api.bulk([*items, api.never()])
        assert outcomes(done) | dict.fromkeys(items, "deleted") == outcomes(done)
        answer = api.caller.post(api.own(f"/bulk_jobs/{done.json()['job_id']}/restore"))
        assert answer.status_code == 200, said(answer)
        assert {one["id"]: one["status"] for one in answer.json()["restored"]} == dict.fromkeys(items, "restored")
        assert answer.json()["summary"] == {"requested": 3, "restored": 3, "live": 0, "purged": 0, "failed": 0}
        assert {item: api.shown(item) for item in items} == before
        assert api.job(answer.json()["job_id"])["kind"] == "restore"

    def test_a_restored_item_can_be_deleted_again(self, api: Api) -> None:
        """A live row is looked up before a tombstone: after a restore a DELETE is a first one again."""
        api.needs_undo()
        (item,) = api.items()
        for _ in range(2):
            assert api.delete(item).status_code == 204
            assert api.delete(item).status_code == 410
            assert api.restore(item).status_code == 200


class Families(Promises):
    """An item with dependents."""

    def test_dependents_keep_their_parent(self, api: Api) -> None:
        """409 referenced: without cascade nothing that others point at goes."""
        item = str(self.make_family(api.caller))
        answer = api.delete(item)
        assert (answer.status_code, code(answer)) == (409, "referenced"), said(answer)
        assert sum(one["count"] for one in answer.json()["references"]) > 0
        assert api.there(item)

    def test_a_family_goes_and_comes_back_together(self, api: Api) -> None:
        """cascade=true: dependents go with it, under the same audit entry; a restore brings them all back."""
        item = str(self.make_family(api.caller))
        before, dependents = api.shown(item), _dependents(api, item)
        assert dependents, "make_family made no dependents that a cascade may take"
        assert api.there(item)
        assert api.delete(item, cascade="true", confirm="true").status_code == 204
        assert not api.there(item)
        if api.recoverable:
            assert api.restore(item).status_code == 200
            assert api.shown(item) == before
            assert _dependents(api, item) == dependents

    def test_a_preview_counts_dependents(self, api: Api) -> None:
        """A preview says what goes along, and what would stay without cascade."""
        item = str(self.make_family(api.caller))
        alone, together = api.preview(ids=[item]), api.preview(ids=[item], cascade=True)
        assert alone["blocked"]["count"] == 1
        assert together["dependents"] == _dependents(api, item)


class Holds(Promises):
    """A legal hold: the item can be neither deleted nor purged until it is lifted."""

    def test_a_held_item_stays(self, api: Api) -> None:
        """409 held, one by one and in bulk; once the hold is lifted the item goes."""
        item, other = api.items(2)
        _hold(api, item)
        answer = api.delete(item)
        assert (answer.status_code, code(answer)) == (409, "held"), said(answer)
        assert outcomes(api.bulk([item, other])) == {item: "failed", other: "deleted"}
        assert api.there(item)
        assert api.caller.delete(api.path(item) + "/hold").status_code == 204
        assert api.delete(item).status_code == 204


def _hold(api: Api, item: str) -> None:
    answer = api.caller.put(api.path(item) + "/hold", json={"reason": "a promise is tested"})
    api.needs_scope(answer)
    assert answer.status_code == 200, said(answer)


def _dependents(api: Api, item: str) -> list[dict[str, Any]]:
    answer = api.delete(item, dry_run="true", cascade="true")
    assert answer.json()["would"] == "deleted", said(answer)
    found: list[dict[str, Any]] = answer.json()["dependents"]
    return found

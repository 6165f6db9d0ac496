"""Promises that only time shows: windows, memories, keys and purges."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sexton.testing.clock import time_machine
from sexton.testing.promises.api import Api, key, said
from sexton.testing.promises.base import Promises
from sexton.testing.work import run_jobs

_MOMENT = timedelta(minutes=5)
_A_DAY = timedelta(days=1)  # SQLite gives ids again: what was deleted under this one hours "later" is over, too


class Times(Promises):
    """What happens when nobody does anything for a while."""

    def test_an_item_can_be_restored_until_its_window_ends(self, api: Api) -> None:
        """A purge never comes before its date: until then the item comes back as it was."""
        api.needs_undo()
        (item,) = api.items()
        before = api.shown(item)
        with time_machine(api.sexton) as clock:
            assert api.delete(item).status_code == 204
            clock.advance(seconds=max(timedelta(0), api.rules.recovery_window - _MOMENT).total_seconds())
            run_jobs(api.sexton)
            assert api.restore(item).status_code == 200
            assert api.shown(item) == before

    def test_after_its_window_an_item_is_purged_and_remembered(self, api: Api) -> None:
        """After the recovery window: a restore is 410, and a retry of the delete still hears 410, not 404."""
        if not api.undoable or api.rules.memory <= _MOMENT:
            pytest.skip(f"{api.resource} has no memory that outlasts a recovery window")
        (item,) = api.items()
        with time_machine(api.sexton) as clock:
            assert api.delete(item).status_code == 204
            clock.advance(seconds=(api.rules.recovery_window + _MOMENT).total_seconds())
            run_jobs(api.sexton)
            for answer in (api.restore(item), api.delete(item), api.get(item)):
                assert answer.status_code == 410, said(answer)
            assert api.get(item).json()["restorable_until"] is None

    def test_after_its_memory_an_item_never_was(self, api: Api) -> None:
        """After the memory (which begins at the purge; at the delete where it is hard): 404."""
        (item,) = api.items()
        with time_machine(api.sexton) as clock:
            assert api.delete(item).status_code == 204
            if api.undoable:
                clock.advance(seconds=(api.rules.recovery_window + _MOMENT).total_seconds())
                run_jobs(api.sexton)
            clock.advance(seconds=(api.rules.memory + _A_DAY).total_seconds())
            run_jobs(api.sexton)
            for answer in (api.delete(item), api.get(item), api.restore(item)):
                assert answer.status_code == 404, said(answer)

    def test_a_second_delete_moves_no_date(self, api: Api) -> None:
        """A second delete never escalates and never moves a date."""
        (item,) = api.items()
        with time_machine(api.sexton) as clock:
            assert api.delete(item).status_code == 204
            first = api.get(item).json()
            clock.advance(hours=1)
            assert api.delete(item).status_code == 410
            after = api.get(item).json()
        assert [after[name] for name in _DATES] == [first[name] for name in _DATES]

    def test_a_held_item_is_not_purged(self, api: Api) -> None:
        """Never under a hold, however long ago its window ended; it can still be restored."""
        api.needs_undo()
        (item,) = api.items()
        with time_machine(api.sexton) as clock:
            assert api.delete(item).status_code == 204
            held = api.caller.put(api.path(item) + "/hold", json={"reason": "a promise is tested"})
            api.needs_scope(held)
            assert held.status_code == 200, said(held)
            clock.advance(seconds=(api.rules.recovery_window + _MOMENT).total_seconds())
            run_jobs(api.sexton)
            answer = api.restore(item)
            assert answer.status_code == 200, said(answer)
            assert api.caller.delete(api.path(item) + "/hold").status_code == 204

    def test_a_key_is_remembered_for_72_hours(self, api: Api) -> None:
        """A key replays for 72 hours; after that the same request is a new one, and hears that the item is gone."""
        (item,) = api.items()
        header = key()
        with time_machine(api.sexton) as clock:
            assert api.delete(item, headers=header).status_code == 204
            clock.advance(hours=71)
            run_jobs(api.sexton)
            again = api.delete(item, headers=header)
            assert (again.status_code, again.headers.get("Idempotent-Replayed")) == (204, "true"), said(again)
            clock.advance(hours=2)
            run_jobs(api.sexton)
            late = api.delete(item, headers=header)
            assert late.status_code != 204, said(late)


_DATES = ("deleted_at", "restorable_until", "deleted_by")

"""Promises of bulk deletes and of their previews."""

from __future__ import annotations

from typing import Any

from requests import Response

from sexton.testing.clock import time_machine
from sexton.testing.promises.api import Api, code, outcomes, said
from sexton.testing.promises.base import Promises
from sexton.testing.work import run_jobs


class ManyItems(Promises):
    """POST bulk_delete."""

    def test_every_id_has_one_outcome_in_request_order(self, api: Api) -> None:
        """Every distinct id once, in request order; requested = deleted + gone + not_found + failed."""
        first, gone, last = api.items(3)
        assert api.delete(gone).status_code == 204
        never = api.never()
        answer = api.bulk([first, never, gone, last, first])
        found = outcomes(answer)
        assert list(found.items()) == [(first, "deleted"), (never, "not_found"), (gone, "gone"), (last, "deleted")]
        summary = {"requested": 4, "deleted": 2, "gone": 1, "not_found": 1, "failed": 0, "duplicates": 1}
        assert answer.json()["summary"] == summary
        assert len(answer.json()["deleted"]) == len(found)
        assert not api.there(first)
        assert not api.there(last)

    def test_an_item_of_another_version_fails_alone(self, api: Api) -> None:
        """Per-item errors are those of single deletes: version-mismatch for one, and the others go."""
        stale, right = api.items(2)
        told = [{"id": stale, "if_match": '"another-version"'}, {"id": right, "if_match": api.etag(right)}]
        answer = api.caller.post(api.path("bulk_delete"), json={"items": told, "confirm": True})
        assert outcomes(answer) == {stale: "failed", right: "deleted"}
        assert answer.json()["deleted"][0]["error"]["type"].endswith("/version-mismatch")
        assert api.there(stale)

    def test_many_must_be_confirmed(self, api: Api) -> None:
        """Above confirm_above items, confirm or a token is needed, else 428 with the count; nothing is deleted."""
        (item,) = api.items()
        limit = api.most("confirm_above")
        answer = api.bulk([item, *(api.never() for _ in range(limit))], confirm=False)
        assert (answer.status_code, code(answer)) == (428, "confirmation-required"), said(answer)
        assert answer.json()["count"] == limit + 1
        assert api.there(item)

    def test_atomic_is_all_or_nothing(self, api: Api) -> None:
        """If any item is not_found or failed: 409 atomic-failed, nothing changed, the others rolled_back."""
        items, never = api.items(2), api.never()
        answer = api.bulk([items[0], never, items[1]], atomic=True)
        assert (answer.status_code, code(answer)) == (409, "atomic-failed"), said(answer)
        told = [(one["id"], one["status"]) for one in answer.json()["deleted"]]
        assert told == [(items[0], "rolled_back"), (never, "not_found"), (items[1], "rolled_back")]
        assert all(api.there(item) for item in items)
        assert set(outcomes(api.bulk(items, atomic=True)).values()) == {"deleted"}

    def test_an_assertion_that_fails_changes_nothing(self, api: Api) -> None:
        """expected_count must equal and max_affected must not be exceeded: else 409 count-mismatch, nothing changed."""
        items = api.items(2)
        wrong: tuple[dict[str, Any], ...] = ({"expected_count": 3}, {"max_affected": 1})
        for assertion in wrong:
            answer = api.bulk(items, **assertion)
            assert (answer.status_code, code(answer)) == (409, "count-mismatch"), said(answer)
        assert all(api.there(item) for item in items)
        assert set(outcomes(api.bulk(items, expected_count=2, max_affected=2)).values()) == {"deleted"}

    def test_a_body_is_never_guessed(self, api: Api) -> None:
        """An unknown member, no ids, no list at all, a filter outside a preview: 422, and nothing is deleted."""
        (item,) = api.items()
        bodies: tuple[dict[str, Any], ...] = (
            {**api.targets([item]), "dry_run": True},
            {"ids": []},
            {"ids": None},
            {},
            {"filter": {"all": True}},
            {"ids": [item], "filter": {"all": True}},
        )
        for body in bodies:
            answer = api.caller.post(api.path("bulk_delete"), json={**body, "confirm": True})
            assert answer.status_code == 422, (body, said(answer))
        assert api.there(item)


class Previews(Promises):
    """POST bulk_delete/preview, and the token it gives."""

    def test_a_preview_changes_nothing(self, api: Api) -> None:
        """A preview changes nothing but its own record."""
        item, gone = api.items(2)
        assert api.delete(gone).status_code == 204
        before = api.shown(item)
        found = api.preview(ids=[item, gone, api.never()])
        assert (found["count"], found["gone"], found["not_found"]) == (1, 1, 1)
        assert api.shown(item) == before

    def test_a_token_deletes_exactly_what_the_preview_found(self, api: Api) -> None:
        """Rows that match the filter later are not touched."""
        matching = api.items(2)
        found = api.preview(filter={"all": True})
        (later,) = api.items()
        answer = api.confirm(found)
        assert answer.status_code in (200, 202), said(answer)
        run_jobs(api.sexton)
        assert api.there(later), "an item that came after the preview was deleted"
        assert not any(api.there(item) for item in matching)

    def test_what_changed_since_the_preview_stays(self, api: Api) -> None:
        """Rows that changed since the preview are failed with version-mismatch."""
        changed, same = api.items(2)
        found = api.preview(ids=[changed, same])
        api.alter(changed)
        answer = api.confirm(found)
        assert outcomes(answer) == {changed: "failed", same: "deleted"}
        assert answer.json()["deleted"][0]["error"]["type"].endswith("/version-mismatch")
        assert api.there(changed)

    def test_a_token_works_once(self, api: Api) -> None:
        """Used twice: 409 confirm-token-invalid, and job_id names what it did."""
        (item,) = api.items()
        found = api.preview(ids=[item])
        first, again = api.confirm(found), api.confirm(found)
        assert outcomes(first) == {item: "deleted"}
        assert (again.status_code, code(again)) == (409, "confirm-token-invalid"), said(again)
        assert again.json()["job_id"] == first.json()["job_id"]

    def test_a_token_says_all(self, api: Api) -> None:
        """Beside a token neither ids nor items, filter or cascade may stand (422): nothing is widened."""
        (item,), (other,) = api.items(), api.items()
        found = api.preview(ids=[item])
        for beside in ({"ids": [other]}, {"filter": {"all": True}}, {"cascade": True}):
            answer = api.confirm(found, **beside)
            assert answer.status_code == 422, said(answer)
        assert api.there(item)
        assert api.there(other)

    def test_a_token_expires(self, api: Api) -> None:
        """The token lasts 15 minutes."""
        (item,) = api.items()
        with time_machine(api.sexton) as clock:
            found = api.preview(ids=[item])
            clock.advance(minutes=16)
            answer = api.confirm(found)
            assert (answer.status_code, code(answer)) == (409, "confirm-token-invalid"), said(answer)
            assert api.there(item)

    def test_a_filter_is_never_guessed(self, api: Api) -> None:
        """An unknown column and an empty filter are 422: all items is spelled {"all": true}."""
        for wrong in ({}, {"no_such_column": 1}, {"all": False}):
            answer = _preview(api, wrong)
            assert answer.status_code == 422, (wrong, said(answer))


def _preview(api: Api, told: dict[str, Any]) -> Response:
    return api.caller.post(api.path("bulk_delete") + "/preview", json={"filter": told})

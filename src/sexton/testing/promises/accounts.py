"""Promises to accounts: another account's things do not exist."""

from __future__ import annotations

import json

import pytest
from requests import Response

from sexton.testing.promises.api import Api, outcomes, said
from sexton.testing.promises.base import Promises


class Accounts(Promises):
    """What another account, or nobody, hears."""

    def test_another_account_hears_what_it_hears_of_nothing(self, api: Api) -> None:
        """Another account's things answer 404, indistinguishable from things that never were, and stay."""
        other = api.another()
        item, never = api.items()[0], api.never()
        gone = api.items()[0]
        assert api.delete(gone).status_code == 204
        for theirs in (item, gone):
            for method, path in _CALLS:
                mine, none = (other.caller.request(method, other.path(one) + path) for one in (theirs, never))
                assert mine.status_code == 404, said(mine)
                assert _heard(mine, theirs) == _heard(none, never)
        assert api.there(item)
        assert api.get(gone).status_code == 410

    def test_another_account_deletes_nothing_in_bulk(self, api: Api) -> None:
        """In a bulk delete and in a preview another account's items are not_found, as those that never were."""
        other = api.another()
        item, never = api.items()[0], api.never()
        answer = other.bulk([item, never])
        assert outcomes(answer) == {item: "not_found", never: "not_found"}
        found = other.preview(ids=[item, never])
        assert (found["count"], found["not_found"]) == (0, 2)
        assert api.there(item)

    def test_another_account_sees_no_records(self, api: Api) -> None:
        """Jobs, audit entries and confirm tokens belong to one account too."""
        other = api.another()
        item, kept = api.items(2)
        done = api.bulk([item]).json()
        for path in (
            f"/bulk_jobs/{done['job_id']}",
            f"/bulk_jobs/{done['job_id']}/items",
            f"/audit/{done['audit_id']}",
        ):
            answer = other.caller.get(other.own(path))
            assert answer.status_code in (403, 404), said(answer)
        undo = other.caller.post(other.own(f"/bulk_jobs/{done['job_id']}/restore"))
        assert undo.status_code == 404, said(undo)
        stolen = other.confirm(api.preview(ids=[kept]))
        assert stolen.status_code == 409, said(stolen)
        assert api.there(kept)
        assert not api.there(item)

    def test_lists_show_ones_own_only(self, api: Api) -> None:
        """GET of the collection: live items of the account only."""
        other = api.another()
        item, gone = api.items(2)
        assert api.delete(gone).status_code == 204
        theirs = _listed(other)
        assert not theirs & {item, gone}
        mine = _listed(api)
        assert item in mine
        assert gone not in mine

    def test_nobody_deletes_nothing(self, api: Api) -> None:
        """Without credentials nothing is deleted."""
        if not self.headers:
            pytest.skip("no headers = {…} say how an account authenticates")
        (item,) = api.items()
        answer = api.delete(item, headers=dict.fromkeys(self.headers))
        assert 400 <= answer.status_code < 500, said(answer)
        assert api.there(item)


_CALLS = (("GET", ""), ("DELETE", ""), ("DELETE", "?cascade=true"), ("POST", "/restore"), ("GET", "/hold"))


def _heard(answer: Response, item: str) -> str:
    """A refusal without what belongs to the one request: its id and the item's."""
    told = {name: value for name, value in answer.json().items() if name != "correlation_id"}
    return json.dumps(told, sort_keys=True).replace(item, "{id}")


def _listed(api: Api) -> set[str]:
    found: set[str] = set()
    cursor: str | None = None
    while True:
        told = {"limit": "1000"} | ({"cursor": cursor} if cursor else {})
        answer = api.caller.get(api.path(), params=told)
        assert answer.status_code == 200, said(answer)
        page = answer.json()
        found |= {str(one.get("_id", one.get("id"))) for one in page["items"]}
        cursor = page["next_cursor"]
        if cursor is None:
            return found

"""Promises of the contract's section on one item."""

from __future__ import annotations

from sexton.testing.promises.api import Api, code, said
from sexton.testing.promises.base import Promises


class OneItem(Promises):
    """DELETE of one item, and what is no DELETE of one."""

    def test_a_delete_answers_204_and_the_item_is_gone(self, api: Api) -> None:
        """204 the first time, with Sexton-Audit-Id, and Sexton-Restorable-Until where it can be undone; then GET is 410."""
        (item,) = api.items()
        answer = api.delete(item)
        assert answer.status_code == 204, said(answer)
        assert answer.headers.get("Cache-Control") == "no-store"
        assert answer.headers.get("Sexton-Audit-Id")
        assert ("Sexton-Restorable-Until" in answer.headers) == api.undoable
        after = api.get(item)
        assert after.status_code == 410, said(after)
        assert after.json()["deleted_at"]

    def test_a_second_delete_answers_410_and_says_by_whom(self, api: Api) -> None:
        """410: it was deleted before; deleted_by says by which request, so a caller recognises its own success."""
        (item,) = api.items()
        first, again = api.delete(item), api.delete(item)
        assert again.status_code == 410, said(again)
        told = again.json()
        assert told["deleted_by"]["audit_id"] == first.headers.get("Sexton-Audit-Id")
        assert told["deleted_by"]["correlation_id"] == first.headers.get("X-Correlation-Id")
        assert told["deleted_by"]["same_key"] is True
        assert (told["restorable_until"] is not None) == api.undoable

    def test_what_never_was_answers_404(self, api: Api) -> None:
        """404: it never existed here, which is something else than 410."""
        for answer in (api.delete(api.never()), api.get(api.never())):
            assert (answer.status_code, code(answer)) == (404, "not-found"), said(answer)

    def test_allow_missing_answers_204(self, api: Api) -> None:
        """allow_missing=true: 204 instead of 410 and 404, for declarative clients (AIP-135)."""
        (item,) = api.items()
        for name in (item, item, api.never()):
            answer = api.delete(name, allow_missing="true")
            assert answer.status_code == 204, said(answer)
        assert not api.there(item)

    def test_a_representation_can_be_asked_for(self, api: Api) -> None:
        """Prefer: return=representation: 200 with id, status, deleted_at, restorable_until, audit_id instead of 204."""
        (item,) = api.items()
        answer = api.delete(item, headers={"Prefer": "return=representation"})
        assert answer.status_code == 200, said(answer)
        told = answer.json()
        assert (told["id"], told["status"]) == (item, "deleted")
        assert told["audit_id"] == answer.headers.get("Sexton-Audit-Id")
        assert set(told) == {"id", "status", "deleted_at", "restorable_until", "audit_id"}

    def test_a_dry_run_changes_nothing(self, api: Api) -> None:
        """dry_run=true: 200 with what would happen; nothing changes."""
        (item,) = api.items()
        before = api.shown(item)
        for name, would in ((item, "deleted"), (api.never(), "not_found")):
            answer = api.delete(name, dry_run="true")
            assert answer.status_code == 200, said(answer)
            assert answer.json()["would"] == would
        assert api.shown(item) == before
        assert api.delete(item).status_code == 204
        assert api.delete(item, dry_run="true").json()["would"] == "gone"

    def test_a_body_is_refused(self, api: Api) -> None:
        """A DELETE body has no meaning, and a client that believes otherwise must hear so: 400."""
        item, other = api.items(2)
        headers = {"If-Match": api.etag(item)}
        answer = api.caller.delete(api.path(item), json={"ids": [other]}, headers=headers)
        assert (answer.status_code, code(answer)) == (400, "body-not-accepted"), said(answer)
        assert api.there(item)
        assert api.there(other)

    def test_a_collection_is_never_deleted(self, api: Api) -> None:
        """DELETE of the collection, with a slash or without: 405, Allow set, and the way to bulk_delete."""
        (item,) = api.items()
        for path in (api.path(), api.path() + "/"):
            answer = api.caller.delete(path)
            assert (answer.status_code, code(answer)) == (405, "method-not-allowed"), said(answer)
            assert answer.headers.get("Allow")
            assert answer.json()["bulk_delete"].endswith("/bulk_delete")
        assert api.there(item)

    def test_a_slash_is_never_redirected(self, api: Api) -> None:
        """No redirect, ever, for any path that differs by a slash: clients follow it with another method."""
        (item,) = api.items()
        for path in (api.path(item) + "/", api.path() + "/"):
            for method in ("DELETE", "GET"):
                answer = api.caller.request(method, path)
                assert not 300 <= answer.status_code < 400, said(answer)
        assert api.there(item)

    def test_an_unknown_parameter_is_refused(self, api: Api) -> None:
        """Unknown query parameters are refused (422), never ignored: a mistyped dry_run must not delete."""
        (item,) = api.items()
        answer = api.delete(item, dry_runn="true")
        assert answer.status_code == 422, said(answer)
        assert api.there(item)

    def test_an_id_matches_nothing_but_itself(self, api: Api) -> None:
        """Ids are literals: *, %, _ or .. never match anything but themselves."""
        items = api.items(2)
        for name in ("*", "%", "_", "../" + items[0], items[0] + ",", items[0] + "\x00"):
            answer = api.delete(name)
            assert 400 <= answer.status_code < 500, said(answer)
        assert all(api.there(item) for item in items)

    def test_another_version_is_refused(self, api: Api) -> None:
        """If-Match names another version: 412, and the item stays; with its own version it goes."""
        (item,) = api.items()
        answer = api.delete(item, headers={"If-Match": '"another-version"'})
        assert (answer.status_code, code(answer)) == (412, "version-mismatch"), said(answer)
        assert api.there(item)
        answer = api.delete(item, headers={"If-Match": api.etag(item)})
        assert answer.status_code == 204, said(answer)

    def test_a_change_makes_another_version(self, api: Api) -> None:
        """An ETag of before somebody's change is another version: 412, and the changed item stays."""
        (item,) = api.items()
        seen = api.etag(item)
        api.alter(item)
        assert api.etag(item) != seen
        answer = api.delete(item, headers={"If-Match": seen})
        assert answer.status_code == 412, said(answer)
        assert api.there(item)

    def test_if_match_is_demanded(self, api: Api) -> None:
        """Where the resource demands If-Match and there is none: 428; elsewhere it may be left out."""
        (item,) = api.items()
        answer = api.caller.delete(api.path(item))
        assert answer.status_code == (428 if api.rules.require_if_match else 204), said(answer)
        assert api.there(item) == api.rules.require_if_match

    def test_410_wins_over_412(self, api: Api) -> None:
        """A retry of a guarded DELETE that had succeeded hears 410, not 412."""
        (item,) = api.items()
        guard = {"If-Match": api.etag(item)}
        assert api.delete(item, headers=guard).status_code == 204
        for tag in (guard["If-Match"], '"another-version"'):
            again = api.delete(item, headers={"If-Match": tag})
            assert again.status_code == 410, said(again)

    def test_a_late_create_does_not_revive(self, api: Api) -> None:
        """POST with the id of a deleted item: a late retry of a create never brings it back."""
        (item,) = api.items()
        body = {name: value for name, value in api.shown(item).items() if name != "_id" and value is not None}
        assert api.delete(item).status_code == 204
        answer = api.caller.post(api.path(), json=body)
        assert not answer.ok, said(answer)
        assert not api.there(item)

"""Promises of idempotency keys and quotas."""

from __future__ import annotations

from requests import Response

from sexton.testing.clock import time_machine
from sexton.testing.promises.api import Api, code, key, outcomes, said
from sexton.testing.promises.base import Promises

_OF_ONE_ANSWER = frozenset({"date", "x-correlation-id", "idempotent-replayed", "connection"})


class Retries(Promises):
    """The same request again, with the same key."""

    def test_a_key_replays_a_delete(self, api: Api) -> None:
        """A DELETE retried with its key hears 204 again, with Idempotent-Replayed: true."""
        (item,) = api.items()
        header = key()
        first, again = api.delete(item, headers=header), api.delete(item, headers=header)
        assert (first.status_code, again.status_code) == (204, 204), said(again)
        assert ("Idempotent-Replayed" in first.headers, again.headers.get("Idempotent-Replayed")) == (False, "true")
        assert again.headers.get("Sexton-Audit-Id") == first.headers.get("Sexton-Audit-Id")
        assert api.delete(item).status_code == 410

    def test_a_key_replays_a_bulk_delete_byte_for_byte(self, api: Api) -> None:
        """The stored response, its status, headers and body, is replayed byte for byte."""
        items, header = [*api.items(2), api.never()], key()
        body = {**api.targets(items), "confirm": True}
        first, again = (api.caller.post(api.path("bulk_delete"), json=body, headers=header) for _ in range(2))
        assert first.status_code == 200, said(first)
        assert (again.status_code, again.content) == (first.status_code, first.content), said(again)
        assert again.headers.get("Idempotent-Replayed") == "true"
        assert _stored(again) == _stored(first)

    def test_a_key_belongs_to_one_request(self, api: Api) -> None:
        """The same key with another request is 422 idempotency-key-reused, and that request does nothing."""
        item, other = api.items(2)
        header = key()
        assert api.delete(item, headers=header).status_code == 204
        for answer in (api.delete(other, headers=header), api.bulk([other], headers=header)):
            assert (answer.status_code, code(answer)) == (422, "idempotency-key-reused"), said(answer)
        assert api.there(other)

    def test_a_refused_attempt_is_not_kept(self, api: Api) -> None:
        """An attempt that changed nothing (any 4xx or 5xx) is not stored: the key is free for the right one."""
        (item,) = api.items()
        header = key()
        refused = api.delete(item, headers={**header, "If-Match": '"another-version"'})
        assert refused.status_code == 412, said(refused)
        answer = api.delete(item, headers={**header, "If-Match": api.etag(item)})
        assert answer.status_code == 204, said(answer)

    def test_the_quota_counts_items_and_replays_are_free(self, api: Api) -> None:
        """N ids take n from the account's bucket, DELETE takes 1, a replay none; what changed nothing is given back."""
        one, two, three, four, last = api.items(5)
        header = key()
        with time_machine(api.sexton, ticking=False):
            left = _left(api.delete(one))
            body = {**api.targets([two, three, four]), "confirm": True}
            bulk, replay = (api.caller.post(api.path("bulk_delete"), json=body, headers=header) for _ in range(2))
            assert set(outcomes(bulk).values()) == {"deleted"}
            assert replay.content == bulk.content
            assert api.delete(one).status_code == 410
            assert _left(api.delete(last)) == left - 4


def _left(answer: Response) -> int:
    assert answer.status_code == 204, said(answer)
    assert "RateLimit-Policy" in answer.headers
    parts = dict(part.partition("=")[::2] for part in answer.headers.get("RateLimit", "").split(";")[1:])
    return int(parts["r"])


def _stored(answer: Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.lower() not in _OF_ONE_ANSWER}

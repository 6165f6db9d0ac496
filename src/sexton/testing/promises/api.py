"""The host's delete API as one account sees it, in the words of the promises."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from requests import Response

from sexton.library.sexton import Sexton
from sexton.resource import Resource, Strategy
from sexton.testing.calls import Caller

Json = Mapping[str, Any]
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Api:
    """Calls as one account; `other` is the same API as another account sees it."""

    caller: Caller
    sexton: Sexton
    resource: str
    prefix: str
    make: Callable[[Caller, int], Sequence[str]]
    change: Json | None
    other: Api | None

    # -- what the host said --------------------------------------------------------------------------------

    @property
    def rules(self) -> Resource:
        """The resource as Sexton knows it."""
        return self.sexton.store.catalog.resources[self.resource]

    @property
    def undoable(self) -> bool:
        """Whether anything is kept of what is deleted."""
        return self.rules.strategy is not Strategy.HARD

    @property
    def recoverable(self) -> bool:
        """Whether there is time to undo a delete."""
        return self.undoable and self.rules.recovery_window >= _A_MINUTE

    def most(self, limit: str) -> int:
        """The highest value of a limit among all accounts."""
        store = self.sexton.store
        found: int = max(getattr(one, limit) for one in (store.limits, *store.account_limits.values()))
        return found

    # -- items ---------------------------------------------------------------------------------------------

    def items(self, count: int = 1) -> list[str]:
        """Fresh items that may be deleted."""
        made = [str(item) for item in self.make(self.caller, count)]
        assert len(set(made)) == count, f"make(client, {count}) gave {len(set(made))} different ids: {made}"
        return made

    @staticmethod
    def never() -> str:
        """An id that no item ever had."""
        return f"never-{uuid.uuid4().hex}"

    def there(self, item: str) -> bool:
        """Whether the item is live."""
        return self.get(item).status_code == 200

    def shown(self, item: str) -> dict[str, Any]:
        """The item as GET shows it."""
        answer = self.get(item)
        assert answer.status_code == 200, said(answer)
        found: dict[str, Any] = answer.json()
        return found

    def alter(self, item: str) -> None:
        """Change an item, as somebody else might meanwhile."""
        if self.change is None:
            pytest.skip("no change = {…} says how an item may be changed by PATCH")
        answer = self.caller.patch(self.path(item), json=self.change, headers={"If-Match": self.etag(item)})
        assert answer.status_code == 200, said(answer)

    # -- calls ---------------------------------------------------------------------------------------------

    def path(self, *segments: str) -> str:
        """A path of the resource."""
        return "/".join([f"{self.prefix}/{quote(self.resource, safe='')}", *(quote(one, safe="") for one in segments)])

    def own(self, path: str) -> str:
        """A path beside the resources, such as `/audit`."""
        return self.prefix + path

    def get(self, item: str) -> Response:
        """GET the item."""
        return self.caller.get(self.path(item))

    def etag(self, item: str) -> str:
        """The item's entity tag; one that matches nothing where it is not live."""
        return self.get(item).headers.get("ETag", '"none"')

    def delete(self, item: str, *, headers: Json | None = None, **params: Any) -> Response:
        """DELETE the item, with its version where the resource demands one."""
        told = dict(headers or {})
        if self.rules.require_if_match and "If-Match" not in told:
            told["If-Match"] = self.etag(item)
        return self.caller.delete(self.path(item), headers=told, params=params)

    def restore(self, item: str) -> Response:
        """Bring the item back."""
        return self.caller.post(self.path(item) + "/restore")

    def targets(self, items: Sequence[str]) -> dict[str, Any]:
        """A list of items as a bulk delete spells it here."""
        if self.rules.require_if_match:
            return {"items": [{"id": item, "if_match": self.etag(item)} for item in items]}
        return {"ids": list(items)}

    def bulk(self, items: Sequence[str], *, headers: Json | None = None, **options: Any) -> Response:
        """Delete many, confirmed unless `confirm` is said."""
        body = {"confirm": True, **self.targets(items), **options}
        return self.caller.post(self.path("bulk_delete"), json=body, headers=dict(headers or {}))

    def preview(self, **asked: Any) -> dict[str, Any]:
        """Preview a bulk delete."""
        answer = self.caller.post(self.path("bulk_delete") + "/preview", json=asked)
        assert answer.status_code == 200, said(answer)
        found: dict[str, Any] = answer.json()
        return found

    def confirm(self, preview: Json, **options: Any) -> Response:
        """Execute a preview."""
        return self.caller.post(self.path("bulk_delete"), json={"confirm_token": preview["confirm_token"]} | options)

    def job(self, job_id: str) -> dict[str, Any]:
        """A job as it stands."""
        answer = self.caller.get(self.own(f"/bulk_jobs/{job_id}"))
        assert answer.status_code == 200, said(answer)
        found: dict[str, Any] = answer.json()
        return found

    def audited(self, audit_id: str) -> dict[str, Any]:
        """An entry of the audit."""
        answer = self.caller.get(self.own(f"/audit/{audit_id}"))
        self.needs_scope(answer)
        assert answer.status_code == 200, said(answer)
        found: dict[str, Any] = answer.json()
        return found

    # -- what does not apply -------------------------------------------------------------------------------

    def needs_undo(self) -> None:
        """Skip where nothing is kept, or not for long enough."""
        if not self.undoable:
            pytest.skip(f"{self.resource} has the strategy hard: nothing is kept to undo")
        if not self.recoverable:
            pytest.skip(f"{self.resource} has a recovery window of {self.rules.recovery_window}: no time to undo")

    def another(self) -> Api:
        """The API as another account sees it; skip where all items belong to one."""
        if self.rules.account_column is None:
            pytest.skip(f"{self.resource} declares no account: all its items belong to the account `default`")
        if self.other is None:
            pytest.skip("no other_headers = {…} say how another account authenticates")
        return self.other

    def needs_scope(self, answer: Response) -> None:
        """Skip where the test's principal may not ask."""
        if answer.status_code == 403:
            pytest.skip(f"the principal of the test may not ask: {answer.json().get('detail')}")


def said(answer: Response) -> str:
    """A request and its answer, for a failing test."""
    return f"{answer.request.method} {answer.request.path_url} → {answer.status_code} {answer.text[:500]}"


def code(answer: Response) -> str:
    """The last part of a problem's type."""
    found = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
    return str(found.get("type", "")).rpartition("/")[2]


def outcomes(answer: Response) -> dict[str, str]:
    """Each item's status by id, in the order of the answer."""
    assert answer.status_code == 200, said(answer)
    return {one["id"]: one["status"] for one in answer.json()["deleted"]}


def key() -> dict[str, str]:
    """A fresh Idempotency-Key, as a header."""
    return {"Idempotency-Key": f'"{uuid.uuid4()}"'}

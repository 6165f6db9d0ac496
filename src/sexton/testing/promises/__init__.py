"""The conformance suite: one test for each promise that the contract makes about a resource."""

from __future__ import annotations

from sexton.testing.promises.accounts import Accounts
from sexton.testing.promises.base import Host as Host
from sexton.testing.promises.jobs import Audit, Jobs
from sexton.testing.promises.many_items import ManyItems, Previews
from sexton.testing.promises.one_item import OneItem
from sexton.testing.promises.retries import Retries
from sexton.testing.promises.times import Times
from sexton.testing.promises.undo import Families, Holds, Undo


class DeletePromises(Times, Audit, Jobs, Accounts, Holds, Families, Undo, Previews, ManyItems, Retries, OneItem):
    """Does my delete API keep its promises? Subclass it in a test module:

        class TestFlags(DeletePromises):
            app, sexton, resource = app, sexton, "flags"
            headers = {"Authorization": "Bearer key-acme"}
            other_headers = {"Authorization": "Bearer key-globex"}
            change = {"status": "off"}

            def make(self, client, count):
                return [client.post("/flags", json={"id": f"f{uuid4()}"}).json()["id"] for _ in range(count)]

    `app` is the application, `sexton` its `Sexton`, `resource` a name as in URLs, `prefix` where the router is mounted
    (`/api/v1`). `headers` authenticate a principal with all scopes, `other_headers` one of another account. `make`
    makes fresh items that may be deleted and have no dependents, and gives their ids; `client` is a `requests` session
    for paths of the application, with `headers`. Optional: `change` is the body of a PATCH that changes such an item;
    `make_family(client)` makes an item with dependents that may go with it. Where the application is made by a
    fixture, override the fixture `host` (scope "class") and return `Host(app, sexton)`.

    The application runs behind a real HTTP server, once for the class. What does not apply is skipped and says why.
    Use a database of its own: previews of everything are confirmed, and time is set forward (`time_machine`).
    """  # noqa: D415 — what follows is code

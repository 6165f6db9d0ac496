"""What the service says of itself."""

from __future__ import annotations

from sexton.api.answer import Answer, reply
from sexton.api.call import Call
from sexton.api.schemas import Nothing
from sexton.storage import items


def list_resources(call: Call) -> Answer:
    """The resources with an address of their own, and how many live items of each the account has."""
    call.read_query(Nothing)
    account = call.principal.account
    with call.store.read() as connection:
        found = [
            {
                "name": name,
                "key": list(resource.table.key),
                "strategy": str(resource.strategy),
                "count": items.count(connection, call.store, resource, account),
            }
            for name, resource in sorted(call.store.catalog.exposed.items())
        ]
    return reply({"resources": found})

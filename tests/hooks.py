"""Webhooks as tests use them: an application's tables, and calls that must succeed."""

from __future__ import annotations

from typing import Any

from sexton.actions.announce import announce
from sexton.events import Event

SCRIPT = """
CREATE TABLE flags (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, name TEXT, deleted_at TIMESTAMP);
INSERT INTO flags VALUES ('f1', 'acme', 'one', NULL), ('f2', 'acme', 'two', NULL), ('g1', 'globex', 'three', NULL)
"""
FLAGS = {"flags": {"account_column": "account_id", "strategy": "soft", "recovery_window": "0s"}}


def register(api: Any, url: str, **more: Any) -> dict[str, Any]:
    answer = api("POST", "/webhooks", json={"url": url, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def tell(api: Any, event: Event = Event.JOB_COMPLETED, account: str = "acme", **data: Any) -> None:
    with api.store.write() as connection:
        announce(connection, api.store, account, event, {"job_id": "job_1", **data}, api.store.dialect.now(connection))


def deliveries(api: Any, webhook: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    answer = api("GET", f"/webhooks/{webhook['id']}/deliveries", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def hurry(api: Any) -> None:
    """Let the time until the next try, and the leases of the dead, pass."""
    api.run(f"UPDATE {api.store.dialect.own('webhook_deliveries')} SET not_before = created_at, locked_until = NULL")

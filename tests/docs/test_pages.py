"""What some pages say that takes a scene of its own."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import make_url
from standardwebhooks import Webhook

from snippets import ROOT, blocks, key_for


def only(page: str, language: str) -> str:
    (block,) = [one for one in blocks(page) if one.language == language]
    return block.text


def test_the_url_that_names_all_hosts():
    url = make_url(only("docs/how-to/high-availability.md", "text").strip()).set(drivername="postgresql+psycopg")
    _, told = url.get_dialect()().create_connect_args(url)
    assert (told["host"], told["port"]) == ("10.0.0.1,10.0.0.2,10.0.0.3", "5432,5432,5432")
    assert (told["target_session_attrs"], told["connect_timeout"]) == ("read-write", "3")


class Seen:
    """A database as the page's receiver sees it."""

    def __init__(self) -> None:
        self.ids: set[str] = set()

    @contextmanager
    def begin(self):
        yield self

    def insert_if_new(self, _table: str, one: str) -> bool:
        new = one not in self.ids
        self.ids.add(one)
        return new


def test_a_receiver_of_webhooks():
    secret, handled = "whsec_" + "c2V4dG9uc2V4dG9uc2V4dG9uc2V4dG9u", []
    names = {"SECRET": secret, "database": Seen(), "handle": lambda _, message: handled.append(message)}
    exec(compile(only("docs/how-to/webhooks.md", "python"), "page", "exec", dont_inherit=True), names)
    body, now = json.dumps({"type": "item.purged", "data": {}}), datetime.now(UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", now, body),
    }
    assert [names["receive"](headers, body.encode()) for _ in range(2)] == [204, 204]
    assert [message["type"] for message in handled] == ["item.purged"]
    assert names["receive"](headers, body.encode() + b" ") == 401


def test_the_database_has_no_key(tmp_path):
    path = tmp_path / "shop.db"
    path.touch()
    key_id, secret = re.fullmatch(r"sx_([0-9a-f]+)_(.+)", key_for(path)).groups()
    kept = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert key_id.encode() in kept
    assert secret.encode() not in kept


def named(page: str, pattern: str) -> list[str]:
    found = re.findall(pattern, (ROOT / page).read_text())
    assert found, page
    return found


def test_every_test_that_security_names_is_there():
    for path, name in named("docs/security.md", r"`(tests/[\w/]+\.py)::(\w+)`"):
        assert f"def {name}(" in (ROOT / path).read_text(), f"{path}::{name}"


def test_every_benchmark_that_performance_names_takes_what_it_is_given():
    for path, words in named("docs/performance.md", r"`(?:python )?(benchmarks/\w+\.py)([^`]*)`"):
        source = (ROOT / path).read_text()
        assert [word for word in re.findall(r"(?:--)?[a-z][a-z-]+", words) if word not in source] == [], path

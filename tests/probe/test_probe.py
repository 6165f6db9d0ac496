"""Our own server scores full marks; an API that does what most do is told what is wrong with it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import pytest
from sqlalchemy import create_engine, text

from serving import create_key, serving, sexton
from sexton.probe.checks import CHECKS, Grade

NAMES = [check.__name__ for check, _ in CHECKS]


def run(url, *arguments, **options):
    done = sexton("probe", url, "--resource", "notes", "--execute", "--json", *arguments, **options)
    assert done.returncode in (0, 3), done.stderr
    return done.returncode, {one["check"]: one for one in json.loads(done.stdout)["findings"]}


def test_our_own_server_scores_full_marks(database_url, monkeypatch):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes (id TEXT PRIMARY KEY, title TEXT)"))
    engine.dispose()
    monkeypatch.setenv("PROBE_TOKEN", create_key(database_url))
    with serving(database_url) as address:
        made = ["--create", '{"id": "{id}", "title": "a title"}', "--token-env", "PROBE_TOKEN"]
        code, found = run(f"{address}/api/v1", *made, "--bulk", "notes/bulk_delete")
    assert {name: one["seen"] for name, one in found.items() if one["grade"] != Grade.PASS} == {}
    assert (code, list(found)) == (0, NAMES)


class Careless(BaseHTTPRequestHandler):
    """Empty id deletes all, everything is 204, no versions, no keys, redirects for a slash."""

    notes: ClassVar[set[str]] = set()

    def log_message(self, *_):
        pass

    def _reply(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        name = unquote(urlsplit(self.path).path.removeprefix("/notes/"))
        if "_method=DELETE" in self.path:
            self.notes.discard(name)
        body = json.dumps({"id": name}).encode()
        self._reply(*((200, [("Content-Type", "application/json")], body) if name in self.notes else (404,)))

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/bulk":
            (self.notes.clear if not sent.get("ids") else lambda: self.notes.difference_update(sent["ids"]))()
            self._reply(204)
            return
        self.notes.add(sent["id"])
        self._reply(201, body=json.dumps(sent).encode())

    def do_DELETE(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        if path.rstrip("/") == "/notes":
            self.notes.clear()
        elif path.endswith("/"):
            self._reply(307, [("Location", path.rstrip("/"))])
            return
        name = unquote(path.removeprefix("/notes/"))
        self.notes.difference_update(set(self.notes) if name == "*" else {name})
        self._reply(204)


@pytest.fixture
def careless():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_careless_server_is_told(careless):
    code, found = run(careless, "--create", '{"id": "{id}"}', "--bulk", "bulk")
    grades = {name: one["grade"] for name, one in found.items()}
    bad = {name for name, grade in grades.items() if grade == Grade.FAIL}
    assert code == 3
    assert bad == {
        "retry_is_told_apart",
        "if_match_is_honoured",
        "empty_id",
        "collection",
        "trailing_slash",
        "dot_segments",
        "wildcards",
        "method_is_not_tunnelled",
        "bulk_tells_each",
        "bulk_of_none",
    }
    weak = {name for name, grade in grades.items() if grade == Grade.WARN}
    assert weak == {
        "etag_is_given",
        "key_is_bound",
        "body_is_refused",
        "unknown_parameter_is_refused",
        "late_create_does_not_revive",
        "problems",
        "limits_are_told",
    }


def test_nothing_is_sent_without_execute(careless):
    Careless.notes = {"a"}
    done = sexton("probe", careless, "--resource", "notes", "--item", "a")
    assert (done.returncode, done.stdout, Careless.notes) == (0, "", {"a"})
    assert "--execute" in done.stderr


def test_given_items_are_the_only_ones_that_go(careless):
    Careless.notes = {"a", "b", "c"}
    code, found = run(careless, "--item", "a", "--item", "b")
    assert sum(one["grade"] != Grade.SKIP for one in found.values()) == 2
    assert (code, Careless.notes) == (3, {"c"})


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "--create JSON"),
        (["--create", "{}", "--item", "a"], "--create JSON"),
        (["--create", "no json", "--execute"], "--create is not JSON"),
        (["--item", "a", "--token-env", "NOT_THERE", "--execute"], "NOT_THERE"),
    ],
)
def test_what_cannot_be_is_one_line(arguments, told):
    done = sexton("probe", "http://127.0.0.1:9/", "--resource", "notes", *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert told in done.stderr


def test_without_execute_it_says_what_it_would_do_and_sends_nothing(tmp_path):
    asked = ["probe", "http://127.0.0.1:9/v1", "--resource", "notes", "--item", "n1"]
    done = sexton(*asked, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["dry_run"]) == (0, True)
    assert [one["check"] for one in told["checks"]] == NAMES
    missing = sexton(*asked, "--execute", "--token-file", str(tmp_path / "none"))
    assert (missing.returncode, len(missing.stderr.splitlines())) == (2, 1)

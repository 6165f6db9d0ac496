"""What must hold when two things happen at once; 1,000 tries with SEXTON_SOAK, fewer in every run."""

from __future__ import annotations

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError

from serving import Api, create_key, serving, sexton

TRIES = 1_000 if os.environ.get("SEXTON_SOAK") else 150
SCHEMA = """
CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parents (id) ON DELETE {rule});
CREATE INDEX ix_children ON children (parent_id);
"""


def _engine(url: str):
    engine = create_engine(url)
    if url.startswith("sqlite"):

        @event.listens_for(engine, "connect")
        def on(connection, _):
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA busy_timeout=20000")

    return engine


def _script(engine, script: str) -> None:
    with engine.begin() as connection:
        for statement in script.split(";"):
            if statement.strip():
                connection.execute(text(statement))


@pytest.mark.parametrize("rule", ["NO ACTION", "CASCADE"])
@pytest.mark.parametrize("cascade", [False, True])
@pytest.mark.parametrize("child_first", [False, True])
def test_a_child_never_survives_its_parent(database_url, rule, cascade, child_first):
    if "pg15" in os.environ.get("PYTEST_CURRENT_TEST", "") and not os.environ.get("SEXTON_SOAK"):
        pytest.skip("the long run covers PostgreSQL 15")
    engine = _engine(database_url)
    tries = TRIES // 4
    _script(engine, SCHEMA.format(rule=rule))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO parents VALUES (:n, 'x')"), [{"n": n} for n in range(tries)])

    def insert(n: int) -> bool:
        try:
            with engine.begin() as connection:
                connection.execute(text("INSERT INTO children VALUES (:n, :n)"), {"n": n})
        except DBAPIError:
            return False
        return True

    with serving(database_url, config="[defaults]\nitems_per_hour = 10000000\n") as base:
        api = Api(base, create_key(database_url))
        query = "?cascade=true" if cascade else ""

        def delete(n: int) -> int:
            return api("DELETE", f"/parents/{n}{query}").status_code

        with ThreadPoolExecutor(2) as pool:
            for n in range(tries):
                pair = [(insert, n), (delete, n)] if child_first else [(delete, n), (insert, n)]
                futures = {work.__name__: pool.submit(work, arg) for work, arg in pair}
                born, status = futures["insert"].result(), futures["delete"].result()
                assert status in (204, 409), status
                if not cascade:
                    assert born == (status == 409), (n, born, status)
        with engine.connect() as connection:
            orphans = (
                "SELECT count(*) FROM children c WHERE NOT EXISTS (SELECT 1 FROM parents p WHERE p.id = c.parent_id)"
            )
            assert connection.execute(text(orphans)).scalar() == 0
        children = sum(len(e["deleted"]) for e in _audit(api))
        with engine.connect() as connection:
            left = connection.execute(text("SELECT count(*) FROM parents")).scalar()
            alive = connection.execute(text("SELECT count(*) FROM children")).scalar()
        restored = [api("POST", f"/parents/{n}/restore").status_code for n in range(tries)]
        assert set(restored) == {200}
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM parents")).scalar() == tries
            taken = connection.execute(text("SELECT count(*) FROM children")).scalar() - alive
        assert children == (tries - left) + taken
    engine.dispose()


def _audit(api: Api) -> list:
    entries, cursor = [], ""
    while cursor is not None:
        page = api("GET", f"/audit?limit=1000&action=delete{cursor and '&cursor=' + cursor}").json()
        entries += page["items"]
        cursor = page["next_cursor"]
    return entries


def test_fifty_twins_over_two_servers(database_url):
    engine = _engine(database_url)
    _script(engine, "CREATE TABLE things (id INTEGER PRIMARY KEY)")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO things VALUES (:n)"), [{"n": n} for n in range(100)])
    key = create_key(database_url)
    with serving(database_url) as one, serving(database_url) as two:
        body = {"ids": list(range(60)), "idempotency_key": "twin"}

        def fire(n: int):
            answer = Api((one, two)[n % 2], key)("POST", "/things/bulk_delete", json=body)
            return answer.status_code, answer.content

        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(fire, range(50)))
        assert len(set(answers)) == 1, {status for status, _ in answers}
        assert answers[0][0] == 200
        entries = Api(one, key)("GET", "/audit?action=bulk_delete").json()["items"]
        assert [len(entry["deleted"]) for entry in entries] == [60]
    engine.dispose()


RAW = [
    "", ".", "..", "%2e%2e", "%2E", "./", "../", "//", "*", "%2a", "a/b", "a%2Fb", "1;drop table things", "1%00", "%00", "%ff%fe",
    "%", "%zz", "x" * 10_000, "1/", "1//", "/1", "1?", "+1", "1.0", "0x1", "%31%2C", "..;/1", "1/../2", "bulk_delete",
]  # fmt: skip


def _raw(base: str, method: str, path: str, token: str) -> int:
    host, port = base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        path = path.replace(" ", "%20")
        connection.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n".encode()
        )
        return int(connection.makefile("rb").readline().split()[1])


def test_paths_as_they_are_sent(database_url):
    engine = _engine(database_url)
    _script(
        engine,
        "CREATE TABLE things (id INTEGER PRIMARY KEY); INSERT INTO things VALUES (2), (3); CREATE TABLE words (id TEXT PRIMARY KEY)",
    )
    key = create_key(database_url)
    with serving(database_url) as base:
        for resource in ("things", "words"):
            for method in ("DELETE", "GET"):
                for item_id in RAW:
                    status = _raw(base, method, f"/api/v1/{resource}/{item_id}", key)
                    listing = method == "GET" and item_id == ""
                    assert status in ((200,) if listing else (400, 404, 405, 414)), (method, item_id[:30], status)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM things")).scalar() == 2
    engine.dispose()


def test_faults_at_start_are_one_line_and_exit_code_2(database_url, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        faults = [
            ["serve", "--database", "sqlite:////nowhere/at/all.db"],
            ["serve", "--database", "postgresql://postgres@127.0.0.1:1/x"],
            ["serve", "--database", "mysql://x/y"],
            ["serve", "--database", "no url"],
            ["serve"],
            ["serve", "--database", database_url, "--port", port],
            ["serve", "--database", database_url, "--config", "/no/such.toml"],
            ["keys", "create", "--database", database_url, "--scopes", "everything"],
            ["keys", "revoke", "nobody", "--database", database_url],
        ]
        for arguments in faults:
            done = sexton(*arguments, cwd=tmp_path)
            assert done.returncode == 2, (arguments, done.stderr)
            assert "Traceback" not in done.stderr
            assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    (tmp_path / "sexton.toml").write_text("[defaults]\nconfirm_abov = 3\n")
    done = sexton("serve", "--database", database_url, cwd=tmp_path)
    assert (done.returncode, "'confirm_above'" in done.stderr) == (2, True), done.stderr


def test_an_older_schema_is_refused(database_url):
    assert sexton("migrate", "--database", database_url).returncode == 0
    table = "sexton_schema_version" if database_url.startswith("sqlite") else "sexton.schema_version"
    engine = _engine(database_url)
    _script(engine, f"UPDATE {table} SET version_num = '0000'")
    engine.dispose()
    done = sexton("serve", "--database", database_url)
    assert (done.returncode, "sexton migrate" in done.stderr) == (2, True), done.stderr


def test_a_revoked_key_stops_working(database_url):
    key = create_key(database_url)
    with serving(database_url) as base:
        api = Api(base, key)
        assert api("GET", "/").status_code == 200
        assert sexton("keys", "revoke", key.split("_")[1], "--database", database_url).returncode == 0
        assert api("GET", "/").status_code == 401


def test_no_secret_is_logged(database_url, tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("SEXTON_TEST_LOG", "1")
    key = create_key(database_url)
    with serving(database_url) as base:
        Api(base, key)("DELETE", "/nothing/1")
        Api(base, key + "x")("GET", "/")
        threading.Event().wait(0.1)
    logged = capfd.readouterr().err
    assert '"event": "request"' in logged
    assert key.split("_", 2)[2] not in logged

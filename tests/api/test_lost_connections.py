"""A connection that breaks under a request says nothing of the item: 503, and the key may be used again."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from sexton.worker.hand import Hand

TABLE = """CREATE TABLE plain (id TEXT PRIMARY KEY, body TEXT);
INSERT INTO plain VALUES ('a', 'x'), ('b', 'x'), ('c', 'x')"""
DIE = """CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN OLD; END $$"""


@pytest.fixture
def dying(make_api, database_url):
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has no connection to lose")
    api = make_api(TABLE, with_worker=False).other("default")
    with api.store.write() as connection:
        connection.exec_driver_sql(DIE)
        connection.exec_driver_sql(
            "CREATE TRIGGER die BEFORE INSERT OR UPDATE OR DELETE ON plain FOR EACH ROW EXECUTE FUNCTION die()"
        )
    return api


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "/plain/a", None),
        ("POST", "/plain", {"id": "new", "body": "x"}),
        ("PATCH", "/plain/a", {"body": "y"}),
        ("POST", "/plain/bulk_delete", {"ids": ["a", "b"]}),
    ],
)
def test_a_broken_line_is_503_and_the_key_may_be_used_again(dying, method, path, body):
    sent = {"headers": {"Idempotency-Key": "k1"}} | ({"json": body} if body else {})
    answer = dying(method, path, **sent)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"
    dying.run("DROP TRIGGER die ON plain")
    assert dying.sql("SELECT id, body FROM plain ORDER BY 1") == [("a", "x"), ("b", "x"), ("c", "x")]
    again = dying(method, path, **sent)
    assert again.status_code < 300
    assert "Idempotent-Replayed" not in again.headers


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broken_line_is_no_fault_of_a_chunk(dying):
    job = dying("POST", "/plain/bulk_delete", json={"ids": ["a", "b"]}, headers={"Prefer": "respond-async"}).json()
    chunks = dying.store.tables["bulk_chunks"]
    hand = Hand(dying.store, "w")
    for _ in range(5):
        with pytest.raises(OperationalError):  # the worker waits before it looks again
            hand.step()
        dying.run("UPDATE sexton.bulk_chunks SET not_before = NULL")
    with dying.store.read() as connection:
        assert connection.execute(chunks.select()).mappings().one()["attempts"] == 0
    dying.run("DROP TRIGGER die ON plain")
    while hand.step():
        pass
    assert dying("GET", f"/bulk_jobs/{job['job_id']}").json()["summary"]["deleted"] == 2

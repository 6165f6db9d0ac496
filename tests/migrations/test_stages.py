"""A database of the first release is brought up step by step: its rows stay, and every promise made then is kept."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from sexton.actions.purge import purge
from sexton.errors import SchemaError
from sexton.server.assembly import open_store
from sexton.storage import migrations
from sexton.worker.hand import Hand
from upgrading import bring, columns_of, opened, rows_of

VERSIONS = sorted(
    script.revision for script in ScriptDirectory(migrations.__path__[0]).walk_revisions() if script.revision
)


def ids(first, last):
    return [f"t{n}" for n in range(first, last)]


def run_all(now):
    hand = Hand(now.store, "wrk_today")
    while hand.step():
        pass


def test_an_older_schema_is_refused_and_says_what_to_do(old):
    with pytest.raises(SchemaError, match=r"version 0001; this release needs \d{4}: run `sexton migrate"):
        open_store(old.settings)


def test_each_step_keeps_every_row(old):
    with opened(old.url) as (engine, dialect):
        with engine.connect() as connection:
            columns = columns_of(connection, dialect)
            before = rows_of(connection, dialect, columns)
        assert sum(map(len, before.values())) > 150
        for version in VERSIONS:
            bring(old.url, version)
            with engine.connect() as connection:
                assert migrations.current(connection, dialect) == version
                assert rows_of(connection, dialect, columns) == before


def test_steps_one_by_one_and_at_once_come_to_the_same(old):
    for version in VERSIONS:
        bring(old.url, version)
    with opened(old.url) as (engine, dialect), engine.begin() as connection:
        chunks = dialect.own("bulk_chunks")
        assert (
            connection.execute(text(f"SELECT count(*) FROM {chunks} WHERE size = 0 OR place <> n * 1000")).scalar() == 0
        )
        migrations.upgrade(connection, dialect)
        assert migrations.current(connection, dialect) == VERSIONS[-1] == migrations.head()


def test_a_key_still_answers_as_it_did(now):
    told = now.facts["bulk"]
    again = now.ask("POST", "/things/bulk_delete", told["body"], Idempotency_Key="bulk")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (told["answer"], "true")
    assert now.ask("DELETE", "/things/t0?cascade=true", Idempotency_Key="single").status_code == 204
    other = now.ask("POST", "/things/bulk_delete", {"ids": ["t399"]}, Idempotency_Key="bulk")
    assert other.status_code == 422


def test_what_was_deleted_is_gone_and_comes_back(now):
    assert now.ask("DELETE", "/things/t0").status_code == 410
    assert now.ask("POST", "/things/t0/restore").status_code == 200
    assert now.count("notes WHERE thing_id = 't0'") == now.count("links WHERE thing_id = 't0'") == 1
    assert now.ask("POST", "/papers/d1/restore").status_code == 200
    assert now.count("papers WHERE deleted_at IS NULL") == 2


def test_a_job_of_then_is_undone(now):
    answer = now.ask("POST", f"/bulk_jobs/{now.jobs['done']}/restore")
    assert answer.status_code == 202
    run_all(now)
    assert now.count("notes WHERE thing_id = 't30'") == now.count("links WHERE thing_id = 't31'") == 1
    found = now.ask("GET", answer.headers["Location"].partition("/api/v1")[2]).json()
    assert (found["state"], found["summary"]["restored"]) == ("completed", 45)


def test_jobs_go_on_where_they_were(now):
    states = {
        name: now.job(name)["state"] for name in ("half", "half_undo", "queued", "paused", "awaiting", "cancelled")
    }
    assert list(states.values()) == ["running", "running", "queued", "paused", "awaiting_approval", "cancelled"]
    assert now.ask("POST", f"/bulk_jobs/{now.jobs['paused']}/resume").status_code == 200
    assert now.ask("POST", f"/bulk_jobs/{now.jobs['awaiting']}/approve", token=1).status_code == 200
    run_all(now)
    spans = {
        "half": (280, 325),
        "half_undo": (90, 135),
        "queued": (330, 360),
        "paused": (220, 245),
        "awaiting": (140, 215),
    }
    for name, span in spans.items():
        job = now.job(name)
        assert (name, job["state"], job["progress"]) == (name, "completed", 1)
        assert sorted(now.results(name)) == sorted(ids(*span)), name
        live = len(range(*span)) if name == "half_undo" else 0
        wanted = ", ".join(f"'{one}'" for one in ids(*span))
        assert now.count(f"things WHERE id IN ({wanted})") == live, name
    assert now.job("cancelled")["state"] == "cancelled"
    assert now.job("delayed")["state"] == "queued"
    assert now.count("things WHERE id IN ('t250', 't360', 't374')") == 3


def test_a_preview_is_carried_out_and_a_hold_holds(now):
    done = now.ask("POST", "/things/bulk_delete", {"confirm_token": now.facts["confirm_token"]}).json()
    assert [one["status"] for one in done["deleted"]] == ["deleted", "deleted"]
    assert now.ask("DELETE", "/things/t390").json()["type"].endswith("/held")
    assert now.ask("DELETE", "/things/t390/hold").status_code in {200, 204}
    assert now.ask("DELETE", "/things/t390").status_code == 204


def test_what_is_due_is_purged_and_nothing_else(now):
    assert purge(now.store).items == 1
    assert now.ask("POST", "/bills/b1/restore").status_code == 410
    assert now.ask("POST", "/things/t0/restore").status_code == 200


def test_the_audit_still_tells_and_cannot_be_changed(now):
    found = now.ask("GET", f"/audit?job_id={now.jobs['done']}").json()
    assert found["items"]
    with pytest.raises(DatabaseError, match="append-only"), now.store.write() as connection:
        connection.execute(text(f"UPDATE {now.store.dialect.own('audit_log')} SET reason = 'none'"))

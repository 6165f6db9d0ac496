"""The time machine, jobs run to their end, the receiver and the fixtures, on every database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session
from standardwebhooks import WebhookVerificationError

from albums import Album, connect, make_host, values
from sexton import ConfigurationError, Outcome, Scope
from sexton.storage import jobs, workers
from sexton.testing import principal, run_jobs, time_machine, webhook_receiver
from sexton.testing.calls import served
from sexton.testing.clock import FARTHEST, Clock

pytest_plugins = ["sexton.testing"]
WHO = principal("acme")


@pytest.fixture
def engine(database_url):
    made = connect(database_url)
    yield made
    made.dispose()


@pytest.fixture
def app_and_sexton(engine):
    host = make_host(engine, with_worker=False)
    yield host
    host.sexton.close()


@pytest.fixture
def sexton(app_and_sexton):
    return app_and_sexton.sexton


@pytest.fixture
def app(app_and_sexton):
    return app_and_sexton.app


@pytest.fixture
def albums(engine):
    def make(count):
        with Session(engine) as session, session.begin():
            session.add_all(made := [Album(**values("acme", n)) for n in range(count)])
            session.flush()
            return [one.id for one in made]

    return make


def now(sexton):
    with sexton.store.read() as connection:
        return sexton.store.dialect.now(connection)


# -- the time machine -------------------------------------------------------------------------------------------


def test_a_window_ends_and_the_clock_comes_back(sexton, albums):
    (item,) = albums(1)
    with time_machine(sexton) as clock:
        assert abs(now(sexton) - datetime.now(UTC)) < timedelta(seconds=30)
        assert sexton.sync.delete(Album, item, principal=WHO).outcome is Outcome.DELETED
        clock.advance(days=29, hours=23)
        assert run_jobs(sexton).purge.purged == {}
        clock.advance(hours=2)
        assert run_jobs(sexton).purge.purged == {"albums": 1}
        assert sexton.sync.restore(Album, item, principal=WHO).outcome is Outcome.PURGED
    assert abs(now(sexton) - datetime.now(UTC)) < timedelta(seconds=30)


def test_it_stands_still_where_it_is_told_to(sexton):
    with time_machine(sexton, ticking=False) as clock:
        first = now(sexton)
        assert now(sexton) == first
        clock.advance(minutes=1.5)
        assert now(sexton) == first + timedelta(seconds=90)
    with time_machine(sexton):
        assert now(sexton) < now(sexton)


def test_it_goes_forward_only(sexton):
    with time_machine(sexton) as clock:
        with pytest.raises(ValueError, match="only goes forward"):
            clock.advance(hours=-1)
        with pytest.raises(ValueError, match="audit"):
            clock.advance(days=FARTHEST.days + 1)
        clock.advance(days=FARTHEST.days)
        with pytest.raises(ValueError, match="audit"):
            clock.advance(seconds=1)
        run_jobs(sexton)


class _Jumping:
    """A database whose clock is set about."""

    def __init__(self, times):
        self.times, self.store, self.dialect = iter(times), self, self

    def now(self, _):
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(self.times))


@given(st.lists(st.tuples(st.integers(-1000, 1000), st.integers(0, 1000)), min_size=1, max_size=20), st.booleans())
def test_it_never_runs_backwards(steps, ticking):
    clock = Clock(_Jumping([real for real, _ in steps]), ticking=ticking)
    told = []
    for _, ahead in steps:
        clock.advance(seconds=ahead)
        told.append(clock.now(None))
    assert told == sorted(told)


def test_one_clock_at_a_time(sexton):
    with time_machine(sexton), pytest.raises(RuntimeError, match="already"), time_machine(sexton):
        pass
    with time_machine(sexton):
        pass


def test_it_notices_that_sexton_was_closed(sexton):
    with time_machine(sexton) as clock:
        sexton.close()
        with pytest.raises(RuntimeError, match="was closed"):
            clock.advance(days=1)


def test_it_refuses_to_leave_another_process_behind(sexton):
    store = sexton.store
    me = {"id": "wrk_here", "host": socket.gethostname(), "pid": os.getpid(), "version": "1"}
    with store.write() as connection:
        workers.enter(connection, store, me, store.dialect.now(connection))
    with time_machine(sexton):
        pass
    with store.write() as connection:
        workers.enter(connection, store, me | {"id": "wrk_2", "pid": 1}, store.dialect.now(connection))
    with pytest.raises(ConfigurationError, match="process 1"), time_machine(sexton):
        pass
    for away in (-61, 61):
        with store.write() as connection:
            workers.see(connection, store, "wrk_2", store.dialect.now(connection) + timedelta(seconds=away))
        with time_machine(sexton):
            pass


# -- jobs, messages, purges -------------------------------------------------------------------------------------


def test_jobs_run_to_their_end(sexton, albums):
    made = [sexton.sync.bulk_delete(Album, albums(45), principal=WHO, confirm=True).job for _ in range(2)]
    assert run_jobs(sexton).steps == 2
    again = run_jobs(sexton)
    assert (again.steps, again.messages) == (0, 0)
    assert {job.state for job in made} == {"queued"}
    with sexton.store.read() as connection:
        assert workers.present(connection, sexton.store, now(sexton)) == []


def test_it_waits_for_the_worker_of_the_application(engine, albums):
    host = make_host(engine, with_worker=True)
    with served(host.app):
        for _ in range(2):
            job = host.sexton.sync.bulk_delete(Album, albums(40), principal=WHO, confirm=True).job
            run_jobs(host.sexton)
            with host.sexton.store.read() as connection:
                assert jobs.of_any_account(connection, host.sexton.store, job.id).state == "completed"


def test_it_gives_up(sexton, albums):
    """A chunk that somebody else holds does not end."""
    job = sexton.sync.bulk_delete(Album, albums(40), principal=WHO, confirm=True).job
    store = sexton.store
    with store.write() as connection:
        later = store.dialect.now(connection) + timedelta(hours=1)
        told = {"later": store.dialect.bind_time(later)}
        connection.execute(text(f"UPDATE {store.dialect.own('bulk_chunks')} SET not_before = :later"), told)
    with pytest.raises(TimeoutError, match=job.id):
        run_jobs(sexton, seconds=0.2)


def test_messages_come_signed_and_reach_is_as_before(sexton, app, albums, sexton_client):
    sexton_client.headers["Authorization"] = "Bearer acme"
    before = sexton.store.reach
    with webhook_receiver(sexton) as receiver:
        made = sexton_client.post("/api/v1/webhooks", json={"url": receiver.url}).json()
        sexton.sync.bulk_delete(Album, albums(40), principal=WHO, confirm=True)
        receiver.answer = 500
        assert run_jobs(sexton).messages == 1
        receiver.answer = 204
        with time_machine(sexton) as clock:
            clock.advance(minutes=1)
            assert run_jobs(sexton).messages == 1
        first, second = receiver.received
        assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
        assert second.verified(made["secret"])["type"] == "bulk_job.completed"
        with pytest.raises(WebhookVerificationError):
            second.verified("whsec_" + "A" * 32)
    assert sexton.store.reach is before
    refused = sexton_client.post("/api/v1/webhooks", json={"url": receiver.url})
    assert refused.status_code == 422


# -- the rest ---------------------------------------------------------------------------------------------------


def test_the_fixtures(sexton, albums, sexton_clock, sexton_jobs, sexton_webhooks, sexton_client):
    (item,) = albums(1)
    sexton_client.headers["Authorization"] = "Bearer acme"
    sexton_client.post("/api/v1/webhooks", json={"url": sexton_webhooks.url, "events": ["item.purged"]})
    assert sexton_client.delete(f"/api/v1/albums/{item}").status_code == 204
    sexton_clock.advance(days=30, hours=1)
    assert sexton_jobs().purge.purged == {"albums": 1}
    assert len(sexton_webhooks.received) == 1
    assert sexton_client.post(f"/api/v1/albums/{item}/restore").status_code == 410


def test_principals():
    assert principal("acme").scopes == frozenset(Scope)
    assert principal("acme", "read", Scope.DELETE).scopes == {"read", "delete"}
    assert (principal().account, principal().key_id) == ("default", "key_test")


def test_an_application_that_does_not_start_says_so():
    def lifespan(_):
        raise OSError("no database")

    threads = threading.active_count()
    with pytest.raises(RuntimeError, match="did not start"), served(FastAPI(lifespan=lifespan)):
        pass
    assert threading.active_count() == threads


def test_who_uses_the_library_alone_needs_no_pytest():
    code = "import sys; sys.modules['pytest'] = None; import sexton; sexton.Sexton; print('fine')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "fine\n", done.stderr

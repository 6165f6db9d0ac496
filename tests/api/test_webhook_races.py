"""At least once, and once where nobody dies: deliverers side by side, crashes, leases that run out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

from hooks import deliveries, hurry, register, tell
from sexton.actions.deliver import deliver
from sexton.events import Event


def test_deliverers_side_by_side_send_each_message_once(hooks, receiver):
    for _ in range(4):
        register(hooks, receiver.url)
    receiver.answers = [lambda handler: (time.sleep(0.05), handler.answer(204))]
    for n in range(10):
        tell(hooks, n=n)
    start, faults = threading.Barrier(4), []

    def run():
        try:
            start.wait()
            while deliver(hooks.store):
                pass
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    counts = Counter(got.id for got in receiver.got)
    assert (len(counts), set(counts.values())) == (40, {1})


def test_an_endpoint_that_hangs_does_not_take_all_places(hooks, receiver):
    busy, quiet = register(hooks, receiver.url), None
    for _ in range(30):
        tell(hooks)
    quiet = register(hooks, receiver.url + "&quiet", events=["bulk_job.failed"])
    tell(hooks, Event.JOB_FAILED)
    deliver(hooks.store)
    assert deliveries(hooks, quiet)[0]["state"] == "delivered"
    assert len(deliveries(hooks, busy, state="delivered")) == 5


_DELIVER = """
import sys
from sexton.actions.deliver import deliver
from sexton.server.assembly import open_store
from sexton.server.configuration import Settings
deliver(open_store(Settings(database={"url": sys.argv[1]}, webhooks={"allow_private": True})))
"""


def test_a_crash_between_send_and_record_delivers_twice_with_one_id(hooks, receiver, database_url):
    made = register(hooks, receiver.url)
    processes = []
    receiver.answers = [lambda _handler: os.kill(processes[0].pid, signal.SIGKILL), 204]
    tell(hooks)
    processes.append(subprocess.Popen([sys.executable, "-c", _DELIVER, database_url]))
    assert processes[0].wait(timeout=60) == -signal.SIGKILL
    (shown,) = deliveries(hooks, made)
    assert (shown["state"], shown["attempts"]) == ("pending", 1)
    assert deliver(hooks.store) == 0  # the lease of the dead holds
    hurry(hooks)
    assert deliver(hooks.store) == 1
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert deliveries(hooks, made)[0]["state"] == "delivered"


def test_who_comes_back_after_the_lease_records_nothing(hooks, receiver):
    made = register(hooks, receiver.url)
    late, go = threading.Event(), threading.Event()

    def slow(handler):
        late.set()
        go.wait(9)
        handler.answer(500)

    receiver.answers = [slow, 204]
    tell(hooks)
    sleeper = threading.Thread(target=deliver, args=[hooks.store])
    sleeper.start()
    assert late.wait(10)
    hurry(hooks)
    assert deliver(hooks.store) == 1
    go.set()
    sleeper.join()
    (shown,) = deliveries(hooks, made)
    assert (shown["state"], shown["attempts"], shown["last_status"]) == ("delivered", 2, 204)


def test_no_transaction_is_open_while_a_receiver_takes_its_time(hooks, receiver):
    register(hooks, receiver.url)
    seen = []

    def look(handler):
        started = time.monotonic()
        seen.append(hooks("POST", "/webhooks", json={"url": receiver.url}).status_code)
        seen.append(time.monotonic() - started < 3)
        handler.answer(204)

    receiver.answers = [look]
    tell(hooks)
    deliver(hooks.store)
    assert seen == [201, True]

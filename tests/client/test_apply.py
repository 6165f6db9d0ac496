from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hostile import Hostile, Seen, status
from hostile import json as as_json
from shop import CLIENT, HASTY, Shop, plan_of, planned, run

from sexton.client import CallFailed, DeleteNotAllowed, Refused
from sexton.client._carrier import Carrier, ReadOnly, Target, Way
from sexton.client._checks import ErrorLimit, GuardRefused, Limits
from sexton.client._engine import Cause
from sexton.client._pace import Pace
from sexton.client._request import Request
from sexton.client._response import Answer, Failure, FailureKind
from sexton.client._wire import Send
from sexton.client.apply import Application, ApplyOptions, canary_of, settings_for
from sexton.client.journal import JournalFault, Standing, recover
from sexton.client.plan_file import Plan, PlanFault, PlannedItem
from sexton.client.plan_file import Seen as Saw


@pytest.fixture
def shop(server: Hostile) -> Shop:
    return Shop(server)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.plan"


def test_it_deletes_just_the_plan(shop, path):
    ids = shop.stock(60)
    report, found = run(planned(path, shop, ids[:50]))
    assert sorted(shop.deletes) == sorted(ids[:50])
    assert set(shop.items) == set(ids[50:])
    assert report.standings["deleted"] == 50
    assert report.stopped is None
    assert found.counts()["deleted"] == 50


def test_a_changed_item_is_left_alone(shop, path):
    planned(path, shop, shop.stock(30))
    shop.items["r7"] = 999
    report, _ = run(path)
    assert set(shop.items) == {"r7"}
    assert (report.standings["deleted"], report.standings["failed"]) == (29, 1)


def test_what_the_plan_found_absent_is_not_sent(shop, path):
    from sexton.client.plan_file import PlanHeader, PlanWriter  # noqa: PLC0415

    shop.stock(3)
    with PlanWriter(path) as writer:
        for item, seen in (("r0", Saw.PRESENT), ("r1", Saw.ABSENT), ("r2", Saw.UNCLEAR)):
            writer.add(item, None, seen)
        writer.finish(PlanHeader(shop.server.url, "reports", "test"))
    report, _ = run(path)
    assert shop.deletes == ["r0"]
    assert (report.standings["deleted"], report.standings["absent"], report.standings["failed"]) == (1, 1, 1)


@pytest.mark.parametrize("seed", range(4))
def test_against_a_chaotic_server_journal_and_log_agree(shop, path, seed):
    shop.chaos, shop.seed = 0.3, seed
    shop.__post_init__()
    ids = shop.stock(300)
    planned(path, shop, ids)
    limits = Limits(max_errors=ErrorLimit(1000, None), canary_percent=0)
    _report, found = run(path, limits=limits)
    for round_ in range(12):
        if all(standing in {Standing.DELETED, Standing.ABSENT, Standing.FAILED} for standing in found.standings):
            break
        shop.chaos = 0.3 if round_ < 8 else 0.0
        _report, found = run(path, resume=True, limits=limits)
    left = {n for n in range(300) if f"r{n}" in shop.items}
    assert {n for n in range(300) if found.standings[n] == Standing.FAILED} == left
    assert found.counts()["deleted"] + found.counts()["absent"] == 300 - len(left)
    run(path, resume=True, retry_failed=True, limits=limits)
    assert not shop.items
    assert shop.doubled() == []
    assert set(shop.deletes) == set(ids)
    assert all(len(keys) == 1 for keys in shop.keys.values())  # one key per item, over all runs


def test_no_result_says_deleted_that_was_not(shop, path):
    ids = shop.stock(40)
    shop.special = {f"r{n}": as_json(200, '{"deleted": false}') for n in range(0, 40, 4)}
    report, found = run(planned(path, shop, ids), limits=Limits(max_errors=ErrorLimit(40, None), canary_percent=0))
    still = {n for n in range(40) if f"r{n}" in shop.items}
    assert {n for n in range(40) if found.standings[n] != Standing.DELETED} == still
    assert report.standings["failed"] == len(still) == 10


# -- guards: not one DELETE --------------------------------------------------------------------------------------


def refused(path, error=GuardRefused, **options):
    with pytest.raises(error) as caught:
        run(path, **options)
    assert not path.with_name(path.name + ".journal").exists()
    return str(caught.value)


def test_over_the_limit_none_is_deleted(shop, path):
    planned(path, shop, shop.stock(11))
    assert "--max-delete allows 10" in refused(path, limits=Limits(max_delete=10))
    assert shop.log == []


def test_over_the_share_none_is_deleted(shop, path):
    planned(path, shop, shop.stock(11), population=100)
    assert "11.0 %" in refused(path, limits=Limits(max_percent=10))
    assert shop.log == []


def test_a_share_of_nobody_knows_what_is_refused(shop, path):
    planned(path, shop, shop.stock(11))
    assert "--population" in refused(path, limits=Limits(max_percent=99))
    assert shop.log == []


@pytest.mark.parametrize("hours", [25, -1])
def test_a_stale_plan_or_one_of_the_future_is_refused(shop, path, hours):
    made = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    planned(path, shop, shop.stock(3), created_at=made)
    assert "hours ago" in refused(path)
    assert shop.log == []


def test_an_empty_plan_is_refused(shop, path):
    planned(path, shop, [])
    assert "nothing to delete" in refused(path)
    assert shop.log == []


def test_production_needs_its_variable_and_an_approved_plan(shop, path, monkeypatch):
    with Plan(planned(path, shop, shop.stock(3))) as plan:
        digest = plan.digest
    monkeypatch.delenv("SEXTON_ALLOW_DELETE", raising=False)
    assert "SEXTON_ALLOW_DELETE" in refused(path, DeleteNotAllowed, limits=Limits(production=True))
    assert shop.log == []
    monkeypatch.setenv("SEXTON_ALLOW_DELETE", f"127.0.0.1:{shop.server.port}")
    assert f"--approve {digest[:12]}" in refused(path, GuardRefused, limits=Limits(production=True))
    for other in ("0" * 64, digest[:11], f"{digest[:12]}0"):
        assert "names another one" in refused(path, GuardRefused, limits=Limits(approve=other))
    assert shop.log == []
    report, _ = run(path, limits=Limits(production=True, approve=f"sha256:{digest}"))
    assert report.standings["deleted"] == 3


def test_every_host_but_this_one_is_production(path, monkeypatch):
    monkeypatch.delenv("SEXTON_ALLOW_DELETE", raising=False)
    plan_of(path, "https://api.example.com/v1", [("a", None)])
    assert "api.example.com is marked as production" in refused(path, DeleteNotAllowed)


def test_another_service_at_the_address_is_noticed(shop, other, path):
    planned(path, shop, shop.stock(30))
    stranger = Shop(other)
    path.write_bytes(path.read_bytes())
    moved = plan_of(path.with_name("moved"), other.url, [(f"r{n}", f'"v{n}"') for n in range(30)])
    assert "does not answer as the service that was planned" in refused(moved)
    assert stranger.deletes == []


@pytest.mark.parametrize(
    "answer",
    [
        as_json(200, '{"id": "r0"}', ETag='"another"'),
        as_json(200, '{"welcome": "to another service"}', ETag='"v0"'),
        status(200, b"<html>", Content_Type="text/html"),
        status(302, Location="https://login.example.com"),
        status(500),
    ],
)
def test_a_probe_that_shows_something_else_is_refused(server, path, answer):
    server.on["GET"] = [answer]
    plan_of(path, server.url, [("r0", '"v0"')], shape=("id", "name", "owner"))
    refused(path)
    assert server.deletes == []


@pytest.mark.parametrize("code", [401, 403])
def test_a_probe_without_rights_is_told_so(server, path, code):
    server.on["GET"] = [status(code)]
    plan_of(path, server.url, [("r0", None)])
    with pytest.raises(CallFailed) as caught:
        run(path)
    assert caught.value.status == code
    assert server.deletes == []


def test_a_preview_cannot_send_a_delete(server, path):
    plan_of(path, server.url, [("r0", None)])

    async def go() -> None:
        with Plan(path) as plan:
            async with Application(plan, ApplyOptions(client=CLIENT)) as application:
                looker = application._looker()
                await looker.delete(Target("reports", "0" * 64), PlannedItem(0, "r0", None, Saw.PRESENT), Way.FRESH)

    with pytest.raises(Refused, match="nothing but GET"):
        asyncio.run(go())
    assert server.seen == []


@pytest.mark.parametrize("method", ["DELETE", "POST", "PUT", "PATCH"])
def test_the_read_only_transport_sends_nothing_but_get(method):
    step = Send(Request(method, "https://h/x", {}), 1, 1, 1, fresh=False, suspicious=lambda *_: False)
    with pytest.raises(Refused, match="nothing but GET"):
        asyncio.run(ReadOnly(None).send(step))  # type: ignore[arg-type]


def test_a_plan_is_applied_once(shop, path):
    planned(path, shop, shop.stock(5))
    run(path)
    shop.stock(5)
    with pytest.raises(JournalFault, match="applied once"):
        run(path)
    assert len(shop.deletes) == 5


def test_two_at_once_are_refused(shop, path):
    planned(path, shop, shop.stock(5))
    with Plan(path) as plan:
        from sexton.client.journal import lock  # noqa: PLC0415

        lock(plan.file.fileno(), path)
        with pytest.raises(JournalFault, match="in use"):
            run(path)
    assert shop.deletes == []


def test_a_journal_of_another_plan_is_refused(shop, path):
    planned(path, shop, shop.stock(5))
    run(path)
    other = planned(path.with_name("other.plan"), shop, shop.stock(5))
    os.link(path.with_name("some.plan.journal"), path.with_name("other.plan.journal"))
    with pytest.raises(JournalFault, match="another plan"):
        run(other, resume=True)
    assert len(shop.deletes) == 5


def test_a_changed_plan_is_refused_on_resume(shop, path):
    planned(path, shop, shop.stock(5))
    run(path)
    path.write_bytes(path.read_bytes().replace(b'"r3"', b'"r9"'))
    with pytest.raises(PlanFault, match="digest"):
        run(path, resume=True)


# -- canary and alarms -------------------------------------------------------------------------------------------


def test_the_canary_is_chosen_by_hash_and_salted_by_the_plan(tmp_path):
    ids = [(f"r{n}", None) for n in range(5000)]
    with (
        Plan(plan_of(tmp_path / "a", "https://h/v1", ids)) as one,
        Plan(plan_of(tmp_path / "b", "https://i/v1", ids)) as two,
    ):
        first, second = ({item.position for item in canary_of(plan, 2)} for plan in (one, two))
        assert 50 < len(first) < 150
        assert first != set(range(len(first)))
        assert first != second
        assert first == {item.position for item in canary_of(one, 2)}
        assert len(canary_of(one, 0.000001)) == 1
        assert canary_of(one, 0) == []


def test_a_server_that_lies_is_caught_by_its_canary(shop, path):
    ids = shop.stock(200)
    shop.special = dict.fromkeys(ids, status(204))  # it says so, and deletes nothing
    planned(path, shop, ids)
    report, found = run(path)
    assert report.stopped.cause is Cause.CANARY
    assert len(shop.deletes) < 15
    assert not found.canary
    report, _ = run(path, resume=True)  # the canary is looked at again, not taken for granted
    assert report.stopped.cause is Cause.CANARY
    assert len(shop.deletes) < 15


def test_a_canary_that_fails_altogether_stops(shop, path):
    ids = shop.stock(200)
    shop.special = dict.fromkeys(ids, status(403))
    report, _ = run(planned(path, shop, ids), limits=Limits(max_errors=ErrorLimit(100, None)))
    assert report.stopped.cause is Cause.CANARY
    assert len(shop.deletes) < 15


def test_the_first_twenty_absent_stop_it(shop, path):
    ids = shop.stock(300)
    planned(path, shop, ids)
    shop.special = dict.fromkeys(ids, status(404))
    report, found = run(path, concurrency=4)
    assert report.stopped.cause is Cause.ALL_ABSENT
    assert 20 <= len(shop.deletes) <= 24
    counts = found.counts()
    assert counts["absent"] == len(shop.deletes)
    assert counts["not_started"] == 300 - len(shop.deletes)  # what was ready was released


@pytest.mark.parametrize("limit", [ErrorLimit(5, None), ErrorLimit(None, 25.0)])
def test_too_many_errors_stop_it(shop, path, limit):
    ids = shop.stock(300)
    shop.special = dict.fromkeys(ids[10:], status(409))
    report, _ = run(planned(path, shop, ids), limits=Limits(max_errors=limit, canary_percent=0), concurrency=2)
    assert report.stopped.cause is Cause.ERRORS
    assert len(shop.deletes) <= 20


def test_401_stops_at_once(shop, path):
    ids = shop.stock(100)
    shop.special = dict.fromkeys(ids, status(401))
    report, _ = run(planned(path, shop, ids), limits=Limits(canary_percent=0), concurrency=2)
    assert report.stopped.cause is Cause.UNAUTHENTICATED
    assert len(shop.deletes) <= 2


def test_an_error_limit_is_a_number_or_a_share():
    assert ErrorLimit.parse("25") == ErrorLimit(25, None)
    assert ErrorLimit.parse("2.5%") == ErrorLimit(None, 2.5)
    for text in ("", "x", "1.5", "101%", "-1"):
        with pytest.raises(ValueError, match="neither"):
            ErrorLimit.parse(text)


# -- pace --------------------------------------------------------------------------------------------------------


def answer(code: int, **headers: str) -> Answer:
    return Answer(code, headers)


def test_concurrency_halves_once_for_all_that_were_under_way_and_grows_by_one_a_window():
    now = [0.0]
    pace = Pace(64, clock=lambda: now[0])
    assert pace.limit == 8
    for _ in range(8):
        pace.heard(answer(204), now[0])
    assert pace.limit == 9
    began, now[0] = now[0], 1.0
    for _ in range(9):
        pace.heard(answer(503), began)
    assert pace.limit == 4
    pace.heard(Failure(FailureKind.READ_TIMEOUT, sent=True), 1.0)
    assert pace.limit == 2
    for _ in range(2 + 3):
        pace.heard(answer(204), 1.0)
    assert pace.limit == 4


def test_retry_after_holds_the_whole_pool():
    now = [0.0]
    pace = Pace(8, clock=lambda: now[0])
    assert pace.wait() == 0
    pace.heard(answer(429, **{"retry-after": "3"}), 0.0)
    assert pace.wait() == 3
    now[0] = 3.5
    assert pace.wait() == 0
    pace.heard(answer(503, **{"retry-after": "9999"}), 3.5)
    assert pace.too_long == 9999


def test_the_rate_is_over_all_workers():
    now = [0.0]
    pace = Pace(8, rate=10, clock=lambda: now[0])
    sent = []
    while len(sent) < 21:
        wait = pace.wait()
        if wait:
            now[0] += wait
        else:
            sent.append(now[0])
    assert sent[-1] - sent[0] == pytest.approx(2.0)


def test_the_retry_budget_is_a_tenth():
    pace = Pace(8)
    for _ in range(100):
        pace.wait()
    assert sum(pace.may_retry() for _ in range(100)) == 30


def test_an_outage_does_not_triple_the_load(shop, path):
    ids = shop.stock(100)
    shop.special = dict.fromkeys(ids, status(503))
    limits = Limits(max_errors=ErrorLimit(1000, None), canary_percent=0)
    run(planned(path, shop, ids), limits=limits)
    assert len(shop.deletes) < 100 + 20 + 40  # without a budget: seven times each


def test_a_pool_wide_retry_after_is_kept_on_the_wire(shop, path):
    ids = shop.stock(40)
    first = []

    def once(sock, seen: Seen) -> bool:
        first.append(seen.at)
        shop.special.clear()
        return status(429, Retry_After="1")(sock, seen)

    shop.special = {"r5": once}
    run(planned(path, shop, ids), concurrency=2, limits=Limits(canary_percent=0))
    late = [seen.at - first[0] for seen in shop.server.of("DELETE") if seen.at > first[0] + 0.1]
    assert late
    assert min(late) > 0.95


def test_a_retry_after_beyond_patience_stops_the_run(shop, path):
    ids = shop.stock(100)
    shop.special = dict.fromkeys(ids, status(429, Retry_After="4000"))
    report, _ = run(planned(path, shop, ids), concurrency=2, limits=Limits(canary_percent=0))
    assert report.stopped.cause is Cause.THROTTLED
    assert len(shop.deletes) <= 2


def test_the_rate_holds_on_the_wire(shop, path):
    ids = shop.stock(30)
    run(planned(path, shop, ids), rate=40, limits=Limits(canary_percent=0))
    times = [seen.at for seen in shop.server.of("DELETE")]
    assert times[-1] - times[0] > 0.6


# -- journal and interruption ------------------------------------------------------------------------------------


def test_no_byte_leaves_before_its_intent_is_durable(shop, path, monkeypatch):
    durable: set[str] = set()
    early: list[str] = []
    journal = path.with_name(path.name + ".journal")
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        if journal.exists():
            lines = journal.read_bytes().split(b"\n")
            durable.update(line.split(b'"id":"')[1].split(b'"')[0].decode() for line in lines if b'"intent"' in line)

    monkeypatch.setattr(os, "fsync", fsync)
    act = shop.server.act

    def watch(seen: Seen):
        if seen.method == "DELETE" and seen.path.rsplit("/", 1)[1] not in durable:
            early.append(seen.path)
        return act(seen)

    shop.server.act = watch
    run(planned(path, shop, shop.stock(200)))
    assert len(shop.deletes) == 200
    assert early == []


def test_a_journal_that_cannot_be_written_stops_the_sending(shop, path, monkeypatch):
    planned(path, shop, shop.stock(200))
    real, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 3:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    report, _ = run(path, limits=Limits(canary_percent=0), concurrency=4)
    assert report.stopped.cause is Cause.JOURNAL
    monkeypatch.setattr(os, "fsync", real)
    assert len(shop.deletes) <= 16
    report, _ = run(path, resume=True)
    assert report.standings["deleted"] + report.standings["absent"] == 200
    assert shop.doubled() == []


def test_a_disk_that_is_full_for_a_moment_leaves_a_readable_journal(shop, path, monkeypatch):
    planned(path, shop, shop.stock(200))
    real, calls = os.write, []

    def full(descriptor: int, data: bytes) -> int:
        if len(data) > 100:
            calls.append(descriptor)
        if len(calls) == 3:
            real(descriptor, bytes(data)[:-5])
            raise OSError(28, "No space left on device")
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    report, found = run(path, limits=Limits(canary_percent=0), concurrency=4)
    assert report.stopped.cause is Cause.JOURNAL
    assert found.torn
    monkeypatch.setattr(os, "write", real)
    report, _ = run(path, resume=True)
    assert report.standings["deleted"] + report.standings["absent"] == 200
    assert shop.doubled() == []


@pytest.mark.parametrize(("number", "cause"), [(signal.SIGINT, Cause.SIGINT), (signal.SIGTERM, Cause.SIGTERM)])
def test_a_signal_drains_and_can_be_resumed(shop, path, number, cause):
    ids = shop.stock(2000)
    planned(path, shop, ids)
    threading.Timer(0.4, os.kill, (os.getpid(), number)).start()
    report, found = run(path, rate=300)
    assert report.stopped.cause is cause
    counts = found.counts()
    assert counts["unknown"] == 0  # what was on the wire came to its end
    assert counts["deleted"] == len(shop.deletes) == 2000 - len(shop.items)
    assert 0 < counts["deleted"] < 2000
    report, found = run(path, resume=True, concurrency=32)
    assert report.standings["deleted"] == 2000
    assert shop.doubled() == []
    assert len(shop.deletes) == 2000


def test_a_signal_does_not_wait_for_a_long_pause(shop, path):
    ids = shop.stock(50)
    shop.special = dict.fromkeys(ids, status(429, Retry_After="60"))
    planned(path, shop, ids)
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
    began = time.monotonic()
    report, _ = run(path, client={**CLIENT, "retry": replace(HASTY, retry_after_cap=300)})
    assert report.stopped.cause is Cause.SIGTERM
    assert time.monotonic() - began < 5


def test_what_was_begun_before_a_crash_is_looked_at_first(shop, path):
    ids = shop.stock(10)
    planned(path, shop, ids)
    run(path, limits=Limits(canary_percent=0))
    journal = path.with_name("some.plan.journal")
    lines = journal.read_bytes().splitlines(keepends=True)
    last = max(n for n, line in enumerate(lines) if b'"intent"' in line)
    journal.write_bytes(b"".join(lines[: last + 1]))  # as if it had been killed before a result was written
    assert recover(journal).counts()["unknown"] == 10
    shop.items.update({i: n for n, i in enumerate(ids[:5])})
    shop.items["r2"] = 999
    shop.log.clear()
    report, _ = run(path, resume=True, limits=Limits(canary_percent=0))
    first = {}
    for method, item, _ in shop.log:
        first.setdefault(item, method)
    assert first == dict.fromkeys(ids, "GET")
    assert sorted(shop.deletes) == ["r0", "r1", "r3", "r4"]
    assert (report.standings["deleted"], report.standings["absent"], report.standings["failed"]) == (4, 5, 1)


def test_an_accepted_delete_is_looked_at_and_not_asked_again(shop, path):
    ids = shop.stock(3)
    shop.special = {"r1": status(202)}
    report, _ = run(planned(path, shop, ids))
    assert report.standings["accepted"] == 1
    report, _ = run(path, resume=True)
    assert report.standings["accepted"] == 1
    assert shop.deletes.count("r1") == 1
    del shop.items["r1"]
    report, _ = run(path, resume=True)
    assert report.standings["deleted"] == 3


def test_resume_does_not_touch_what_failed(shop, path):
    ids = shop.stock(30)
    shop.special = {"r3": status(409)}
    run(planned(path, shop, ids))
    run(path, resume=True)
    assert shop.deletes.count("r3") == 1


def test_only_unknown_items_are_looked_at_on_resume(shop, path):
    ids = shop.stock(30)
    planned(path, shop, ids)
    run(path)
    looked = len(shop.log)
    run(path, resume=True)
    assert len(shop.log) == looked


def test_settings_are_as_patient_as_the_run():
    assert settings_for("http://127.0.0.1:1/v1", ApplyOptions(longest_pause=77)).retry.retry_after_cap == 77


def test_a_braked_carrier_begins_nothing():
    settings = settings_for("http://127.0.0.1:1/v1", ApplyOptions())
    carrier = Carrier(settings, ReadOnly(None), Pace(1))  # type: ignore[arg-type]
    carrier.brake()
    from sexton.client._carrier import Braked  # noqa: PLC0415

    with pytest.raises(Braked) as caught:
        asyncio.run(carrier.get("reports", "r1"))
    assert caught.value.sent is False


def test_recovering_needs_no_plan(shop, path):
    run(planned(path, shop, shop.stock(4)))
    path.unlink()
    assert recover(path.with_name("some.plan.journal")).counts()["deleted"] == 4

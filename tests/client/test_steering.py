"""A run that is stopped, paused and paced from outside; tokens that end; promises; a second look at the service."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hostile import Hostile, Seen, status
from hostile import json as as_json
from shop import CLIENT, Shop, planned, run

from serving import SEXTON, sexton
from sexton.client._checks import GuardRefused, Limits
from sexton.client._controls import Controls, fault_of
from sexton.client._engine import Cause
from sexton.client._pace import Pace
from sexton.client._response import Answer
from sexton.client.errors import CallFailed, UnsafeAddress
from sexton.client.journal import recover


@pytest.fixture
def shop(server: Hostile) -> Shop:
    return Shop(server)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.plan"


def journal_of(path: Path) -> Path:
    return path.with_name(path.name + ".journal")


def at_delete(shop: Shop, number: int, then: Any) -> None:
    """Call `then` as the server hears its `number`-th DELETE."""
    inner = shop.server.act
    assert inner is not None

    def act(seen: Seen) -> Any:
        if seen.method == "DELETE" and len(shop.deletes) + 1 == number:
            then()
        return inner(seen)

    shop.server.act = act


# -- files, a URL, a limit of time -------------------------------------------------------------------------------


def test_a_stop_file_ends_the_run_and_it_can_be_resumed(shop, path, tmp_path):
    stop = tmp_path / "stop"
    planned(path, shop, shop.stock(300))
    at_delete(shop, 20, stop.touch)
    report, found = run(path, rate=60, controls=Controls(stop_file=stop))
    assert report.stopped.cause is Cause.STOP_FILE
    assert 20 <= len(shop.deletes) < 200
    assert found.counts()["unknown"] == 0
    sent = len(shop.deletes)
    again, _ = run(path, resume=True, controls=Controls(stop_file=stop))
    assert again.stopped.cause is Cause.STOP_FILE
    assert len(shop.deletes) == sent
    stop.unlink()
    assert run(path, resume=True)[0].stopped is None
    assert shop.items == {}


def test_time_that_is_over_ends_the_run(shop, path):
    planned(path, shop, shop.stock(300))
    report, found = run(path, rate=60, controls=Controls(max_time=1.0))
    assert report.stopped.cause is Cause.MAX_TIME
    assert 0 < len(shop.deletes) < 250
    assert found.counts()["unknown"] == 0


def test_nothing_is_sent_while_the_pause_file_exists(shop, path, tmp_path):
    pause = tmp_path / "pause"
    pause.touch()
    planned(path, shop, shop.stock(10))
    freed = []

    def free() -> None:
        freed.append(time.monotonic())
        pause.unlink()

    inner = shop.server.act

    def act(seen: Seen) -> Any:  # the identity probe comes before the canary
        if len(shop.log) == 2:
            threading.Timer(0.5, free).start()
        return inner(seen)

    shop.server.act = act
    report, _ = run(path, controls=Controls(pause_file=pause))
    assert shop.server.of("DELETE")[0].at >= freed[0]
    assert report.standings["deleted"] == 10


def test_nothing_is_sent_while_the_throttle_url_says_no(shop, path, other):
    planned(path, shop, shop.stock(10))
    other.on["HEAD"] = [status(405), status(503), status(204)]
    other.on["GET"] = [status(500)]
    seen = []
    inner = shop.server.act

    def act(request: Seen) -> Any:
        if request.method == "DELETE":
            seen.append(len(other.of("HEAD")))
        return inner(request)

    shop.server.act = act
    report, _ = run(path, controls=Controls(throttle_url=f"{other.url}/health"), client={**CLIENT, "token": "planted"})
    assert report.standings["deleted"] == 10
    assert min(seen) == 3
    assert [request.method for request in other.seen] == ["HEAD", "GET", "HEAD", "HEAD"]
    assert all("authorization" not in request.headers for request in other.seen)


@pytest.mark.parametrize("url", ["ftp://x/", "http://u:p@x/", "file:///etc/passwd", "x", "http://"])
def test_a_throttle_url_that_is_none_is_refused(url):
    with pytest.raises(UnsafeAddress):
        Controls(throttle_url=url)


def test_a_health_that_cannot_be_asked_is_none():
    import asyncio  # noqa: PLC0415

    assert asyncio.run(fault_of("http://127.0.0.1:9/")) == "the throttle URL gives no answer"


def test_the_pace_is_changed_while_it_runs(shop, path, tmp_path):
    pace = tmp_path / "pace.toml"
    pace.write_text("rate = 2\n")
    planned(path, shop, shop.stock(200))
    at_delete(shop, 3, lambda: pace.write_text("rate = 0\nconcurrency = 2\nother = true\n"))
    began = time.monotonic()
    report, _ = run(path, controls=Controls(pace_file=pace))
    assert report.standings["deleted"] == 200
    first, second, third = (seen.at for seen in shop.server.of("DELETE")[:3])
    assert second - first >= 0.4
    assert third - second >= 0.4
    assert time.monotonic() - began < 50  # at two a second it would be a hundred


def test_a_pace_file_that_is_no_toml_changes_nothing(shop, path, tmp_path):
    (tmp_path / "pace").write_text("rate = ")
    report, _ = run(planned(path, shop, shop.stock(5)), controls=Controls(pace_file=tmp_path / "pace"))
    assert report.standings["deleted"] == 5


def test_the_canary_is_looked_at_after_its_wait(shop, path):
    planned(path, shop, shop.stock(5))
    when: dict[str, float] = {}
    inner = shop.server.act

    def act(seen: Seen) -> Any:
        when.setdefault(f"{seen.method} {len(shop.deletes)}", seen.at)
        return inner(seen)

    shop.server.act = act
    run(path, canary_wait=0.4)
    assert when["GET 1"] - when["DELETE 0"] >= 0.4


# -- pace --------------------------------------------------------------------------------------------------------


def hear(pace: Pace, now: list[float], latency: float, times: int, **headers: str) -> None:
    for _ in range(times):
        began, now[0] = now[0], now[0] + latency
        pace.heard(Answer(204, headers), began)


def test_a_latency_that_doubles_halves_the_concurrency_once():
    now = [0.0]
    pace = Pace(16, clock=lambda: now[0])
    hear(pace, now, 0.1, 200)
    assert pace.limit == 16
    hear(pace, now, 0.25, 100)
    assert pace.limit == 8
    hear(pace, now, 0.25, 400)
    assert pace.limit == 16  # a level that lasts is the usual one


def test_a_rise_that_nobody_notices_halves_nothing():
    now = [0.0]
    pace = Pace(16, clock=lambda: now[0])
    hear(pace, now, 0.002, 200)
    hear(pace, now, 0.02, 100)
    assert pace.limit == 16


@pytest.mark.parametrize("name", ["ratelimit", "x-ratelimit"])
def test_no_more_is_sent_than_a_server_has_left(name):
    def told(left: int) -> dict[str, str]:
        if name == "ratelimit":
            return {"ratelimit": f'"items";r={left};t=7'}
        return {"x-ratelimit-remaining": str(left), "x-ratelimit-reset": "7"}

    now = [0.0]
    pace = Pace(16, clock=lambda: now[0])
    assert [pace.wait() for _ in range(3)] == [0, 0, 0]
    hear(pace, now, 0.1, 1, **told(100))
    assert pace.wait() == 0
    hear(pace, now, 0.1, 1, **told(3))  # of which two are under way
    assert pace.wait() == 0
    assert 0 < pace.wait() < 0.1
    hear(pace, now, 0.0, 3, **told(0))
    assert pace.wait() == pytest.approx(7)
    now[0] += 7.1
    assert pace.wait() == 0
    assert pace.too_long is None


def test_a_server_that_tells_what_is_left_need_not_say_429(shop, path):
    planned(path, shop, shop.stock(100))
    window = {"ends": 0.0, "left": 0}
    inner, refused = shop.server.act, []
    lock = threading.Lock()

    def act(seen: Seen) -> Any:
        if seen.method == "GET":
            return inner(seen)
        with lock:
            if seen.at >= window["ends"]:
                window.update(ends=seen.at + 1.0, left=20)
            window["left"] -= 1
            if window["left"] < 0:
                refused.append(seen)
                return status(429)
            del shop.items[seen.path.rpartition("/")[2]]
            return status(204, RateLimit=f'"d";r={window["left"]};t=1')

    shop.server.act = act
    report, _ = run(path, limits=Limits(canary_percent=0))
    assert len(refused) <= 3  # answers overtake each other; without looking it is five in each window
    assert report.standings["deleted"] == 100


# -- a token that ends -------------------------------------------------------------------------------------------


def rotating(shop: Shop, accepted: list[str]) -> list[str]:
    """The shop, for whoever has the token it accepts now; what came with another one."""
    inner, refused = shop.server.act, []

    def act(seen: Seen) -> Any:
        if seen.headers.get("authorization") != f"Bearer {accepted[0]}":
            refused.append(seen.method)
            return status(401)
        return inner(seen)

    shop.server.act = act
    return refused


def test_a_token_that_ends_is_read_again_and_no_item_fails(shop, path, tmp_path):
    planned(path, shop, shop.stock(200))
    file, accepted = tmp_path / "token", ["first"]
    file.write_text("first\n")

    def rotate() -> None:
        accepted[0] = "second"
        threading.Timer(0.3, file.write_text, ["second\n"]).start()

    at_delete(shop, 50, rotate)
    refused = rotating(shop, accepted)
    report, _ = run(path, client={**CLIENT, "token_file": file})
    assert report.standings["deleted"] == 200
    assert 0 < len(refused) <= 16  # what was under way, once each
    assert len(shop.deletes) == 200


def test_a_token_that_stays_refused_stops_the_run_which_can_be_resumed(shop, path, tmp_path):
    planned(path, shop, shop.stock(200))
    file, accepted = tmp_path / "token", ["first"]
    file.write_text("first\n")
    at_delete(shop, 50, lambda: accepted.__setitem__(0, "second"))
    refused = rotating(shop, accepted)
    report, found = run(path, client={**CLIENT, "token_file": file})
    assert report.stopped.cause is Cause.UNAUTHENTICATED
    assert 0 < len(refused) <= 32
    assert found.counts()["failed"] == 0
    with pytest.raises(CallFailed):
        run(path, resume=True, client={**CLIENT, "token_file": file})
    file.write_text("second\n")
    report, _ = run(path, resume=True, client={**CLIENT, "token_file": file})
    assert report.standings["deleted"] + report.standings["absent"] == 200


# -- promises ----------------------------------------------------------------------------------------------------


def promising(shop: Shop, seconds: float) -> None:
    """A shop that answers 202 to every DELETE, and keeps its promise a little later."""
    shop.special = dict.fromkeys(shop.items, status(202))
    inner = shop.server.act

    def act(seen: Seen) -> Any:
        if seen.method == "DELETE":
            item = seen.path.rpartition("/")[2]
            threading.Timer(seconds, shop.items.pop, [item, None]).start()
        return inner(seen)

    shop.server.act = act


def test_promises_hold_no_worker(shop, path):
    from sexton.client import RetryPolicy  # noqa: PLC0415

    planned(path, shop, shop.stock(60))
    promising(shop, 0.5)
    patient = RetryPolicy(base=0.8, cap=0.8, polls=20)
    began = time.monotonic()
    report, _ = run(path, concurrency=2, limits=Limits(canary_percent=0), client={**CLIENT, "retry": patient})
    assert report.standings["deleted"] == 60
    assert shop.log.index(("DELETE", "r59", "well")) < 90  # all were asked for before most were seen to be gone
    assert time.monotonic() - began < 12  # one by one, by two: half a minute


def test_a_promise_of_a_run_that_ended_is_looked_at_and_not_asked_again(shop, path):
    planned(path, shop, shop.stock(8))
    promising(shop, 1.5)
    report, found = run(
        path,
        limits=Limits(canary_percent=0),
        controls=Controls(max_time=0.5),
        client={**CLIENT, "retry": __import__("sexton.client").client.RetryPolicy(base=5, cap=5)},
    )
    assert report.stopped.cause is Cause.MAX_TIME
    assert found.counts()["accepted"] == 8
    time.sleep(1.2)
    report, _ = run(path, resume=True)
    assert report.standings["deleted"] == 8
    assert len(shop.deletes) == 8


def test_a_promise_survives_kill_9(shop, path):
    planned(path, shop, shop.stock(8))
    promising(shop, 60)
    arguments = [*SEXTON, "apply", str(path), "--execute", "--canary", "0"]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(shop.deletes) < 8 or len([m for m, *_ in shop.log if m == "GET"]) < 12:
        time.sleep(0.02)
    process.kill()
    process.wait()
    found = recover(journal_of(path))
    assert found.counts()["accepted"] == 8


# -- who answers, on a resume ------------------------------------------------------------------------------------


def all_unknown(path: Path, keep: int = 0) -> None:
    """Cut the results out of a journal: every item but the first `keep` was begun, and nobody knows more."""
    from sexton.client.journal import Journal  # noqa: PLC0415
    from sexton.client.plan_file import Plan  # noqa: PLC0415

    journal_path = journal_of(path)
    header = recover(journal_path).header
    events = [json.loads(line) for line in journal_path.read_bytes().splitlines()[1:]]
    journal_path.unlink()
    journal = Journal.create(journal_path, header)
    with Plan(path) as plan:
        journal.intents(plan.items())
    for event in events:
        event.pop("crc")
        if event["e"] == "canary" or (event["e"] == "result" and event["n"] < keep):
            journal.note(event)
    journal.write(journal.taken())
    journal.close()


@pytest.mark.parametrize("keep", [0, 3])
def test_where_only_unknown_items_are_left_the_service_is_asked_first(shop, path, keep):
    ids = shop.stock(12)
    run(planned(path, shop, ids))
    all_unknown(path, keep)
    before = len(shop.log)
    report, _ = run(path, resume=True)
    assert report.stopped is None
    assert report.standings["absent"] + report.standings["deleted"] == 12
    assert len(shop.log) - before >= 12 - keep + 3
    assert len(shop.deletes) == 12


def test_an_unknown_item_that_is_as_planned_tells_the_service(shop, path):
    ids = shop.stock(12)
    run(planned(path, shop, ids))
    all_unknown(path)
    shop.items["r0"] = 0
    report, _ = run(path, resume=True)
    assert report.standings["deleted"] == 1
    assert shop.items == {}


@pytest.mark.parametrize("what", ["page", "another problem", "present", "no answer", "403"])
def test_another_service_is_noticed_where_only_unknown_items_are_left(shop, path, what):
    run(planned(path, shop, shop.stock(12)))
    all_unknown(path, keep=3)
    stranger = {
        "page": status(404, b"<html>no</html>", Content_Type="text/html"),
        "another problem": as_json(404, '{"message": "no route", "path": "/"}'),
        "present": as_json(200, '{"id": "r0", "n": 1}', ETag='"else"'),
        "no answer": lambda *_: False,
        "403": status(403),
    }
    shop.server.act = lambda _: stranger[what]
    shop.log.clear()
    before = journal_of(path).read_bytes()
    with pytest.raises(CallFailed if what == "403" else GuardRefused):
        run(path, resume=True, client={**CLIENT, "retry": __import__("sexton.client").client.RetryPolicy(retries=0)})
    assert journal_of(path).read_bytes() == before


# -- the commands ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--stop-file", "{there}"], 5),
        (["--max-time", "0"], 5),
        (["--throttle-url", "ftp://x/"], 2),
        (["--retries", "-1"], 2),
        (["--deadline", "0"], 2),
        (["--approve", "0" * 64], 4),
    ],
)
def test_options_that_stop_it(shop, path, tmp_path, options, code):
    (tmp_path / "there").touch()
    planned(path, shop, shop.stock(9))
    told = [option.format(there=tmp_path / "there") for option in options]
    done = sexton("apply", str(path), "--execute", *told)
    assert done.returncode == code, done.stderr
    assert shop.deletes == []


def test_the_commands_take_every_option(shop, path, tmp_path):
    (tmp_path / "pace").write_text("rate = 500\n")
    planned(path, shop, shop.stock(20))
    options = [
        "--canary-wait=0.1", "--max-time=60", f"--stop-file={tmp_path / 'none'}", f"--pause-file={tmp_path / 'no'}",
        f"--pace-file={tmp_path / 'pace'}", f"--throttle-url={shop.url}/r19", "--deadline=20", "--retries=1",
        "--strict-connections",
    ]  # fmt: skip
    shop.special = {"r3": status(409)}
    inner = shop.server.act
    shop.server.act = lambda seen: status(200) if seen.method == "HEAD" else inner(seen)
    assert sexton("apply", str(path), "--execute", *options).returncode == 3
    assert sexton("resume", f"{path}.journal", "--retry-failed", *options).returncode == 3


def test_a_plan_says_by_its_exit_code_that_there_is_something_to_delete(shop, path, tmp_path):
    shop.stock(3)
    (tmp_path / "ids").write_text("r1\0r2\0")
    make = ["plan", shop.url, "--ids-from", str(tmp_path / "ids"), "-0", "--detailed-exitcode"]
    assert sexton(*make, "-o", str(path)).returncode == 10
    shop.items.clear()
    assert sexton(*make, "-o", f"{path}2").returncode == 0
    assert sexton(*make, "-o", f"{path}3", "--format", "csv").returncode == 2


def test_rm_asks_where_it_is_told_to_and_somebody_can_answer(shop):
    import pty  # noqa: PLC0415

    shop.stock(3)
    done = sexton("rm", f"{shop.url}/r1", "-i", input="y\n")
    assert (done.returncode, shop.deletes) == (4, [])
    for answer, code in (("n", 4), ("y", 0)):
        mine, theirs = pty.openpty()
        process = subprocess.Popen(
            [*SEXTON, "rm", f"{shop.url}/r1", "-i"], stdin=theirs, stderr=theirs, stdout=subprocess.PIPE
        )
        os.write(mine, f"{answer}\n".encode())
        told = process.communicate(timeout=30)[0]
        assert process.returncode == code
        assert b"Delete http" not in told  # a prompt is no result
        os.close(mine)
        os.close(theirs)
    assert shop.deletes == ["r1"]
    assert sexton("rm", f"{shop.url}/r2", "-i", "--yes", "--retries=0", "--deadline=9").returncode == 0


def test_on_production_the_digest_can_be_typed(shop, path):
    import pty  # noqa: PLC0415

    planned(path, shop, shop.stock(3))
    digest = json.loads(sexton("show", str(path), "--json").stdout)["digest"]
    environment = {**os.environ, "SEXTON_ALLOW_DELETE": "127.0.0.1"}
    for typed, code in (("no", 4), (digest[:12], 0)):
        mine, theirs = pty.openpty()
        process = subprocess.Popen(
            [*SEXTON, "apply", str(path), "--execute", "--env", "prod"],
            stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, env=environment,
        )  # fmt: skip
        os.write(mine, f"{typed}\n".encode())
        process.communicate(timeout=30)
        assert process.returncode == code
        os.close(mine)
        os.close(theirs)
    assert len(shop.deletes) == 3


def test_a_dry_run_on_production_needs_nothing_and_says_what_will_be_needed(shop, path):
    planned(path, shop, shop.stock(3))
    environment = {name: value for name, value in os.environ.items() if name != "SEXTON_ALLOW_DELETE"}
    done = sexton("apply", str(path), "--env", "prod", env=environment)
    assert done.returncode == 0
    assert json.loads(done.stdout)["production"] is True
    assert "SEXTON_ALLOW_DELETE" in done.stderr
    assert "--approve " in done.stderr


def test_a_sample_is_verified(shop, path):
    planned(path, shop, shop.stock(40))
    assert sexton("apply", str(path), "--execute").returncode == 0
    before = len(shop.log)
    done = sexton("verify", f"{path}.journal", "--sample", "5")
    assert done.returncode == 0
    assert len(shop.log) - before == 5
    assert len({line["id"] for line in map(json.loads, done.stdout.splitlines()) if line["type"] == "verified"}) == 5


def test_a_report_is_bound_to_its_journal(shop, path):
    import hashlib  # noqa: PLC0415

    planned(path, shop, shop.stock(10))
    shop.special = {"r3": status(409)}
    sexton("apply", str(path), "--execute")
    journal = journal_of(path)
    first = json.loads(sexton("report", str(journal), "--json").stdout)["chain"]
    assert first == [
        {"run": 1, "bytes": journal.stat().st_size, "sha256": hashlib.sha256(journal.read_bytes()).hexdigest()}
    ]
    sexton("resume", str(journal), "--retry-failed")
    told = sexton("report", str(journal))
    later = json.loads(sexton("report", str(journal), "--json").stdout)["chain"]
    assert later[0] == first[0]
    assert [link["run"] for link in later] == [1, 2]
    assert f"the first {first[0]['bytes']} bytes are {first[0]['sha256']}" in told.stdout

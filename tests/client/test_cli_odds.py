"""The commands where the shell, the terminal, the disk or the typist is odd."""

from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from hostile import Hostile, Seen, stall, status
from hostile import json as as_json
from shop import Shop, planned, run

from serving import SEXTON, sexton
from sexton.cli.rm import split_item
from sexton.client import UnsafeAddress
from sexton.client._controls import Controls
from sexton.client._planning import split_collection
from sexton.client._response import Answer, rate_limit_of, retry_after_of
from sexton.client.journal import recover


@pytest.fixture
def shop(server: Hostile) -> Shop:
    return Shop(server)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.plan"


def in_shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line in which SEXTON stands for the command; the code is the first command's of the pipe."""
    line = line.replace("SEXTON", shlex.join(SEXTON))
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, check=False, timeout=60
    )


# -- stdin, stdout, stderr ---------------------------------------------------------------------------------------


def test_output_that_cannot_be_written_stops_nothing(shop, path):
    planned(path, shop, shop.stock(30))
    done = in_shell(f"SEXTON apply {path} --execute --json >/dev/full")
    assert len(shop.deletes) == 30
    assert recover(Path(f"{path}.journal")).counts()["deleted"] == 30
    assert done.returncode == 1  # it was done, and nobody can read what
    assert done.stderr == "30 deleted\nsexton: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize("command", ["show {} --items 500", "report {}.journal", "doctor", "--help"])
def test_a_reader_that_leaves_changes_no_exit_code(shop, path, command):
    planned(path, shop, shop.stock(500))
    if "report" in command:
        run(path)
    done = in_shell(f"SEXTON {command.format(path)} | true")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&- 2>&-"])
def test_streams_that_are_closed(shop, path, closed):
    planned(path, shop, shop.stock(3))
    assert in_shell(f"SEXTON apply {path} --execute {closed}").returncode == 0
    assert len(shop.deletes) == 3
    assert in_shell(f"SEXTON apply {path} --execute --env prod --journal {path}.2 {closed}").returncode == 4


def test_what_a_server_says_does_not_steer_the_terminal(server):
    server.on["DELETE"] = [as_json(409, json.dumps({"title": "\x1b[2J\x9b2Jwiped"}))]
    done = sexton("rm", f"{server.url}/reports/r1")
    assert done.returncode == 3
    assert "wiped" in done.stderr
    assert not {"\x1b", "\x9b"} & set(done.stderr)


# -- a terminal --------------------------------------------------------------------------------------------------


def on_terminal(arguments: list[str], typed: bytes = b"", interrupt: str = "", **environment: str) -> tuple[int, str]:
    """Exit code and what was shown; SIGINT when `interrupt` is."""
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [*SEXTON, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, **environment}
    )
    os.close(theirs)
    os.write(mine, typed)
    shown = b""
    while True:
        try:
            shown += os.read(mine, 65536)
        except OSError:  # nobody holds the other end any more
            break
        if interrupt and interrupt.encode() in shown:
            process.send_signal(signal.SIGINT)
            interrupt = ""
    os.close(mine)
    return process.wait(30), shown.decode()


def test_failures_are_told_when_they_happen(shop, path):
    planned(path, shop, shop.stock(40))
    shop.special = {"r3": status(409), "r7": status(422)}
    code, shown = on_terminal(["apply", str(path), "--execute", "--max-errors", "100%", "--canary", "0"])
    assert code == 3
    assert "r3: conflict: 409" in shown
    assert "r7: failed: 422" in shown
    assert shown.index("r3: ") < shown.index("38 deleted")


@pytest.mark.parametrize(("typed", "interrupt", "code"), [(b"\x04", "", 4), (b"", "Delete http", 130)])
def test_leaving_a_question_sends_nothing(shop, typed, interrupt, code):
    shop.stock(3)
    found, shown = on_terminal(["rm", f"{shop.url}/r1", "-i"], typed, interrupt)
    assert (found, shop.deletes) == (code, [])
    assert "Nothing was sent." in shown


def test_nobody_types_a_digest_in_vain(shop, path):
    planned(path, shop, shop.stock(3))
    code, shown = on_terminal(["apply", str(path), "--execute", "--env", "prod"], SEXTON_ALLOW_DELETE="")
    assert code == 4
    assert "set SEXTON_ALLOW_DELETE=127.0.0.1" in shown
    assert "Type the first" not in shown


def test_an_interrupted_rm_says_what_it_leaves_open(server):
    server.on["DELETE"] = [stall(5, status(204))]
    process = subprocess.Popen([*SEXTON, "rm", f"{server.url}/reports/r1"], stderr=subprocess.PIPE, text=True)
    while not server.deletes:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert "may have been sent" in told


# -- what was typed ----------------------------------------------------------------------------------------------


def test_ids_from_stdin_may_begin_with_a_byte_order_mark(shop, path):
    shop.stock(3)
    done = sexton("plan", shop.url, "--ids-from", "-", "-o", str(path), input="\ufeffr0\r\nr1\r\n", encoding="utf-8")
    assert json.loads(done.stdout)["to_delete"] == 2


@pytest.mark.parametrize("bad", ["%FF", "100%", "a%zz"])
def test_a_url_that_would_be_spelled_otherwise_is_refused(bad):
    with pytest.raises(UnsafeAddress, match="%25"):
        split_item(f"https://api.example.com/v1/reports/{bad}")
    with pytest.raises(UnsafeAddress, match="%25"):
        split_collection(f"https://api.example.com/v1/{bad}")


@pytest.mark.parametrize("options", [["--ca-file", "/nowhere.pem"], ["--proxy", "proxy.example.com:3128"]])
def test_a_file_or_proxy_that_is_none_is_told_at_once(server, path, options):
    for command in (
        ["rm", f"{server.url}/reports/r1"],
        ["plan", f"{server.url}/reports", "--ids-from", "-", "-o", str(path)],
    ):
        done = sexton(*command, *options, input="r1\n")
        assert (done.returncode, server.seen) == (2, [])
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("code", "expected"), [(200, 0), (404, 0), (401, 6), (403, 6), (500, 7)])
def test_the_exit_code_of_a_look(server, code, expected):
    server.on["GET"] = [as_json(code, "{}")]
    done = sexton("rm", f"{server.url}/reports/r1", "-n", "-q")
    assert (done.returncode, done.stderr) == (expected, "")
    assert server.deletes == []


@pytest.mark.parametrize("name", ["::1", "[::1]", "[::1]:8000", "::1:8000"])
def test_a_host_of_ipv6_is_named_in_any_spelling(monkeypatch, name):
    from sexton.client._address import base_of  # noqa: PLC0415
    from sexton.client._guard import check_production  # noqa: PLC0415

    monkeypatch.setenv("SEXTON_ALLOW_DELETE", name)
    check_production(base_of("http://[::1]:8000/v1"))


# -- what servers and files say ----------------------------------------------------------------------------------


def test_a_retry_after_of_ages_is_no_invitation_to_come_at_once():
    assert retry_after_of(Answer(429, {"retry-after": "99999999999999"}), 0) == 99999999999999


def test_a_canary_that_was_only_promised_lets_nothing_follow(shop, path):
    planned(path, shop, shop.stock(12))
    shop.special = dict.fromkeys(shop.items, status(202))
    report, _ = run(path)
    assert report.stopped is not None
    assert (report.stopped.cause, len(shop.deletes)) == ("canary", 1)
    shop.items.pop(shop.deletes[0])  # the promise is kept
    shop.special.clear()
    report, _ = run(path, resume=True)
    assert (report.stopped, len(shop.deletes)) == (None, 12)


@pytest.mark.parametrize("several", [False, True])
def test_403_is_exit_code_6(shop, path, several):
    planned(path, shop, shop.stock(30))
    shop.special = {item: status(403) for item in ([*shop.items] if several else ["r3"])}
    done = sexton("apply", str(path), "--execute", "--canary", "1" if several else "0")
    assert done.returncode == 6
    assert sexton("report", f"{path}.journal").returncode == 6


def test_a_token_that_ended_does_not_verify(shop, path):
    planned(path, shop, shop.stock(3))
    run(path)
    shop.server.act = None
    shop.server.on["GET"] = [status(401)]
    done = sexton("verify", f"{path}.journal")
    assert done.returncode == 6


@pytest.mark.parametrize("text", ["concurrency = inf", "rate = 1" + 400 * "0", "rate = nan", "concurrency = []"])
def test_a_pace_that_is_none_does_not_end_the_watch(shop, path, tmp_path, text):
    planned(path, shop, shop.stock(30))
    pace, stop = tmp_path / "pace.toml", tmp_path / "stop"
    pace.write_text(text)
    usual = shop.server.act

    def act(seen: Seen) -> Any:
        if seen.method == "DELETE":
            stop.touch()
            return stall(0.2, usual(seen))
        return usual(seen)

    shop.server.act = act
    report, _ = run(path, controls=Controls(pace_file=pace, stop_file=stop), concurrency=2)
    assert report.stopped is not None
    assert report.stopped.cause == "stop_file"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"ratelimit": '"day";r=1000;t=3600, "burst";r=5;t=1'}, (5, 1)),
        ({"ratelimit": '"items";t=7;r=3'}, (3, 7)),
        ({"ratelimit": "limit=100, remaining=9, reset=5"}, (9, 5)),
        ({"ratelimit-remaining": "9", "ratelimit-reset": "5"}, (9, 5)),
        ({"x-ratelimit-remaining": "9", "x-ratelimit-reset": "1795262400"}, (9, None)),
        ({"ratelimit": "soon"}, None),
    ],
)
def test_what_is_left_is_read_in_every_spelling(headers, expected):
    found = rate_limit_of(Answer(204, headers))
    assert (found and (found.remaining, found.resets_in)) == expected


def test_a_full_disk_is_one_line(shop, path):
    shop.stock(40)
    done = in_shell(f"ulimit -f 0; seq -f r%g 0 39 | SEXTON plan {shop.url} --ids-from - -o {path} --no-look -q")
    assert (done.returncode, done.stderr) == (1, "sexton: a file: File too large\n")
    planned(path, shop, shop.stock(3))
    done = in_shell(f"ulimit -f 0; SEXTON apply {path} --execute")
    assert (done.returncode, len(done.stderr.splitlines()), shop.deletes) == (1, 1, [])
    assert sexton("apply", str(path), "--execute").returncode == 0  # it was not begun

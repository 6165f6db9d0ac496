from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile import Hostile, Seen, status
from hostile import json as as_json
from shop import Shop, planned

from serving import SEXTON, Api, create_key, serving, sexton
from sexton.client.journal import Recovered, Standing, recover

KILLS = 200 if os.environ.get("SEXTON_SOAK") else 20


@pytest.fixture
def shop(server: Hostile) -> Shop:
    return Shop(server)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.plan"


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def summary(text: str) -> dict[str, Any]:
    return lines(text)[-1]


def make_plan(shop: Shop, path: Path, ids: list[str], *options: str) -> dict[str, Any]:
    source = path.with_name("ids.txt")
    source.write_text("".join(f"{i}\r\n" for i in ids))
    done = sexton("plan", shop.url, "--ids-from", str(source), "-o", str(path), *options)
    assert done.returncode == 0, done.stderr
    return summary(done.stdout)


# -- from ids to a report ----------------------------------------------------------------------------------------


def test_plan_show_apply_verify_report(shop, path):
    ids = shop.stock(25)
    told = make_plan(shop, path, [*ids, "r3", "nobody"])
    assert (told["count"], told["to_delete"], told["duplicates"], told["absent"]) == (26, 25, 1, 1)
    assert shop.deletes == []

    shown = json.loads(sexton("show", str(path), "--items", "2", "--json").stdout)
    assert [item["etag"] for item in shown["items"]] == ['"v0"', '"v1"']
    assert shown["shape"] == ["id", "n"]

    dry = sexton("apply", str(path))
    assert dry.returncode == 0
    assert dry.stderr.startswith("(dry run)")
    assert summary(dry.stdout)["would_delete"] == 25
    assert shop.deletes == []

    done = sexton("apply", str(path), "--execute")
    assert done.returncode == 0, done.stderr
    assert sorted(shop.deletes) == sorted(ids)
    results = [line for line in lines(done.stdout) if line["type"] == "result"]
    assert sorted(line["id"] for line in results if line["outcome"] == "deleted") == sorted(ids)
    assert done.stderr.strip() == "25 deleted, 1 absent"

    journal = f"{path}.journal"
    told = json.loads(sexton("report", journal, "--json").stdout)
    assert told["standings"]["deleted"] == 25
    assert told["outcomes"] == {"deleted": 25, "already_absent": 1}
    assert told["sends"] == 25
    assert "deleted" in sexton("report", journal).stdout

    checked = sexton("verify", journal)
    assert checked.returncode == 0
    assert summary(checked.stdout) == {"type": "summary", "absent": 26, "present": 0, "unclear": 0}
    shop.items["r4"] = 4
    assert sexton("verify", journal, "--json").returncode == 3
    assert len(shop.deletes) == 25


def test_the_result_is_told_by_the_exit_code(shop, path):
    make_plan(shop, path, shop.stock(30))
    shop.special = {"r3": status(409)}
    done = sexton("apply", str(path), "--execute")
    assert done.returncode == 3
    assert sexton("report", f"{path}.journal").returncode == 3
    del shop.special["r3"]
    assert sexton("resume", f"{path}.journal").returncode == 3
    assert sexton("resume", f"{path}.journal", "--retry-failed").returncode == 0
    assert shop.items == {}


@pytest.mark.parametrize(
    ("name", "content", "options"),
    [
        ("ids.txt", "r1\nr2\n\n", []),
        ("ids.csv", "name,key\nx,r1\ny,r2\n", ["--column", "key"]),
        ("ids.ndjson", '{"id": "r1"}\n"r2"\n', []),
        ("ids.jsonl", '{"uid": "r1"}\n{"uid": "r2"}\n', ["--column", "uid"]),
        ("ids.bin", "r1\0r2\0", ["--format", "null"]),
    ],
)
def test_ids_come_from_files(shop, path, name, content, options):
    shop.stock(5)
    source = path.with_name(name)
    source.write_text(content)
    done = sexton("plan", shop.url, "--ids-from", str(source), "-o", str(path), *options)
    assert done.returncode == 0, done.stderr
    shown = json.loads(sexton("show", str(path), "--json").stdout)
    assert [item["id"] for item in shown["items"]] == ["r1", "r2"]
    assert shown["source"] == f"file {name}"


def test_ids_come_from_stdin(shop, path):
    shop.stock(5)
    done = sexton("plan", shop.url, "--ids-from", "-", "-o", str(path), input="r1\nr2\n")
    assert done.returncode == 0, done.stderr
    assert summary(done.stdout)["to_delete"] == 2


@pytest.mark.parametrize("link", [False, True])
def test_ids_come_from_a_list_endpoint(shop, path, link):
    shop.stock(7)
    act = shop.server.act
    assert act is not None

    def listing(seen: Seen) -> Any:
        if seen.path != "/v1/reports":
            return act(seen)
        query = seen.target.partition("?")[2]
        assert "old=true" in query
        start = int(query.rpartition("at=")[2]) if "at=" in query else 0
        after = start + 3 if start + 3 < 7 else None
        follow = f"/v1/reports?old=true&at={after}" if link else after
        page = {"data": {"rows": [{"key": f"r{n}"} for n in range(start, min(start + 3, 7))]}, "next": after and follow}
        return as_json(200, json.dumps(page))

    shop.server.act = listing
    options = ["--items-key", "data.rows", "--id-key", "key", "--next-key", "next", "--cursor-param", "at"]
    done = sexton("plan", shop.url, "--list", f"{shop.url}?old=true", "-o", str(path), *options)
    assert done.returncode == 0, done.stderr
    assert summary(done.stdout)["to_delete"] == 7


def test_a_list_that_leads_in_a_circle_or_away_is_refused(shop, path, other):
    shop.server.act = lambda _: as_json(200, '{"items": [{"id": "r1"}], "next_cursor": "same"}')
    done = sexton("plan", shop.url, "--list", shop.url, "-o", str(path))
    assert (done.returncode, path.exists()) == (4, False)
    assert "circle" in done.stderr
    shop.server.act = lambda _: as_json(200, json.dumps({"items": [], "next_cursor": f"{other.url}/reports"}))
    done = sexton("plan", shop.url, "--list", shop.url, "-o", str(path))
    assert done.returncode == 2
    assert other.seen == []


@pytest.mark.parametrize("bad", ["..", "a/b", " ", "a\tb"])
def test_an_id_that_would_address_something_else_is_refused(shop, path, bad):
    source = path.with_name("ids.ndjson")
    source.write_text(json.dumps("r1") + "\n" + json.dumps(bad) + "\n")
    done = sexton("plan", shop.url, "--ids-from", str(source), "-o", str(path))
    assert done.returncode == 2
    assert not path.exists()
    assert {entry[1] for entry in shop.log} <= {"r1", "/v1/"}  # the latter asks whether it is a Sexton server


def test_requiring_a_version_refuses_items_without(server, path):
    server.act = lambda _: as_json(200, '{"id": "r1"}')
    source = path.with_name("ids.txt")
    source.write_text("r1\n")
    done = sexton("plan", f"{server.url}/reports", "--ids-from", str(source), "-o", str(path), "--if-match", "require")
    assert done.returncode == 4
    assert "strong ETag" in done.stderr
    assert not path.exists()


@pytest.mark.parametrize(("code", "expected"), [(401, 6), (403, 6), (500, 7)])
def test_planning_says_what_it_could_not_see(server, path, code, expected):
    server.act = lambda _: status(code)
    source = path.with_name("ids.txt")
    source.write_text("r1\n")
    done = sexton("plan", f"{server.url}/reports", "--ids-from", str(source), "-o", str(path))
    assert done.returncode == expected


@pytest.mark.parametrize(
    ("name", "content", "options", "code"),
    [
        ("ids.txt", b"r1\n\xff\n", [], 2),
        ("ids.csv", b"name\nx\n", [], 4),
        ("ids.ndjson", b"{\n", [], 4),
        ("ids.ndjson", b"true\n", [], 4),
        ("absent.txt", None, [], 2),
        ("ids.txt", b"r1\n", ["-o", "no/such/folder/some.plan"], 4),
        ("ids.txt", b"r1\n", ["--list", "http://127.0.0.1:1/v1/reports"], 2),
    ],
)
def test_faults_of_a_source_are_one_line(shop, path, name, content, options, code):
    source = path.with_name(name)
    if content is not None:
        source.write_bytes(content)
    done = sexton("plan", shop.url, "--ids-from", str(source), "-o", str(path), *options)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert not path.exists()


def test_a_reader_that_goes_away_stops_nothing(shop, path):
    planned(path, shop, shop.stock(600))
    process = subprocess.Popen(
        [*SEXTON, "apply", str(path), "--execute", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert shop.items == {}


# -- the token ----------------------------------------------------------------------------------------------------


def test_a_token_is_sent_and_told_nowhere(shop, path, tmp_path):
    token = "sx_planted_0123456789"
    environment = {**os.environ, "API_TOKEN": token}
    source = tmp_path / "ids.txt"
    source.write_text("".join(f"{i}\n" for i in shop.stock(5)))
    told = [
        sexton(
            "plan", shop.url, "--ids-from", str(source), "-o", str(path), "--token-env", "API_TOKEN", env=environment
        ),
        sexton("apply", str(path), "--execute", "--token-env", "API_TOKEN", env=environment),
        sexton("verify", f"{path}.journal", "--token-env", "API_TOKEN", env=environment),
        sexton("report", f"{path}.journal"),
    ]
    assert {seen.headers["authorization"] for seen in shop.server.seen} == {f"Bearer {token}"}
    for done in told:
        assert token not in done.stdout + done.stderr
    for file in tmp_path.iterdir():
        assert token.encode() not in file.read_bytes(), file


# -- interruption --------------------------------------------------------------------------------------------------


def begin(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*SEXTON, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_at(shop: Shop, number: int, kill: Callable[[], None], when: str) -> None:
    """Kill the process as the server handles its `number`-th request: before the effect, after it, or a little later."""
    inner = shop.server.act
    assert inner is not None
    left = [number]

    def act(seen: Seen) -> Any:
        left[0] -= 1
        if left[0] == 0 and when == "before":
            kill()
        chosen = inner(seen)
        if left[0] == 0 and when == "after":
            kill()
        if left[0] == 0 and when == "later":
            return lambda sock, seen: (chosen(sock, seen), time.sleep(0.003), kill())[0]
        return chosen

    shop.server.act = act


def killed(shop: Shop, arguments: list[str], number: int, when: str) -> bool:
    """Run the command and kill it at that request; whether that came before its end."""
    process = begin(*arguments)
    kill_at(shop, number, process.kill, when)
    code = process.wait(timeout=60)
    shop.server.act = shop._act
    return code == -signal.SIGKILL


def check_what_a_kill_left(shop: Shop, ids: list[str], found: Recovered) -> None:
    """Nothing was sent without a durable intent, and nothing is called deleted that is there."""
    sent = set(shop.deletes)
    for item, standing in zip(ids, map(Standing, found.standings), strict=True):
        assert standing is not Standing.NOT_STARTED or item not in sent, item
        assert standing is not Standing.DELETED or item not in shop.items, item


@pytest.mark.timeout(3000 if KILLS > 20 else 300)
@pytest.mark.parametrize("part", range(4))
def test_killed_at_random_moments_every_item_is_settled(server, tmp_path, part):
    chance = random.Random(1000 + part)
    kills, rounds = 0, range(part, KILLS, 4)
    for round_ in rounds:
        shop = Shop(server, chaos=chance.choice([0.0, 0.1]), seed=round_)
        shop.wrong = ("drop_before", "drop_after", "503", "slow")
        server.seen.clear()
        ids = shop.stock(80)
        outside = {f"x{n}": n for n in range(5)}
        shop.items.update(outside)
        path = planned(tmp_path / f"{round_}.plan", shop, ids)
        journal = Path(f"{path}.journal")
        options = ["--execute", "--concurrency", "8", "--max-errors", "100", "--read-timeout", "1"]
        arguments = ["apply", str(path), *options]
        for _ in range(chance.choice([1, 1, 2])):
            kills += killed(shop, arguments, chance.randint(1, 85), chance.choice(["before", "after", "later"]))
            if journal.exists():
                check_what_a_kill_left(shop, ids, recover(journal))
                arguments = ["resume", str(journal), *options[1:]]
        shop.chaos = 0.0
        for _ in range(10):
            done = sexton(*arguments)
            if done.returncode == 0:
                break
            arguments = ["resume", str(journal), "--retry-failed", "--max-errors", "100"]
        assert done.returncode == 0, done.stderr
        counts = recover(journal).counts()
        assert counts["deleted"] + counts["absent"] == 80
        assert set(shop.items) == set(outside)
        assert set(shop.deletes) == set(ids)
        assert shop.doubled() == []
        assert all(len(keys) == 1 for keys in shop.keys.values())
    print(f"part {part}: {len(rounds)} plans, {kills} kills")
    assert kills >= len(rounds) * 0.9


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_drains_and_says_so(shop, path, number, code):
    planned(path, shop, shop.stock(500))
    process = begin("apply", str(path), "--execute", "--rate", "100")
    while len(shop.deletes) < 20 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(number)
    assert process.wait(timeout=20) == code
    found = recover(Path(f"{path}.journal"))
    assert found.counts()["unknown"] == 0
    assert found.counts()["deleted"] == 500 - len(shop.items)
    assert sexton("report", f"{path}.journal").returncode == code
    assert sexton("resume", f"{path}.journal").returncode == 0
    assert len(shop.deletes) == 500


def test_an_alarm_is_exit_code_5(shop, path):
    ids = shop.stock(100)
    planned(path, shop, ids)
    shop.special = dict.fromkeys(ids, status(404))
    done = sexton("apply", str(path), "--execute")
    assert done.returncode == 5
    assert "all absent" in done.stderr
    assert "sexton resume" in done.stderr


def test_401_on_the_way_is_exit_code_6(shop, path):
    ids = shop.stock(100)
    planned(path, shop, ids)
    shop.special = dict.fromkeys(ids, status(401))
    assert sexton("apply", str(path), "--execute").returncode == 6


def test_an_unsettled_item_is_exit_code_7(shop, path):
    ids = shop.stock(30)
    planned(path, shop, ids)
    shop.special = {"r3": status(202)}
    done = sexton("apply", str(path), "--execute")
    assert done.returncode == 7, done.stderr


# -- rm ------------------------------------------------------------------------------------------------------------


def test_rm_deletes_one(shop):
    shop.stock(3)
    done = sexton("rm", f"{shop.url}/r1", "--if-match", '"v1"')
    assert done.returncode == 0
    assert summary(done.stdout)["outcome"] == "deleted"
    assert set(shop.items) == {"r0", "r2"}
    assert sexton("rm", f"{shop.url}/r1").returncode == 3
    assert sexton("rm", f"{shop.url}/r1", "--allow-missing").returncode == 0
    assert sexton("rm", f"{shop.url}/r2", "--if-match", '"old"').returncode == 3
    assert sexton("rm", f"{shop.url}/r2", "--fetch").returncode == 0


@pytest.mark.parametrize(
    ("target", "options", "code"),
    [
        ("/r1", ["-n"], 0),
        ("/", [], 2),
        ("/r1?all=1", [], 2),
        ("/r1#", [], 2),
        ("/..", [], 2),
        ("/%2e%2e", [], 2),
        ("/r1", ["--env", "prod"], 4),
        ("/r1", ["--if-match", "unquoted"], 2),
        ("/r1", ["--fetch", "--if-match", '"v1"'], 2),
    ],
)
def test_rm_refuses(shop, target, options, code):
    shop.stock(3)
    done = sexton("rm", f"{shop.url}{target}", *options)
    assert done.returncode == code, done.stderr
    assert shop.deletes == []


@pytest.mark.parametrize(("code", "expected"), [(401, 6), (403, 6), (409, 3), (500, 7), (302, 3)])
def test_rm_says_what_became_of_it(server, code, expected):
    server.on["DELETE"] = [status(code, Location="https://login.example.com/")]
    server.on["GET"] = [status(500)]
    done = sexton("rm", f"{server.url}/reports/r1", "--read-timeout", "1")
    assert done.returncode == expected, done.stderr


# -- a Sexton server -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sexton_server(tmp_path_factory):
    import sqlite3  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("server")
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.execute("CREATE TABLE reports (id TEXT PRIMARY KEY, name TEXT NOT NULL)")
        connection.executemany("INSERT INTO reports VALUES (?, ?)", [(f"r{n}", "x") for n in range(1000)])
    url = f"sqlite:///{folder / 'shop.db'}"
    token = create_key(url)
    with serving(url, "--migrate") as base:
        yield base, Api(base, token), {**os.environ, "API_TOKEN": token}


def test_against_a_sexton_server_it_is_one_job(sexton_server, tmp_path):
    base, api, environment = sexton_server
    source, path = tmp_path / "ids.txt", tmp_path / "some.plan"
    source.write_text("".join(f"r{n}\n" for n in range(300)) + "nobody\n")
    connect = ["--token-env", "API_TOKEN"]
    done = sexton(
        "plan", f"{base}/api/v1/reports", "--ids-from", str(source), "-o", str(path), *connect, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert summary(done.stdout)["population"] == 1000
    changed = api("PATCH", "/reports/r7", json={"name": "y"}, headers={"Content-Type": "application/merge-patch+json"})
    assert changed.status_code == 200

    done = sexton("apply", str(path), "--execute", "--max-percent", "31", *connect, env=environment)
    assert done.returncode == 3, done.stderr
    counts = summary(done.stdout)["standings"]
    assert (counts["deleted"], counts["absent"], counts["failed"]) == (299, 1, 1)
    told = json.loads(sexton("report", f"{path}.journal", "--json").stdout)
    assert told["job_id"].startswith("job_")
    assert told["outcomes"] == {"deleted": 299, "precondition_failed": 1, "already_absent": 1}
    assert api("GET", f"/bulk_jobs/{told['job_id']}").json()["summary"]["deleted"] == 299
    assert api("GET", "/reports/r7").status_code == 200
    assert sexton("verify", f"{path}.journal", *connect, env=environment).returncode == 0


def test_a_job_is_found_again_after_kill_9(sexton_server, tmp_path):
    base, api, environment = sexton_server
    jobs = len(api("GET", "/bulk_jobs?limit=1000").json()["items"])
    source, path = tmp_path / "ids.txt", tmp_path / "some.plan"
    source.write_text("".join(f"r{n}\n" for n in range(400, 900)))
    connect = ["--token-env", "API_TOKEN"]
    sexton("plan", f"{base}/api/v1/reports", "--ids-from", str(source), "-o", str(path), *connect, env=environment)
    process = subprocess.Popen([*SEXTON, "apply", str(path), "--execute", *connect], env=environment)
    journal = Path(f"{path}.journal")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (journal.exists() and b'"e":"job"' in journal.read_bytes()):
        time.sleep(0.002)
    process.kill()
    process.wait()
    done = sexton("resume", str(journal), *connect, env=environment)
    assert done.returncode == 0, done.stderr
    assert summary(done.stdout)["standings"]["deleted"] == 500
    assert len(api("GET", "/bulk_jobs?limit=1000").json()["items"]) == jobs + 1


def test_single_deletes_against_a_sexton_server(sexton_server, tmp_path):
    base, _, environment = sexton_server
    source, path = tmp_path / "ids.txt", tmp_path / "some.plan"
    source.write_text("".join(f"r{n}\n" for n in range(950, 960)))
    connect = ["--token-env", "API_TOKEN"]
    sexton("plan", f"{base}/api/v1/reports", "--ids-from", str(source), "-o", str(path), *connect, env=environment)
    done = sexton("apply", str(path), "--execute", "--mode", "items", *connect, env=environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(sexton("report", f"{path}.journal", "--json").stdout)["job_id"] is None


# -- the installation without extras -------------------------------------------------------------------------------


def test_client_commands_import_neither_sqlalchemy_nor_fastapi(shop, tmp_path):
    script = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'sqlalchemy', 'fastapi', 'alembic', 'uvicorn'}:\n"
        "            raise ModuleNotFoundError(f'No module named {name}', name=name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "from sexton.cli import main\n"
        "main()\n"
    )

    def bare(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)

    shop.stock(3)
    (tmp_path / "ids").write_text("r1\nr2\n")
    plan = str(tmp_path / "some.plan")
    assert bare("--help").returncode == 0
    assert bare("plan", shop.url, "--ids-from", str(tmp_path / "ids"), "-o", plan).returncode == 0
    for arguments in (
        ["show", plan],
        ["apply", plan, "--execute"],
        ["report", f"{plan}.journal"],
        ["verify", f"{plan}.journal"],
    ):
        done = bare(*arguments)
        assert done.returncode == 0, done.stderr
    assert bare("rm", f"{shop.url}/r0").returncode == 0
    done = bare("keys", "list")
    assert done.returncode == 2
    assert "pip install 'sexton[server]'" in done.stderr


def test_every_command_shows_an_example():
    for command in ("rm", "plan", "show", "apply", "resume", "verify", "report"):
        done = sexton(command, "--help")
        assert done.returncode == 0
        assert f"Example: sexton {command}" in done.stdout

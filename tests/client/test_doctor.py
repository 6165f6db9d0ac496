"""What `sexton doctor` says of a client's environment; and that the shell can complete the commands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from hostile import Hostile, status

from serving import sexton
from sexton.client import doctor
from sexton.client.doctor import BOUNDS, Level, examine

TOKEN = "planted-s3cret-1984"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in list(os.environ):
        if name.upper().endswith("_PROXY") or name in {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SEXTON_ALLOW_DELETE"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    return


def levels(*arguments: Any, **options: Any) -> dict[str, tuple[Level, str]]:
    """The worst finding of each check."""
    found: dict[str, tuple[Level, str]] = {}
    for finding in examine(*arguments, **options):
        assert TOKEN not in finding.detail
        found[finding.check] = max(found.get(finding.check, (Level.OK, "")), (finding.level, finding.detail))
    return found


def test_a_good_environment(server: Hostile, tmp_path: Path):
    server.on["GET"] = [status(404, Date=formatdate(usegmt=True))]
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    found = levels(server.url, token_file=file)
    assert {check for check, (level, _) in found.items() if level is not Level.OK} == set()
    assert {"requests", "urllib3", "aiohttp", "re-sends", "telemetry", "token", "server", "clock"} <= found.keys()
    assert [(seen.method, seen.path) for seen in server.seen] == [("GET", "/v1/")]
    assert server.seen[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_its_bounds_are_those_of_the_package():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["server"]]
    said = {re.split(r"[<>=]", line)[0]: line for line in wanted}
    for name, (least, below) in BOUNDS.items():
        assert f">={'.'.join(map(str, least))}" in said[name]
        assert f"<{below[0]}" in said[name] or "<" not in said[name]


@pytest.mark.parametrize(
    ("versions", "level"),
    [({"requests": "2.31.0"}, 3), ({"urllib3": "3.0"}, 3), ({"aiohttp": "3.10.11"}, 3), ({"urllib3": "2.25.904"}, 0)],
)
def test_a_version_out_of_bounds(monkeypatch, versions, level):
    monkeypatch.setattr(doctor, "version", lambda name: versions.get(name, "2.99" if name != "aiohttp" else "3.99"))
    assert levels()[next(iter(versions))][0] == level


def test_a_fork_in_the_place_of_urllib3(monkeypatch):
    import urllib3  # noqa: PLC0415

    monkeypatch.setattr(urllib3, "__version__", "2.25.904")
    level, detail = levels()["urllib3"]
    assert level is Level.BROKEN
    assert "niquests" in detail


def test_an_aiohttp_without_the_switch(monkeypatch):
    import aiohttp  # noqa: PLC0415

    monkeypatch.setattr(aiohttp.ClientSession, "ATTRS", frozenset())
    assert levels()["re-sends"][0] is Level.NOTE


def test_proxies_and_netrc_are_named_and_never_shown(monkeypatch, tmp_path, server):
    monkeypatch.setenv("https_proxy", f"http://u:{TOKEN}@proxy.example")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/tmp/x")
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login u password {TOKEN}\nmachine other login u password p\n")
    found = levels(server.url)
    assert "https_proxy is set and ignored" in found["proxies"][1]
    assert found["certificates"][0] is found["netrc"][0] is Level.NOTE
    assert "127.0.0.1" in found["netrc"][1]
    assert "other" not in found["netrc"][1]
    assert "other" in levels()["netrc"][1]
    (tmp_path / "netrc").write_text("nonsense")
    assert "cannot be read" in levels()["netrc"][1]


@pytest.mark.parametrize("value", [f"{TOKEN} x", "", f"{TOKEN}\n\n"])
def test_a_token_that_cannot_be_sent(monkeypatch, server, value):
    monkeypatch.setenv("API_TOKEN", value)
    found = levels(server.url, token_env="API_TOKEN")
    assert found["token"][0] is Level.BROKEN
    assert all("authorization" not in seen.headers for seen in server.seen)


def test_a_token_file_that_others_can_read(tmp_path):
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "token").chmod(0o644)
    level, detail = levels(token_file=tmp_path / "token")["token"]
    assert level is Level.NOTE
    assert "chmod 600" in detail
    assert levels(token_file=tmp_path / "none")["token"][0] is Level.BROKEN


@pytest.mark.parametrize(("hours", "level"), [(0, 0), (1, 3)])
def test_the_clock(server, hours, level):
    import time  # noqa: PLC0415

    server.on["GET"] = [status(200, Date=formatdate(time.time() - 3600 * hours, usegmt=True))]
    assert levels(server.url)["clock"][0] == level
    server.on["GET"] = [status(200)]
    assert levels(server.url)["clock"][0] is Level.NOTE


def test_production_is_said(monkeypatch):
    monkeypatch.setattr(doctor, "_ask", lambda _: doctor.Failure(doctor.FailureKind.CONNECT, sent=False))
    assert "are refused" in levels("https://api.example.com/v1")["production"][1]
    monkeypatch.setenv("SEXTON_ALLOW_DELETE", "api.example.com")
    assert levels("https://api.example.com/v1")["production"][0] is Level.NOTE


@pytest.mark.parametrize(
    ("code", "options", "expected"),
    [(200, [], 0), (401, [], 0), (401, ["--token-env", "API_TOKEN"], 6), (403, ["--token-env", "API_TOKEN"], 6),
     (302, [], 0), (500, [], 0), (200, ["--token-env", "NOT_SET"], 2)],
)  # fmt: skip
def test_its_exit_codes(server, code, options, expected):
    server.on["GET"] = [status(code, Date=formatdate(usegmt=True))]
    done = sexton("doctor", server.url, "--json", *options, env={**os.environ, "API_TOKEN": TOKEN})
    assert done.returncode == expected, done.stdout
    assert TOKEN not in done.stdout + done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"check", "level", "detail"} == found[0].keys()
    assert {seen.method for seen in server.seen} <= {"GET"}


def test_an_address_that_does_not_answer_or_is_none():
    assert sexton("doctor", "http://127.0.0.1:9/v1").returncode == 4
    assert sexton("doctor", "http://api.example.com/v1").returncode == 2
    assert sexton("doctor", "https://u:p@api.example.com/v1").returncode == 2


def test_with_a_database_it_is_the_other_doctor(tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    (tmp_path / "shop.db").touch()
    assert sexton("migrate", "--database", url).returncode == 0
    done = sexton("doctor", "--database", url, "--json")
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), list)


def test_it_needs_no_server():
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
    command = [sys.executable, "-c", script, "doctor"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    done = subprocess.run([*command, "--database", "sqlite:///x"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'sexton[server]'" in done.stderr


@pytest.mark.parametrize(
    ("words", "expected"), [("sexton ap", "apply"), ("sexton apply --pause", "--pause-file"), ("sexton doc", "doctor")]
)
def test_the_shell_completes_commands_and_options(words, expected):
    environment = {
        **os.environ,
        "_SEXTON_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    script = "import sys; sys.argv[0] = 'sexton'; from sexton.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert expected in done.stdout.split(), done

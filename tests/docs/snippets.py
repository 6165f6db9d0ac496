"""Every fenced block of the documents, and how each language is run.

A page runs from top to bottom in a folder of its own: its `sh` blocks in bash, with what they export; its `python` blocks
in one interpreter. A `toml` block is the page's `sexton.toml` from then on.
A `text` block is what the block before it printed, `…` standing for what differs from run to run.
In `sh`, a line that does not end by itself (a server) is started on a free port and ended with the page; a line that
installs something is not run, what it names is looked up; a curl line that ends in `# 410` must be answered so, and a line that ends in `# exit 3` must exit so.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from sexton.actions import api_key
from sexton.model import Scope
from sexton.server.assembly import open_store
from sexton.server.configuration import Settings, load

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^( *)(`{3,}|~{3,}) *([^\n`]*)\n(.*?)^\1\2 *$", re.DOTALL | re.MULTILINE)
_INSTALLS = re.compile(r"pip install|-m venv|apt-get |activate$")
_SERVES = re.compile(r"\b(sexton serve|uvicorn)\b")
_STATUS = re.compile(r"(curl .*?) +# (\d{3})\b")
_EXIT = re.compile(r"(.*?) +# exit (\d+)\b")
_PYTHON = """
import json, sys
names = {"__name__": "page"}
for line in sys.stdin:
    exec(compile(json.loads(line), "page", "exec", dont_inherit=True), names)
    print(chr(4), flush=True)
"""


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    text: str


def pages() -> list[str]:
    """Everything that people read, but for the changes."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md"), *ROOT.glob("src/**/*.md")]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def blocks(page: str) -> list[Block]:
    text = (ROOT / page).read_text()
    return [
        Block(page, text.count("\n", 0, one.start()) + 1, one[3].strip(), _dedented(one[4], one[1]))
        for one in _FENCE.finditer(text)
    ]


def _dedented(text: str, indent: str) -> str:
    return "\n".join(line.removeprefix(indent) for line in text.splitlines()) + "\n"


def key_for(path: Path) -> str:
    """A key that may do everything."""
    store = open_store(Settings(database={"url": f"sqlite:///{path}"}))
    try:
        with store.write() as connection:
            return api_key.create(connection, store, "default", list(Scope), None, store.dialect.now(connection))[1]
    finally:
        store.dialect.close(store.engine)


@dataclass
class Page:
    """One page while it runs."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    replace: Mapping[str, str] = field(default_factory=dict)
    printed: str = ""
    _running: list[subprocess.Popen[str]] = field(default_factory=list)
    _python: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        bin_folder = str(Path(sys.executable).parent)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SEXTON_")},
            "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }
        shutil.copytree(
            ROOT / "examples", self.folder / "examples", ignore=shutil.ignore_patterns("__pycache__", "*.db")
        )

    def run(self, block: Block) -> None:
        runner = {
            "sh": self.sh,
            "python": self.python,
            "text": self.text,
            "json": self.json,
            "toml": self.toml,
        }.get(block.language)
        assert runner, f"{block.page}:{block.line}: nothing runs {block.language!r}"
        runner(block.text)

    def close(self) -> None:
        for process in [*self._running, *filter(None, [self._python])]:
            process.terminate()
            process.wait(timeout=30)
            for pipe in filter(None, (process.stdin, process.stdout)):
                pipe.close()

    # -- languages ----------------------------------------------------------------------------------------------

    def sh(self, text: str) -> None:
        self.printed = ""
        script: list[str] = []
        for line in self._there(text).replace("\\\n", " ").splitlines():
            if _INSTALLS.search(line):
                _check_extras(line)
            elif line.startswith("make "):
                assert f"\n{line.split()[1]}:" in (ROOT / "Makefile").read_text(), line
            elif line.startswith("python docs/"):
                self._options_of(line.split())
            elif _SERVES.search(line):
                self._bash(script)
                script = []
                self._serve(line)
            else:
                script.append(line)
        self._bash(script)

    def python(self, text: str) -> None:
        if self._python is None:
            self._python = subprocess.Popen(
                [sys.executable, "-c", _PYTHON],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=self.folder,
                env=self.environment,
            )
        assert self._python.stdin and self._python.stdout  # noqa: PT018 — both are pipes
        self._python.stdin.write(json.dumps(self._there(text)) + "\n")
        self._python.stdin.flush()
        printed: list[str] = []
        for line in iter(self._python.stdout.readline, ""):
            if line == "\4\n":
                self.printed = "".join(printed)
                return
            printed.append(line)
        raise AssertionError(f"this did not run:\n{text}")

    def text(self, expected: str) -> None:
        pattern = re.escape(self._there(expected).strip()).replace("…", ".*?")
        assert re.fullmatch(pattern, self.printed.strip(), re.DOTALL), (
            f"expected:\n{expected}\nbut it was:\n{self.printed}"
        )

    def json(self, text: str) -> None:
        json.loads(text)

    def toml(self, text: str) -> None:
        assert set(tomllib.loads(text)) <= set(Settings.model_fields)
        path = self.folder / "sexton.toml"
        path.write_text(text)
        load(path)

    # -- what the shell needs -----------------------------------------------------------------------------------

    def _there(self, text: str) -> str:
        for old, new in {**self.replace, "8000": self.port}.items():
            text = text.replace(old, new)
        return text

    def _bash(self, lines: list[str]) -> None:
        if not any(line.strip() for line in lines):
            return
        state = self.folder / ".exported"
        script = [
            f"[ ! -f {state} ] || . {state}",
            "set -a",
            *map(_asking, lines),
            f"{{ export -p; declare -f; }} > {state}",
        ]
        command = ["bash", "-euc", "\n".join(script)]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, "\n".join([*lines, done.stdout, done.stderr])
        self.printed += done.stdout

    def _serve(self, line: str) -> None:
        state, log = self.folder / ".exported", self.folder / "server.log"
        command = _SERVES.sub(lambda found: f"exec {found[1]}", line)
        script = [f"[ ! -f {state} ] || . {state}", f"{command} --port {self.port}"]
        with log.open("w") as out:
            process = subprocess.Popen(
                ["bash", "-euc", "\n".join(script)],
                cwd=self.folder,
                env=self.environment,
                stdout=out,
                stderr=out,
                text=True,
            )
        self._running.append(process)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(requests.ConnectionError):
                requests.get(f"http://127.0.0.1:{self.port}/", timeout=5)
                return
            time.sleep(0.05)
        raise AssertionError(f"{line} does not answer:\n{log.read_text()}")

    def _options_of(self, words: list[str]) -> None:
        help_text = subprocess.run(
            [sys.executable, *words[1:2], "--help"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        assert [word for word in words[2:] if word.startswith("--") and word not in help_text] == []


def _asking(line: str) -> str:
    """A curl line that ends in `# 410` must be answered so; a line that ends in `# exit 3` must exit so."""
    if found := _STATUS.match(line.strip()):
        asked = found[1].replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ", 1)
        return f'test "$({asked})" = {found[2]}'
    if found := _EXIT.match(line.strip()):
        return f"exited=0; {found[1]} || exited=$?; test $exited = {found[2]}"
    return line


def _check_extras(line: str) -> None:
    extras: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for named in re.findall(r"(?:sexton|\.)\[([a-z,]+)\]", line):
        assert set(named.split(",")) <= set(extras), line

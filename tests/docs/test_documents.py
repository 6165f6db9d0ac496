"""What the README says is true: its commands, the demo, the codes; its blocks are run by test_snippets.py."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from serving import Api
from sexton.errors import Code

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_every_command_named_exists_and_shows_an_example():
    named = set(re.findall(r"`sexton ((?:keys |audit )?[a-z]+)`", README))
    assert {"serve", "demo", "doctor", "keys create", "audit search"} <= named
    page = (ROOT / "docs/reference/commands.md").read_text()  # read out of the commands; test_reference.py
    told = dict(re.findall(r"^## `sexton ([^`]+)`\n(.*?)(?=^## )", page, re.MULTILINE | re.DOTALL))
    assert named <= set(told)
    assert [command for command, text in told.items() if f"Example: `sexton {command} " not in text] == []


@pytest.mark.timeout(120)
def test_the_demo_prints_lines_that_work():
    import json  # noqa: PLC0415
    import sys  # noqa: PLC0415

    demo = subprocess.Popen(
        [sys.executable, "-m", "sexton.cli", "demo", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        lines = []
        while sum(line.startswith("curl") for line in lines) < 5:
            lines.append(demo.stdout.readline().rstrip("\n"))
        token = next(line for line in lines if line.startswith("key: ")).removeprefix("key: ")
        docs = next(line for line in lines if line.startswith("docs: ")).removeprefix("docs: ")
        api = Api(docs.removesuffix("/docs"), token)
        for _ in range(100):
            try:
                api("GET", "/")
                break
            except OSError:
                continue
        commands = [line for line in lines if line.startswith("curl")]
        said = [subprocess.run(["bash", "-c", c], capture_output=True, text=True, check=True).stdout for c in commands]
    finally:
        demo.terminate()
        demo.wait(timeout=20)
        demo.stdout.close()
    first, again = said[0].split("\n", 1)
    assert (first, json.loads(again)["status"], json.loads(again)["deleted_by"]["same_key"]) == ("204", 410, True)
    assert json.loads(said[1])["confirm_token"].startswith("ct_")
    assert {item["status"] for item in json.loads(said[2])["deleted"]} == {"deleted", "failed", "not_found"}
    assert json.loads(said[3])["id"] == "tpl_0100"
    assert [entry["action"] for entry in json.loads(said[4])["items"]] == ["restore", "delete"]


def test_every_code_has_a_status_and_is_given_somewhere():
    from sexton.api.problems import STATUS  # noqa: PLC0415

    assert set(STATUS) == set(Code)
    source = "".join(p.read_text() for p in (ROOT / "src").rglob("*.py") if p.name not in ("errors.py", "problems.py"))
    assert [code for code in Code if f"Code.{code.name}" not in source] == []

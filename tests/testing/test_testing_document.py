"""docs/how-to/testing.md: its files are written down and run, as a reader would, on every database."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCUMENT = (Path(__file__).parents[2] / "docs" / "how-to" / "testing.md").read_text()
_BREAK = """
from starlette.middleware.base import BaseHTTPMiddleware
async def lie(request, call_next):
    answer = await call_next(request)
    if request.method == "DELETE" and answer.status_code == 410:
        answer.status_code = 204
    return answer
app.add_middleware(BaseHTTPMiddleware, dispatch=lie)
"""


@pytest.fixture
def reader(tmp_path, database_url):
    """Runs pytest over the files of the document."""
    for block in re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL):
        (tmp_path / block.split()[1]).write_text(block)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -ra -p no:cacheprovider\nfilterwarnings = error\n")
    if database_url.startswith("sqlite"):
        database_url = f"sqlite:///{tmp_path / 'test.db'}"

    def run(*arguments):
        command = [sys.executable, "-m", "pytest", *arguments]
        environment = os.environ | {"DATABASE_URL": database_url}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    return run


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_document_runs(reader):
    status, told = reader()
    assert status == 0, told[-3000:]
    assert re.search(r"=+ \d+ passed in ", told), told[-500:]


@pytest.mark.parametrize("database_url", ["pg18", "pg15"], indirect=True)
def test_its_windows_end_on_postgresql(reader):
    status, told = reader("test_windows.py")
    assert status == 0, told[-3000:]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_broken_application_is_shown_as_the_document_says(reader, tmp_path):
    (tmp_path / "app.py").write_text((tmp_path / "app.py").read_text() + _BREAK)
    (tmp_path / "test_promises.py").rename(tmp_path / "test_broken.py")
    status, told = reader("test_broken.py", "-k", "second_delete")
    (shown,) = re.findall(r"```text\n(.*?)```", DOCUMENT, re.DOTALL)
    assert status == 1
    for line in shown.splitlines():
        assert line in told, told[-3000:]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_left_out_is_skipped_and_said(reader, tmp_path):
    path = tmp_path / "test_promises.py"
    text = path.read_text()
    text = re.sub(r"    (other_headers|change) = .*\n", "", text)
    path.write_text(re.sub(r"    def make_family.*\n.*\n", "", text))
    status, told = reader("test_promises.py", "-k", "another or changed or family")
    assert status == 0, told[-3000:]
    for reason in ("no other_headers = {…} say", "no change = {…} says", "no make_family(self, client) makes"):
        assert reason in told

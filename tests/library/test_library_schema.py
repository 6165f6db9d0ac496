"""Schemathesis over the document of an example's application, as far as it is Sexton's, against a real server.

Left out is `positive_data_acceptance`, as for the stand-alone server: a schema cannot say what is there.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving_example(name: str, module: str, url: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", f"{module}:app", "--app-dir", str(EXAMPLES / name), "--port", str(port)]
    environment = os.environ | {"DATABASE_URL": url}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{base}/openapi.json", timeout=5):
                break
            time.sleep(0.1)
        yield base
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.mark.timeout(280)
@pytest.mark.parametrize(
    ("name", "module", "scheme", "header"),
    [
        ("flagbit", "flagbit", "sqlite", "Authorization: Bearer key-acme"),
        ("async_host", "projects", "sqlite+aiosqlite", "X-Account: acme"),
    ],
)
def test_the_document_is_true(tmp_path, name, module, scheme, header):
    with serving_example(name, module, f"{scheme}:///{tmp_path}/example.db") as base:
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{base}/openapi.json", "--url", base]
        command += ["--header", header, "--max-examples", "6", "--seed", "7", "--no-color"]
        command += [
            "--include-path-regex",
            "^/api/v1",
            "--checks",
            "all",
            "--exclude-checks",
            "positive_data_acceptance",
        ]
        command += ["--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=270, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout[-20000:]

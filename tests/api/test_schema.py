"""Schemathesis over our own OpenAPI document, with all its checks but one, against a real server.

Left out is `positive_data_acceptance`: a schema cannot say that a cursor was given out, that a column exists, or that
DELETE of a collection is never accepted.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from serving import create_key, serving


@pytest.mark.timeout(240)
def test_the_document_is_true(database_url, tmp_path):
    if "pg15" in os.environ["PYTEST_CURRENT_TEST"]:
        pytest.skip("the document does not depend on the server's version")
    url = database_url
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE things (id TEXT PRIMARY KEY, n INTEGER, price NUMERIC(10,2), at TIMESTAMP)")
        )
        connection.execute(text("INSERT INTO things VALUES ('a', 1, 2.5, '2026-01-01 00:00:00'), ('b', 2, 1, NULL)"))
    engine.dispose()
    key = create_key(url)
    with serving(url) as base:
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{base}/openapi.json", "--url", base]
        command += ["--header", f"Authorization: Bearer {key}", "--max-examples", "12", "--seed", "7", "--no-color"]
        command += [
            "--checks",
            "all",
            "--exclude-checks",
            "positive_data_acceptance",
            "--phases",
            "examples,coverage,fuzzing",
            "--suppress-health-check",
            "all",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=220, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout[-20000:]

"""The code of docs/how-to/client.md runs as it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hostile import HASTY, Hostile, json, status

import sexton.client
from sexton.client import Client, Outcome, Timeout

TEXT = (Path(__file__).parents[2] / "docs/how-to/client.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_its_code_runs(server: Hostile, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def stand_in(url: str, **options: Any) -> Client:
        assert url.startswith("https://")
        kept = {n: v for n, v in options.items() if not n.startswith("token")}
        return Client(server.url, token="t", retry=HASTY, **kept)

    bulk = '{"job_id": "job_1", "state": "completed", "count": 3, "confirm_token": "c", "summary": {}, "deleted": []}'
    server.on = {
        "DELETE": [status(202) if "202" in BLOCKS[number] else status(204)],
        "GET": [json(200, bulk, ETag='"a"')],
        "POST": [json(200, bulk)],
    }
    monkeypatch.setattr(sexton.client, "Client", stand_in)
    with Client(server.url, retry=HASTY) as client:
        names = {"user_id": 5, "key_id": "k", "file_id": "f", "flag_id": "g"}
        exec(BLOCKS[number], {"client": client, "Client": stand_in, "Timeout": Timeout, "Outcome": Outcome, **names})
    assert server.seen or "production=True" in BLOCKS[number]


def test_it_names_every_outcome() -> None:
    assert all(f"`{outcome.value}`" in TEXT for outcome in Outcome)
    names = set(re.findall(r"`([A-Z][A-Za-z]+)`", TEXT)) - {"DELETE", "GET", "Location", "None"}
    assert [name for name in names if not hasattr(sexton.client, name)] == []

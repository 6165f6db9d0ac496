"""The first release, running: does what the lines on its stdin say, and answers each with a line of JSON.

Started with its own source on PYTHONPATH.
"""

from __future__ import annotations

import json
import sys

import sexton.resource

sexton.resource.CHUNK_SIZE = 20

from fastapi.testclient import TestClient  # noqa: E402 — after the chunks became small

from sexton.server.assembly import make_application, open_store  # noqa: E402
from sexton.server.configuration import Settings  # noqa: E402
from sexton.worker.loop import step  # noqa: E402


def main(told: str) -> None:
    settings = Settings(**json.loads(told))
    store = open_store(settings)
    client = TestClient(make_application(store, settings, with_worker=False))
    print("open", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["method"] == "WORK":
            print(json.dumps({"ran": [step(store) for _ in range(asked["steps"])]}), flush=True)
            continue
        answer = client.request(**asked)
        body = answer.json() if answer.content else None
        print(json.dumps({"status": answer.status_code, "body": body}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

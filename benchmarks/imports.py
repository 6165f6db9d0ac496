"""How long importing the client takes beside importing requests, each in a fresh interpreter.

    python benchmarks/imports.py [--rounds 25]

Rounds alternate; each import is timed inside its process, so the interpreter's own start is not counted. `Client` is
the import together with what its first use brings in (requests). Prints medians in milliseconds, and the ratio within
each round.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

from bench import option

TIMED = "import time; began = time.perf_counter(); {}; print(time.perf_counter() - began)"
CASES = {
    "requests": "import requests",
    "sexton.client": "import sexton.client",
    "Client": "from sexton.client import Client; Client('https://api.example.com', service='bench/1')",
    "aiohttp": "import aiohttp",
    "AsyncClient": "from sexton.client import AsyncClient",
    "sexton.cli": "import sexton.cli",
}
RATIOS = (("sexton.client", "requests"), ("Client", "requests"), ("AsyncClient", "aiohttp"))


def seconds(statement: str) -> float:
    command = [sys.executable, "-c", TIMED.format(statement)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    rounds = option("--rounds", 25)
    for statement in CASES.values():
        seconds(statement)  # compiles what is not yet
    found = [{name: seconds(statement) for name, statement in CASES.items()} for _ in range(rounds)]
    for name in CASES:
        print(f"{name:14} {1000 * statistics.median(one[name] for one in found):6.1f} ms")
    for ours, other in RATIOS:
        print(f"{ours} / {other}: {statistics.median(one[ours] / one[other] for one in found):.2f} of {rounds} rounds")


if __name__ == "__main__":
    main()

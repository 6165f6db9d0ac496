"""Peak memory of planning and applying N deletes through the command line, each command in a process of its own.

    python benchmarks/client_memory.py [--items 1000000] [--concurrency 64] [--look 1]

Against the plain server of `client_servers.py`. Without `--look 1` planning GETs nothing, as ids from a trusted list may
be planned. Prints the peak resident set (ru_maxrss of the child), seconds, and what each command counted. This
script imports little: a child's ru_maxrss begins with what its parent held when it was forked.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from client_servers import place


def measured(*arguments: str) -> None:
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([sys.executable, "-m", "sexton.cli", *arguments], stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        out.seek(-min(out.seek(0, 2), 4096), 2)
        last = json.loads(out.read().splitlines()[-1])
    counted = last.get("standings") or {name: last.get(name) for name in ("count", "to_delete")}
    peak, code = usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    print(f"{arguments[0]:7} peak {peak:4.0f} MB, {seconds:6.0f} s, exit {code}, {counted}", flush=True)
    assert code == 0


def main() -> None:
    parser = argparse.ArgumentParser()
    for option, default in (("--items", 1_000_000), ("--concurrency", 64), ("--look", 0)):
        parser.add_argument(option, type=int, default=default)
    asked = parser.parse_args()
    items, lanes, look = asked.items, asked.concurrency, asked.look
    with place(1e-9) as there, tempfile.TemporaryDirectory() as name:
        ids, plan = Path(name) / "ids.txt", Path(name) / "big.plan"
        with ids.open("w") as file:
            file.writelines(f"item-{n:09d}\n" for n in range(items))
        many = ("--concurrency", str(lanes), "--json", "--quiet")
        looking = () if look else ("--no-look",)
        measured("plan", f"{there.url}/reports", "--ids-from", str(ids), "-o", str(plan), *many, *looking)
        measured("apply", str(plan), "--execute", *many)
        measured("report", f"{plan}.journal", "--json")
        print(f"{items:,} items: plan {plan.stat().st_size / 1e6:.0f} MB,", end=" ")
        print(f"journal {Path(f'{plan}.journal').stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()

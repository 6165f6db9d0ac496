"""Counts what pytest's reports say, for each database: `python tools/results.py REPORT.xml …`."""

from __future__ import annotations

import re
import sys
from collections import Counter
from xml.etree import ElementTree as ET

_DATABASE = re.compile(r"sqlite|pg18|pg15")
_ORDER = {"sqlite": "SQLite", "pg18": "PostgreSQL 18", "pg15": "PostgreSQL 15", "": "no database"}


def counted(path: str) -> Counter[tuple[str, str]]:
    """How many tests of a report passed, failed and were skipped, on each database."""
    found: Counter[tuple[str, str]] = Counter()
    for case in ET.parse(path).iter("testcase"):  # noqa: S314 — pytest wrote it
        database = _DATABASE.search(case.attrib["name"].partition("[")[2])
        ends = [one.tag for one in case if one.tag in ("failure", "error", "skipped")]
        end = "passed" if not ends else "skipped" if ends == ["skipped"] else "failed"
        found[database[0] if database else "", end] += 1
    return found


if __name__ == "__main__":
    total = sum((counted(path) for path in sys.argv[1:]), Counter[tuple[str, str]]())
    for database, shown in _ORDER.items():
        told = ", ".join(f"{total[database, end]} {end}" for end in ("passed", "skipped", "failed"))
        print(f"  {shown}: {told}")  # noqa: T201 — a command's answer

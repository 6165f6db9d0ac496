"""Write the reference: `make reference`."""

from __future__ import annotations

from pathlib import Path

from reference import PAGES

DOCS = Path(__file__).parents[2] / "docs"

for name, page in PAGES.items():
    path = DOCS / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(page())

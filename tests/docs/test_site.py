"""The site builds without a warning, holds every document, and loads nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from snippets import ROOT, pages

pytest.importorskip("properdocs", reason="the extra `docs` is not installed")


def test_it_builds_and_works_offline(tmp_path):
    command = [sys.executable, "-m", "properdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    made = [path for path in tmp_path.rglob("*") if path.suffix in (".html", ".css", ".js")]
    loads = re.compile(r"""(?:src=|<link [^>]*href=|url\(|@import )["']?(https?:)?//[^"')\s]+""")
    assert [(path.name, found[0]) for path in made for found in loads.finditer(path.read_text())] == []
    assert len(list(tmp_path.rglob("*.html"))) >= len([page for page in pages() if not page.startswith("src/")])


@pytest.mark.parametrize(
    ("page", "link", "written"),
    [
        ("index.md", "docs/how-to/jobs.md", "how-to/jobs.md"),
        ("how-to/jobs.md", "../../SECURITY.md#x", "../SECURITY.md#x"),
        ("index.md", "docs/reference", "reference/commands.md"),
    ],
)
def test_a_link_between_files_is_one_between_pages(page, link, written):
    assert shown(page, f"[a]({link}) `[b]({link})`") == f"[a]({written}) `[b]({link})`"


@pytest.mark.parametrize("link", ["no-such-page.md", "../src/sexton/errors.py"])
def test_a_link_to_nothing_stops_the_site(link):
    with pytest.raises(Exception, match="leads to"):
        shown("tutorial.md", f"[nowhere]({link})")


def shown(page, markdown):
    import pages as hook  # noqa: PLC0415 — it needs properdocs

    return hook.on_page_markdown(markdown, SimpleNamespace(file=SimpleNamespace(src_uri=page)), None, None)

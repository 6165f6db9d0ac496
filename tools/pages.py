"""A hook of ProperDocs: the documents at the repository's root are pages of the site, too, and links keep their aim.

Every document links as it does on a shelf of files, relative to where it lies in the repository, so that it can be read
there. Here each link is followed to a file of the repository, and written as that file's page. A folder is its README or
its first page. A link to nothing is an error.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from properdocs.exceptions import PluginError
from properdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
ALSO = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "examples/**/README.md")
_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?(?=\))")
_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)


def on_config(config: Any) -> Any:
    """A folder in `nav` stands for all its pages, by their names, but for those that `nav` names themselves."""
    named = {page for entry in config.nav for pages in entry.values() for page in pages}
    config.nav = [
        {title: [page for one in pages for page in _pages(one, named)] for title, pages in entry.items()}
        for entry in config.nav
    ]
    return config


def _pages(entry: str, named: set[str]) -> list[str]:
    if not entry.endswith("/"):
        return [entry]
    inside = [f"{entry}{path.name}" for path in (ROOT / "docs" / entry).glob("*.md")]
    inside += [_site(path) for path in _also() if path.startswith(entry)]
    return sorted({posixpath.normpath(page) for page in inside} - named)


def on_files(files: Files, config: Any) -> Files:
    """Add the root's documents."""
    for path in _also():
        files.append(File.generated(config, _site(path), content=(ROOT / path).read_text()))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:  # noqa: ARG001 — the hook's signature
    """Write each link as the site has it, outside of code."""
    here = page.file.src_uri
    source = next((path for path in _also() if _site(path) == here), f"docs/{here}")
    parts = _CODE.split(markdown)
    return "".join(part if n % 2 else _LINK.sub(lambda m: _link(m, source, here), part) for n, part in enumerate(parts))


def _link(found: re.Match[str], source: str, here: str) -> str:
    target = posixpath.normpath(posixpath.join(posixpath.dirname(source), found[1]))
    path = ROOT / target
    if path.is_dir():
        inside = sorted(path.rglob("README.md")) or sorted(path.glob("*.md"))
        target = str(inside[0].relative_to(ROOT)) if inside else ""
    if not path.exists() or not target:
        raise PluginError(f"{source}: the link {found[1]!r} leads to nothing in the repository")
    if not target.startswith("docs/") and target not in _also():
        raise PluginError(f"{source}: the link {found[1]!r} leads to a file that is no page; name it as code instead")
    return posixpath.relpath(_site(target), posixpath.dirname(here) or ".") + (found[2] or "")


def _also() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for pattern in ALSO for path in ROOT.glob(pattern))


def _site(path: str) -> str:
    """Where a file of the repository stands in the site."""
    return "index.md" if path == "README.md" else path.removeprefix("docs/")

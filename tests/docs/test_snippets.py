"""Every fenced block of every document is run: here, page by page, or by the test that is named for it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest

from snippets import ROOT, Block, Page, blocks, key_for, pages

# the blocks of a language that take a scene: by page, the test that runs them, in a file that names it
ELSEWHERE: dict[str, dict[str, str]] = {
    "README.md": {
        "python": "tests/library/test_library_documents.py::test_the_readmes_lines_give_a_fresh_application_preview_bulk_undo_and_audit",
    },
    "docs/how-to/library.md": {"python": "tests/library/test_library_documents.py::test_the_how_to_runs"},
    "docs/how-to/client.md": {
        "python": "tests/client/test_document.py::test_its_code_runs",
        "sh": "tests/client/test_document.py::test_the_commands_of_the_client_page_run",
    },
    "docs/how-to/bulk-deletes.md": {"sh": "tests/client/test_document.py::test_the_commands_of_the_bulk_page_run"},
    "docs/how-to/testing.md": {
        "python": "tests/testing/test_testing_document.py::test_the_document_runs",
        "sh": "tests/testing/test_testing_document.py::test_the_document_runs",
        "text": "tests/testing/test_testing_document.py::test_a_broken_application_is_shown_as_the_document_says",
    },
    "docs/how-to/observability.md": {
        "yaml": "tests/docs/test_observability_document.py::test_every_name_of_prometheus_that_is_written_exists",
        "python": "tests/docs/test_observability_document.py::test_its_code_runs",
        "sh": "tests/docs/test_observability_document.py::test_its_code_runs",
    },
    "docs/how-to/webhooks.md": {"python": "tests/docs/test_pages.py::test_a_receiver_of_webhooks"},
    "docs/how-to/high-availability.md": {"text": "tests/docs/test_pages.py::test_the_url_that_names_all_hosts"},
}


def shop(page: Page) -> None:
    """A database with a product, and an `admin` key."""
    path = page.folder / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE products (id TEXT PRIMARY KEY, price NUMERIC)")
        connection.execute("INSERT INTO products VALUES ('p2', 1.5)")
    page.environment["KEY"] = key_for(path)
    page.environment["BASE"] = f"http://127.0.0.1:{page.port}/api/v1"
    page.replace = {"/srv/": f"{page.folder}/"}


def reports(page: Page) -> None:
    """The API of the examples, as a server of Sexton's with thirty reports."""
    path = page.folder / "reports.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE reports (id TEXT PRIMARY KEY, title TEXT)")
        connection.executemany("INSERT INTO reports VALUES (?, 'old')", [(f"r_{n}",) for n in range(30)])
    (page.folder / "old.txt").write_text("".join(f"r_{n}\n" for n in range(25)))
    page.environment["API_TOKEN"] = key_for(path)
    page.replace = {"https://api.example.com/v1": "http://127.0.0.1:8000/api/v1", "=api.example.com": "=127.0.0.1"}
    page.sh(f"SEXTON_DATABASE_URL=sqlite:///{path} sexton serve")


def nobody(page: Page) -> None:
    """No server: nothing is sent."""
    page.environment["EXAMPLE_API_TOKEN"] = "none"


def invitations(page: Page) -> None:
    """The tables of the script, and an invitation that nobody accepted."""
    columns = "id INTEGER PRIMARY KEY, email TEXT, accepted BOOLEAN, sent_at DATETIME"
    with sqlite3.connect(page.folder / "app.db") as connection:
        connection.execute(f"CREATE TABLE invitations ({columns})")
        connection.execute("INSERT INTO invitations VALUES (1, 'ada@example.com', 0, '2026-01-05 08:00:00.000000')")
        connection.execute("CREATE TABLE seats (id INTEGER PRIMARY KEY, invitation_id INTEGER REFERENCES invitations)")
        connection.execute("CREATE TABLE clean_ups (id INTEGER PRIMARY KEY, removed INTEGER, audit_id TEXT)")


def hooks(page: Page) -> None:
    """A server that may call this machine, whose address stands for the receiver's."""
    shop(page)
    page.environment["SEXTON_WEBHOOKS_ALLOW_PRIVATE"] = "true"
    page.replace = {"https://hooks.example.com/": "http://127.0.0.1:9/"}
    page.sh(f"SEXTON_DATABASE_URL=sqlite:///{page.folder}/shop.db sexton serve")


SCENES: dict[str, Callable[[Page], None]] = {
    "README.md": shop,
    "docs/how-to/bulk-deletes.md": reports,
    "docs/how-to/probe.md": nobody,
    "docs/how-to/webhooks.md": hooks,
    "examples/script/README.md": invitations,
}


def here(page: str) -> list[Block]:
    return [block for block in blocks(page) if block.language not in ELSEWHERE.get(page, {})]


@pytest.fixture
def running(tmp_path) -> Iterator[Page]:
    page = Page(tmp_path)
    yield page
    page.close()


@pytest.mark.parametrize("page", [page for page in pages() if here(page)])
def test_its_blocks_run_from_top_to_bottom(running, page):
    if page in SCENES:
        SCENES[page](running)
    for block in here(page):
        running.run(block)


@pytest.mark.parametrize("page", ELSEWHERE)
def test_the_test_that_is_named_for_a_block_is_there(page):
    for language, test in ELSEWHERE[page].items():
        path, _, name = test.partition("::")
        source = (ROOT / path).read_text()
        assert f"def {name}(" in source
        assert page.rpartition("/")[2] in source
        assert any(block.language == language for block in blocks(page)), "no such block: take the line out"


@pytest.mark.parametrize("page", pages())
def test_no_fence_is_overlooked(page):
    """Whatever looks like a fence is the beginning or the end of a block, also in a list or of another kind."""
    text = (ROOT / page).read_text()
    assert len(re.findall(r"^[ >]*(?:`{3,}|~{3,})", text, re.MULTILINE)) == 2 * len(blocks(page))

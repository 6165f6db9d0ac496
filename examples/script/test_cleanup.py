"""What the script promises, on SQLite or on the database that DATABASE_URL names."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, insert, select, text

SCRIPT = Path(__file__).with_name("cleanup.py")
sys.path.insert(0, str(SCRIPT.parent))


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    from cleanup import Base, Invitation, Seat  # noqa: PLC0415

    url = os.environ.get("DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('script')}/app.db")
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    now = datetime.now(UTC)
    rows = [{"email": f"{n}@example.com", "accepted": n == 0, "sent_at": now - timedelta(days=n)} for n in range(300)]
    with engine.begin() as connection:
        connection.execute(insert(Invitation), rows)
        connection.execute(insert(Seat), {"invitation_id": 300})
    yield url
    engine.dispose()


def run(url, *options):
    command = [sys.executable, str(SCRIPT), url, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — our own script
    return done.returncode, done.stdout, done.stderr


def counts(url):
    from cleanup import CleanUp, Invitation  # noqa: PLC0415

    engine = create_engine(url)
    own = "sexton.audit_log" if engine.dialect.name == "postgresql" else "sexton_audit_log"
    with engine.connect() as connection:
        found = [connection.scalar(select(func.count()).select_from(table)) for table in (Invitation, CleanUp)]
        audited = connection.execute(text(f"SELECT id FROM {own}")).scalars().all()
    engine.dispose()
    return (*found, audited)


def test_all_or_nothing(url):
    status, _, said = run(url)
    assert (status, counts(url)) == (4, (300, 0, []))
    assert "1 of 210 items cannot be deleted" in said
    status, _, said = run(url, "--most", "10")
    assert (status, counts(url)) == (4, (300, 0, []))
    assert "more than your limit of 10" in said

    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM seats"))
    engine.dispose()
    status, said, _ = run(url)
    left, notes, audited = counts(url)
    assert (status, left, notes, said) == (0, 90, 1, f"removed 210, audit entry {audited[0]}\n")
    assert run(url)[:2] == (0, "nothing to remove\n")

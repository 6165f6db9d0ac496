"""The Python of the documents runs, and does what they say; the public names are few and say what they need."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import sexton as package
from host_models import Flag, Rule
from hosting import current_principal

ROOT = Path(__file__).parents[2]


def blocks(path: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / path).read_text(), re.DOTALL)


def run(block: str, names: dict[str, Any]) -> None:
    exec(compile(block, "document", "exec", dont_inherit=True), names)


def test_the_readme_adds_ten_lines_and_they_work(engine):
    (block,) = blocks("README.md")
    assert len([line for line in block.splitlines() if line]) <= 10
    app = FastAPI()
    names = {"engine": engine, "app": app, "Flag": Flag, "Rule": Rule, "current_principal": current_principal}
    run(block, names)
    with TestClient(app, headers={"Authorization": "Bearer acme"}) as client:
        found = client.post("/api/v1/flags/bulk_delete/preview", json={"ids": ["f1", "f2"], "cascade": True}).json()
        assert (found["count"], found["dependents"]) == (2, [{"resource": "rules", "count": 2}])
        done = client.post("/api/v1/flags/bulk_delete", json={"confirm_token": found["confirm_token"]}).json()
        assert [one["status"] for one in done["deleted"]] == ["deleted", "failed"]
        assert client.post(f"/api/v1/bulk_jobs/{done['job_id']}/restore").json()["summary"]["restored"] == 1
        assert len(client.get("/api/v1/audit").json()["items"]) == 2


def test_the_how_to_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "how_to", module := ModuleType("how_to"))
    names = vars(module)
    for block in blocks("docs/how-to/library.md"):
        run(block, names)
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("failed 1 row(s) of rules point at this item")
    assert told[1:3] == ["deleted {'rules': 1}", "restored ['flags', 'rules']"]
    assert told[3] == "count-mismatch {'expected_count': 1, 'actual_count': 2}"
    assert told[4] == "[('f1', 'deleted')]"
    with TestClient(names["app"]) as client:
        assert client.delete("/api/v1/flags/f1").status_code == 410
    names["sexton"].close()
    names["engine"].dispose()


def test_public_names_are_few():
    assert len(package.__all__) <= 20
    assert set(package.__all__) == set(package._WHERE)
    for name in package.__all__:
        assert getattr(package, name).__doc__, name
    with pytest.raises(AttributeError, match="nothing_such"):
        package.nothing_such  # noqa: B018


_CLIENT_ONLY = """
import sys
for name in ("sqlalchemy", "fastapi", "starlette", "alembic", "pydantic", "anyio"):
    sys.modules[name] = None
import sexton
print(sexton.Principal, sexton.Refused, sexton.__version__)
try:
    sexton.Sexton
except ImportError as error:
    print(error)
"""


def test_who_only_calls_an_api_needs_neither_sqlalchemy_nor_fastapi():
    done = subprocess.run([sys.executable, "-c", _CLIENT_ONLY], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "pip install 'sexton[server]'" in done.stdout


_WITHOUT_GREENLET = """
import sys
sys.modules["greenlet"] = None
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
import sexton
engine = create_engine("sqlite:///x.db")
sexton.hide_deleted(sessionmaker(engine), sexton.Sexton(engine, []))
print("fine")
"""


def test_a_synchronous_host_needs_no_greenlet():
    done = subprocess.run([sys.executable, "-c", _WITHOUT_GREENLET], capture_output=True, text=True, check=False)
    assert done.stdout == "fine\n", done.stderr


def test_a_typed_host(tmp_path):
    """The whole public API, as a user's file that is checked strictly."""
    path = tmp_path / "host.py"
    path.write_text(_TYPED)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


_TYPED = """
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fastapi import FastAPI, Request
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from sexton import (Code, ConfigurationError, IdempotencyMiddleware, Limits, Outcome, Principal, Problem, Refused,
                    Resource, Rollout, SchemaError, Scope, Sexton, SextonError, Strategy, Target, hide_deleted)


class Base(DeclarativeBase):
    pass


class Flag(Base):
    __tablename__ = "flags"
    id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    version: Mapped[int]


def guard(connection: Any, ids: list[Any]) -> Mapping[Any, str]:
    return {}


engine = create_engine("sqlite:///x.db")
flags = Resource(Flag, strategy=Strategy.ARCHIVE, version=Flag.version, block_when=Flag.status == "on", guard=guard,
                 cascade=[], memory=timedelta(hours=1))
sexton = Sexton(engine, [flags], limits=Limits(confirm_above=5), account_limits={"acme": Limits()})


async def who(request: Request) -> Principal:
    return Principal("acme", "k", frozenset({Scope.READ}))


def account(request: Request) -> str | None:
    return None


app = FastAPI(lifespan=sexton.lifespan)
app.include_router(sexton.router(principal=who), prefix="/api")
app.add_middleware(IdempotencyMiddleware, sexton=sexton, account=account)
hide_deleted(sessionmaker(engine))


async def use(session: AsyncSession, plain: Session, me: Principal) -> None:
    done = await sexton.delete(Flag, "f1", principal=me, connection=session, if_match=3)
    problem: Problem | None = done.error
    if done.outcome is Outcome.FAILED and problem is not None and problem.code is Code.BLOCKED:
        print(problem.detail)
    try:
        many = sexton.sync.bulk_delete(Flag, ["a", Target("b", "1")], principal=me, connection=plain, atomic=True,
                                       rollout=Rollout(2, 1))
        print(many.job.id, [one.outcome for one in many.results or ()])
    except (Refused, ConfigurationError, SchemaError, SextonError) as error:
        print(error)
    found = await sexton.preview(Flag, filter={"all": True}, principal=me)
    print(found.token, (await sexton.restore(Flag, "f1", principal=me)).outcome, await sexton.purge())
    print(await sexton.hold(Flag, "f1", "why", principal=me), await sexton.lift_hold(Flag, "f1", principal=me))
"""

"""The Python of the documents runs, and does what they say; the public names are few and say what they need."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

import sexton as package
from hosting import current_principal, host_engine
from sexton import IdempotencyMiddleware, Resource, Sexton
from sexton.library.verbs import BulkOptions, Verbs

ROOT = Path(__file__).parents[2]


def blocks(path: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / path).read_text(), re.DOTALL)


def run(block: str, names: dict[str, Any]) -> None:
    exec(compile(block, "document", "exec", dont_inherit=True), names)


class Fresh(DeclarativeBase):
    pass


class Flag(Fresh):
    __tablename__ = "flags"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    status: Mapped[str]


class Rule(Fresh):
    __tablename__ = "rules"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag_id: Mapped[str] = mapped_column(ForeignKey("flags.id"), index=True)


def test_the_readmes_lines_give_a_fresh_application_preview_bulk_undo_and_audit(database_url):
    (block,) = blocks("README.md")
    assert len([line for line in block.splitlines() if line]) <= 10
    engine, app = host_engine(database_url), FastAPI()
    Fresh.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.add_all([Flag(id=f"f{n}", account_id="acme", status="active" if n == 2 else "off") for n in (1, 2)])
        session.flush()
        session.add_all([Rule(id=n, flag_id="f1") for n in (1, 2)])
    names = {"engine": engine, "app": app, "Flag": Flag, "Rule": Rule, "current_principal": current_principal}
    run(block, names)
    with TestClient(app, headers={"Authorization": "Bearer acme"}) as client:
        found = client.post("/api/v1/flags/bulk_delete/preview", json={"ids": ["f1", "f2"], "cascade": True}).json()
        assert (found["count"], found["dependents"]) == (2, [{"resource": "rules", "count": 2}])
        done = client.post("/api/v1/flags/bulk_delete", json={"confirm_token": found["confirm_token"]}).json()
        assert [one["status"] for one in done["deleted"]] == ["deleted", "failed"]
        assert [client.get(f"/api/v1/flags/{name}").status_code for name in ("f1", "f2")] == [410, 200]
        assert client.post(f"/api/v1/bulk_jobs/{done['job_id']}/restore").json()["summary"]["restored"] == 1
        assert client.get("/api/v1/flags/f1").status_code == 200
        told = client.get("/api/v1/audit").json()["items"]
        assert [one["action"] for one in told] == ["bulk_restore", "bulk_delete"]
    with Session(engine) as session:
        assert len(session.scalars(select(Rule)).all()) == 2
    engine.dispose()


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
    assert told[5:7] == ["[201, 200] True 410", "[('f7', 'restored')]"]
    with TestClient(names["app"]) as client:
        assert client.delete("/api/v1/flags/f1").status_code == 410
        told = {"Idempotency-Key": "k", "X-Account": "acme"}
        copies = [client.post("/flags/f7/copies", headers=told) for _ in range(2)]
        assert [one.status_code for one in copies] == [201, 201]
        assert copies[1].headers["idempotent-replayed"] == "true"
        assert client.delete("/api/v1/flags/f7-copy").status_code == 204
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
    """The whole public API, as a user's file that is checked strictly against the package as it is installed."""
    host = Path(__file__).with_name("typed_host.py")
    copy = tmp_path / host.name
    copy.write_text(host.read_text())
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(copy)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_typed_host_uses_every_name_verb_and_option():
    tree = ast.parse(Path(__file__).with_name("typed_host.py").read_text())
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    used |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    wanted = set(package.__all__) | set(BulkOptions.__annotations__)
    for made in (Sexton, Verbs, Resource, IdempotencyMiddleware):
        verbs = [one for name, one in inspect.getmembers(made, inspect.isfunction) if not name.startswith("_")]
        wanted |= {verb.__name__ for verb in verbs}
        for verb in [*verbs, made.__init__]:
            told = inspect.signature(verb).parameters.values()
            wanted |= {one.name for one in told if one.kind is inspect.Parameter.KEYWORD_ONLY}
    assert wanted - used == set()

"""Whatever a guard stands against: its exit code, a sentence, and not one DELETE at a real server."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hostile import Hostile, status
from hostile import json as as_json
from shop import Shop, plan_of, planned, run

from serving import sexton
from sexton.client.plan_file import Plan, PlanHeader, PlanWriter
from sexton.client.plan_file import Seen as Saw

LONG_AGO = "2026-01-01T00:00:00+00:00"


@dataclass
class Scene:
    """A shop of 12 items, and a plan of all of them."""

    shop: Shop
    path: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def journal(self) -> Path:
        return Path(f"{self.path}.journal")

    def apply(self, *options: str) -> list[str]:
        return ["apply", str(self.path), *options]

    def answer_instead(self, method: str, act: Any) -> None:
        usual = self.shop._act
        self.shop.server.act = lambda seen: act if seen.method == method else usual(seen)

    def applied_in_part(self) -> None:
        """A journal of this plan, of whose items none was deleted: the server had no time for any."""
        self.answer_instead("DELETE", status(429, Retry_After="9999"))
        report, _ = run(self.path)
        assert report.stopped is not None
        self.shop.server.act = self.shop._act
        self.shop.server.seen.clear()


@pytest.fixture
def scene(server: Hostile, tmp_path: Path) -> Scene:
    shop = Shop(server)
    path = tmp_path / "some.plan"
    planned(path, shop, shop.stock(12), population=100, shape=("id", "n"))
    return Scene(shop, path)


Case = Callable[[Scene], list[str]]
"""Prepares the scene; the command to run."""


def changed(old: bytes, new: bytes) -> Case:
    def case(scene: Scene) -> list[str]:
        scene.path.write_bytes(scene.path.read_bytes().replace(old, new, 1))
        return scene.apply("--execute")

    return case


def one_line_less(scene: Scene) -> list[str]:
    lines = scene.path.read_bytes().splitlines(keepends=True)
    scene.path.write_bytes(b"".join(lines[:3] + lines[4:]))
    return scene.apply("--execute")


def empty(scene: Scene) -> list[str]:
    path = plan_of(scene.path.with_name("empty.plan"), scene.shop.server.url, [])
    return ["apply", str(path), "--execute"]


def nothing_was_seen(scene: Scene) -> list[str]:
    path = scene.path.with_name("unseen.plan")
    with PlanWriter(path) as writer:
        writer.add("r1", None, Saw.UNCLEAR)
        writer.finish(PlanHeader(scene.shop.server.url, "reports", "test"))
    return ["apply", str(path), "--execute"]


def stale(scene: Scene) -> list[str]:
    path = planned(scene.path.with_name("stale.plan"), scene.shop, ["r1"], created_at=LONG_AGO)
    return ["apply", str(path), "--execute"]


def another_production(scene: Scene) -> list[str]:
    scene.environment["SEXTON_ALLOW_DELETE"] = "api.example.com"
    return scene.apply("--execute", "--env", "prod")


def a_host_that_is_not_this_one(scene: Scene) -> list[str]:
    path = plan_of(scene.path.with_name("far.plan"), "https://api.invalid/v1", [("r1", None)])
    return ["apply", str(path), "--execute"]


def another_service(scene: Scene) -> list[str]:
    scene.shop.items.clear()
    return scene.apply("--execute")


def other_versions(scene: Scene) -> list[str]:
    scene.shop.items.update(dict.fromkeys(scene.shop.items, 999))
    return scene.apply("--execute")


def other_members(scene: Scene) -> list[str]:
    scene.answer_instead("GET", as_json(200, '{"balance": 1, "owner": "x", "iban": "y"}'))
    return scene.apply("--execute")


def no_longer_allowed(scene: Scene) -> list[str]:
    scene.answer_instead("GET", status(401))
    return scene.apply("--execute")


def nobody_there(scene: Scene) -> list[str]:
    scene.shop.server.close()
    return scene.apply("--execute", "--connect-timeout", "0.2")


def applied_before(scene: Scene) -> list[str]:
    scene.applied_in_part()
    return scene.apply("--execute")


def corrupt_journal(scene: Scene) -> list[str]:
    scene.applied_in_part()
    scene.journal.write_bytes(scene.journal.read_bytes().replace(b"throttled", b"unthought", 1))
    return ["resume", str(scene.journal)]


def journal_of_another_plan(scene: Scene) -> list[str]:
    scene.applied_in_part()
    other = planned(scene.path.with_name("other.plan"), scene.shop, ["r1", "r2"])
    return ["resume", str(scene.journal), "--plan", str(other)]


def no_journal_at_all(scene: Scene) -> list[str]:
    scene.journal.write_text(json.dumps({"format": "something else"}) + "\n")
    return ["resume", str(scene.journal)]


def plan_changed_after_its_journal(scene: Scene) -> list[str]:
    scene.applied_in_part()
    scene.path.write_bytes(scene.path.read_bytes().replace(b'"r7"', b'"r0"', 1))
    return ["resume", str(scene.journal)]


def resumed_over_the_limit(scene: Scene) -> list[str]:
    scene.applied_in_part()
    return ["resume", str(scene.journal), "--max-delete", "3"]


def resumed_elsewhere(scene: Scene) -> list[str]:
    scene.applied_in_part()
    scene.shop.items.clear()
    return ["resume", str(scene.journal)]


def with_options(*options: str) -> Case:
    return lambda scene: scene.apply(*options)


def rm(*options: str) -> Case:
    return lambda scene: ["rm", f"{scene.shop.url}/r1", *options]


CASES: dict[str, tuple[Case, int]] = {
    "dry run by default": (with_options(), 0),
    "dry run": (with_options("-n"), 0),
    "over --max-delete": (with_options("--execute", "--max-delete", "10"), 4),
    "over --max-percent": (with_options("--execute", "--max-percent", "5"), 4),
    "wrong host": (with_options("--execute", "--host", "api.example.com"), 4),
    "production without its variable": (with_options("--execute", "--env", "prod"), 4),
    "staging of another name is no excuse": (another_production, 4),
    "every host but this is production": (a_host_that_is_not_this_one, 4),
    "stale plan": (stale, 4),
    "empty plan": (empty, 4),
    "a plan of which nothing was seen": (nothing_was_seen, 4),
    "changed id": (changed(b'"r3"', b'"x3"'), 4),
    "changed version": (changed(b"v3", b"v4"), 4),
    "changed host": (changed(b"127.0.0.1", b"127.0.0.2"), 4),
    "a line less": (one_line_less, 4),
    "another service": (another_service, 4),
    "other versions": (other_versions, 4),
    "other members": (other_members, 4),
    "token not accepted": (no_longer_allowed, 6),
    "nobody there": (nobody_there, 4),
    "applied before": (applied_before, 4),
    "corrupt journal": (corrupt_journal, 4),
    "journal of another plan": (journal_of_another_plan, 4),
    "no journal": (no_journal_at_all, 4),
    "plan changed after its journal": (plan_changed_after_its_journal, 4),
    "resume over --max-delete": (resumed_over_the_limit, 4),
    "resume at another service": (resumed_elsewhere, 4),
    "no such token": (with_options("--execute", "--token-env", "NOT_SET_ANYWHERE"), 2),
    "a limit that is none": (with_options("--execute", "--max-errors", "many"), 2),
    "rm: dry run": (rm("-n"), 0),
    "rm: production without its variable": (rm("--env", "prod"), 4),
}


@pytest.mark.parametrize("name", CASES)
def test_not_one_delete(scene: Scene, name: str) -> None:
    case, code = CASES[name]
    command = case(scene)
    before = scene.path.read_bytes()
    kept = {name: value for name, value in os.environ.items() if name != "SEXTON_ALLOW_DELETE"}
    done = sexton(*command, env=kept | scene.environment)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    assert [seen.target for seen in scene.shop.server.seen if seen.method != "GET"] == []
    assert scene.path.read_bytes() == before


def test_the_scene_deletes_where_nothing_stands_against_it(scene: Scene) -> None:
    """Else the cases above would prove nothing."""
    assert sexton(*scene.apply("--execute")).returncode == 0
    assert scene.shop.items == {}


def test_the_recorder_sees_a_delete(scene: Scene) -> None:
    scene.shop.server.act = lambda _: status(204)
    assert sexton("rm", f"{scene.shop.url}/r1").returncode == 0
    assert [seen.method for seen in scene.shop.server.seen if seen.method != "GET"] == ["DELETE"]


def test_production_with_its_variable_and_its_digest(scene: Scene) -> None:
    environment = os.environ | {"SEXTON_ALLOW_DELETE": "127.0.0.1"}
    production = scene.apply("--execute", "--env", "prod")
    with Plan(scene.path) as plan:
        digest = plan.digest
    done = sexton(*production, env=environment)
    assert (done.returncode, scene.shop.deletes) == (4, [])
    assert f"--approve {digest[:12]}" in done.stderr
    assert sexton(*production, "--approve", "0" * 64, env=environment).returncode == 4
    assert scene.shop.deletes == []
    assert sexton(*production, "--approve", digest, env=environment).returncode == 0
    assert scene.shop.items == {}

"""Statements for a host's own triggers that make a delete slow, impossible, or possible only at a later try."""

from __future__ import annotations

from scene import Scene


def before_delete(scene: Scene, postgres: str, sqlite: str = "SELECT 1", when: str = "1 = 1") -> None:
    """A trigger on `items`; `when` may name `old.id`."""
    if scene.is_sqlite:
        scene.run(f"CREATE TRIGGER host BEFORE DELETE ON items WHEN {when} BEGIN {sqlite}; END")
        return
    body = f"BEGIN {postgres}; RETURN old; END"
    scene.run(f"CREATE FUNCTION host() RETURNS trigger LANGUAGE plpgsql AS $host$ {body} $host$")
    scene.run(f"CREATE TRIGGER host BEFORE DELETE ON items FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION host()")


def slow_down(scene: Scene, seconds: float) -> None:
    """Let each row take about so long: PostgreSQL sleeps, SQLite counts."""
    steps = int(seconds * 2_500_000)
    count = f"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < {steps}) SELECT count(*) FROM c"
    before_delete(scene, f"PERFORM pg_sleep({seconds})", f"SELECT ({count})")


def refuse(scene: Scene, message: str, when: str, state: str = "P0001") -> None:
    """Raise an error for these rows."""
    told = f"RAISE EXCEPTION '{message}' USING ERRCODE = '{state}'"
    before_delete(scene, told, f"SELECT RAISE(ABORT, '{message}')", when)

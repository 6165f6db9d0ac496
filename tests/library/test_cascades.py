"""What becomes of the rows that point at an item, relation by relation: they go along, stay unlinked, or keep it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Column, DateTime, ForeignKey, MetaData, String, Table, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from hosting import application, host_engine
from sexton import Cascade, ConfigurationError, Principal, Resource, Sexton
from sexton.worker.hand import Hand

WHO = Principal("acme", "k")


class Base(DeclarativeBase):
    pass


class Project(Base):
    __tablename__ = "projects"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Task(Base):
    __tablename__ = "tasks"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), index=True)


class Note(Base):
    """Points at a task; and at a project, whose link the database itself would take the note away with."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str | None]
    project_id: Mapped[str | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)


class Move(Base):
    """Two keys to one table."""

    __tablename__ = "moves"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("projects.id"), index=True)
    target_id: Mapped[str | None] = mapped_column(ForeignKey("projects.id"), index=True)


class Label(Base):
    __tablename__ = "labels"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[str | None] = mapped_column(ForeignKey("projects.id", ondelete="SET NULL"), index=True)


ROWS = (
    "INSERT INTO projects (id, account_id) VALUES ('p1', 'acme'), ('p2', 'acme'), ('p3', 'acme'), ('p4', 'acme')",
    "INSERT INTO tasks (id, project_id) VALUES (1, 'p1'), (2, 'p1'), (3, 'p2')",
    "INSERT INTO notes (id, account_id, project_id, task_id) VALUES (1, 'acme', 'p1', NULL), (2, 'acme', 'p1', 3)",
    "INSERT INTO notes (id, account_id, project_id, task_id) VALUES (3, 'acme', NULL, 1), (4, 'globex', 'p3', NULL)",
    "INSERT INTO moves (id, source_id, target_id) VALUES (1, 'p1', 'p2')",
    "INSERT INTO labels (id, project_id) VALUES (1, 'p1'), (2, 'p2')",
)
RULES: dict[Any, Any] = {
    Task: "delete",
    Note: Cascade.DETACH,
    Move.source_id: "detach",
    Move.target_id: "restrict",
}


def project(strategy: str = "archive", cascade: Any = RULES) -> Resource:
    return Resource(Project, account="account_id", strategy=strategy, cascade=cascade)


def others() -> list[Resource]:
    return [Resource(Task, cascade={Note.task_id: "detach"}), Resource(Note, account=Note.account_id)]


@pytest.fixture
def engine(database_url):
    made = host_engine(database_url)
    Base.metadata.create_all(made)
    with made.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
    yield made
    made.dispose()


@pytest.fixture(params=["archive", "soft"])
def sexton(request, make_sexton) -> Sexton:
    return make_sexton(project(request.param), *others())


def links(engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        tables = {"notes": "id, project_id, task_id", "moves": "id, source_id, target_id", "labels": "id, project_id"}
        asked = {name: f"SELECT {columns} FROM {name} ORDER BY id" for name, columns in tables.items()}
        return {name: [tuple(row) for row in connection.execute(text(query))] for name, query in asked.items()}


BEFORE = {
    "notes": [(1, "p1", None), (2, "p1", 3), (3, None, 1), (4, "p3", None)],
    "moves": [(1, "p1", "p2")],
    "labels": [(1, "p1"), (2, "p2")],
}


def unlinked(sexton) -> dict[str, list[Any]]:
    """After p1 and its tasks went; of a soft delete the database knows nothing, so the label it is told of stays."""
    soft = sexton.declared["projects"].soft
    return {
        "notes": [(1, None, None), (2, None, 3), (3, None, None), (4, "p3", None)],
        "moves": [(1, None, "p2")],
        "labels": [(1, "p1" if soft else None), (2, "p2")],
    }


def test_a_delete_detaches_and_a_restore_links_again(sexton, engine):
    kept = sexton.sync.delete(Project, "p1", principal=WHO)
    assert (kept.outcome, kept.error.members["references"][0]["resource"]) == ("failed", "tasks")
    done = sexton.sync.delete(Project, "p1", principal=WHO, cascade=True)
    labels = {} if sexton.declared["projects"].soft else {"labels": 1}
    assert (done.outcome, done.dependents) == ("deleted", {"tasks": 2})
    assert done.detached == {"notes": 3, "moves": 1} | labels
    assert links(engine) == unlinked(sexton)
    assert sexton.sync.restore(Project, "p1", principal=WHO).items == {"projects": ["p1"], "tasks": ["1", "2"]}
    assert links(engine) == BEFORE


def test_a_detachment_needs_no_cascade(make_sexton, engine):
    sexton = make_sexton(project(), *others())
    with engine.begin() as connection:
        connection.execute(text("UPDATE tasks SET project_id = 'p2'"))
    assert sexton.sync.delete(Project, "p1", principal=WHO).detached == {"notes": 2, "moves": 1, "labels": 1}
    assert sexton.sync.restore(Project, "p1", principal=WHO).outcome == "restored"
    assert links(engine) == BEFORE


def test_the_sessions_objects_know_of_their_links(sexton, engine):
    with Session(engine) as session:
        notes = session.scalars(select(Note).order_by(Note.id)).all()
        moves, labels = session.get(Move, 1), [session.get(Label, number) for number in (1, 2)]

        def seen() -> dict[str, list[Any]]:
            return {
                "notes": [(note.id, note.project_id, note.task_id) for note in notes],
                "moves": [(1, moves.source_id, moves.target_id)],
                "labels": [(label.id, label.project_id) for label in labels],
            }

        sexton.open()
        assert sexton.sync.delete(Project, "p1", principal=WHO, connection=session, cascade=True).outcome == "deleted"
        assert "project_id" in labels[1].__dict__, "nothing became of this one"
        assert seen() == unlinked(sexton)
        assert sexton.sync.restore(Project, "p1", principal=WHO, connection=session).outcome == "restored"
        assert seen() == BEFORE


def test_deletes_are_undone_in_any_order(sexton, engine):
    """A note loses its link, is deleted itself, and finds both again, whichever comes back first."""
    for first, second in (((Project, "p1"), (Note, 1)), ((Note, 1), (Project, "p1"))):
        assert sexton.sync.delete(Project, "p1", principal=WHO, cascade=True).outcome == "deleted"
        assert sexton.sync.delete(Note, 1, principal=WHO).outcome == "deleted"
        assert sexton.sync.restore(*first, principal=WHO).outcome == "restored"
        if first[0] is Note:
            assert links(engine)["notes"][0] == (1, None, None), "its project is still in the trash"
        assert sexton.sync.restore(*second, principal=WHO).outcome == "restored"
        assert links(engine) == BEFORE


def test_a_restore_leaves_links_alone_that_somebody_changed(sexton, engine):
    sexton.sync.delete(Project, "p1", principal=WHO, cascade=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE notes SET project_id = 'p2' WHERE id = 1"))
    sexton.sync.restore(Project, "p1", principal=WHO)
    assert links(engine)["notes"] == [(1, "p2", None), *BEFORE["notes"][1:]]


@pytest.mark.parametrize("cascade", [True, False])
def test_what_restricts_keeps_the_item(sexton, engine, cascade):
    with engine.begin() as connection:
        connection.execute(text("UPDATE moves SET target_id = 'p4'"))
    kept = sexton.sync.delete(Project, "p4", principal=WHO, cascade=cascade)
    assert [one["column"] for one in kept.error.members["references"]] == ["target_id"]
    assert kept.error.detail.endswith("may not go along with it: delete or move them first")
    assert "cascade" not in kept.error.detail


@pytest.mark.parametrize("cascade", [True, False])
def test_rows_of_another_account_are_not_changed(sexton, engine, cascade):
    kept = sexton.sync.delete(Project, "p3", principal=WHO, cascade=cascade)
    assert (kept.outcome, str(kept.error.code)) == ("failed", "referenced")
    assert "move them first" in kept.error.detail
    assert links(engine) == BEFORE


def test_a_preview_counts_both_and_its_token_does_just_that(sexton, engine):
    found = sexton.sync.preview(Project, filter={"id": {"in": ["p1", "p4"]}}, cascade=True, principal=WHO)
    labels = {} if sexton.declared["projects"].soft else {"labels": 1}
    assert (found.findings.count, found.findings.dependents) == (2, {"tasks": 2})
    assert found.findings.detached == {"notes": 3, "moves": 1} | labels
    listed = sexton.sync.preview(Project, ["p1", "p2"], cascade=True, principal=WHO)
    assert (listed.findings.blocked_count, listed.findings.detached) == (1, found.findings.detached)
    assert links(engine) == BEFORE
    done = sexton.sync.bulk_delete(Project, confirm_token=found.token, principal=WHO)
    assert [one.outcome for one in done.results] == ["deleted", "deleted"]
    assert links(engine) == unlinked(sexton)


def test_chunks_of_a_job_detach_and_its_undo_links_again(sexton, engine):
    job = sexton.sync.bulk_delete(
        Project, ["p1", "p2", "p4"], cascade=True, respond_async=True, confirm=True, principal=WHO
    ).job
    run(sexton)
    assert links(engine) == unlinked(sexton)
    sexton.sync.restore_job(job.id, respond_async=True, principal=WHO)
    run(sexton)
    assert links(engine) == BEFORE


def test_items_that_only_detach(sexton, engine):
    """Nothing goes with them and nothing keeps them: the short ways of previews and jobs must see them too."""
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO notes (id, account_id, project_id) VALUES (9, 'acme', 'p4')"))
    before = links(engine)
    assert sexton.sync.preview(Project, filter={"id": "p4"}, principal=WHO).findings.detached == {"notes": 1}
    job = sexton.sync.bulk_delete(Project, ["p4"], respond_async=True, principal=WHO).job
    run(sexton)
    assert links(engine)["notes"][-1] == (9, None, None)
    sexton.sync.restore_job(job.id, respond_async=True, principal=WHO)
    run(sexton)
    assert links(engine) == before


def test_a_job_over_a_table_that_only_declarations_detach(make_sexton, engine):
    sexton, who = make_sexton(Resource(Task, cascade={Note: "detach"})), Principal("default", "k")
    job = sexton.sync.bulk_delete(Task, [1, 2], respond_async=True, principal=who).job
    run(sexton)
    assert links(engine)["notes"][2] == (3, None, None)
    sexton.sync.restore_job(job.id, respond_async=True, principal=who)
    run(sexton)
    assert links(engine) == BEFORE


def run(sexton) -> None:
    hand = Hand(sexton.store, "w")
    while hand.step():
        pass


@pytest.mark.parametrize("strategy", ["archive", "soft"])
def test_declared_to_go_along_beats_the_databases_rule(make_sexton, engine, strategy):
    both = [Task, Note, Move, Label]
    sexton = make_sexton(project(strategy, both), Resource(Task, cascade=[Note]), Resource(Note, account="account_id"))
    assert sexton.sync.delete(Project, "p2", principal=WHO).outcome == "failed"
    done = sexton.sync.delete(Project, "p2", principal=WHO, cascade=True)
    assert (done.dependents, done.detached) == ({"tasks": 1, "notes": 1, "moves": 1, "labels": 1}, {})
    sexton.sync.restore(Project, "p2", principal=WHO)
    assert links(engine) == BEFORE


def test_declared_to_restrict_beats_the_databases_rule(make_sexton, engine):
    sexton = make_sexton(project(cascade={Label: "restrict", Note: "detach"}))
    with engine.begin() as connection:
        connection.execute(text("UPDATE moves SET source_id = NULL, target_id = NULL"))
        connection.execute(text("UPDATE tasks SET project_id = 'p4'"))
    kept = sexton.sync.delete(Project, "p2", principal=WHO)
    assert [one["resource"] for one in kept.error.members["references"]] == ["labels"]
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM labels"))
    assert sexton.sync.delete(Project, "p2", principal=WHO).outcome == "deleted"


def test_what_is_not_named_keeps_the_item_but_for_the_databases_own_rule(make_sexton, engine):
    sexton = make_sexton(project(cascade={}))
    assert sexton.sync.delete(Project, "p1", principal=WHO, cascade=True).error.code == "referenced"
    with engine.begin() as connection:
        for name in ("notes", "moves", "tasks"):
            connection.execute(text(f"DELETE FROM {name}"))
    assert sexton.sync.delete(Project, "p1", principal=WHO).detached == {"labels": 1}


KEYLESS = Table("keyless", MetaData(), Column("project_id", String, ForeignKey("projects.id")))
WRONG = {
    "NOT NULL": ({Task: "detach"}, "tasks.project_id, which cannot be NULL: let the column be nullable"),
    "unknown": ({Note.task_id: "delete"}, "notes.task_id, but no foreign key of it points at projects"),
    "a stranger": ({Project: "delete"}, "cascade names projects, but no foreign key of it"),
    "no word": ({Task: "drop"}, 'no cascade \'drop\': take one of "restrict", "delete", "detach"'),
    "contradictory": (
        {Move: "delete", Move.target_id: "detach"},
        r"says both delete and detach of moves \(target_id\)",
    ),
    "no model": ({"tasks": "delete"}, "'tasks' is neither a mapped class nor a Table"),
    "no key": ({KEYLESS: "detach"}, "has no primary key"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_fails_at_the_start(make_sexton, engine, case):
    cascade, told = WRONG[case]
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE keyless (project_id VARCHAR REFERENCES projects (id))"))
    with pytest.raises(ConfigurationError, match=told) as raised:
        make_sexton(project(cascade=cascade)).open()
    assert "\n" not in str(raised.value)


def test_over_http_the_dry_run_and_the_preview_list_what_is_detached(sexton, engine):
    with TestClient(application(sexton), headers={"Authorization": "Bearer acme"}) as client:
        dry = client.delete("/api/v1/projects/p1?cascade=true&dry_run=true").json()
        asked = {"ids": ["p1"], "cascade": True}
        preview = client.post("/api/v1/projects/bulk_delete/preview", json=asked).json()
    assert dry["detached"] == preview["detached"]
    assert {one["resource"]: one["count"] for one in dry["detached"]}["notes"] == 3
    assert dry["dependents"] == [{"resource": "tasks", "count": 2}]
    assert links(engine) == BEFORE

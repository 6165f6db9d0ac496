"""Sexton's tables beside a host's Alembic history, and inside it, in either order, on and off line."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from host_history import LAST, HostHistory, everything
from serving import sexton
from sexton import ConfigurationError, Resource, SchemaError, Sexton
from sexton.model import Outcome, Principal
from sexton.storage import migrations
from test_same_schema import look_at
from upgrading import bring, opened

WHO = Principal(account="default", key_id="host", scopes=frozenset())


class Base(DeclarativeBase):
    pass


class Flag(Base):
    __tablename__ = "flags"
    id: Mapped[str] = mapped_column(primary_key=True)


@pytest.fixture
def host(tmp_path, database_url):
    return HostHistory(tmp_path / "alembic", database_url)


def versions(url):
    """Ours, and the host's."""
    with opened(url) as (engine, dialect), engine.connect() as connection:
        hosts = inspect(connection).has_table("alembic_version")
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if hosts else None
        return migrations.current(connection, dialect), found


def delete_and_restore(url):
    """Sexton works there, and was told nothing of migrations."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO flags (id) VALUES ('f1')"))
    library = Sexton(engine, [Resource(Flag)])
    try:
        assert library.sync.delete(Flag, "f1", principal=WHO).outcome is Outcome.DELETED
        assert sorted(library.sync.restore(Flag, "f1", principal=WHO).items) == ["flags"]
    finally:
        library.close()
        engine.dispose()


def test_inside_the_hosts_history(host):
    host.upgrade("b2")
    assert versions(host.url) == ("0001", "b2")
    host.upgrade()
    assert versions(host.url) == ("0002", "d4")
    delete_and_restore(host.url)


def test_inside_an_asynchronous_history(tmp_path, database_url):
    host = HostHistory(tmp_path / "alembic", database_url, asynchronous=True)
    host.upgrade("b2")
    host.upgrade()
    assert versions(database_url) == ("0002", "d4")
    delete_and_restore(database_url)


def test_it_is_the_same_as_sexton_migrate(host, another_url):
    host.upgrade()
    bring(another_url, "head")
    assert look_at(host.url) == look_at(another_url)


@pytest.mark.parametrize("ours_first", [True, False])
def test_beside_the_hosts_history_in_either_order(host, ours_first):
    steps = [lambda: bring(host.url, "0001"), lambda: host.upgrade("a1")]
    for step in steps if ours_first else reversed(steps):
        step()
    assert versions(host.url) == ("0001", "a1")
    bring(host.url, "head")
    assert versions(host.url) == (migrations.head(), "a1")


def test_what_is_there_already_is_left_alone(host):
    bring(host.url, "head")
    before = look_at(host.url)
    host.upgrade()
    assert versions(host.url) == (migrations.head(), "d4")
    assert look_at(host.url) == before


def test_the_way_down_takes_nothing_and_the_way_up_finds_everything(host):
    host.upgrade()
    host.downgrade("a1")
    assert versions(host.url) == ("0002", "a1")
    host.write("d4", LAST.replace('"name"', '"other"').format(fault=""))
    host.upgrade()
    assert versions(host.url) == ("0002", "d4")


def test_a_fault_of_the_hosts_own_leaves_a_whole_that_can_go_on(host):
    host.write("d4", LAST.format(fault='raise RuntimeError("a fault")'))
    with pytest.raises(RuntimeError, match="a fault"):
        host.upgrade()
    assert versions(host.url) in [(None, None), ("0002", "c3")]
    host.write("d4", LAST.replace('"name"', '"other"').format(fault=""))
    host.upgrade()
    assert versions(host.url) == ("0002", "d4")


def test_sql_for_a_dba_makes_the_same_tables(host, another_url):
    run_script(host.url, host.sql("b2"))
    assert versions(host.url) == ("0001", "b2")
    run_script(host.url, host.sql("b2:head"))
    assert versions(host.url) == ("0002", "d4")
    bring(another_url, "head")
    assert look_at(host.url) == look_at(another_url)
    delete_and_restore(host.url)


@pytest.mark.parametrize("first", [None, "0001"])
def test_sexton_migrate_prints_what_is_missing_and_changes_nothing(host, another_url, first):
    if first:
        bring(host.url, first)
    told = sexton("migrate", "--database", host.url, "--sql")
    assert (told.returncode, versions(host.url)[0]) == (0, first), told.stderr
    run_script(host.url, told.stdout)
    bring(another_url, "head")
    assert look_at(host.url) == look_at(another_url)
    again = sexton("migrate", "--database", host.url, "--sql")
    assert (again.stdout, again.stderr) == ("", "Sexton's tables are at version 0002; there is nothing to do\n")


def run_script(url, script):
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.executescript(script)
        connection.close()
    else:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(script.encode())


@pytest.mark.parametrize(
    ("to", "error", "told"),
    [("head", ConfigurationError, 'write to="0002"'), ("0099", SchemaError, "no version 0099")],
)
def test_a_revision_names_a_version_that_there_is(host, to, error, told):
    host.write("c3", (host.folder / "versions" / "c3.py").read_text().replace('to="0002"', f'to="{to}"'))
    with pytest.raises(error, match=told):
        host.upgrade()


def test_autogenerate_sees_nothing_of_ours(host):
    host.upgrade()
    for schemas in (False, True):
        assert "sexton" not in host.differences(schemas=schemas)
        assert "pass" in host.differences(schemas=schemas)
    seen = host.differences(everything, schemas=True)
    assert "drop_table" in seen
    assert "holds" in seen
    assert ("sexton" in host.differences(everything)) == host.url.startswith("sqlite")

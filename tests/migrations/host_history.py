"""A host with an Alembic history of its own, whose revisions are those of the document."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Column, MetaData, Table, Text

DOCUMENT = (Path(__file__).parents[2] / "docs" / "how-to" / "migrations.md").read_text()
SNIPPETS = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
TABLES = """
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None

def upgrade():
    op.create_table("flags", sa.Column("id", sa.Text, primary_key=True))

def downgrade():
    op.drop_table("flags")
"""
LAST = """
from alembic import op
import sqlalchemy as sa

revision = "d4"
down_revision = "c3"

def upgrade():
    op.add_column("flags", sa.Column("name", sa.Text))
    {fault}

def downgrade():
    pass
"""
SYNCHRONOUS = """
from alembic import context
from sqlalchemy import create_engine

given = context.config.attributes

def options():
    return dict(target_metadata=given["metadata"], include_name=given["include_name"], include_schemas=given["schemas"])

def run(connection):
    context.configure(connection=connection, **options())
    with context.begin_transaction():
        context.run_migrations()

if context.is_offline_mode():
    context.configure(url=given["url"], **options())
    with context.begin_transaction():
        context.run_migrations()
else:
"""
ONLINE = """
    engine = create_engine(given["url"])
    with engine.connect() as connection:
        run(connection)
    engine.dispose()
"""
ASYNCHRONOUS = """
    import asyncio
    from sqlalchemy.ext.asyncio import create_async_engine

    async def main():
        engine = create_async_engine(given["url"])
        async with engine.connect() as connection:
            await connection.run_sync(run)
        await engine.dispose()

    asyncio.run(main())
"""


def include_name() -> Callable[..., bool]:
    """The document's."""
    names: dict[str, Any] = {}
    exec(SNIPPETS[0], names)
    return names["include_name"]


def everything(*_: Any) -> bool:
    return True


class HostHistory:
    """The host's migrations in a folder of their own."""

    def __init__(self, folder: Path, url: str, *, asynchronous: bool = False) -> None:
        self.folder, self.asynchronous = folder, asynchronous
        (folder / "versions").mkdir(parents=True)
        (folder / "env.py").write_text(SYNCHRONOUS + (ASYNCHRONOUS if asynchronous else ONLINE))
        (folder / "script.py.mako").write_text(
            "revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n\ndef upgrade():\n    ${upgrades}\n"
        )
        self.write("a1", TABLES)
        for name, snippet in zip(("b2", "c3"), SNIPPETS[1:3], strict=True):
            self.write(name, snippet)
        self.write("d4", LAST.format(fault=""))
        self.metadata = MetaData()
        Table("flags", self.metadata, Column("id", Text, primary_key=True), Column("name", Text))
        self.url = url

    def write(self, name: str, script: str) -> None:
        (self.folder / "versions" / f"{name}.py").write_text(script)

    def config(self, out: Any = None, include: Callable[..., bool] | None = None, *, schemas: bool = False) -> Config:
        config = Config(output_buffer=out)
        config.set_main_option("script_location", str(self.folder))
        drivers = {"sqlite": "sqlite+aiosqlite", "postgresql+psycopg": "postgresql+asyncpg"}
        scheme, _, rest = self.url.partition("://")
        url = f"{drivers[scheme]}://{rest}" if self.asynchronous else self.url
        config.attributes.update(
            url=url, metadata=self.metadata, include_name=include or include_name(), schemas=schemas
        )
        return config

    def upgrade(self, to: str = "head") -> None:
        command.upgrade(self.config(), to)

    def downgrade(self, to: str) -> None:
        command.downgrade(self.config(), to)

    def sql(self, span: str) -> str:
        """What `alembic upgrade --sql` prints."""
        out = io.StringIO()
        command.upgrade(self.config(out), span, sql=True)
        return out.getvalue()

    def differences(self, include: Callable[..., bool] | None = None, *, schemas: bool = False) -> str:
        """What `alembic revision --autogenerate` would write."""
        made = command.revision(self.config(None, include, schemas=schemas), autogenerate=True)
        path = Path(made.path)  # type: ignore[union-attr] — one revision was asked for
        found = path.read_text()
        path.unlink()
        return found

"""Projects and their tasks, on asynchronous SQLAlchemy: deletes as endpoints, and inside the host's own transaction."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from sqlalchemy import ForeignKey, Numeric, event, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sexton import Outcome, Principal, Resource, Scope, Sexton


class Base(DeclarativeBase):
    """The tables."""


class Project(Base):
    """A customer's project."""

    __tablename__ = "projects"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]


class Task(Base):
    """Hours to be billed."""

    __tablename__ = "tasks"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    hours: Mapped[Decimal] = mapped_column(Numeric(8, 2))


class Invoice(Base):
    """What a closed project cost; it outlives the project."""

    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    project_name: Mapped[str]
    hours: Mapped[Decimal] = mapped_column(Numeric(8, 2))


engine = create_async_engine(os.environ.get("DATABASE_URL", "sqlite+aiosqlite:///projects.db"))
if engine.dialect.name == "sqlite":
    event.listen(engine.sync_engine, "connect", lambda c, _: c.cursor().execute("PRAGMA foreign_keys=ON"))
sessions = async_sessionmaker(engine)
sexton = Sexton(
    engine,
    resources=[
        Resource(Project, account=Project.account_id, cascade=[Task]),
        Resource(Task, expose=False),
    ],
)


@asynccontextmanager
async def lifespan(application: FastAPI) -> AsyncIterator[None]:
    """The host's own start, with Sexton's inside; `alembic upgrade head` has made the tables."""
    async with sexton.lifespan(application):
        yield
    await engine.dispose()


async def current_principal(x_account: Annotated[str | None, Header()] = None) -> Principal:
    """The host's own authentication, here a header that a gateway sets."""
    if x_account is None:
        raise HTTPException(401, "no account")
    return Principal(account=x_account, key_id="gateway", scopes=frozenset(Scope))


async def session() -> AsyncIterator[AsyncSession]:
    """A transaction a request."""
    async with sessions.begin() as found:
        yield found


Who = Annotated[Principal, Depends(current_principal)]
Db = Annotated[AsyncSession, Depends(session, scope="function")]
app = FastAPI(title="Projects", lifespan=lifespan)
app.include_router(sexton.router(principal=current_principal), prefix="/api/v1")


@app.post("/projects/{name}", status_code=201)
async def start(name: str, hours: list[Decimal], who: Who, db: Db) -> int:
    """Start a project with its tasks."""
    project = Project(account_id=who.account, name=name)
    db.add(project)
    await db.flush()
    db.add_all([Task(project_id=project.id, hours=one) for one in hours])
    return project.id


@app.post("/projects/{project_id}/close")
async def close(project_id: int, paid: Decimal, who: Who, db: Db) -> Decimal:
    """Write the invoice and delete the project with its tasks, both or neither."""
    name = await db.scalar(select(Project.name).where(Project.id == project_id, Project.account_id == who.account))
    hours = await db.scalar(select(func.sum(Task.hours)).where(Task.project_id == project_id)) or Decimal(0)
    done = await sexton.delete(Project, project_id, principal=who, connection=db, cascade=True)
    if done.outcome is not Outcome.DELETED:
        raise HTTPException(409, done.error.detail if done.error else f"the project is {done.outcome}")
    db.add(Invoice(account_id=who.account, project_name=name or "", hours=hours))
    await db.flush()
    if paid < hours * 100:
        raise HTTPException(402, f"{hours * 100} are due: the project stays")  # and takes the delete back
    return hours

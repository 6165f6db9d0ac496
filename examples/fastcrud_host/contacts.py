"""Contacts beside FastCRUD: it creates, reads and updates; its delete routes are off, and Sexton deletes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastcrud import PolicyConfig, crud_router
from pydantic import BaseModel, Field
from sqlalchemy import DateTime, ForeignKey, event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sexton import Principal, Resource, Scope, Sexton


class Base(DeclarativeBase):
    """The tables."""


class Contact(Base):
    """A person."""

    __tablename__ = "contacts"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), default=None)


class Note(Base):
    """What was said about a contact."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    body: Mapped[str]


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]


class NewContact(BaseModel):
    """What a client sends to create one."""

    id: Id
    account_id: Id
    name: Id


class ChangedContact(BaseModel):
    """What a client may change: never `deleted_at`."""

    name: Id


engine = create_async_engine(os.environ.get("DATABASE_URL", "sqlite+aiosqlite:///contacts.db"))
if engine.dialect.name == "sqlite":
    event.listen(engine.sync_engine, "connect", lambda c, _: c.cursor().execute("PRAGMA foreign_keys=ON"))
sessions = async_sessionmaker(engine)
sexton = Sexton(  # Sexton: what may be deleted
    engine,
    resources=[
        Resource(Contact, strategy="soft", account=Contact.account_id, cascade=[Note]),
        Resource(Note, expose=False),
    ],
)


@asynccontextmanager
async def lifespan(application: FastAPI) -> AsyncIterator[None]:
    """The host's own start, with Sexton's inside."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)  # a real application runs its migrations instead
    async with sexton.lifespan(application):  # Sexton: its worker runs with the app
        yield
    await engine.dispose()


async def session() -> AsyncIterator[AsyncSession]:
    """A session a request; FastCRUD commits it."""
    async with sessions() as found:
        yield found


Sent = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


async def current_principal(sent: Sent) -> Principal:
    """The host's own authentication."""
    account = (sent.credentials if sent else "").removeprefix("key-")
    if account not in ("acme", "globex"):
        raise HTTPException(401, "send Authorization: Bearer key-acme", {"WWW-Authenticate": "Bearer"})
    return Principal(account=account, key_id=f"key-{account}", scopes=frozenset(Scope))


async def policy(who: Annotated[Principal, Depends(current_principal)]) -> PolicyConfig:
    """FastCRUD reads and changes the account's own live rows: alone, it would show and update deleted ones."""
    own = [Contact.account_id == who.account, Contact.deleted_at.is_(None)]
    return PolicyConfig(read=own, create=True, create_check=own, update=own, hidden_columns={"deleted_at"})


app = FastAPI(title="Contacts", lifespan=lifespan)
app.include_router(
    crud_router(
        session=session,
        model=Contact,
        create_schema=NewContact,
        update_schema=ChangedContact,
        path="/contacts",
        included_methods=["create", "read", "read_multi", "update"],  # without "delete" and "db_delete"
        policy=policy,
    )
)
app.include_router(sexton.router(principal=current_principal), prefix="/api/v1")  # Sexton: the endpoints

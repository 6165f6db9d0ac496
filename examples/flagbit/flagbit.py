"""FlagBit: feature flags and their rules. Everything but the marked lines is an ordinary FastAPI application."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy import DateTime, Engine, ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker

from sexton import IdempotencyMiddleware, Principal, Resource, Scope, Sexton, hide_deleted


class Base(DeclarativeBase):
    """The tables."""


class Flag(Base):
    """A feature flag."""

    __tablename__ = "flags"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(default="inactive")
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rules: Mapped[list[Rule]] = relationship(back_populates="flag")


class Rule(Base):
    """Who sees a flag."""

    __tablename__ = "rules"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag_id: Mapped[str] = mapped_column(ForeignKey("flags.id"), index=True)
    country: Mapped[str]
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    flag: Mapped[Flag] = relationship(back_populates="rules")


class Evaluation(Base):
    """When a flag was last asked for."""

    __tablename__ = "evaluations"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag_name: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def connect(url: str) -> Engine:
    """The engine; SQLite checks foreign keys only where it is told to."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    Base.metadata.create_all(engine)  # a real application runs its migrations instead
    return engine


def asked_for_lately(connection: Any, ids: list[str]) -> dict[str, str]:
    """Flags that somebody asked for within a day stay."""
    recent = Evaluation.at > datetime.now(UTC) - timedelta(days=1)
    found = connection.scalars(select(Evaluation.flag_name).where(Evaluation.flag_name.in_(ids), recent).distinct())
    return dict.fromkeys(found, "it was asked for within the last day")


KEYS = {"key-acme": "acme", "key-globex": "globex"}


def current_principal(authorization: Annotated[str, Header()] = "") -> Principal:
    """The host's own authentication."""
    key = authorization.removeprefix("Bearer ")
    if key not in KEYS:
        raise HTTPException(401, "send Authorization: Bearer key-acme")
    return Principal(account=KEYS[key], key_id=key, scopes=frozenset(Scope))


def account_of(request: Request) -> str | None:
    """Whose idempotency key a request carries."""
    return KEYS.get(request.headers.get("authorization", "").removeprefix("Bearer "))


engine = connect(os.environ.get("DATABASE_URL", "sqlite:///flagbit.db"))
sessions = sessionmaker(engine)
sexton = Sexton(  # Sexton: what may be deleted, and what keeps it
    engine,
    resources=[
        Resource(
            Flag,
            strategy="soft",
            account=Flag.account_id,
            version=Flag.version,
            block_when=Flag.status == "active",
            block_reason="the flag is active: switch it off first",
            guard=asked_for_lately,
            cascade=[Rule],
        ),
        Resource(Rule, strategy="soft", expose=False),
    ],
)
hide_deleted(sessions, sexton)  # Sexton: the sessions below see live rows only
app = FastAPI(title="FlagBit", lifespan=sexton.lifespan)
app.add_middleware(IdempotencyMiddleware, sexton=sexton, account=account_of, skip=("/api/v1",))
app.include_router(sexton.router(principal=current_principal), prefix="/api/v1")


def session() -> Iterator[Session]:
    """A transaction a request."""
    with sessions.begin() as found:
        yield found


class NewFlag(BaseModel):
    """What a client sends."""

    id: str
    countries: list[str] = []


Who = Annotated[Principal, Depends(current_principal)]
Db = Annotated[Session, Depends(session, scope="function")]  # commits before the answer, not after it


@app.post("/flags", status_code=201)
def create_flag(new: NewFlag, who: Who, db: Db) -> dict[str, str]:
    """An ordinary route; with an Idempotency-Key a retry hears the first answer."""
    db.add(Flag(id=new.id, account_id=who.account, rules=[Rule(country=country) for country in new.countries]))
    return {"id": new.id}


@app.get("/evaluate/{flag_id}")
def evaluate(flag_id: str, country: str, db: Db) -> bool:
    """Whether a flag is on for a country; deleted flags and rules do not count."""
    db.add(Evaluation(flag_name=flag_id, at=datetime.now(UTC)))
    return db.scalar(select(Rule.id).join(Rule.flag).where(Flag.id == flag_id, Rule.country == country)) is not None

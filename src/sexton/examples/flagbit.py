"""FlagBit: feature flags and their rules. All but the lines marked `Sexton:` is an ordinary application."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, FastAPI, HTTPException, Path, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import DateTime, ForeignKey, Index, false, func, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, sessionmaker

from sexton import IdempotencyMiddleware, Resource, Sexton, hide_deleted
from sexton.examples.host import KEYS, LIMITS, NAME, REACH, UNREADABLE, Db, Who, connect, current_principal

_LIVE = text("deleted_at IS NULL")
COUNTRY = "^[A-Z]{2}$"


class Base(DeclarativeBase):
    """The tables."""


class Flag(Base):
    """A feature flag; the name of a deleted one is free again."""

    __tablename__ = "flags"
    __table_args__ = (
        Index("ux_flags_name", "account_id", "name", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    name: Mapped[str]
    enabled: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rules: Mapped[list[Rule]] = relationship(back_populates="flag")


class Rule(Base):
    """Who sees a flag."""

    __tablename__ = "rules"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    flag_id: Mapped[str] = mapped_column(ForeignKey("flags.id"), index=True)
    attribute: Mapped[str] = mapped_column(server_default="country")
    operator: Mapped[str] = mapped_column(server_default="equals")
    value: Mapped[str]
    flag: Mapped[Flag] = relationship(back_populates="rules")


class Evaluation(Base):
    """When a flag was last asked for."""

    __tablename__ = "evaluations"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag_name: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def asked_for_lately(connection: Any, ids: list[str]) -> dict[str, str]:
    """Flags that somebody asked for within a day stay."""
    recent = Evaluation.at > datetime.now(UTC) - timedelta(days=1)
    found = connection.scalars(select(Evaluation.flag_name).where(Evaluation.flag_name.in_(ids), recent).distinct())
    return dict.fromkeys(found, "it was asked for within the last day")


RESOURCES = [  # Sexton: what may be deleted, how, and what keeps it
    Resource(Flag, strategy="soft", account=Flag.account_id, guard=asked_for_lately, cascade=[Rule]),
    Resource(Rule, account=Rule.account_id),
]
router = APIRouter(tags=["FlagBit"], responses=UNREADABLE)


class NewFlag(BaseModel):
    """What a client sends."""

    id: Annotated[str, Field(pattern=NAME)]
    countries: Annotated[list[Annotated[str, Field(pattern=COUNTRY)]], Field(max_length=300)] = []


class Made(BaseModel):
    """What a client hears."""

    id: str


@router.post("/flags", status_code=201, responses={401: {}, 409: {"description": "The id or name is taken"}})
def create_flag(new: NewFlag, who: Who, db: Db) -> Made:
    """An ordinary route; with an Idempotency-Key a retry hears the first answer."""
    taken = select(Flag.id).where(Flag.id == new.id).execution_options(include_deleted=True)
    if db.scalar(taken) is not None:
        raise HTTPException(409, "there is such a flag, live or deleted: take another id")
    rules = [Rule(id=uuid4().hex, account_id=who.account, value=country) for country in new.countries]
    db.add(Flag(id=new.id, account_id=who.account, name=new.id, rules=rules))
    return Made(id=new.id)


@router.get("/evaluate/{flag_id}")
def evaluate(
    flag_id: Annotated[str, Path(pattern=NAME)], country: Annotated[str, Query(pattern=COUNTRY)], db: Db
) -> bool:
    """Whether a flag is on for a country; deleted flags and rules do not count."""
    db.add(Evaluation(flag_name=flag_id, at=datetime.now(UTC)))
    on = select(Rule.id).join(Rule.flag).where(Flag.id == flag_id, Flag.enabled, Rule.value == country)
    return db.scalar(on.limit(1)) is not None


def account_of(request: Request) -> str | None:
    """Whose idempotency key a request carries."""
    return KEYS.get(request.headers.get("authorization", "").removeprefix("Bearer "))


def create_app(url: str | None = None) -> FastAPI:
    """The application over a database of its own."""
    engine = connect(url or os.environ.get("DATABASE_URL", "sqlite:///flagbit.db"), Base.metadata)
    sessions = sessionmaker(engine)
    sexton = Sexton(engine, RESOURCES, account_limits=LIMITS, reach=REACH)  # Sexton: its worker runs with the app
    hide_deleted(sessions, sexton)  # Sexton: the sessions see live rows only
    app = FastAPI(title="FlagBit", lifespan=sexton.lifespan)
    app.state.sessions, app.state.sexton = sessions, sexton
    app.add_middleware(
        IdempotencyMiddleware, sexton=sexton, account=account_of, skip=("/api/v1",)
    )  # Sexton: POST /flags
    app.include_router(router)
    app.include_router(sexton.router(principal=current_principal), prefix="/api/v1")  # Sexton: the endpoints
    return app

"""CronPing: monitors and the pings they get. All but the lines marked `Sexton:` is an ordinary application."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, FastAPI, HTTPException, Path
from pydantic import BaseModel
from sqlalchemy import DateTime, ForeignKey, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from sexton import Resource, Sexton
from sexton.examples.host import LIMITS, NAME, REACH, UNREADABLE, Db, Who, connect, current_principal


class Base(DeclarativeBase):
    """The tables."""


class Monitor(Base):
    """A job that is expected to ping."""

    __tablename__ = "monitors"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    schedule: Mapped[str] = mapped_column(server_default="0 3 * * *")
    status: Mapped[str] = mapped_column(server_default="paused")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Ping(Base):
    """A sign of life; the database itself removes it with its monitor."""

    __tablename__ = "pings"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    monitor_id: Mapped[str] = mapped_column(ForeignKey("monitors.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(server_default="ok")
    duration_ms: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


RESOURCES = [  # Sexton: what may be deleted, and what keeps it
    Resource(
        Monitor,
        account=Monitor.account_id,
        block_when=Monitor.status == "running",
        block_reason="the monitor is running: pause it first",
    ),
    Resource(Ping, account=Ping.account_id),
]
router = APIRouter(tags=["CronPing"], responses=UNREADABLE)


class Pinged(BaseModel):
    """What a client hears."""

    id: str


@router.post("/ping/{monitor_id}", status_code=201, responses={401: {}, 404: {"description": "No such monitor"}})
def ping(monitor_id: Annotated[str, Path(pattern=NAME)], who: Who, db: Db) -> Pinged:
    """Take a ping; a monitor that was deleted takes none."""
    own = Monitor.id == monitor_id, Monitor.account_id == who.account
    if db.scalar(select(Monitor.id).where(*own).with_for_update(read=True)) is None:
        raise HTTPException(404, "no such monitor")
    new = Ping(id=f"ping_{uuid4().hex}", account_id=who.account, monitor_id=monitor_id)
    db.add(new)
    return Pinged(id=new.id)


def create_app(url: str | None = None) -> FastAPI:
    """The application over a database of its own."""
    engine = connect(url or os.environ.get("DATABASE_URL", "sqlite:///cronping.db"), Base.metadata)
    sexton = Sexton(engine, RESOURCES, account_limits=LIMITS, reach=REACH)  # Sexton: its worker runs with the app
    app = FastAPI(title="CronPing", lifespan=sexton.lifespan)
    app.state.sessions, app.state.sexton = sessionmaker(engine), sexton
    app.include_router(router)
    app.include_router(sexton.router(principal=current_principal), prefix="/api/v1")  # Sexton: the endpoints
    return app

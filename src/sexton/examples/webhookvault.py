"""WebhookVault: endpoints, and up to a million requests that each captured. Ordinary but for the lines marked `Sexton:`."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Body, FastAPI, HTTPException, Path
from pydantic import BaseModel
from sqlalchemy import JSON, DateTime, ForeignKey, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from sexton import Resource, Sexton
from sexton.examples.host import LIMITS, NAME, REACH, UNREADABLE, Db, connect, current_principal


class Base(DeclarativeBase):
    """The tables."""


class Endpoint(Base):
    """An address that captures whatever is sent to it."""

    __tablename__ = "endpoints"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class CapturedRequest(Base):
    """One of them."""

    __tablename__ = "captured_requests"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("endpoints.id"), index=True)
    method: Mapped[str] = mapped_column(server_default="POST")
    body: Mapped[Any] = mapped_column(JSON, nullable=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


RESOURCES = [  # Sexton: what may be deleted
    Resource(Endpoint, account=Endpoint.account_id, cascade=[CapturedRequest]),
    Resource(CapturedRequest, account=CapturedRequest.account_id),
]
router = APIRouter(tags=["WebhookVault"], responses=UNREADABLE)


class Captured(BaseModel):
    """What a sender hears."""

    id: str


@router.post("/in/{endpoint_id}", status_code=201, responses={404: {"description": "No such endpoint"}})
def capture(
    endpoint_id: Annotated[str, Path(pattern=NAME)], db: Db, body: Annotated[dict[str, bool | int | str], Body()]
) -> Captured:
    """Keep a request, whoever sends it; an endpoint that was deleted keeps none."""
    owner = db.scalar(select(Endpoint.account_id).where(Endpoint.id == endpoint_id).with_for_update(read=True))
    if owner is None:
        raise HTTPException(404, "no such endpoint")
    new = CapturedRequest(id=f"req_{uuid4().hex}", account_id=owner, endpoint_id=endpoint_id, body=body)
    db.add(new)
    return Captured(id=new.id)


def create_app(url: str | None = None) -> FastAPI:
    """The application over a database of its own."""
    engine = connect(url or os.environ.get("DATABASE_URL", "sqlite:///webhookvault.db"), Base.metadata)
    sexton = Sexton(engine, RESOURCES, account_limits=LIMITS, reach=REACH)  # Sexton: its worker runs with the app
    app = FastAPI(title="WebhookVault", lifespan=sexton.lifespan)
    app.state.sessions, app.state.sexton = sessionmaker(engine), sexton
    app.include_router(router)
    app.include_router(sexton.router(principal=current_principal), prefix="/api/v1")  # Sexton: the endpoints
    return app

"""DocuMint: templates, and the documents made of them. All but the lines marked `Sexton:` is an ordinary application."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, FastAPI, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import DateTime, ForeignKey, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from sexton import Resource, Sexton
from sexton.examples.host import LIMITS, NAME, REACH, UNREADABLE, Db, Who, connect, current_principal


class Base(DeclarativeBase):
    """The tables."""


class Template(Base):
    """What documents are made of."""

    __tablename__ = "templates"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    body: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="active")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Document(Base):
    """A rendered template."""

    __tablename__ = "documents"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    template_id: Mapped[str] = mapped_column(ForeignKey("templates.id"), index=True)
    title: Mapped[str]
    pages: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


RESOURCES = [  # Sexton: what may be deleted; documents keep their template unless `cascade` takes them along
    Resource(Template, account=Template.account_id, cascade=[Document]),
    Resource(Document, account=Document.account_id),
]
router = APIRouter(tags=["DocuMint"], responses=UNREADABLE)


class Rendering(BaseModel):
    """What a client sends."""

    template_id: Annotated[str, Field(pattern=NAME)]
    title: Annotated[str, Field(pattern=NAME)]


class Rendered(BaseModel):
    """What a client hears."""

    id: str


@router.post("/render", status_code=201, responses={401: {}, 404: {"description": "No such template"}})
def render(wanted: Rendering, who: Who, db: Db) -> Rendered:
    """Make a document; a template that was deleted makes none."""
    own = Template.id == wanted.template_id, Template.account_id == who.account
    if db.scalar(select(Template.id).where(*own).with_for_update(read=True)) is None:
        raise HTTPException(404, "no such template")
    document = Document(id=f"doc_{uuid4().hex}", account_id=who.account, **wanted.model_dump())
    db.add(document)
    return Rendered(id=document.id)


def create_app(url: str | None = None) -> FastAPI:
    """The application over a database of its own."""
    engine = connect(url or os.environ.get("DATABASE_URL", "sqlite:///documint.db"), Base.metadata)
    sexton = Sexton(engine, RESOURCES, account_limits=LIMITS, reach=REACH)  # Sexton: its worker runs with the app
    app = FastAPI(title="DocuMint", lifespan=sexton.lifespan)
    app.state.sessions, app.state.sexton = sessionmaker(engine), sexton
    app.include_router(router)
    app.include_router(sexton.router(principal=current_principal), prefix="/api/v1")  # Sexton: the endpoints
    return app

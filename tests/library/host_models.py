"""The host's models."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, DateTime, ForeignKey, Numeric, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Flag(Base):
    """A feature flag."""

    __tablename__ = "flags"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    account_id: Mapped[str]
    name: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(default="off")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rules: Mapped[list[Rule]] = relationship(back_populates="flag")


class Rule(Base):
    __tablename__ = "rules"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag_id: Mapped[str] = mapped_column(ForeignKey("flags.id"), index=True)
    value: Mapped[str]
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    flag: Mapped[Flag] = relationship(back_populates="rules")


class Comment(Base):
    """Nobody declares these."""

    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag_id: Mapped[str] = mapped_column(ForeignKey("flags.id"), index=True)
    body: Mapped[str]


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    account_id: Mapped[str]
    total: Mapped[Decimal] = mapped_column(Numeric(10, 2))

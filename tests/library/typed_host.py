"""A user's application with the whole public API: every name, verb and option. Checked by `mypy --strict`, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from prometheus_client import CollectorRegistry
from sqlalchemy import Connection, ForeignKey, create_engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from sexton import (
    Cascade,
    Code,
    ConfigurationError,
    IdempotencyMiddleware,
    Limits,
    Outcome,
    Principal,
    Problem,
    Refused,
    Resource,
    Rollout,
    SchemaError,
    Scope,
    Sexton,
    SextonError,
    Strategy,
    Target,
    hide_deleted,
)
from sexton.receivers import Reach


class Base(DeclarativeBase):
    pass


class Flag(Base):
    __tablename__ = "flags"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    status: Mapped[str]
    version: Mapped[int]
    removed_at: Mapped[str | None]


class Rule(Base):
    __tablename__ = "rules"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag_id: Mapped[str | None] = mapped_column(ForeignKey("flags.id"))


def guard(connection: Any, ids: list[Any]) -> Mapping[Any, str]:
    return dict.fromkeys(ids, "a reason") if connection is None else {}


engine = create_engine("sqlite:///app.db")
sessions = sessionmaker(engine)
flags = Resource(
    Flag,
    name="feature_flags",
    strategy=Strategy.SOFT,
    account=Flag.account_id,
    version=Flag.version,
    deleted_at=Flag.removed_at,
    block_when=Flag.status == "on",
    block_reason="it is on",
    guard=guard,
    cascade={Rule.flag_id: Cascade.DETACH, Rule: "detach"},
    expose=True,
    require_if_match=True,
    recovery_window=timedelta(days=7),
    memory=timedelta(hours=1),
)
sexton = Sexton(
    engine,
    [flags, Resource(Rule, cascade=[])],
    limits=Limits(confirm_above=5),
    account_limits={"acme": Limits()},
    reach=Reach(),
    purge_interval=timedelta(minutes=5),
    with_worker=False,
    migrate=True,
    pooler=False,
    connections=4,
    connect_args={},
    registry=CollectorRegistry(),
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with sexton.lifespan(app):
        yield


async def who(request: Request) -> Principal:
    return Principal("acme", "k", frozenset({Scope.READ}), correlation_id=request.headers.get("x-correlation-id"))


def account(request: Request) -> str | None:
    return request.headers.get("x-account")


def get_session() -> Iterator[Session]:
    with sessions() as session:
        yield session


app = FastAPI(lifespan=lifespan)
app.include_router(sexton.router(principal=who), prefix="/api")
app.include_router(sexton.router(principal=sexton.api_key), prefix="/keyed")
app.add_middleware(
    IdempotencyMiddleware,
    sexton=sexton,
    account=account,
    methods=("POST",),
    skip=("/api",),
    required=False,
    most_bytes=1_000,
)
orders = APIRouter(
    route_class=sexton.idempotency(account=account, connection=get_session, methods=("POST",), required=True)
)
hide_deleted(sessions, sexton)


@orders.post("/orders")
def order(session: Annotated[Session, Depends(get_session)]) -> dict[str, str]:
    made = sexton.sync.idempotent_create(
        Flag, {"id": "f1"}, principal=Principal("acme", "k"), connection=session, savepoint=False
    )
    problem: Problem | None = made.error
    return {"outcome": made.outcome, "status": str(made.status), "why": problem.detail if problem else ""}


def in_plain_code(connection: Connection, me: Principal) -> None:
    try:
        many = sexton.sync.bulk_delete(
            Flag,
            ["a", Target("b", "1")],
            principal=me,
            connection=connection,
            confirm=True,
            confirm_token=None,
            atomic=True,
            cascade=True,
            reason="tidy",
            expected_count=2,
            max_affected=9,
            delay_seconds=60,
            rollout=Rollout(2, 1),
            respond_async=True,
            idempotency_key="monday",
            savepoint=False,
        )
        print(many.job.id, [one.outcome for one in many.results or ()])
        undone = sexton.sync.restore_job(
            many.job.id, principal=me, connection=connection, respond_async=True, idempotency_key="u", savepoint=False
        )
        print(undone.job.state, [one.error for one in undone.results or ()])
    except (Refused, ConfigurationError, SchemaError, SextonError) as error:
        print(error)
    print(sexton.sync.delete(Flag, "f1", principal=me).detached, sexton.sync.purge(dry_run=True))
    print(sexton.sync.hold(Flag, "f1", "why", principal=me), sexton.sync.lift_hold(Flag, "f1", principal=me))
    print(sexton.sync.preview(Flag, ["a"], principal=me, cascade=True).findings.detached)
    print(sexton.sync.restore(Flag, "f1", principal=me, idempotency_key="r", savepoint=False).items)


async def in_async_code(session: AsyncSession, connection: AsyncConnection, me: Principal) -> None:
    done = await sexton.delete(
        Flag, "f1", principal=me, connection=session, if_match=3, cascade=True, confirm=True, idempotency_key="d"
    )
    if done.outcome is Outcome.FAILED and done.error is not None and done.error.code is Code.BLOCKED:
        print(done.error.detail)
    found = await sexton.preview(Flag, filter={"all": True}, principal=me, connection=connection)
    many = await sexton.bulk_delete(Flag, confirm_token=found.token, principal=me)
    print((await sexton.restore_job(many.job.id, principal=me)).results)
    print((await sexton.idempotent_create(Flag, Flag(id="f2"), principal=me)).tombstone)
    print((await sexton.restore(Flag, "f1", principal=me)).outcome, await sexton.purge(connection=session))
    print(await sexton.hold(Flag, "f1", "why", principal=me), await sexton.lift_hold(Flag, "f1", principal=me))


def by_hand() -> None:
    sexton.open()
    sexton.worker().run()
    sexton.close()

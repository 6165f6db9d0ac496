"""Remove invitations that nobody accepted, in one transaction with the note that says so: all of it or nothing."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime, ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from sexton import Principal, Refused, Resource, Sexton


class Base(DeclarativeBase):
    """The tables."""


class Invitation(Base):
    """Somebody was asked to join."""

    __tablename__ = "invitations"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    accepted: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Seat(Base):
    """A seat that is kept for an invitation."""

    __tablename__ = "seats"
    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), index=True)


class CleanUp(Base):
    """A note of each clean-up."""

    __tablename__ = "clean_ups"
    id: Mapped[int] = mapped_column(primary_key=True)
    removed: Mapped[int]
    audit_id: Mapped[str]


SCRIPT = Principal(account="default", key_id="script:cleanup")


def clean_up(session: Session, sexton: Sexton, older_than: timedelta, most: int) -> CleanUp | None:
    """Delete what is due, on the caller's session; the caller commits. Raises Refused where it cannot be done whole."""
    due = select(Invitation.id).where(~Invitation.accepted, Invitation.sent_at < datetime.now(UTC) - older_than)
    ids = session.scalars(due).all()
    if not ids:
        return None
    done = sexton.sync.bulk_delete(
        Invitation,
        ids,
        principal=SCRIPT,
        connection=session,
        atomic=True,
        confirm=True,
        max_affected=most,
        reason=f"not accepted within {older_than.days} days",
    )
    note = CleanUp(removed=len(ids), audit_id=done.job.audit_id or "")
    session.add(note)
    return note


def main() -> int:
    """0: done, or nothing to do; 4: refused, nothing was changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", help="sqlite:///file or postgresql+psycopg://…")
    parser.add_argument("--days", type=int, default=90, help="older than this")
    parser.add_argument("--most", type=int, default=1000, help="refuse to delete more")
    told = parser.parse_args()
    engine = create_engine(told.database)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    sexton = Sexton(engine, [Resource(Invitation)], with_worker=False)
    sexton.open()
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            note = clean_up(session, sexton, timedelta(days=told.days), told.most)
    except Refused as refused:
        sys.stderr.write(f"nothing was changed: {refused.problem.detail}\n")
        return 4
    finally:
        sexton.close()
    sys.stdout.write(f"removed {note.removed}, audit entry {note.audit_id}\n" if note else "nothing to remove\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

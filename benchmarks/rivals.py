"""The same rows deleted by what people use today: django-safedelete, and a loop over ORM objects.

    pip install django django-safedelete
    python benchmarks/rivals.py [--rounds N]

Rates are measured over 10,000 rows of a table of 100,000 on PostgreSQL 18, and set beside a job of Sexton's over the
other 90,000 in the same round (two workers, archive and soft).
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import django
from bench import databases, fill, option, store_of, workers
from django.conf import settings
from jobs import seconds_of, start_delete
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

FEW, MANY = 10_000, 100_000


class Base(DeclarativeBase):
    """The ORM's."""


class Item(Base):
    """A row."""

    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    note: Mapped[str | None]


def orm_loop(url: str) -> float:
    """Rows a second of `session.delete` on each object, one commit at the end."""
    engine = create_engine(url)
    started = time.perf_counter()
    with Session(engine) as session:
        for item in session.query(Item).filter(Item.id <= FEW):
            session.delete(item)
        session.commit()
    elapsed = time.perf_counter() - started
    engine.dispose()
    return FEW / elapsed


def _django(url: str) -> Any:
    where = create_engine(url).url
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": where.database,
        "USER": where.username,
        "HOST": where.host,
        "PORT": where.port,
    }
    if not settings.configured:
        settings.configure(DATABASES={"default": database}, INSTALLED_APPS=["safedelete"], USE_TZ=True)
        django.setup()
    from django.db import connection, models  # noqa: PLC0415 — only once it is configured
    from safedelete.models import SafeDeleteModel  # noqa: PLC0415

    connection.close()
    connection.settings_dict.update(database)
    if "rival" not in _made:

        class Thing(SafeDeleteModel):
            id = models.IntegerField(primary_key=True)
            name = models.TextField()
            note = models.TextField(null=True)  # noqa: DJ001 — as the other table has it

            class Meta:
                app_label = "safedelete"
                db_table = "things"

        _made["rival"] = Thing
    return _made["rival"]


_made: dict[str, Any] = {}


def safedelete(url: str) -> float:
    """Rows a second of `QuerySet.delete()` in one transaction."""
    thing = _django(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE things (id int PRIMARY KEY, name text, note text, deleted timestamptz, deleted_by_cascade bool NOT NULL DEFAULT false)"
            )
        )
        connection.execute(text("CREATE INDEX ON things (deleted)"))
        connection.execute(text("INSERT INTO things (id, name, note) SELECT id, name, note FROM items"))
    engine.dispose()
    from django.db import transaction  # noqa: PLC0415

    started = time.perf_counter()
    with transaction.atomic():
        thing.objects.filter(id__lte=FEW).delete()
    return FEW / (time.perf_counter() - started)


def sexton(url: str, strategy: str) -> float:
    """Items a second of a job."""
    store = store_of(url, strategy)
    with workers(url, 2, strategy):
        ids = range(FEW + 1, MANY + 1)
        rate = len(ids) / seconds_of(store, start_delete(store, ids).id)
    store.dialect.close(store.engine)
    return rate


def main() -> None:
    rounds = option("--rounds", 5)
    found: dict[str, list[float]] = {"archive": [], "soft": [], "django-safedelete": [], "ORM loop": []}
    with databases(["postgresql"]) as made:
        make = made["PostgreSQL 18"]
        for _ in range(rounds):
            for strategy in ("archive", "soft"):
                url = make()
                fill(url, MANY)
                found[strategy].append(sexton(url, strategy))
            found["django-safedelete"].append(safedelete(url))
            found["ORM loop"].append(orm_loop(url))
    for name, series in found.items():
        print(f"{name}: {statistics.median(series):,.0f} rows/s")
    for strategy in ("archive", "soft"):
        for rival in ("django-safedelete", "ORM loop"):
            ratio = statistics.median(a / b for a, b in zip(found[strategy], found[rival], strict=True))
            print(f"{strategy} / {rival}: {ratio:.1f} times")


if __name__ == "__main__":
    main()

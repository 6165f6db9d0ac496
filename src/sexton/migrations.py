"""For a host that wants Sexton's tables in the history of its own Alembic migrations.

```python
from alembic import op

from sexton import migrations


def upgrade():
    migrations.upgrade(op, to="0001")
```

The version table is Sexton's own all the same, so `sexton migrate`, the server and the library know what is there.
"""

from __future__ import annotations

from typing import Any

from sexton.errors import ConfigurationError
from sexton.storage import migrations
from sexton.storage.dialects import dialect_of

__all__ = ["upgrade"]


def upgrade(op: Any, *, to: str, start: str | None = None) -> None:
    """Bring Sexton's tables to a version, from inside a host's revision, on its connection and in its transaction.

    Tables that are there already, of this version or a newer one, are left alone. There is no downgrade: tables of a
    newer version serve an older release, and taking them away would take away what can be undone and proved. Leave the
    revision's own `downgrade` empty.

    Args:
        op: the host's `alembic.op`.
        to: the version to go to, such as "0002"; "head" is refused, since a revision must not change with a release.
        start: for `alembic upgrade --sql` only, which cannot look: the version that an earlier revision of the host's
            went to. None means that there are no tables yet.

    Raises:
        ConfigurationError: for "head", or a database that is neither SQLite nor PostgreSQL.
        SchemaError: for a version that this release does not have.
    """
    if to == "head":
        told = f'a revision does the same for ever, "head" does not: write to="{migrations.head()}"'
        raise ConfigurationError(told)
    host = op.get_context()
    dialect = dialect_of(host.dialect.name)
    if host.as_sql:
        migrations.write(dialect, host.output_buffer, to=to, start=start)
        return
    connection = op.get_bind()
    with dialect.atomic(connection):
        migrations.upgrade(connection, dialect, to)

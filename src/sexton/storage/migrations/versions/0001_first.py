"""The first release: all tables, and the triggers that make the audit append-only."""

from __future__ import annotations

from alembic import context, op
from sqlalchemy import MetaData

from sexton.storage.tables import own_tables

revision = "0001"
down_revision = None

_POSTGRESQL = (
    """
CREATE FUNCTION sexton.audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.keep_until < now() THEN RETURN OLD; END IF;
  RAISE EXCEPTION USING MESSAGE = 'sexton.audit_log is append-only: ' || TG_OP || ' is refused';
END $$
""",
    """
CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON sexton.audit_log
FOR EACH ROW EXECUTE FUNCTION sexton.audit_is_append_only()
""",
    """
CREATE TRIGGER audit_keeps_table BEFORE TRUNCATE ON sexton.audit_log
FOR EACH STATEMENT EXECUTE FUNCTION sexton.audit_is_append_only()
""",
)
_SQLITE = (
    """
CREATE TRIGGER sexton_audit_keeps_content BEFORE UPDATE ON sexton_audit_log
BEGIN SELECT RAISE(ABORT, 'sexton_audit_log is append-only: UPDATE is refused'); END
""",
    """
CREATE TRIGGER sexton_audit_keeps_rows BEFORE DELETE ON sexton_audit_log
WHEN OLD.keep_until >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
BEGIN SELECT RAISE(ABORT, 'sexton_audit_log is append-only: DELETE is refused'); END
""",
)


def upgrade() -> None:
    """Create everything."""
    dialect = context.config.attributes["dialect"]
    metadata = MetaData()
    own_tables(metadata, dialect.own_schema, dialect.own_prefix)
    metadata.create_all(op.get_bind(), checkfirst=False)
    for statement in _POSTGRESQL if dialect.own_schema else _SQLITE:
        op.get_bind().exec_driver_sql(statement)

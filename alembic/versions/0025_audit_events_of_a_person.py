"""Indexes by which the audit events of one person are found for an export.

Without them it reads the audit events of all people. They are built without blocking writes, and outside a transaction.
A build that was interrupted leaves an invalid index, so each build drops that first.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
oldest = "0010"

_COLUMNS = ("actor_id", "target_id")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for column in _COLUMNS:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS audit_events_{column}_idx")
            op.execute(f"CREATE INDEX CONCURRENTLY audit_events_{column}_idx ON audit_events ({column})")


def downgrade() -> None:
    for column in _COLUMNS:
        op.execute(f"DROP INDEX audit_events_{column}_idx")

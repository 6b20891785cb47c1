"""An index by which the people of an organization, with a role or a status, are counted for an administrator.

The index is built without blocking writes, and outside a transaction. A build that was interrupted leaves an invalid
index, so the build drops that first.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
oldest = "0010"

_NAME = "users_organization_id_role_status_idx"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {_NAME}")
        op.execute(f"CREATE INDEX CONCURRENTLY {_NAME} ON users (organization_id, role, status)")


def downgrade() -> None:
    op.execute(f"DROP INDEX {_NAME}")

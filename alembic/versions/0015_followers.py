"""A reader in another process than the run says that it follows an answer.

Only then the run notifies other processes: a notification wakes every listening process, and takes a lock of the whole
database. The column is an addition without a default, so no row is rewritten.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
oldest = "0010"


def upgrade() -> None:
    op.execute("ALTER TABLE messages ADD COLUMN followed_until timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE messages DROP COLUMN followed_until")

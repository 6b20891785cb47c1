"""Progress without indexes: each of many answers in the making is written some times a second.

While `leased_until` was in an index, each of those writes went into every index of the table. Now a new
version of the row goes where there is room on its page, and the old one is cleared away by whoever looks
at that page next, not by a vacuum. Answers in the making are found by the index that holds nothing else.
"""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("DROP INDEX messages_leased_until_idx")
    op.execute("ALTER TABLE messages SET (fillfactor = 85)")


def downgrade() -> None:
    op.execute("ALTER TABLE messages RESET (fillfactor)")
    op.execute("CREATE INDEX messages_leased_until_idx ON messages (leased_until) WHERE status = 'generating'")

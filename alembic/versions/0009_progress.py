"""Progress without indexes: each unfinished answer is written several times a second.

As long as an index held `leased_until`, each of these writes also went into every index of the table. Now a
new version of the row is written to the same page if there is room, and the next reader of the page removes
the old version, without a vacuum. Unfinished answers are found by the partial index that holds only them.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
oldest = "0008"


def upgrade() -> None:
    op.execute("DROP INDEX messages_leased_until_idx")
    op.execute("ALTER TABLE messages SET (fillfactor = 85)")


def downgrade() -> None:
    op.execute("ALTER TABLE messages RESET (fillfactor)")
    op.execute("CREATE INDEX messages_leased_until_idx ON messages (leased_until) WHERE status = 'generating'")

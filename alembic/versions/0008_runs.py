"""Runs: an answer in the making is written down as it grows, and held by its process on a lease.

A run has an id of its own, so that one that was given up and taken up again by another process is
not written to by both. Whoever runs it renews its lease; when that has ended, its process must have
died, and the answer is given up with what was written of it. To stop it is asked for in its row,
where its process looks for it, whichever replica that is on.
"""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("ALTER TABLE messages ADD COLUMN run_id uuid")
    op.execute("ALTER TABLE messages ADD COLUMN leased_until timestamptz")
    op.execute("ALTER TABLE messages ADD COLUMN stop_requested boolean NOT NULL DEFAULT false")
    op.execute("UPDATE messages SET leased_until = now() + interval '1 minute' WHERE status = 'generating'")
    op.execute("ALTER TABLE messages DROP COLUMN generating_since")
    # Small: only what is being generated is in it.
    op.execute("CREATE INDEX messages_leased_until_idx ON messages (leased_until) WHERE status = 'generating'")


def downgrade() -> None:
    op.execute("DROP INDEX messages_leased_until_idx")
    op.execute("ALTER TABLE messages ADD COLUMN generating_since timestamptz")
    op.execute("UPDATE messages SET generating_since = now() WHERE status = 'generating'")
    op.execute("ALTER TABLE messages DROP COLUMN stop_requested")
    op.execute("ALTER TABLE messages DROP COLUMN leased_until")
    op.execute("ALTER TABLE messages DROP COLUMN run_id")

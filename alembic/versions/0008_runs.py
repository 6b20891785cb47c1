"""Runs: an answer in the making is written down as it grows, and held by its process on a lease.

A run has an id of its own, so that one that was given up and taken up again by another process is
not written to by both. Whoever runs it renews its lease; when that has ended, its process must have
died, and the answer is given up with what was written of it. To stop it is asked for in its row,
where its process looks for it, whichever replica that is on. What answers cost is added up by
organization and month, where it stays when they are deleted.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("ALTER TABLE messages ADD COLUMN run_id uuid")
    op.execute("ALTER TABLE messages ADD COLUMN leased_until timestamptz")
    op.execute("ALTER TABLE messages ADD COLUMN stop_requested boolean NOT NULL DEFAULT false")
    op.execute("UPDATE messages SET leased_until = now() + interval '1 minute' WHERE status = 'generating'")
    # Small: only what is being generated is in it.
    op.execute("CREATE INDEX messages_leased_until_idx ON messages (leased_until) WHERE status = 'generating'")
    op.execute("""
        CREATE TABLE spending (
            organization_id uuid NOT NULL
                CONSTRAINT spending_organization_id_fkey REFERENCES organizations (id) ON DELETE CASCADE,
            month date NOT NULL,
            cost_usd numeric(12, 6) NOT NULL,
            CONSTRAINT spending_pkey PRIMARY KEY (organization_id, month)
        )
    """)
    placement.everywhere("spending")


def downgrade() -> None:
    op.execute("DROP TABLE spending")
    op.execute("DROP INDEX messages_leased_until_idx")
    op.execute("ALTER TABLE messages DROP COLUMN stop_requested")
    op.execute("ALTER TABLE messages DROP COLUMN leased_until")
    op.execute("ALTER TABLE messages DROP COLUMN run_id")

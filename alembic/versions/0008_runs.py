"""Runs: an answer is stored while it is generated, and its process holds a lease on it.

Each attempt to generate an answer is a run with an id. The id keeps two processes from writing to one
answer when the second took it over from the first. The process renews the lease; when a lease has
expired, its process must have died, and the answer is marked as failed with the text that it has so far.
A stop is requested in the answer's row, where its process reads it on any replica. The cost of answers is
added up by organization and month, and stays when the answers are deleted. On Citus that table is only on
the coordinator, because each answer with a cost writes to it.

Not online: a process of the version before starts answers without a lease. Nobody would end them when it dies.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
oldest = "0008"


def upgrade() -> None:
    op.execute("ALTER TABLE messages ADD COLUMN run_id uuid")
    op.execute("ALTER TABLE messages ADD COLUMN leased_until timestamptz")
    op.execute("ALTER TABLE messages ADD COLUMN stop_requested boolean NOT NULL DEFAULT false")
    op.execute("UPDATE messages SET leased_until = now() + interval '1 minute' WHERE status = 'generating'")
    # A small index: it holds only unfinished answers.
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


def downgrade() -> None:
    op.execute("DROP TABLE spending")
    op.execute("DROP INDEX messages_leased_until_idx")
    op.execute("ALTER TABLE messages DROP COLUMN stop_requested")
    op.execute("ALTER TABLE messages DROP COLUMN leased_until")
    op.execute("ALTER TABLE messages DROP COLUMN run_id")

"""Audit events: who changed whose role or status, from what to what, when, and from which address.

An event outlives the users that it names, so it has no foreign key to them.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0004"
down_revision = "0003"
oldest = "0001"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE audit_events (
            id uuid CONSTRAINT audit_events_pkey PRIMARY KEY,
            organization_id uuid,
            actor_id uuid,
            target_id uuid NOT NULL,
            action text NOT NULL,
            before jsonb NOT NULL,
            after jsonb NOT NULL,
            address inet,
            created_at timestamptz NOT NULL,
            CONSTRAINT audit_events_action_check CHECK (action <> '')
        )
    """)
    placement.everywhere("audit_events")
    op.execute("""
        CREATE INDEX audit_events_organization_id_created_at_idx
        ON audit_events (organization_id, created_at DESC, id DESC)
    """)


def downgrade() -> None:
    op.execute("DROP TABLE audit_events")

"""Audit events for the creation and the end of a personal token.

The constraint is added without reading the table, and then validated without blocking writes. Each statement is a
transaction of its own, and all of them can be repeated.

Code from before this revision runs on the schema. But it cannot read the new events: while one of them is on a page
of the audit, that page is an internal error there. A downgrade deletes these events.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
oldest = "0010"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        _allow("'role_changed', 'status_changed', 'token_created', 'token_ended'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DELETE FROM audit_events WHERE action IN ('token_created', 'token_ended')")
        _allow("'role_changed', 'status_changed'")


def _allow(actions: str) -> None:
    op.execute("ALTER TABLE audit_events DROP CONSTRAINT IF EXISTS audit_events_action_check")
    op.execute(f"""
        ALTER TABLE audit_events ADD CONSTRAINT audit_events_action_check
        CHECK (action IN ({actions})) NOT VALID
    """)
    op.execute("ALTER TABLE audit_events VALIDATE CONSTRAINT audit_events_action_check")

"""Answers with follow-up questions, and with the reason why a model's answer was cut.

Both columns are additions with a constant default, so no row is rewritten. A version of the service that does not know
the columns can still write: its answers have no suggestions.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
oldest = "0010"


def upgrade() -> None:
    op.execute("ALTER TABLE messages ADD COLUMN suggestions text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE messages ADD COLUMN stopped_early text")
    op.execute("""
        ALTER TABLE messages ADD CONSTRAINT messages_suggestions_check CHECK (cardinality(suggestions) <= 3)
    """)
    op.execute("""
        ALTER TABLE messages ADD CONSTRAINT messages_stopped_early_check
        CHECK (stopped_early IN ('length', 'content_filter'))
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE messages DROP COLUMN stopped_early")
    op.execute("ALTER TABLE messages DROP COLUMN suggestions")

"""An identity's user is checked at the commit, so that a first sign-in can store the identity first.

The key of `identities` decides which of two simultaneous first sign-ins of a person stores the user. On PostgreSQL one
statement stored both rows, and the check came at its end. Citus runs the parts of such a statement one after another.

The constraint is added without reading the table, and then validated without blocking writes. Each statement is a
transaction of its own, and all of them can be repeated.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
oldest = "0010"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        _refer("DEFERRABLE INITIALLY DEFERRED")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        _refer("NOT DEFERRABLE")


def _refer(checked: str) -> None:
    op.execute("ALTER TABLE identities DROP CONSTRAINT IF EXISTS identities_user_id_fkey")
    op.execute(f"""
        ALTER TABLE identities ADD CONSTRAINT identities_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE {checked} NOT VALID
    """)
    op.execute("ALTER TABLE identities VALIDATE CONSTRAINT identities_user_id_fkey")

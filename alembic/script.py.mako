"""${message}

Revision: ${up_revision}
"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
# The oldest revision whose code can run on this schema. An addition keeps that of the revision before.
oldest = ${repr(up_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else 'op.execute("""""")'}


def downgrade() -> None:
    ${downgrades if downgrades else 'op.execute("""""")'}

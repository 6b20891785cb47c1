"""The time of each person's last sign-in, in a table of its own: a sign-in that changes nothing does not write `users`.

On Citus, `users` and `identities` are copied to every node, and an UPDATE locks all copies. The new table is
distributed by `user_id`, so a sign-in writes one shard.

Replicas of an older version still write `users.last_login`, and know only that. Readers show the later of both times. A
later release moves the old times to the new table, and drops the column.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0020"
down_revision = "0019"
oldest = "0010"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE last_sign_ins (
            user_id uuid CONSTRAINT last_sign_ins_pkey PRIMARY KEY
                CONSTRAINT last_sign_ins_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
            signed_in_at timestamptz NOT NULL
        )
    """)
    placement.by_user("last_sign_ins")


def downgrade() -> None:
    op.execute("""
        WITH stored AS MATERIALIZED (SELECT user_id, signed_in_at FROM last_sign_ins)

        UPDATE users AS u
        SET last_login = s.signed_in_at
        FROM stored AS s
        WHERE
            s.user_id = u.id
            AND (u.last_login IS NULL OR u.last_login < s.signed_in_at)
    """)
    op.execute("DROP TABLE last_sign_ins")

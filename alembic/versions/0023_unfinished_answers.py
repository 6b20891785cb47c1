"""The answers that have begun and have not ended, so that the rescuer knows whose answers to look at.

On Citus, `messages` is distributed by `user_id`: to look for answers of all users asks every shard. The new table is
only on the coordinator, and has few rows. It has no foreign key, because a row lives no longer than its answer is
generated.

Replicas of an older version add no rows. Their abandoned answers are found when a worker of this version starts, by the
daily job, and by the next question in the conversation.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
oldest = "0010"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE unfinished_answers (
            id uuid CONSTRAINT unfinished_answers_pkey PRIMARY KEY,
            user_id uuid NOT NULL,
            begun_at timestamptz NOT NULL
        )
    """)


def downgrade() -> None:
    op.execute("DROP TABLE unfinished_answers")

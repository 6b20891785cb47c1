"""The visits of share links, counted beside the conversation and no longer in `shares`.

On Citus, `shares` is copied to every node, because a link is found before its owner is known. An UPDATE there locks all
copies, so readers of all links would wait for each other. The new table is distributed by `user_id`.

A row counts for one link: a new link of the conversation begins again. Replicas of an older version still count in
`shares.opens`. Readers add both numbers.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0022"
down_revision = "0021"
oldest = "0010"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE share_visits (
            user_id uuid NOT NULL,
            conversation_id uuid NOT NULL,
            token_hash bytea NOT NULL,
            visits bigint NOT NULL,
            CONSTRAINT share_visits_pkey PRIMARY KEY (user_id, conversation_id),
            CONSTRAINT share_visits_user_id_conversation_id_fkey FOREIGN KEY (user_id, conversation_id)
                REFERENCES conversations (user_id, id) ON DELETE CASCADE
        )
    """)
    placement.by_user("share_visits")


def downgrade() -> None:
    op.execute("""
        WITH counted AS MATERIALIZED (SELECT user_id, conversation_id, token_hash, visits FROM share_visits)

        UPDATE shares AS s
        SET opens = s.opens + v.visits
        FROM counted AS v
        WHERE
            v.user_id = s.user_id
            AND v.conversation_id = s.conversation_id
            AND v.token_hash = s.token_hash
    """)
    op.execute("DROP TABLE share_visits")

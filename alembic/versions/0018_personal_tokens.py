"""Personal tokens, with which a person's programs sign in. Only the SHA-256 of a token is stored.

A token names its owner, so the look-up binds `user_id` and reads one shard. `expires_at` has an index of its own, by
which the daily job finds the tokens that it deletes.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0018"
down_revision = "0017"
oldest = "0010"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE personal_tokens (
            user_id uuid NOT NULL CONSTRAINT personal_tokens_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
            id uuid NOT NULL,
            name text NOT NULL,
            token_hash bytea NOT NULL,
            hint text NOT NULL,
            created_at timestamptz NOT NULL,
            last_used_at timestamptz,
            expires_at timestamptz NOT NULL,
            CONSTRAINT personal_tokens_pkey PRIMARY KEY (user_id, id),
            CONSTRAINT personal_tokens_user_id_token_hash_key UNIQUE (user_id, token_hash),
            CONSTRAINT personal_tokens_name_check CHECK (char_length(name) BETWEEN 1 AND 100),
            CONSTRAINT personal_tokens_token_hash_check CHECK (octet_length(token_hash) = 32),
            CONSTRAINT personal_tokens_hint_check CHECK (char_length(hint) = 4),
            CONSTRAINT personal_tokens_expires_at_check CHECK (expires_at > created_at)
        )
    """)
    placement.by_user("personal_tokens")
    op.execute("CREATE INDEX personal_tokens_expires_at_idx ON personal_tokens (expires_at)")


def downgrade() -> None:
    op.execute("DROP TABLE personal_tokens")

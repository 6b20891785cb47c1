"""Conversations, their messages, and their share links.

Within a conversation, messages are ordered by (created_at, id). An answer stores its citations, so
it still shows its sources after the corpus has changed. A row of `shares` is looked up by the hash of
its token, before its owner is known, so `user_id` does not lead its key. `shares` is copied to every
node and therefore cannot refer to `conversations`: a conversation's link is deleted explicitly.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0002"
down_revision = "0001"
oldest = "0001"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE conversations (
            user_id uuid NOT NULL CONSTRAINT conversations_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
            id uuid NOT NULL,
            title text,
            status text NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            CONSTRAINT conversations_pkey PRIMARY KEY (user_id, id),
            CONSTRAINT conversations_title_check CHECK (char_length(title) BETWEEN 1 AND 200),
            CONSTRAINT conversations_status_check CHECK (status IN ('active', 'archived'))
        )
    """)
    placement.by_user("conversations")
    op.execute("""
        CREATE INDEX conversations_user_id_status_updated_at_idx
        ON conversations (user_id, status, updated_at DESC, id DESC)
    """)

    op.execute("""
        CREATE TABLE messages (
            user_id uuid NOT NULL,
            id uuid NOT NULL,
            conversation_id uuid NOT NULL,
            role text NOT NULL,
            content text NOT NULL,
            status text NOT NULL,
            kind text,
            citations jsonb NOT NULL,
            domains text[] NOT NULL,
            feedback_score smallint,
            feedback_reasons text[],
            feedback_comment text,
            feedback_at timestamptz,
            input_tokens integer,
            output_tokens integer,
            cost_usd numeric(12, 6),
            response_time_ms integer,
            created_at timestamptz NOT NULL,
            CONSTRAINT messages_pkey PRIMARY KEY (user_id, id),
            CONSTRAINT messages_user_id_conversation_id_fkey FOREIGN KEY (user_id, conversation_id)
                REFERENCES conversations (user_id, id) ON DELETE CASCADE,
            CONSTRAINT messages_role_check CHECK (role IN ('user', 'assistant')),
            CONSTRAINT messages_status_check CHECK (status IN ('complete', 'generating', 'stopped', 'failed')),
            CONSTRAINT messages_kind_check CHECK (kind IN ('answer', 'clarification', 'refusal')),
            CONSTRAINT messages_role_kind_check CHECK (role = 'assistant' OR kind IS NULL),
            CONSTRAINT messages_citations_check CHECK (jsonb_typeof(citations) = 'array'),
            CONSTRAINT messages_domains_check CHECK (
                domains <@ ARRAY[
                    'assessment', 'collaboration', 'leadership', 'curriculum',
                    'data_analysis', 'school_culture', 'student_learning'
                ]
            ),
            CONSTRAINT messages_feedback_score_check CHECK (feedback_score IN (-1, 1)),
            CONSTRAINT messages_feedback_reasons_check CHECK (
                feedback_reasons <@ ARRAY['inaccurate', 'incomplete', 'not_relevant', 'missing_citations', 'other']
            ),
            CONSTRAINT messages_feedback_comment_check CHECK (char_length(feedback_comment) <= 1000)
        )
    """)
    placement.by_user("messages")
    op.execute("""
        CREATE INDEX messages_user_id_conversation_id_created_at_idx
        ON messages (user_id, conversation_id, created_at, id)
    """)

    op.execute("""
        CREATE TABLE shares (
            token_hash bytea CONSTRAINT shares_pkey PRIMARY KEY,
            user_id uuid NOT NULL CONSTRAINT shares_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
            conversation_id uuid NOT NULL,
            opens bigint NOT NULL DEFAULT 0,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            CONSTRAINT shares_user_id_conversation_id_key UNIQUE (user_id, conversation_id),
            CONSTRAINT shares_token_hash_check CHECK (octet_length(token_hash) = 32)
        )
    """)
    placement.everywhere("shares")


def downgrade() -> None:
    op.execute("DROP TABLE shares")
    op.execute("DROP TABLE messages")
    op.execute("DROP TABLE conversations")

"""Questions: one answer at a time, idempotency keys, versions of a conversation, and search.

The row of an answer is inserted with its question. A partial unique index allows a conversation one
unfinished answer, so two questions at once cannot both be answered. A conversation's version rises with
each change that a reader of the conversation sees; an ETag holds it, and a PATCH compares it. The words
to search are a generated column beside the text. They are not stemmed (`simple`), because the last word
of a search is the beginning of a word: see docs/decisions/search.md. They stay in the row if they fit
(MAIN), because a search reads this column of all rows of one user, and no other column.

Not online: the generated columns rewrite both tables while nobody can read them. A process of the version before does
not raise a conversation's version, so a reader would keep an outdated copy.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0006"
down_revision = "0005"
oldest = "0006"

# ASCII and typographic punctuation divides words: the parser alone would take "results-oriented", "e.g" and
# addresses for single words. translate() replaces each mark with a space, so every other character keeps its place.
_MARKS = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~«»‐‑‒–—―‘’‚“”„…•"  # noqa: RUF001 - the typographic marks are intended
_WORDS = "to_tsvector('simple', translate({text}, '{marks}', repeat(' ', {length})))"


def _words(text: str) -> str:
    return _WORDS.format(text=text, marks=_MARKS, length=len(_MARKS.replace("''", "'")))


def upgrade() -> None:
    _conversations()
    _messages()
    op.execute("""
        CREATE TABLE idempotency_keys (
            user_id uuid NOT NULL
                CONSTRAINT idempotency_keys_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
            key text NOT NULL,
            request_hash bytea NOT NULL,
            message_id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key),
            CONSTRAINT idempotency_keys_key_check CHECK (key ~ '^[ -~]{1,255}$'),
            CONSTRAINT idempotency_keys_request_hash_check CHECK (octet_length(request_hash) = 32)
        )
    """)
    placement.by_user("idempotency_keys")
    op.execute("CREATE INDEX shares_expires_at_idx ON shares (expires_at)")


def _conversations() -> None:
    op.execute("ALTER TABLE conversations ADD COLUMN version bigint NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE conversations ADD COLUMN asked_at timestamptz")
    op.execute("ALTER TABLE conversations ADD COLUMN archived_at timestamptz")
    op.execute("UPDATE conversations SET asked_at = updated_at")
    op.execute("UPDATE conversations SET archived_at = updated_at WHERE status = 'archived'")
    op.execute(f"""
        ALTER TABLE conversations
        ADD COLUMN lexical tsvector NOT NULL GENERATED ALWAYS AS ({_words("coalesce(title, '')")}) STORED
    """)
    # Small indexes: they hold only the conversations that the daily job may delete.
    op.execute("""
        CREATE INDEX conversations_user_id_updated_at_unasked_idx
        ON conversations (user_id, updated_at) WHERE asked_at IS NULL
    """)
    op.execute("""
        CREATE INDEX conversations_user_id_archived_at_idx
        ON conversations (user_id, archived_at) WHERE archived_at IS NOT NULL
    """)


def _messages() -> None:
    op.execute(f"""
        ALTER TABLE messages
        ADD COLUMN lexical tsvector NOT NULL GENERATED ALWAYS AS (
            CASE status WHEN 'generating' THEN ''::tsvector ELSE {_words("content")} END
        ) STORED
    """)
    placement.set_storage("messages", "lexical", "MAIN")
    op.execute("""
        CREATE UNIQUE INDEX messages_user_id_conversation_id_generating_idx
        ON messages (user_id, conversation_id) WHERE status = 'generating'
    """)


def downgrade() -> None:
    op.execute("DROP INDEX shares_expires_at_idx")
    op.execute("DROP TABLE idempotency_keys")
    op.execute("DROP INDEX messages_user_id_conversation_id_generating_idx")
    op.execute("ALTER TABLE messages DROP COLUMN lexical")
    op.execute("DROP INDEX conversations_user_id_archived_at_idx")
    op.execute("DROP INDEX conversations_user_id_updated_at_unasked_idx")
    op.execute("ALTER TABLE conversations DROP COLUMN lexical")
    op.execute("ALTER TABLE conversations DROP COLUMN archived_at")
    op.execute("ALTER TABLE conversations DROP COLUMN asked_at")
    op.execute("ALTER TABLE conversations DROP COLUMN version")

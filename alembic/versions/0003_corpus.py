"""The corpus: books, and their chunks, which answers quote.

A chunk stores its chapter and pages, because a citation must name them. The lexical vector is a
generated column, so it always agrees with the text.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0003"
down_revision = "0002"
oldest = "0001"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE books (
            id uuid CONSTRAINT books_pkey PRIMARY KEY,
            title text NOT NULL CONSTRAINT books_title_key UNIQUE,
            authors text[] NOT NULL,
            year smallint,
            product_url text,
            content_hash bytea NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT books_title_check CHECK (title <> ''),
            CONSTRAINT books_content_hash_check CHECK (octet_length(content_hash) = 32)
        )
    """)
    placement.everywhere("books")

    op.execute("""
        CREATE TABLE chunks (
            id uuid CONSTRAINT chunks_pkey PRIMARY KEY,
            book_id uuid NOT NULL CONSTRAINT chunks_book_id_fkey REFERENCES books (id) ON DELETE CASCADE,
            position integer NOT NULL,
            chapter integer,
            chapter_title text NOT NULL,
            first_page integer,
            last_page integer,
            content text NOT NULL,
            lexical tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('english', content)) STORED,
            CONSTRAINT chunks_book_id_position_key UNIQUE (book_id, position),
            CONSTRAINT chunks_content_check CHECK (content <> ''),
            CONSTRAINT chunks_pages_check CHECK (
                (first_page IS NULL AND last_page IS NULL) OR first_page <= last_page
            )
        )
    """)
    placement.everywhere("chunks")
    op.execute("CREATE INDEX chunks_lexical_idx ON chunks USING gin (lexical)")


def downgrade() -> None:
    op.execute("DROP TABLE chunks")
    op.execute("DROP TABLE books")

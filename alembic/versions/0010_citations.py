"""Books with editions, pages at their offsets, and passages that stay readable while an answer cites them.

A book is identified by its title, its authors and its edition, or its year without an edition. The index holds a hash
of them, because a list of authors may be longer than an entry of an index.

A passage that leaves its book moves to `retired_passages`. `citations` says which passages are cited: it repeats the
ids in `messages.citations`, so that they can be found by passage. Passages that were loaded before have no offsets of
pages; their citations name the pages of the whole passage.

The version of the corpus rises when a book comes or goes. An ETag holds it, because a conversation shows which of its
citations are superseded.

A downgrade deletes the retired passages, and renames all but the first book of each title.

Not online: a process of the version before loads a book with the old name of a column and without an identity.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import text

from alembic import op
from plccoach_api.database import placement

revision = "0010"
down_revision = "0009"
oldest = "0010"


def upgrade() -> None:
    _identify_books()
    op.execute("ALTER TABLE chunks ADD COLUMN page_offsets integer[]")
    op.execute("ALTER TABLE chunks ADD COLUMN page_numbers integer[]")
    op.execute("""
        ALTER TABLE chunks ADD CONSTRAINT chunks_page_offsets_check
        CHECK (cardinality(page_offsets) = cardinality(page_numbers))
    """)
    op.execute("ALTER TABLE corpora ADD COLUMN version bigint NOT NULL DEFAULT 0")
    _create_retired_passages()
    _create_citations()


def _identify_books() -> None:
    op.execute("ALTER TABLE books RENAME COLUMN created_at TO loaded_at")
    op.execute("ALTER TABLE books ADD COLUMN edition text")
    op.execute("ALTER TABLE books ADD COLUMN identity bytea")
    for id_, title, authors, year in _rows("SELECT id, title, authors, year FROM books"):
        # The same as in corpus/identity.py. No book has an edition yet.
        identity = sha256(msgspec.json.encode((title, authors, str(year or "")))).digest()
        op.get_bind().execute(
            text("UPDATE books SET identity = :identity WHERE id = :id"), {"identity": identity, "id": id_}
        )
    op.execute("ALTER TABLE books ALTER COLUMN identity SET NOT NULL")
    op.execute("ALTER TABLE books ADD CONSTRAINT books_identity_check CHECK (octet_length(identity) = 32)")
    op.execute("ALTER TABLE books DROP CONSTRAINT books_title_key")
    op.execute("ALTER TABLE books ADD CONSTRAINT books_identity_key UNIQUE (identity)")


def _rows(query: str) -> Sequence[Any]:
    """Returns no rows when the SQL is only printed: Python computes from them what cannot be printed."""
    if op.get_context().as_sql:
        op.execute("-- The migration also computes a value for each book: do not run this SQL where books are loaded.")
        return []
    return op.get_bind().execute(text(query)).fetchall()


def _create_retired_passages() -> None:
    # No foreign key leads to the book, because the book may be gone.
    op.execute("""
        CREATE TABLE retired_passages (
            chunk_id uuid CONSTRAINT retired_passages_pkey PRIMARY KEY,
            book_id uuid NOT NULL,
            book_identity bytea NOT NULL,
            book_title text NOT NULL,
            authors text[] NOT NULL,
            year smallint,
            edition text,
            product_url text,
            chapter integer,
            chapter_title text NOT NULL,
            first_page integer,
            last_page integer,
            content text NOT NULL,
            content_hash bytea NOT NULL,
            retired_at timestamptz NOT NULL
        )
    """)
    placement.everywhere("retired_passages")
    op.execute("""
        CREATE INDEX retired_passages_book_identity_content_hash_idx
        ON retired_passages (book_identity, content_hash)
    """)
    # Operators delete the passages of one book, as docs/runbook.md says.
    op.execute("CREATE INDEX retired_passages_book_id_idx ON retired_passages (book_id)")


def _create_citations() -> None:
    op.execute("""
        CREATE TABLE citations (
            user_id uuid NOT NULL,
            message_id uuid NOT NULL,
            chunk_id uuid NOT NULL,
            CONSTRAINT citations_pkey PRIMARY KEY (user_id, message_id, chunk_id),
            CONSTRAINT citations_user_id_message_id_fkey FOREIGN KEY (user_id, message_id)
                REFERENCES messages (user_id, id) ON DELETE CASCADE
        )
    """)
    placement.by_user("citations")
    op.execute("CREATE INDEX citations_chunk_id_idx ON citations (chunk_id)")
    op.execute("""
        INSERT INTO citations (user_id, message_id, chunk_id)
        SELECT DISTINCT m.user_id, m.id, (cited.value ->> 'chunk_id')::uuid
        FROM messages AS m
        CROSS JOIN LATERAL jsonb_array_elements(m.citations) AS cited
        WHERE m.citations <> '[]'
    """)


def downgrade() -> None:
    op.execute("DROP TABLE citations")
    op.execute("ALTER TABLE corpora DROP COLUMN version")
    op.execute("DROP TABLE retired_passages")
    op.execute("ALTER TABLE chunks DROP CONSTRAINT chunks_page_offsets_check")
    op.execute("ALTER TABLE chunks DROP COLUMN page_numbers")
    op.execute("ALTER TABLE chunks DROP COLUMN page_offsets")
    _make_titles_unique()
    op.execute("ALTER TABLE books DROP COLUMN identity")
    op.execute("ALTER TABLE books DROP COLUMN edition")
    op.execute("ALTER TABLE books RENAME COLUMN loaded_at TO created_at")


def _make_titles_unique() -> None:
    titles = set()
    for id_, title in _rows("SELECT id, title FROM books ORDER BY loaded_at, id"):
        if title in titles:
            op.get_bind().execute(
                text("UPDATE books SET title = :title WHERE id = :id"), {"title": f"{title} ({id_})", "id": id_}
            )
        titles.add(title)
    op.execute("ALTER TABLE books ADD CONSTRAINT books_title_key UNIQUE (title)")

"""The words of the corpus, which correct a misspelt question, and the acronyms that its books explain.

`stems` cannot correct a word, because a stem is no word. The index over reversed words finds the words with the same
end. A version of the service that does not know the tables leaves them behind its books: a word that only `stems` has
is never corrected, and a count never falls below zero.
"""

from sqlalchemy import text

from alembic import op
from plccoach_api.database import placement
from plccoach_api.rules.acronyms import acronyms_in
from plccoach_api.rules.stems import stems

revision = "0013"
down_revision = "0012"
oldest = "0010"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE words (
            word text COLLATE "C" CONSTRAINT words_pkey PRIMARY KEY,
            chunks integer NOT NULL,
            CONSTRAINT words_chunks_check CHECK (chunks >= 0)
        )
    """)
    placement.everywhere("words")
    op.execute("""
        CREATE TABLE acronyms (
            book_id uuid NOT NULL CONSTRAINT acronyms_book_id_fkey REFERENCES books (id) ON DELETE CASCADE,
            acronym text NOT NULL,
            expansion text NOT NULL,
            stems text NOT NULL,
            CONSTRAINT acronyms_pkey PRIMARY KEY (book_id, acronym, stems)
        )
    """)
    placement.everywhere("acronyms")
    _add_words()
    _add_acronyms()
    op.execute('CREATE INDEX words_reverse_idx ON words (reverse(word) COLLATE "C")')
    op.execute("CREATE INDEX acronyms_acronym_idx ON acronyms (acronym)")
    op.execute("CREATE INDEX acronyms_stems_idx ON acronyms (stems)")


def downgrade() -> None:
    op.execute("DROP TABLE acronyms")
    op.execute("DROP TABLE words")


def _add_words() -> None:
    # The same as in sql/words/add_for_book.sql.
    op.execute("""
        INSERT INTO words (word, chunks)
        SELECT
            word.lexeme,
            count(*)
        FROM chunks AS c
        CROSS JOIN LATERAL unnest(to_tsvector('simple', c.content)) AS word
        WHERE word.lexeme ~ '^[[:alpha:]]{3,30}$'
        GROUP BY word.lexeme
    """)


def _add_acronyms() -> None:
    if op.get_context().as_sql:
        op.execute("-- The migration also reads the acronyms of each book: do not run this SQL where books are loaded.")
        return
    connection = op.get_bind()
    for (book_id,) in connection.execute(text("SELECT id FROM books")).fetchall():
        contents = connection.execute(
            text("SELECT content FROM chunks WHERE book_id = :id ORDER BY position"), {"id": book_id}
        ).scalars()
        for acronym, expansion in acronyms_in(contents):
            connection.execute(
                text("""
                    INSERT INTO acronyms (book_id, acronym, expansion, stems)
                    VALUES (:id, :acronym, :expansion, :stems)
                    ON CONFLICT DO NOTHING
                """),
                {"id": book_id, "acronym": acronym, "expansion": expansion, "stems": " ".join(stems(expansion))},
            )

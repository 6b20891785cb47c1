"""Search for passages: chapters, domains, a weight for each word, and vectors of the meaning.

A passage is found by its words and by its meaning. Its words are a vector with one dimension for each
stem of the corpus; the value is the share of that stem in the passage's BM25. A question is the vector of
its stems' inverse document frequencies, and the inner product of both is BM25. The weights have a table
of their own, because they are rewritten when the average length of a passage changes, and the text must
not be rewritten with them. A set holds all vectors of one model; the vectors of a new model are another
set beside it. A vector that is computed before its passage is stored is staged, so that an interrupted
ingest pays for no vector twice.

Books must be ingested again, because the new columns can only be computed from their files.

Not online: the passages are deleted, and a process of the version before searches a table that has other columns.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0007"
down_revision = "0006"
oldest = "0007"

_DOMAINS = """
    'assessment', 'collaboration', 'leadership', 'curriculum', 'data_analysis', 'school_culture', 'student_learning'
"""


def upgrade() -> None:
    op.execute("DELETE FROM books")
    op.execute("DROP TABLE chunks")
    op.execute("""
        CREATE TABLE chapters (
            id uuid CONSTRAINT chapters_pkey PRIMARY KEY,
            book_id uuid NOT NULL CONSTRAINT chapters_book_id_fkey REFERENCES books (id) ON DELETE CASCADE,
            position integer NOT NULL,
            number integer,
            title text NOT NULL,
            CONSTRAINT chapters_book_id_position_key UNIQUE (book_id, position)
        )
    """)
    placement.everywhere("chapters")
    _create_chunks()
    _create_weights()
    _create_embeddings()


def _create_chunks() -> None:
    op.execute(f"""
        CREATE TABLE chunks (
            id uuid CONSTRAINT chunks_pkey PRIMARY KEY,
            book_id uuid NOT NULL CONSTRAINT chunks_book_id_fkey REFERENCES books (id) ON DELETE CASCADE,
            chapter_id uuid NOT NULL CONSTRAINT chunks_chapter_id_fkey REFERENCES chapters (id) ON DELETE CASCADE,
            position integer NOT NULL,
            first_page integer,
            last_page integer,
            primary_domain text NOT NULL,
            secondary_domains text[] NOT NULL,
            tokens integer NOT NULL,
            content text NOT NULL,
            content_hash bytea NOT NULL,
            lexical tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('english', content)) STORED,
            CONSTRAINT chunks_book_id_position_key UNIQUE (book_id, position),
            CONSTRAINT chunks_content_check CHECK (content <> ''),
            CONSTRAINT chunks_content_hash_check CHECK (octet_length(content_hash) = 32),
            CONSTRAINT chunks_tokens_check CHECK (tokens > 0),
            CONSTRAINT chunks_primary_domain_check CHECK (primary_domain IN ({_DOMAINS})),
            CONSTRAINT chunks_secondary_domains_check CHECK (secondary_domains <@ ARRAY[{_DOMAINS}]),
            CONSTRAINT chunks_pages_check CHECK (
                (first_page IS NULL AND last_page IS NULL) OR first_page <= last_page
            )
        )
    """)
    placement.everywhere("chunks")
    op.execute("CREATE INDEX chunks_lexical_idx ON chunks USING gin (lexical)")
    op.execute("CREATE INDEX chunks_chapter_id_idx ON chunks (chapter_id)")


def _create_weights() -> None:
    op.execute("""
        CREATE TABLE stems (
            stem text CONSTRAINT stems_pkey PRIMARY KEY,
            dimension bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT stems_dimension_key UNIQUE,
            chunks integer NOT NULL,
            CONSTRAINT stems_chunks_check CHECK (chunks >= 0)
        )
    """)
    placement.everywhere("stems")
    op.execute("""
        CREATE TABLE chunk_weights (
            chunk_id uuid CONSTRAINT chunk_weights_pkey PRIMARY KEY
                CONSTRAINT chunk_weights_chunk_id_fkey REFERENCES chunks (id) ON DELETE CASCADE,
            length integer NOT NULL,
            weights sparsevec NOT NULL
        )
    """)
    placement.everywhere("chunk_weights")
    op.execute("""
        CREATE TABLE corpora (
            id smallint CONSTRAINT corpora_pkey PRIMARY KEY CONSTRAINT corpora_id_check CHECK (id = 1),
            chunks integer NOT NULL,
            length bigint NOT NULL,
            average_length double precision NOT NULL
        )
    """)
    placement.everywhere("corpora")
    op.execute("INSERT INTO corpora (id, chunks, length, average_length) VALUES (1, 0, 0, 0)")


def _create_embeddings() -> None:
    op.execute("""
        CREATE TABLE embedding_sets (
            id uuid CONSTRAINT embedding_sets_pkey PRIMARY KEY,
            provider text NOT NULL,
            model text NOT NULL,
            dimensions integer NOT NULL,
            state text NOT NULL,
            indexed boolean NOT NULL DEFAULT false,
            created_at timestamptz NOT NULL,
            CONSTRAINT embedding_sets_provider_model_dimensions_key UNIQUE (provider, model, dimensions),
            CONSTRAINT embedding_sets_dimensions_check CHECK (dimensions BETWEEN 1 AND 4000),
            CONSTRAINT embedding_sets_state_check CHECK (state IN ('loading', 'ready'))
        )
    """)
    placement.everywhere("embedding_sets")
    op.execute("""
        CREATE TABLE embeddings (
            set_id uuid NOT NULL
                CONSTRAINT embeddings_set_id_fkey REFERENCES embedding_sets (id) ON DELETE CASCADE,
            chunk_id uuid NOT NULL
                CONSTRAINT embeddings_chunk_id_fkey REFERENCES chunks (id) ON DELETE CASCADE,
            embedding halfvec NOT NULL,
            CONSTRAINT embeddings_pkey PRIMARY KEY (set_id, chunk_id)
        )
    """)
    placement.everywhere("embeddings")
    # Compressing a vector saves no space, and slows down each read.
    placement.set_storage("embeddings", "embedding", "EXTERNAL")
    op.execute("CREATE INDEX embeddings_chunk_id_idx ON embeddings (chunk_id)")
    op.execute("""
        CREATE TABLE staged_embeddings (
            set_id uuid NOT NULL
                CONSTRAINT staged_embeddings_set_id_fkey REFERENCES embedding_sets (id) ON DELETE CASCADE,
            content_hash bytea NOT NULL,
            embedding halfvec NOT NULL,
            CONSTRAINT staged_embeddings_pkey PRIMARY KEY (set_id, content_hash)
        )
    """)
    placement.everywhere("staged_embeddings")


def downgrade() -> None:
    op.execute("DELETE FROM books")
    op.execute("DROP TABLE staged_embeddings")
    op.execute("DROP TABLE embeddings")
    op.execute("DROP TABLE embedding_sets")
    op.execute("DROP TABLE corpora")
    op.execute("DROP TABLE chunk_weights")
    op.execute("DROP TABLE stems")
    op.execute("DROP TABLE chunks")
    op.execute("DROP TABLE chapters")
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

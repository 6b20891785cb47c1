"""The stems of a passage beside its weights, so that a search scores the passages that it selects without a join.

A search by words selects up to 5,000 passages by their stems. Reading their weights from another table took twice as
long as selecting them.

An ingest by an older version leaves the stems of its books empty: those books are found by meaning only, until the next
ingest by this version completes them.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
oldest = "0010"

_NAME = "chunk_weights_lexical_idx"


def upgrade() -> None:
    op.execute("ALTER TABLE chunk_weights ADD COLUMN IF NOT EXISTS lexical tsvector")
    op.execute("""
        INSERT INTO chunk_weights (chunk_id, length, weights, lexical)
        SELECT
            w.chunk_id,
            w.length,
            w.weights,
            strip(c.lexical)
        FROM chunk_weights AS w
        INNER JOIN chunks AS c ON w.chunk_id = c.id
        ON CONFLICT (chunk_id) DO UPDATE SET lexical = excluded.lexical
    """)
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {_NAME}")
        op.execute(f"CREATE INDEX CONCURRENTLY {_NAME} ON chunk_weights USING gin (lexical) WITH (fastupdate = off)")
        op.execute("ANALYZE chunk_weights")


def downgrade() -> None:
    op.execute(f"DROP INDEX {_NAME}")
    op.execute("ALTER TABLE chunk_weights DROP COLUMN lexical")

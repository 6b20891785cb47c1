"""Long vectors: a set says of which kind its index is, vectors have up to 4,096 numbers and stay in their rows.

A vector of more than about 1,000 numbers was stored outside its row, and reading it took longer than comparing it: an
exact search now takes a third of the time. Vectors that are stored already move into their rows with
`VACUUM FULL embeddings`. Vectors of more than 4,000 numbers do not fit.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0027"
down_revision = "0026"
oldest = "0010"


def upgrade() -> None:
    op.execute("ALTER TABLE embedding_sets ADD COLUMN index_kind text")
    op.execute("""
        ALTER TABLE embedding_sets
        ADD CONSTRAINT embedding_sets_index_kind_check CHECK (index_kind IN ('values', 'signs'))
    """)
    _limit_dimensions(4096)
    placement.set_storage("embeddings", "embedding", "MAIN")


def downgrade() -> None:
    placement.set_storage("embeddings", "embedding", "EXTERNAL")
    op.execute("DELETE FROM embedding_sets WHERE dimensions > 4000")
    _limit_dimensions(4000)
    op.execute("ALTER TABLE embedding_sets DROP COLUMN index_kind")


def _limit_dimensions(most: int) -> None:
    op.execute("ALTER TABLE embedding_sets DROP CONSTRAINT embedding_sets_dimensions_check")
    op.execute(f"""
        ALTER TABLE embedding_sets
        ADD CONSTRAINT embedding_sets_dimensions_check CHECK (dimensions BETWEEN 1 AND {most})
    """)

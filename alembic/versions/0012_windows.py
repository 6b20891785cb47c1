"""The windows of passages: runs of sentences with a vector each, by which a search compares passages with a question.

A passage of several hundred words has a vector that is near to everything and to nothing. A window of it is as long as
an answer. A passage without windows is compared by its own vector, so replicas before and after this migration run on
the same corpus. The next ingest adds the windows.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0012"
down_revision = "0011"
oldest = "0010"


def upgrade() -> None:
    # The passage leads the key, because a search reads the windows of some passages, and a delete those of one.
    op.execute("""
        CREATE TABLE chunk_windows (
            chunk_id uuid NOT NULL,
            set_id uuid NOT NULL,
            start_offset integer NOT NULL,
            end_offset integer NOT NULL,
            embedding halfvec NOT NULL,
            CONSTRAINT chunk_windows_pkey PRIMARY KEY (chunk_id, set_id, start_offset),
            CONSTRAINT chunk_windows_chunk_id_fkey FOREIGN KEY (chunk_id) REFERENCES chunks (id) ON DELETE CASCADE,
            CONSTRAINT chunk_windows_set_id_fkey FOREIGN KEY (set_id) REFERENCES embedding_sets (id) ON DELETE CASCADE,
            CONSTRAINT chunk_windows_offsets_check CHECK (start_offset >= 0 AND start_offset < end_offset)
        )
    """)
    placement.everywhere("chunk_windows")


def downgrade() -> None:
    op.execute("DROP TABLE chunk_windows")

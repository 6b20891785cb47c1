"""Indexes by which the daily job finds the rows that it deletes.

In every other index of a table that belongs to users, `user_id` comes first. Here it does not, because the job deletes
rows of all users: with `user_id` first, each batch reads the whole table or the whole index. On Citus, each shard has
its own part of these indexes.

The index of `last_accessed_at` costs each touch of a session one more entry. A session is touched once a minute at
most.

The indexes are built without blocking writes, and outside a transaction. A build that was interrupted leaves an
invalid index, so each build drops that first.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
oldest = "0010"

_NEW = {
    "sessions_expires_at_idx": "sessions (expires_at)",
    "sessions_last_accessed_at_idx": "sessions (last_accessed_at)",
    "idempotency_keys_expires_at_idx": "idempotency_keys (expires_at)",
    "conversations_archived_at_idx": "conversations (archived_at) WHERE archived_at IS NOT NULL",
    "conversations_updated_at_unasked_idx": "conversations (updated_at) WHERE asked_at IS NULL",
}
_OLD = {
    "conversations_user_id_archived_at_idx": "conversations (user_id, archived_at) WHERE archived_at IS NOT NULL",
    "conversations_user_id_updated_at_unasked_idx": "conversations (user_id, updated_at) WHERE asked_at IS NULL",
}


def upgrade() -> None:
    _replace(_OLD, _NEW)


def downgrade() -> None:
    _replace(_NEW, _OLD)


def _replace(old: dict[str, str], new: dict[str, str]) -> None:
    with op.get_context().autocommit_block():
        for name, target in new.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {target}")
        for name in old:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")

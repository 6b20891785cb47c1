"""The visits of share links."""

from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import execute


@execute
async def count(connection: Connection, *, user_id: UUID, conversation_id: UUID, token_hash: bytes) -> None:
    """Raises ForeignKeyViolation when the conversation has just been deleted."""

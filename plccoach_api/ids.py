"""The ids of stored rows."""

from uuid import UUID

from uuid_utils import uuid7


def new() -> UUID:
    """Returns a UUID version 7. Its value grows with time, so an index on it grows at one end."""
    return UUID(int=uuid7().int)

"""The ids of everything we store."""

from uuid import UUID

from uuid_utils import uuid7


def new() -> UUID:
    """A UUID version 7: ids made later are greater, so that an index on them grows at one end."""
    return UUID(int=uuid7().int)

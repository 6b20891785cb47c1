"""Sessions, as their owner reads them."""

from typing import Self
from uuid import UUID

import msgspec

from plccoach_api.queries.sessions import Session as SessionRow
from plccoach_api.structs.time import Time


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A browser in which the person is signed in. `expires_at` is when the session ends if it is not used again."""

    id: UUID
    created_at: Time
    last_accessed_at: Time
    expires_at: Time
    user_agent: str
    current: bool

    @classmethod
    def of(cls, row: SessionRow, *, current: bool) -> Self:
        return cls(
            id=row.id,
            created_at=row.created_at,
            last_accessed_at=row.last_accessed_at,
            expires_at=row.expires_at,
            user_agent=row.user_agent,
            current=current,
        )


class SessionCleanup(msgspec.Struct, frozen=True):
    """The number of sessions that were deleted."""

    sessions_deleted: int


class SessionList(msgspec.Struct, frozen=True):
    """All sessions of the person. The list has one page."""

    items: list[Session]

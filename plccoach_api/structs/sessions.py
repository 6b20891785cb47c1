"""Sessions, as their owner sees them."""

from typing import Self
from uuid import UUID

import msgspec

from plccoach_api.queries.sessions import Session as SessionRow
from plccoach_api.structs.time import Time


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A browser in which I am signed in; `expires_at` is when that ends if it is not used again."""

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
    """How many sessions were removed."""

    sessions_deleted: int


class SessionList(msgspec.Struct, frozen=True):
    """All of them: a person has few."""

    items: list[Session]

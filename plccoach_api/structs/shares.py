"""Shared links, and the conversation that their readers see."""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import Self

import msgspec

from plccoach_api.queries.conversations import SharedConversation as SharedConversationRow
from plccoach_api.rules.sharing import ShareToken
from plccoach_api.structs.messages import Message
from plccoach_api.structs.time import Time


class ShareDays(IntEnum):
    week = 7
    month = 30


class NewShare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link to create. With null days, it is valid until it is revoked."""

    expires_in_days: ShareDays | None


class ShareLink(msgspec.Struct, frozen=True):
    """A new link. The service stores only a hash of the token, so the token cannot be read again."""

    share_url: str
    token: str
    expires_at: Time | None

    @classmethod
    def of(cls, token: ShareToken, frontend_url: str, expires_at: datetime | None) -> Self:
        return cls(f"{frontend_url}/shared/{token}", str(token), expires_at)


class SharedConversation(msgspec.Struct, frozen=True, kw_only=True):
    """The current state of a conversation that somebody shared. `shared_by` is the owner's name.

    Feedback, tokens, cost and response time are null, because only the owner may see them.
    """

    title: str | None
    shared_by: str
    created_at: Time
    updated_at: Time
    messages: list[Message]
    next_cursor: str | None

    @classmethod
    def of(cls, row: SharedConversationRow, messages: Sequence[Message], next_cursor: str | None) -> Self:
        return cls(
            title=row.title,
            shared_by=row.shared_by,
            created_at=row.created_at,
            updated_at=row.updated_at,
            messages=list(messages),
            next_cursor=next_cursor,
        )

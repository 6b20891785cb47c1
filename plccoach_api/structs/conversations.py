"""Conversations, as their owner reads them."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from plccoach_api.queries.conversations import Conversation as ConversationRow
from plccoach_api.queries.conversations import ConversationSummary as ConversationSummaryRow
from plccoach_api.queries.conversations import FoundConversation
from plccoach_api.rules.messages import ConversationStatus
from plccoach_api.rules.searching import Words
from plccoach_api.structs.messages import Message
from plccoach_api.structs.text import Title
from plccoach_api.structs.time import Time


class NewConversation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without a title, the first question gives it one."""

    title: Title | None = None


class ConversationChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    title: Title | UnsetType = UNSET
    status: ConversationStatus | UnsetType = UNSET


class ConversationSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list; `preview` is how the first question begins.

    `highlight` is there when the list was searched: HTML, in which only the words that were found are marked.
    """

    id: UUID
    title: str | None
    status: ConversationStatus
    preview: str | None
    message_count: int
    share_enabled: bool
    created_at: Time
    updated_at: Time
    highlight: str | UnsetType = UNSET

    @classmethod
    def of(cls, row: ConversationSummaryRow, highlight: str | UnsetType = UNSET) -> Self:
        shown = {name: getattr(row, name) for name in ConversationSummaryRow.__struct_fields__}
        return cls(**shown, highlight=highlight)

    @classmethod
    def with_highlight(cls, row: FoundConversation, words: Words) -> Self:
        return cls.of(row, words.highlight(row.found_in or ""))


class Share(msgspec.Struct, frozen=True):
    """A link by which other people may read a conversation, without the link itself."""

    expires_at: Time | None
    shared_at: Time
    opens: int


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with its first messages, oldest first; `next_cursor` goes on in its list of messages."""

    id: UUID
    title: str | None
    status: ConversationStatus
    created_at: Time
    updated_at: Time
    share: Share | None
    messages: list[Message]
    next_cursor: str | None

    @classmethod
    def of(cls, row: ConversationRow, messages: Sequence[Message], next_cursor: str | None) -> Self:
        share = None
        if row.shared_at is not None and row.share_opens is not None:
            share = Share(row.share_expires_at, row.shared_at, row.share_opens)
        return cls(
            id=row.id,
            title=row.title,
            status=row.status,
            created_at=row.created_at,
            updated_at=row.updated_at,
            share=share,
            messages=list(messages),
            next_cursor=next_cursor,
        )

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
    """A conversation to create. Without a title, it is named after its first question."""

    title: Title | None = None


class ConversationChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Changes of a conversation. A field that is left out keeps its value."""

    title: Title | UnsetType = UNSET
    status: ConversationStatus | UnsetType = UNSET


class ConversationSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation in a list. `preview` is the beginning of the first question.

    `highlight` is present only in the results of a search. It is an excerpt as HTML, in which `<mark>` surrounds the
    words that were found; everything else is escaped.
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
        fields = {name: getattr(row, name) for name in ConversationSummaryRow.__struct_fields__}
        return cls(**fields, highlight=highlight)

    @classmethod
    def with_highlight(cls, row: FoundConversation, words: Words) -> Self:
        return cls.of(row, words.highlight(row.found_in or ""))


class Share(msgspec.Struct, frozen=True):
    """The state of the link that lets other people read a conversation. `opens` is how often they opened it."""

    expires_at: Time | None
    shared_at: Time
    opens: int


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with its first messages, oldest first.

    `next_cursor` is a cursor of the conversation's list of messages, where the next messages are read.
    """

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

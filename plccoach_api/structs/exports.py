"""A conversation as it is exported to JSON."""

import msgspec

from plccoach_api.structs.messages import Message
from plccoach_api.structs.time import Time


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A book of the bibliography, with the cited pages."""

    title: str
    authors: tuple[str, ...]
    pages: tuple[int, ...]
    product_url: str | None


class ExportedConversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with all its messages, and the books that they cite."""

    title: str
    created_at: Time
    updated_at: Time
    exported_at: Time
    messages: list[Message]
    bibliography: list[Work]

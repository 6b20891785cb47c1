"""A conversation as it is exported for programs."""

import msgspec

from plccoach_api.structs.messages import Message
from plccoach_api.structs.time import Time


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A book of the bibliography, with the pages that were cited."""

    title: str
    authors: tuple[str, ...]
    pages: tuple[int, ...]
    product_url: str | None


class ExportedConversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with every message, and the books that its citations are of."""

    title: str
    created_at: Time
    updated_at: Time
    exported_at: Time
    messages: list[Message]
    bibliography: list[Work]

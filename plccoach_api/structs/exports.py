"""A conversation as it is exported for programs."""

import msgspec

from plccoach_api.export.conversation import Work
from plccoach_api.structs.messages import Message
from plccoach_api.structs.time import Time


class ExportedConversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with every message, and the books that its citations are of."""

    title: str
    created_at: Time
    updated_at: Time
    exported_at: Time
    messages: list[Message]
    bibliography: list[Work]

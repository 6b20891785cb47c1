"""A conversation as JSON, for programs. The messages are the same as in the API's responses."""

from collections.abc import AsyncGenerator

import msgspec

from plccoach_api.export.bibliography import Bibliography
from plccoach_api.export.conversation import ExportHeader, MessagePages

_encode = msgspec.json.Encoder().encode


async def write_json(header: ExportHeader, pages: MessagePages) -> AsyncGenerator[bytes]:
    """Yields one JSON object, in one part for each message."""
    bibliography = Bibliography()
    yield _encode(header)[:-1] + b',"messages":['
    separator = b""
    async for page in pages:
        for message in page:
            bibliography.add(message.citations)
            yield separator + _encode(message)
            separator = b","
    yield b'],"bibliography":' + _encode(bibliography.works()) + b"}\n"

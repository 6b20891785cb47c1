"""A conversation as JSON, for programs: the messages as the API shows them."""

from collections.abc import AsyncIterator

import msgspec

from plccoach_api.export.conversation import Bibliography, Exported, Pages

_encode = msgspec.json.Encoder().encode


async def data(exported: Exported, pages: Pages) -> AsyncIterator[bytes]:
    """One object, a message at a time."""
    bibliography = Bibliography()
    yield _encode(exported)[:-1] + b',"messages":['
    separator = b""
    async for page in pages:
        for message in page:
            bibliography.add(message.citations)
            yield separator + _encode(message)
            separator = b","
    yield b'],"bibliography":' + _encode(bibliography.works()) + b"}\n"

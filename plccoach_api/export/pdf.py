"""A conversation as PDF, set by a process of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from plccoach_api.export.conversation import Bibliography, Exported, Pages, entry, source
from plccoach_api.export.texts import dates, speaker
from plccoach_api.rules.messages import MessageRole
from plccoach_api.structs.messages import Message

_SECONDS = 30.0
# Each takes a processor for a moment; the others wait, and answers go on being written meanwhile.
_AT_ONCE = asyncio.Semaphore(2)


class TypesettingFailed(Exception):
    """The process ended without a PDF; the message is its last words."""


async def pdf(exported: Exported, pages: Pages) -> AsyncIterator[bytes]:
    """The whole file at once: its table of contents is written last."""
    bibliography = Bibliography()
    messages: list[dict[str, Any]] = []
    async for page in pages:
        for message in page:
            bibliography.add(message.citations)
            messages.append(_message(message))
    conversation = {
        "title": _shown(exported.title),
        "dates": dates(exported),
        "messages": messages,
        "bibliography": [{"words": _shown(entry(work)), "link": work.product_url} for work in bibliography.works()],
    }
    yield await _typeset(msgspec.json.encode(conversation), int(exported.exported_at.timestamp()))


def _message(message: Message) -> dict[str, Any]:
    return {
        "speaker": speaker(message),
        "question": message.role is MessageRole.user,
        "content": _shown(message.content),
        "sources": [
            {
                "index": str(citation.index),
                "words": _shown(source(citation)),
                "quote": " ".join(_shown(citation.quote).split()),
            }
            for citation in message.citations
        ],
    }


def _shown(words: str) -> str:
    """Without control characters, which have no glyph."""
    return "".join(each for each in words if each in "\n\t" or each.isprintable() or not each.isascii())


async def _typeset(conversation: bytes, exported_at: int) -> bytes:
    async with _AT_ONCE, asyncio.timeout(_SECONDS):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "plccoach_api.export.typeset", str(exported_at)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            written, said = await process.communicate(conversation)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode != 0:
        # Only the kind of failure: a typesetter's message quotes what it could not set.
        raise TypesettingFailed(said.decode(errors="replace").rstrip().rpartition("\n")[2].partition(":")[0])
    return written

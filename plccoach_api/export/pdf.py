"""A conversation as PDF, typeset in a separate process."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from plccoach_api.export.bibliography import Bibliography, describe_source, describe_work
from plccoach_api.export.conversation import ExportHeader, MessagePages, dates_line, message_heading
from plccoach_api.rules.messages import MessageRole
from plccoach_api.structs.messages import Message

_SECONDS = 30.0
# A typesetter uses one processor for a moment. Further exports wait, so that answers are not delayed.
_TYPESETTER_SLOTS = asyncio.Semaphore(2)


class TypesettingFailed(Exception):
    """The process ended without a PDF. The message is the kind of its error."""


async def write_pdf(header: ExportHeader, pages: MessagePages) -> AsyncIterator[bytes]:
    """Yields the file in one part, because the end of a PDF says where its objects are."""
    bibliography = Bibliography()
    messages: list[dict[str, Any]] = []
    async for page in pages:
        for message in page:
            bibliography.add(message.citations)
            messages.append(_message(message))
    conversation = {
        "title": _printable(header.title),
        "dates": dates_line(header),
        "messages": messages,
        "bibliography": [
            {"words": _printable(describe_work(work)), "link": work.product_url} for work in bibliography.works()
        ],
    }
    yield await _typeset(msgspec.json.encode(conversation), int(header.exported_at.timestamp()))


def _message(message: Message) -> dict[str, Any]:
    return {
        "heading": message_heading(message),
        "question": message.role is MessageRole.user,
        "content": _printable(message.content),
        "sources": [
            {
                "index": str(citation.index),
                "words": _printable(describe_source(citation)),
                "quote": " ".join(_printable(citation.quote).split()),
            }
            for citation in message.citations
        ],
    }


def _printable(text: str) -> str:
    """Removes control characters, which have no glyph."""
    return "".join(each for each in text if each in "\n\t" or each.isprintable() or not each.isascii())


async def _typeset(conversation: bytes, exported_at: int) -> bytes:
    async with _TYPESETTER_SLOTS, asyncio.timeout(_SECONDS):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "plccoach_api.export.typeset", str(exported_at)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            file, errors = await process.communicate(conversation)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode != 0:
        # Only the type of the error is reported, because the typesetter's message may quote the conversation.
        raise TypesettingFailed(errors.decode(errors="replace").rstrip().rpartition("\n")[2].partition(":")[0])
    return file

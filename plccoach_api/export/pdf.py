"""A conversation as PDF, typeset in a separate process."""

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator
from typing import Any

import msgspec

from plccoach_api import problems
from plccoach_api.export.bibliography import Bibliography, describe_source, describe_work
from plccoach_api.export.conversation import ExportHeader, MessagePages, dates_line, message_heading
from plccoach_api.export.places import turn
from plccoach_api.rules.messages import MessageRole
from plccoach_api.structs.messages import Message

# The process limits its own processor time. A busy machine may need longer than that for the same work.
_SECONDS = 90.0
# A longer conversation needs more memory than a typesetter may take, even if it is plain prose.
_MAX_CHARACTERS = 4_000_000
# A typesetter uses one processor for a moment. Further exports wait, so that answers are not delayed.
_TYPESETTER_SLOTS = asyncio.Semaphore(2)
# The exit codes of a typesetter that got no more memory or time.
_OUT_OF_LIMITS = {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGXCPU}


class TypesettingFailed(Exception):
    """The process ended without a PDF. The message is the kind of its error."""


async def write_pdf(header: ExportHeader, pages: MessagePages) -> AsyncGenerator[bytes]:
    """Yields the file in one part, because the end of a PDF says where its objects are."""
    async with turn(_TYPESETTER_SLOTS):
        file = await _typeset(await _encode(header, pages), int(header.exported_at.timestamp()))
    yield file


async def _encode(header: ExportHeader, pages: MessagePages) -> bytes:
    bibliography = Bibliography()
    messages: list[dict[str, Any]] = []
    characters = 0
    async for page in pages:
        for message in page:
            bibliography.add(message.citations)
            messages.append(_message(message))
            characters += len(message.content)
        if characters > _MAX_CHARACTERS:
            raise problems.ExportTooLong
    return msgspec.json.encode(
        {
            "title": _printable(header.title),
            "dates": dates_line(header),
            "messages": messages,
            "bibliography": [
                {"words": _printable(describe_work(work)), "link": work.product_url} for work in bibliography.works()
            ],
        }
    )


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
    """Raises ExportTooLong when the process reaches its limits, and ExportsBusy when the machine is too busy.

    A cancelled call ends the process.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "plccoach_api.export.typeset", str(exported_at)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_SECONDS):
            file, errors = await process.communicate(conversation)
    except TimeoutError:
        raise problems.ExportsBusy from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode in _OUT_OF_LIMITS:
        raise problems.ExportTooLong
    if process.returncode != 0:
        # Only the type of the error is reported, because the typesetter's message may quote the conversation.
        raise TypesettingFailed(errors.decode(errors="replace").rstrip().rpartition("\n")[2].partition(":")[0])
    return file

"""Conversations to export."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from polyfactory.factories.msgspec_factory import MsgspecFactory

from plccoach_api.export.conversation import ExportHeader
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.messages import MessageRole, MessageStatus
from plccoach_api.structs.messages import Message

BEGUN = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
HANDBOOK = "Learning Together"

_CITATION = Citation(
    index=1,
    chunk_id=UUID(int=1),
    book_title=HANDBOOK,
    authors=("Mara Ellison", "Tobias Okafor"),
    chapter=1,
    chapter_title="What a PLC Is",
    pages=(1, 2),
    quote="The four critical questions guide every team.",
    product_url=None,
)


class _MessageFactory(MsgspecFactory[Message]):
    """Draws the fields that are not set here at random, because no export but JSON shows them."""

    status = MessageStatus.complete
    citations = ()
    created_at = BEGUN


def header(title: str = "What is a PLC?") -> ExportHeader:
    return ExportHeader(
        title=title, created_at=BEGUN, updated_at=BEGUN + timedelta(hours=1), exported_at=BEGUN + timedelta(days=1)
    )


def citation(index: int, **changes: Any) -> Citation:
    """Returns a citation of the handbook. Its pages begin with its index."""
    numbered = replace(_CITATION, index=index, chunk_id=UUID(int=index), pages=(index, index + 1))
    return replace(numbered, **changes)


def question(content: str) -> Message:
    return _MessageFactory.build(role=MessageRole.user, content=content)


def answer(content: str, *citations: Citation, status: MessageStatus = MessageStatus.complete) -> Message:
    return _MessageFactory.build(role=MessageRole.assistant, content=content, citations=citations, status=status)


async def in_pages(*pages: Sequence[Message]) -> AsyncIterator[Sequence[Message]]:
    for page in pages:
        yield page


async def read_all(parts: AsyncIterator[bytes]) -> bytes:
    return b"".join([part async for part in parts])

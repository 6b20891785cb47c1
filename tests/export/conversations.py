"""Conversations to export."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from plccoach_api.export.conversation import Exported
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.messages import MessageKind, MessageRole, MessageStatus
from plccoach_api.structs.messages import Message

BEGUN = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
HANDBOOK = "Learning Together"


def exported(title: str = "What is a PLC?") -> Exported:
    return Exported(
        title=title, created_at=BEGUN, updated_at=BEGUN + timedelta(hours=1), exported_at=BEGUN + timedelta(days=1)
    )


def citation(index: int, **changes: Any) -> Citation:
    given: dict[str, Any] = {
        "index": index,
        "chunk_id": UUID(int=index),
        "book_title": HANDBOOK,
        "authors": ("Mara Ellison", "Tobias Okafor"),
        "chapter": 1,
        "chapter_title": "What a PLC Is",
        "pages": (index, index + 1),
        "quote": "The four critical questions guide every team.",
        "product_url": None,
    }
    return Citation(**given | changes)


def message(role: MessageRole, content: str, **changes: Any) -> Message:
    answers = role is MessageRole.assistant
    given: dict[str, Any] = {
        "id": UUID(int=1),
        "conversation_id": UUID(int=2),
        "role": role,
        "content": content,
        "status": MessageStatus.complete,
        "kind": MessageKind.answer if answers else None,
        "citations": (),
        "domains": (),
        "feedback": None,
        "input_tokens": None,
        "output_tokens": None,
        "cost_usd": None,
        "response_time_ms": None,
        "created_at": BEGUN,
    }
    return Message(**given | changes)


def question(content: str, **changes: Any) -> Message:
    return message(MessageRole.user, content, **changes)


def answer(content: str, *citations: Citation, **changes: Any) -> Message:
    return message(MessageRole.assistant, content, citations=citations, **changes)


async def in_pages(*pages: Sequence[Message]) -> AsyncIterator[Sequence[Message]]:
    for page in pages:
        yield page


async def whole(written: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in written])

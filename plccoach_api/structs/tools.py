"""The messages, arguments and results of the tools for assistants (Model Context Protocol)."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

import msgspec
from msgspec import Meta

from plccoach_api.queries import chunks
from plccoach_api.queries.passages import StoredPassage
from plccoach_api.rules.citations import place_of
from plccoach_api.rules.messages import MessageKind
from plccoach_api.structs.citations import Citation, Passage
from plccoach_api.structs.text import Question

_EXCERPT_CHARACTERS = 400


class RpcMessage(msgspec.Struct, frozen=True):
    """The envelope of a message of the protocol, which has more fields. We send no requests, so none is a response."""

    jsonrpc: Literal["2.0"]
    method: str
    params: dict[str, Any] | None = None


class SearchArguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    query: Question
    limit: Annotated[int, Meta(ge=1, le=20, description="The number of passages, from 1 to 20.")] = 10


class FetchArguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[UUID, Meta(description="The `id` of a result of `search`, or the `chunk_id` of a citation.")]


class AskArguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    question: Question


class SearchResult(msgspec.Struct, frozen=True):
    """`text` is the beginning of the passage."""

    id: UUID
    title: str
    url: str
    text: str

    @classmethod
    def of(cls, passage: chunks.Passage, public_url: str) -> Self:
        pages = _pages(passage.first_page, passage.last_page)
        text = passage.content
        if len(text) > _EXCERPT_CHARACTERS:
            text = f"{text[: _EXCERPT_CHARACTERS - 1]}…"
        url = f"{public_url}/passages/{passage.chunk_id}"
        return cls(passage.chunk_id, place_of(passage.book_title, pages), url, text)


class SearchResults(msgspec.Struct, frozen=True):
    results: list[SearchResult]


class FetchedPassage(msgspec.Struct, frozen=True):
    """`metadata` has the other fields of the passage, under the names of `GET /api/passages/{chunk_id}`."""

    id: UUID
    title: str
    text: str
    url: str
    metadata: dict[str, object]

    @classmethod
    def of(cls, row: StoredPassage, public_url: str) -> Self:
        passage = Passage.of(row)
        metadata = msgspec.structs.asdict(passage)
        del metadata["chunk_id"], metadata["content"]
        url = f"{public_url}/passages/{passage.chunk_id}"
        return cls(passage.chunk_id, place_of(passage.book_title, passage.pages), passage.content, url, metadata)


class ToolAnswer(msgspec.Struct, frozen=True):
    kind: MessageKind
    answer: str
    citations: list[Citation]


def _pages(first: int | None, last: int | None) -> tuple[int, int] | None:
    return None if first is None or last is None else (first, last)

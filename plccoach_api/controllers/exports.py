"""Conversations as files to download."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import Request, get
from litestar.datastructures import ResponseHeader, State
from litestar.params import QueryParameter
from litestar.response import Stream

from plccoach_api import problems
from plccoach_api.controllers.messages import ConversationId
from plccoach_api.database.pool import Database
from plccoach_api.export.conversation import UNTITLED, ExportHeader, MessagePages
from plccoach_api.export.json_file import write_json
from plccoach_api.export.messages import message_pages
from plccoach_api.export.pdf import write_pdf
from plccoach_api.export.places import ExportPlaces
from plccoach_api.export.texts import write_markdown, write_plain_text
from plccoach_api.http.dependencies import Injected
from plccoach_api.http.disconnection import while_connected
from plccoach_api.queries import conversations
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.file_names import attachment, file_name
from plccoach_api.settings import Settings
from plccoach_api.structs.exports import ExportedConversation


class ExportFormat(StrEnum):
    """The format of an exported file."""

    markdown = "markdown"
    text = "text"
    pdf = "pdf"
    json = "json"


Format = Annotated[ExportFormat, QueryParameter(name="format", description="The format of the file.")]


@dataclass(frozen=True, slots=True)
class _Writer:
    write: Callable[[ExportHeader, MessagePages], AsyncGenerator[bytes]]
    extension: str
    media_type: str


_WRITERS = {
    ExportFormat.markdown: _Writer(write_markdown, "md", "text/markdown"),
    ExportFormat.text: _Writer(write_plain_text, "txt", "text/plain"),
    ExportFormat.pdf: _Writer(write_pdf, "pdf", "application/pdf"),
    ExportFormat.json: _Writer(write_json, "json", "application/json"),
}

_PLACES = ExportPlaces()

_FILE_NAME = ResponseHeader(
    name="Content-Disposition", documentation_only=True, description="The file's name, made from the title (RFC 6266)."
)


@get(
    "/api/conversations/{conversation_id:uuid}/export",
    operation_id="exportConversation",
    tags=["conversations"],
    summary="Download a conversation",
    response_headers=[_FILE_NAME],
    response_description="The file.",
    downloads={
        writer.media_type: ExportedConversation if writer.write is write_json else None for writer in _WRITERS.values()
    },
    problems=[problems.ExportsBusy, problems.ExportTooLong],
)
async def export_conversation(
    request: Request[SignedInUser, None, State],
    database: Injected[Database],
    settings: Injected[Settings],
    user: Injected[SignedInUser],
    now: Injected[datetime],
    conversation_id: ConversationId,
    file_format: Format,
) -> Stream:
    """Returns a file with every message, its citations, and a bibliography. `Content-Disposition` names the file.

    A person's downloads are prepared one after another.
    """
    row = await database.run_idempotent(conversations.get, user_id=user.id, id=conversation_id)
    if row is None:
        raise problems.NotFound
    title = row.title or UNTITLED
    header = ExportHeader(title=title, created_at=row.created_at, updated_at=row.updated_at, exported_at=now)
    writer = _WRITERS[file_format]
    pages = message_pages(database, user.id, conversation_id, settings.public_url)
    chunks = _in_place(user.id, writer.write(header, pages))
    return Stream(
        # An error, such as one of the typesetting, is raised with the first chunk, before the response begins.
        _chain(await while_connected(request.receive, _first(chunks)), chunks),
        media_type=writer.media_type,
        headers={"Content-Disposition": attachment(file_name(title, writer.extension))},
    )


async def _in_place(user_id: UUID, chunks: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """Holds the person's place until the last chunk is sent, or until the client goes away."""
    async with _PLACES.place(user_id), aclosing(chunks):
        async for chunk in chunks:
            yield chunk


async def _first(chunks: AsyncGenerator[bytes]) -> bytes:
    return await anext(chunks)


async def _chain(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    async with aclosing(rest):
        yield first
        async for chunk in rest:
            yield chunk


SIGNED_IN = (export_conversation,)

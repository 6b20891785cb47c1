"""Conversations, taken along as a file."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.datastructures import ResponseHeader
from litestar.params import PathParameter, QueryParameter
from litestar.response import Stream

from plccoach_api import problems
from plccoach_api.database.pool import Database
from plccoach_api.export.conversation import UNTITLED, ExportHeader, MessagePages
from plccoach_api.export.json_file import write_json
from plccoach_api.export.messages import message_pages
from plccoach_api.export.pdf import write_pdf
from plccoach_api.export.texts import write_markdown, write_plain_text
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import conversations
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules.file_names import attachment, file_name
from plccoach_api.structs.exports import ExportedConversation


class ExportFormat(StrEnum):
    """The kind of file."""

    markdown = "markdown"
    text = "text"
    pdf = "pdf"
    json = "json"


ConversationId = Annotated[UUID, PathParameter(description="The conversation's id.")]
Format = Annotated[ExportFormat, QueryParameter(name="format", description="The kind of file.")]


@dataclass(frozen=True, slots=True)
class _Kind:
    write: Callable[[ExportHeader, MessagePages], AsyncIterator[bytes]]
    extension: str
    media_type: str


_KINDS = {
    ExportFormat.markdown: _Kind(write_markdown, "md", "text/markdown"),
    ExportFormat.text: _Kind(write_plain_text, "txt", "text/plain"),
    ExportFormat.pdf: _Kind(write_pdf, "pdf", "application/pdf"),
    ExportFormat.json: _Kind(write_json, "json", "application/json"),
}


_FILE_NAME = ResponseHeader(
    name="Content-Disposition", documentation_only=True, description="The file's name, made of the title (RFC 6266)."
)


@get(
    "/api/conversations/{conversation_id:uuid}/export",
    operation_id="exportConversation",
    tags=["conversations"],
    summary="Download a conversation",
    response_headers=[_FILE_NAME],
    response_description="The file.",
    downloads={kind.media_type: ExportedConversation if kind.write is write_json else None for kind in _KINDS.values()},
)
async def export_conversation(
    database: Injected[Database],
    user: Injected[SessionUser],
    now: Injected[datetime],
    conversation_id: ConversationId,
    file_format: Format,
) -> Stream:
    """Every message with its citations, and the books they rest on. `Content-Disposition` names the file."""
    row = await database.run_idempotent(conversations.get, user_id=user.id, id=conversation_id)
    if row is None:
        raise problems.NotFound
    title = row.title or UNTITLED
    header = ExportHeader(title=title, created_at=row.created_at, updated_at=row.updated_at, exported_at=now)
    written = _KINDS[file_format].write(header, message_pages(database, user.id, conversation_id))
    return Stream(
        # What can fail, such as the typesetting, fails before the response begins.
        _resumed(await anext(written), written),
        media_type=_KINDS[file_format].media_type,
        headers={"Content-Disposition": attachment(file_name(title, _KINDS[file_format].extension))},
    )


async def _resumed(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk


SIGNED_IN = (export_conversation,)

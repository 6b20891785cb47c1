"""Answers in the making, and how they end before they are complete."""

from collections.abc import Sequence
from datetime import timedelta
from types import NoneType
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from plccoach_api.database.pool import Connection
from plccoach_api.queries.messages import Message
from plccoach_api.queries.statement import Statement
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.messages import MessageStatus


class Checkpoint(msgspec.Struct, frozen=True):
    """What a run has written of an answer so far."""

    user_id: UUID
    id: UUID
    run_id: UUID
    content: str
    citations: Sequence[Citation]


_update_progress = Statement("answers/update_progress", UUID)
_break_off = Statement("answers/break_off", Message)
_request_stop = Statement("answers/request_stop", NoneType)
_fail_lapsed = Statement("answers/fail_lapsed", NoneType)
_get_question = Statement("answers/get_question", UUID)
_tell = Statement("answers/tell", NoneType)

CHANNEL = "answers"
"""Where `tell` is heard."""


async def update_progress(connection: Connection, *, written: Sequence[Checkpoint], lease: timedelta) -> list[UUID]:
    """Which of them must be written no further: somebody wants them stopped, or they are no longer their runs'."""
    return await _update_progress.all(connection, written=Jsonb(written), lease=lease)


async def break_off(
    connection: Connection,
    *,
    user_id: UUID,
    conversation_id: UUID,
    id: UUID,
    run_id: UUID,
    status: MessageStatus,
    content: str,
    citations: Sequence[Citation],
    response_time_ms: int,
) -> Message | None:
    return await _break_off.one_or_none(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        id=id,
        run_id=run_id,
        status=status,
        content=content,
        citations=Jsonb(citations),
        response_time_ms=response_time_ms,
    )


async def request_stop(connection: Connection, *, user_id: UUID, id: UUID) -> int:
    return await _request_stop.execute(connection, user_id=user_id, id=id)


async def fail_lapsed(connection: Connection, *, limit: int) -> int:
    return await _fail_lapsed.execute(connection, limit=limit)


async def get_question(connection: Connection, *, user_id: UUID, id: UUID) -> UUID | None:
    return await _get_question.one_or_none(connection, user_id=user_id, id=id)


async def tell(connection: Connection, *, ids: str) -> None:
    """Of ids with commas between them."""
    await _tell.execute(connection, ids=ids)

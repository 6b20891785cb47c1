"""The life of an answer, from its question to its end; coach/runs/__init__.py has the diagram of its states."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from types import NoneType
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from plccoach_api.database.pool import Connection
from plccoach_api.queries.messages import Message
from plccoach_api.queries.statement import Statement
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind, MessageStatus


class Checkpoint(msgspec.Struct, frozen=True):
    """The text and the citations that a run has written so far."""

    user_id: UUID
    id: UUID
    run_id: UUID
    content: str
    citations: Sequence[Citation]


_create = Statement("answers/create", NoneType)
_checkpoint = Statement("answers/checkpoint", UUID)
_finish = Statement("answers/finish", Message)
_restart = Statement("answers/restart", NoneType)
_request_stop = Statement("answers/request_stop", NoneType)
_fail_abandoned = Statement("answers/fail_abandoned", NoneType)
_fail_abandoned_in_conversation = Statement("answers/fail_abandoned_in_conversation", NoneType)
_get_question = Statement("answers/get_question", UUID)
_notify = Statement("answers/notify", NoneType)

CHANNEL = "answers"
"""The channel on which `notify` sends."""


async def create(
    connection: Connection,
    *,
    user_id: UUID,
    conversation_id: UUID,
    question_id: UUID,
    question: str,
    answer_id: UUID,
    asked_at: datetime,
    run_id: UUID,
    lease: timedelta,
) -> None:
    """Raises UniqueViolation while another answer of the conversation is being generated."""
    await _create.execute(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        question_id=question_id,
        question=question,
        answer_id=answer_id,
        asked_at=asked_at,
        run_id=run_id,
        lease=lease,
    )


async def checkpoint(connection: Connection, *, checkpoints: Sequence[Checkpoint], lease: timedelta) -> list[UUID]:
    """Returns the ids of the answers whose runs have to stop."""
    return await _checkpoint.all(connection, checkpoints=Jsonb(checkpoints), lease=lease)


async def finish(
    connection: Connection,
    *,
    user_id: UUID,
    conversation_id: UUID,
    id: UUID,
    run_id: UUID,
    status: MessageStatus,
    content: str,
    kind: MessageKind | None,
    citations: Sequence[Citation],
    domains: Sequence[Domain],
    input_tokens: int | None,
    output_tokens: int | None,
    cost_usd: Decimal | None,
    response_time_ms: int,
) -> Message | None:
    """Returns None when the run no longer owns the answer."""
    return await _finish.one_or_none(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        id=id,
        run_id=run_id,
        status=status,
        content=content,
        kind=kind,
        citations=Jsonb(citations),
        domains=list(domains),
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cost_usd=cost_usd,
        response_time_ms=response_time_ms,
    )


async def restart(
    connection: Connection, *, user_id: UUID, conversation_id: UUID, id: UUID, run_id: UUID, lease: timedelta
) -> int:
    """Returns 1, or 0 for an answer that has ended or that another run generates.

    Raises UniqueViolation while another answer of the conversation is being generated.
    """
    return await _restart.execute(
        connection, user_id=user_id, conversation_id=conversation_id, id=id, run_id=run_id, lease=lease
    )


async def request_stop(connection: Connection, *, user_id: UUID, id: UUID) -> int:
    return await _request_stop.execute(connection, user_id=user_id, id=id)


async def fail_abandoned(connection: Connection, *, limit: int) -> int:
    return await _fail_abandoned.execute(connection, limit=limit)


async def fail_abandoned_in_conversation(connection: Connection, *, user_id: UUID, conversation_id: UUID) -> int:
    return await _fail_abandoned_in_conversation.execute(connection, user_id=user_id, conversation_id=conversation_id)


async def get_question(connection: Connection, *, user_id: UUID, id: UUID) -> UUID | None:
    return await _get_question.one_or_none(connection, user_id=user_id, id=id)


async def notify(connection: Connection, *, ids: Sequence[UUID]) -> None:
    await _notify.execute(connection, ids=list(ids))

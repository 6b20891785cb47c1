"""From a question to a stored answer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from uuid import UUID

from plccoach_api import ids, problems
from plccoach_api.coach.answer import Answer, compose
from plccoach_api.coach.retrieve import retrieve
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import conversations, messages
from plccoach_api.rules.messages import MessageRole, MessageStatus, title_of


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, and where it was stored."""

    conversation_id: UUID
    message_id: UUID
    answer: Answer
    response_time_ms: int


async def ask(database: Database, *, user_id: UUID, question: str, conversation_id: UUID | None) -> Asked:
    """Answers and stores the question with its answer, both or neither.

    No connection is held while the answer is composed. Raises NotFound for a conversation that is
    not this user's.
    """
    started, asked_at = perf_counter(), datetime.now(UTC)
    answer = compose(await retrieve(database, question))
    response_time_ms = round((perf_counter() - started) * 1000)
    async with database.transaction() as connection:
        stored_in = await _conversation(connection, user_id, question, conversation_id)
        await messages.create(
            connection,
            user_id=user_id,
            id=ids.new(),
            conversation_id=stored_in,
            role=MessageRole.user,
            content=question,
            status=MessageStatus.complete,
            created_at=asked_at,
        )
        message_id = ids.new()
        await messages.create(
            connection,
            user_id=user_id,
            id=message_id,
            conversation_id=stored_in,
            role=MessageRole.assistant,
            content=answer.content,
            status=MessageStatus.complete,
            created_at=datetime.now(UTC),
            kind=answer.kind,
            citations=answer.citations,
            domains=answer.domains,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
            cost_usd=answer.cost_usd,
            response_time_ms=response_time_ms,
        )
    return Asked(stored_in, message_id, answer, response_time_ms)


async def _conversation(connection: Connection, user_id: UUID, question: str, conversation_id: UUID | None) -> UUID:
    now = datetime.now(UTC)
    if conversation_id is None:
        conversation_id = ids.new()
        await conversations.create(connection, user_id=user_id, id=conversation_id, title=title_of(question), now=now)
    elif not await conversations.resume(connection, user_id=user_id, id=conversation_id, now=now):
        raise problems.NotFound
    return conversation_id

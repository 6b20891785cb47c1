"""A question that came before, by its key: answered with the message it made, and never asked twice."""

import asyncio
from time import monotonic
from uuid import UUID

from plccoach_api import problems
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.exchange import Exchange, Question, begin_again, finish
from plccoach_api.database.pool import Database
from plccoach_api.queries import idempotency_keys, messages
from plccoach_api.queries.messages import Message
from plccoach_api.rules.idempotency import Key
from plccoach_api.rules.messages import MessageStatus

_WAIT_SECONDS = 10.0
_LOOK_AGAIN_SECONDS = 0.1


async def replay(database: Database, engine: Engine, question: Question, key: Key) -> Message:
    """The message that the key made, waiting a while for it to be finished.

    One that has failed is tried again, in its old place: whoever repeats a question with its key
    after a 503 does what they were told to do.
    """
    message = await _made_by(database, question, key)
    exchange = Exchange(question.user_id, message.conversation_id, message.id, question.text)
    if message.status is MessageStatus.failed:
        if await begin_again(database, exchange):
            return await finish(database, engine, exchange)
        message = await _read(database, question, message.id)
    message = await _settled(database, question, message)
    if message.status is MessageStatus.failed:
        raise problems.CoachUnavailable
    if message.status is MessageStatus.generating:
        if await begin_again(database, exchange):
            return await finish(database, engine, exchange)
        raise problems.AnswerInProgress
    return message


async def _made_by(database: Database, question: Question, key: Key) -> Message:
    use = await database.run(idempotency_keys.get, user_id=question.user_id, key=key.text)
    if use is None:
        # Its time ended between two statements; the next attempt finds it free.
        raise problems.AnswerInProgress
    if use.request_hash != key.request_hash:
        raise problems.IdempotencyKeyReused
    return await _read(database, question, use.message_id)


async def _settled(database: Database, question: Question, message: Message) -> Message:
    """The message once it is no longer being generated, or as it is when waiting has been long enough."""
    until = monotonic() + _WAIT_SECONDS
    while message.status is MessageStatus.generating and monotonic() < until:
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        message = await _read(database, question, message.id)
    return message


async def _read(database: Database, question: Question, id: UUID) -> Message:
    message = await database.run(messages.get, user_id=question.user_id, id=id)
    if message is None:
        raise problems.NotFound
    return message

"""Stores one conversation with the queries that the service uses, in the same order."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from plccoach_api import ids
from plccoach_api.coach.answer import Answer
from plccoach_api.coach.runs.start import PendingAnswer
from plccoach_api.database.pool import Connection
from plccoach_api.queries import answers, conversations, messages, share_visits, shares
from plccoach_api.rules.messages import LEASE, ConversationStatus, MessageStatus, title_of
from plccoach_api.rules.sharing import ShareToken
from tests.tools.seed.talks import Feedback, Link, Talk, Turn


async def store(
    connection: Connection, owner: UUID, talk: Talk, drawn_answers: Mapping[str, Answer], *, readers: Sequence[UUID]
) -> UUID:
    conversation_id = ids.new()
    for at, turn in enumerate(talk.turns):
        resume_or_create = conversations.resume if at else partial(conversations.create, asked_at=turn.asked_at)
        await resume_or_create(
            connection, user_id=owner, id=conversation_id, title=title_of(turn.question), now=turn.asked_at
        )
        pending = await _ask(connection, owner, conversation_id, turn)
        if turn.failed:
            await _fail(connection, pending, turn)
        else:
            await _answer(connection, pending, turn, drawn_answers[turn.question])
        if turn.feedback:
            await _rate(connection, pending, turn, turn.feedback)
    if talk.title or talk.archived:
        await conversations.update(
            connection,
            user_id=owner,
            id=conversation_id,
            title=talk.title,
            status=ConversationStatus.archived if talk.archived else None,
            versions=None,
            now=talk.left_at,
        )
    if talk.link:
        await _share(connection, owner, conversation_id, talk.link, readers)
    return conversation_id


async def _ask(connection: Connection, owner: UUID, conversation_id: UUID, turn: Turn) -> PendingAnswer:
    pending = PendingAnswer(owner, conversation_id, ids.new(), turn.question)
    await answers.create(
        connection,
        user_id=owner,
        conversation_id=conversation_id,
        question_id=ids.new(),
        question=turn.question,
        answer_id=pending.message_id,
        asked_at=turn.asked_at,
        run_id=pending.message_id,
        lease=LEASE,
    )
    return pending


async def _answer(connection: Connection, pending: PendingAnswer, turn: Turn, answer: Answer) -> None:
    await answers.finish(
        connection,
        user_id=pending.user_id,
        conversation_id=pending.conversation_id,
        id=pending.message_id,
        run_id=pending.message_id,
        status=MessageStatus.complete,
        content=answer.content,
        kind=answer.kind,
        citations=answer.citations,
        domains=answer.domains,
        suggestions=answer.suggestions,
        stopped_early=answer.stopped_early,
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
        cost_usd=answer.cost_usd,
        response_time_ms=turn.milliseconds,
    )


async def _fail(connection: Connection, pending: PendingAnswer, turn: Turn) -> None:
    await answers.finish(
        connection,
        user_id=pending.user_id,
        conversation_id=pending.conversation_id,
        id=pending.message_id,
        run_id=pending.message_id,
        status=MessageStatus.failed,
        content="",
        kind=None,
        citations=(),
        domains=(),
        suggestions=(),
        stopped_early=None,
        input_tokens=None,
        output_tokens=None,
        cost_usd=None,
        response_time_ms=turn.milliseconds,
    )


async def _rate(connection: Connection, pending: PendingAnswer, turn: Turn, feedback: Feedback) -> None:
    await messages.update_feedback(
        connection,
        user_id=pending.user_id,
        conversation_id=pending.conversation_id,
        id=pending.message_id,
        score=feedback.score,
        reasons=feedback.reasons,
        comment=feedback.comment,
        now=turn.asked_at + timedelta(seconds=30),
    )


async def _share(
    connection: Connection, owner: UUID, conversation_id: UUID, link: Link, readers: Sequence[UUID]
) -> None:
    """The link's lifetime begins now, so it has not expired yet."""
    token = ShareToken.new()
    await shares.create(
        connection, user_id=owner, conversation_id=conversation_id, token_hash=token.hash, lifetime=link.lifetime
    )
    for _ in [reader for reader in readers if reader != owner][: link.opens]:
        await share_visits.count(connection, user_id=owner, conversation_id=conversation_id, token_hash=token.hash)

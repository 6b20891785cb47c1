"""Stores people with rows in every table that can hold a user's data."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import psycopg
from psycopg import sql

from plccoach_api import ids, settings
from plccoach_api.database.pool import Connection, Database
from plccoach_api.identity.profile import Profile
from plccoach_api.identity.sign_in import sign_in
from plccoach_api.queries import (
    answers,
    conversations,
    idempotency_keys,
    messages,
    personal_tokens,
    rate_limits,
    share_visits,
    shares,
)
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.messages import (
    LEASE,
    ConversationStatus,
    FeedbackReason,
    FeedbackScore,
    MessageKind,
    MessageStatus,
)
from plccoach_api.rules.personal_tokens import PersonalToken

LONG = 102
"""The number of messages in each person's second conversation: more than an export reads at once."""


async def store_people(url: str, *profiles: Profile) -> list[UUID]:
    """Returns the ids of the people."""
    database = Database(settings.load({"DATABASE_URL": url}, None))
    await database.open()
    user_ids = [(await sign_in(database, profile, user_agent="Firefox", previous=None)).user_id for profile in profiles]
    for user_id, profile in zip(user_ids, profiles, strict=True):
        async with database.transaction() as connection:
            await _create_token(connection, user_id, profile.name)
            await _create_shared_conversation(connection, user_id, profile.name)
            await _create_archived_conversation(connection, user_id)
            await rate_limits.count(connection, name="coach", key=str(user_id), duration=timedelta(hours=1))
            await conversations.create(connection, user_id=user_id, id=ids.new(), title=None, asked_at=None, now=_now())
    await database.close()
    return user_ids


async def _create_token(connection: Connection, user_id: UUID, name: str) -> None:
    token = PersonalToken.new(user_id)
    await personal_tokens.create(
        connection,
        user_id=user_id,
        id=ids.new(),
        name=f"{name}'s script",
        token_hash=token.hash,
        hint=token.hint,
        lifetime=timedelta(days=90),
    )


async def _create_shared_conversation(connection: Connection, user_id: UUID, name: str) -> None:
    """Each text contains the person's name. The answer has feedback, and the conversation has a link and a key."""
    conversation_id, now = ids.new(), _now()
    title = f"{name} asks 👩🏽‍🏫"
    await conversations.create(connection, user_id=user_id, id=conversation_id, title=title, asked_at=now, now=now)
    question, answer = f"{name} wonders: чему мы учим?", "What matters most [1]."
    answer_id = await _ask_and_answer(connection, user_id, conversation_id, question, answer)
    await messages.update_feedback(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        id=answer_id,
        score=FeedbackScore.down,
        reasons=[FeedbackReason.incomplete],
        comment=f"{name} expected more",
        now=_now(),
    )
    link = sha256(user_id.bytes).digest()
    await shares.create(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        token_hash=link,
        lifetime=timedelta(days=7),
    )
    await share_visits.count(connection, user_id=user_id, conversation_id=conversation_id, token_hash=link)
    await idempotency_keys.create(
        connection,
        user_id=user_id,
        key="once",
        request_hash=sha256(b"once").digest(),
        message_id=answer_id,
        lifetime=timedelta(hours=24),
    )


async def _create_archived_conversation(connection: Connection, user_id: UUID) -> None:
    conversation_id, now = ids.new(), _now()
    await conversations.create(connection, user_id=user_id, id=conversation_id, title="Long ago", asked_at=now, now=now)
    for number in range(0, LONG, 2):
        await _ask_and_answer(connection, user_id, conversation_id, f"message {number}", f"message {number + 1}")
    await conversations.update(
        connection,
        user_id=user_id,
        id=conversation_id,
        title=None,
        status=ConversationStatus.archived,
        versions=None,
        now=_now(),
    )


async def _ask_and_answer(
    connection: Connection, user_id: UUID, conversation_id: UUID, question: str, answer: str
) -> UUID:
    """Returns the answer's id."""
    answer_id = ids.new()
    await answers.create(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        question_id=ids.new(),
        question=question,
        answer_id=answer_id,
        asked_at=_now(),
        run_id=answer_id,
        lease=LEASE,
    )
    await answers.finish(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        id=answer_id,
        run_id=answer_id,
        status=MessageStatus.complete,
        content=answer,
        kind=MessageKind.answer,
        citations=[_CITATION],
        domains=[],
        suggestions=[],
        stopped_early=None,
        input_tokens=0,
        output_tokens=0,
        cost_usd=Decimal(0),
        response_time_ms=1,
    )
    return answer_id


_CITATION = Citation(
    index=1,
    chunk_id=UUID(int=1),
    book_title="Learning Together",
    authors=("Mara Ellison",),
    chapter=1,
    chapter_title="What a PLC Is",
    pages=(1, 2),
    quote="The four critical questions guide every team.",
    product_url=None,
)


def _now() -> datetime:
    return datetime.now(UTC)


def count_mentions(url: str, words: str) -> dict[str, int]:
    """Returns by table the number of rows that have the words in any column. Tables without such rows are left out."""
    counts: dict[str, int] = {}
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            query = sql.SQL("SELECT count(*) FROM {table} AS t WHERE strpos(t::text, {words}) > 0")
            row = connection.execute(query.format(table=sql.Identifier(table), words=sql.Literal(words))).fetchone()
            if row and row[0]:
                counts[table] = row[0]
    return counts

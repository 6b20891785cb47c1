"""What every system is measured on: the sample corpus, a person with 100 conversations, and another who asks.

The one who asks is another person because each question begins a conversation, and the list that is
measured beside it must stay as it is.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import psycopg

from plccoach_api import ids, resources, settings
from plccoach_api.coach.answer import Answer, compose
from plccoach_api.coach.embed_local import LOCAL
from plccoach_api.coach.retrieve import retrieve
from plccoach_api.corpus.ingest import ingest
from plccoach_api.database import migrations
from plccoach_api.database.pool import Connection, Database
from plccoach_api.identity import development
from plccoach_api.identity.sign_in import account
from plccoach_api.queries import conversations, messages
from plccoach_api.rules.messages import MessageRole, MessageStatus
from plccoach_api.rules.roles import Role

READER = "reader@example.org"
ASKER = "asker@example.org"
QUESTION = "What are the four critical questions of a PLC?"

_CONVERSATIONS = 100
_EXCHANGES = 2


def prepare(url: str) -> Answer:
    """Returns what the coach answers to QUESTION."""
    migrations.upgrade(url)
    answer = asyncio.run(_fill(url))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return answer


async def _fill(url: str) -> Answer:
    database = Database(settings.load({"DATABASE_URL": url}, None))
    await database.open()
    try:
        await ingest(url, sorted(resources.SAMPLE_CORPUS.glob("*.md")), LOCAL)
        answer = compose(await retrieve(database, QUESTION))
        now = datetime.now(UTC)
        async with database.transaction() as connection:
            reader = await account(connection, development.profile(email=READER, name=None, role=Role.educator), now)
            for age in range(_CONVERSATIONS):
                await _converse(connection, reader.id, answer, now - timedelta(minutes=age + 1))
        return answer
    finally:
        await database.close()


async def _converse(connection: Connection, user_id: UUID, answer: Answer, begun: datetime) -> None:
    conversation_id = ids.new()
    await conversations.create(connection, user_id=user_id, id=conversation_id, title=QUESTION, now=begun)
    for turn in range(_EXCHANGES):
        await messages.create(
            connection,
            user_id=user_id,
            id=ids.new(),
            conversation_id=conversation_id,
            role=MessageRole.user,
            content=QUESTION,
            status=MessageStatus.complete,
            created_at=begun + timedelta(seconds=2 * turn),
        )
        await messages.create(
            connection,
            user_id=user_id,
            id=ids.new(),
            conversation_id=conversation_id,
            role=MessageRole.assistant,
            content=answer.content,
            status=MessageStatus.complete,
            created_at=begun + timedelta(seconds=2 * turn + 1),
            kind=answer.kind,
            citations=answer.citations,
            domains=answer.domains,
            input_tokens=0,
            output_tokens=0,
            cost_usd=Decimal(0),
            response_time_ms=1,
        )

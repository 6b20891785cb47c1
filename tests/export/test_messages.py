"""The messages of an export, which are read page by page while other requests change the conversation."""

import contextlib
from uuid import UUID

import psycopg
import pytest

from plccoach_api import ids, problems
from plccoach_api.database.pool import Database
from plccoach_api.export.messages import message_pages
from tests.people import make_user

FILL = """
INSERT INTO messages (user_id, id, conversation_id, role, content, status, citations, domains, created_at)
SELECT %s, gen_random_uuid(), %s, 'user', 'Norms', 'complete', '[]', '{}', now() + make_interval(secs => number)
FROM generate_series(1, %s) AS number
"""


async def make_conversation(database: Database, messages: int) -> tuple[UUID, UUID]:
    conversation_id = ids.new()
    async with database.transaction() as connection:
        user_id = await make_user(connection)
        await connection.execute(
            "INSERT INTO conversations (user_id, id, status, created_at, updated_at) "
            "VALUES (%s, %s, 'active', now(), now())",
            (user_id, conversation_id),
        )
        await connection.execute(FILL, (user_id, conversation_id, messages))
    return user_id, conversation_id


@pytest.mark.parametrize("messages", [0, 1, 100, 200])
async def test_every_message_is_read(database: Database, messages: int) -> None:
    user_id, conversation_id = await make_conversation(database, messages)
    pages = message_pages(database, user_id, conversation_id, "http://localhost:8000")
    assert sum([len(page) async for page in pages]) == messages


async def test_an_export_does_not_end_as_if_it_were_whole_when_its_conversation_is_deleted(
    database: Database, lent_url: str
) -> None:
    user_id, conversation_id = await make_conversation(database, 150)
    async with contextlib.aclosing(message_pages(database, user_id, conversation_id, "http://localhost:8000")) as pages:
        assert len(await anext(pages)) == 100
        with psycopg.connect(lent_url) as connection:
            connection.execute("DELETE FROM conversations WHERE id = %s", (conversation_id,))
        with pytest.raises(problems.NotFound):
            await anext(pages)

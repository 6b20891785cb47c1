"""A database with answers that are being generated, and an engine that never answers."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import psycopg
import pytest

from plccoach_api.coach.engine import Engine
from plccoach_api.coach.generation.extractive import ExtractiveAnswerer
from plccoach_api.coach.retrieval.router import Router
from plccoach_api.coach.runs.start import PendingAnswer
from plccoach_api.embedding.local import LOCAL

USER_ID = UUID(int=1)

_USER = """\
INSERT INTO users (id, name, role, status, created_at)
VALUES (%(user_id)s, 'Erin', 'educator', 'active', now())
"""
_CONVERSATIONS = """\
INSERT INTO conversations (user_id, id, status, created_at, updated_at)
SELECT %(user_id)s, id, 'active', now(), now() FROM unnest(%(ids)s::uuid[]) AS id
"""
# The lease is shorter than the one that a checkpoint grants, so that a renewal shows.
_ANSWERS = """\
INSERT INTO messages
    (user_id, id, conversation_id, role, content, status, citations, domains, created_at, run_id, leased_until)
SELECT %(user_id)s, id, id, 'assistant', '', 'generating', '[]', '{}', now(), id, now() + interval '5 seconds'
FROM unnest(%(ids)s::uuid[]) AS id
"""


@pytest.fixture
def database_url(lent_url: str) -> str:
    return lent_url


@pytest.fixture
def engine() -> Engine:
    """An engine that waits for ever on the first question."""

    async def hang(_: str) -> Sequence[float]:
        await asyncio.Event().wait()
        raise AssertionError

    async def close() -> None:
        pass

    return Engine(ExtractiveAnswerer(), Router(hang), LOCAL, close)


def pending_answers(database_url: str, count: int) -> list[PendingAnswer]:
    """Stores pending answers, each in a conversation of its own. The id of a run is that of its message."""
    message_ids = [UUID(int=number) for number in range(1, count + 1)]
    with psycopg.connect(database_url) as connection:
        for statement in (_USER, _CONVERSATIONS, _ANSWERS):
            connection.execute(statement.encode(), {"user_id": USER_ID, "ids": message_ids})
    return [PendingAnswer(USER_ID, each, each, "Zebulon?", is_first=True, run_id=each) for each in message_ids]

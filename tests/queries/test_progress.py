"""The cost of checkpoints, which PostgreSQL stores several times a second for each running answer."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest

from plccoach_api.database.pool import Connection
from plccoach_api.queries import answers
from plccoach_api.queries.answers import Checkpoint
from tests.statements import explain, fill, rows_read

_PERSON: Final = UUID(int=1)
_ANSWER: Final = UUID(int=2)
_RUN: Final = UUID(int=3)
_FINISHED: Final = 2000

_FILL: Final = (
    """
    INSERT INTO users (id, name, role, status, created_at)
    VALUES (%(person)s, 'Ada', 'educator', 'active', now())
    """,
    """
    INSERT INTO conversations (user_id, id, status, asked_at, created_at, updated_at)
    SELECT %(person)s, lpad(to_hex(n), 32, '0')::uuid, 'active', now(), now(), now()
    FROM generate_series(1, %(finished)s) AS n
    """,
    """
    INSERT INTO messages (user_id, id, conversation_id, role, content, status, citations, domains, created_at)
    SELECT user_id, gen_random_uuid(), id, 'assistant', 'An answer', 'complete', '[]', '{}', now()
    FROM conversations
    """,
    """
    INSERT INTO messages
        (user_id, id, conversation_id, role, content, status, citations, domains, created_at, run_id, leased_until)
    SELECT
        user_id, %(answer)s, id, 'assistant', '', 'generating', '[]', '{}', now(), %(run)s,
        now() - interval '1 second'
    FROM conversations
    LIMIT 1
    """,
    "ANALYZE conversations, messages",
)
_PARAMETERS: Final = {"person": _PERSON, "answer": _ANSWER, "run": _RUN, "finished": _FINISHED}
_HOT: Final = """
SELECT pg_stat_get_xact_tuples_updated(c.oid), pg_stat_get_xact_tuples_hot_updated(c.oid)
FROM pg_class AS c
WHERE c.relname = 'messages'
"""


async def test_a_checkpoint_writes_to_no_index(connection: Connection) -> None:
    await fill(connection, _FILL, _PARAMETERS)

    for seconds, words in enumerate(("Teams", "Teams meet", "Teams meet every week"), start=20):
        checkpoints = [Checkpoint(_PERSON, _ANSWER, _RUN, words, [])]
        # The clock of a transaction does not advance. In production, each lease expires later than the one before.
        await answers.checkpoint(
            connection, user_ids=[_PERSON], checkpoints=checkpoints, lease=timedelta(seconds=seconds)
        )

    [[updated, hot]] = await (await connection.execute(_HOT.encode())).fetchall()
    assert (updated, hot) == (3, 3)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("answers/list_abandoned", {"limit": 100}), ("answers/end_abandoned", {"user_ids": [_PERSON]})],
)
async def test_the_rescuer_reads_only_answers_that_are_being_generated(
    name: str, parameters: dict[str, object], connection: Connection
) -> None:
    await fill(connection, _FILL, _PARAMETERS)

    plan = await explain(connection, name, parameters)

    assert 1 <= rows_read(plan, "messages") <= 3

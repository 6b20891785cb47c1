"""The cost of citations: each statement finds them by an index, however many there are."""

from typing import Any, Final
from uuid import UUID

import pytest

from plccoach_api.database.pool import Connection
from tests.statements import explain, fill, rows_read

_PERSON: Final = UUID(int=1)
_ANSWER: Final = UUID(int=2)
_RUN: Final = UUID(int=3)
_TALK: Final = UUID(int=1)
_ANSWERS: Final = 2000

_FILL: Final = (
    """
    INSERT INTO users (id, name, role, status, created_at)
    VALUES (%(person)s, 'Ada', 'educator', 'active', now())
    """,
    """
    INSERT INTO conversations (user_id, id, status, asked_at, created_at, updated_at)
    SELECT %(person)s, lpad(to_hex(n), 32, '0')::uuid, 'active', now(), now(), now()
    FROM generate_series(1, %(answers)s) AS n
    """,
    """
    INSERT INTO messages (user_id, id, conversation_id, role, content, status, citations, domains, created_at)
    SELECT user_id, CASE WHEN id = %(talk)s THEN %(answer)s ELSE gen_random_uuid() END, id, 'assistant', 'Yes',
        'complete', '[]', '{}', now()
    FROM conversations
    """,
    """
    INSERT INTO citations (user_id, message_id, chunk_id)
    SELECT m.user_id, m.id, lpad(to_hex(n), 32, '0')::uuid
    FROM messages AS m
    CROSS JOIN generate_series(1, 7) AS n
    """,
    """
    INSERT INTO retired_passages
        (chunk_id, book_id, book_identity, book_title, authors, chapter_title, content, content_hash, retired_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, gen_random_uuid(), sha256(n::text::bytea), 'Zebras', '{}', '', 'Stripes',
        sha256(n::text::bytea), now()
    FROM generate_series(4, 2000) AS n
    """,
    "ANALYZE conversations, messages, citations, retired_passages",
)
_PARAMETERS: Final = {"person": _PERSON, "answer": _ANSWER, "answers": _ANSWERS, "talk": _TALK}


@pytest.mark.parametrize(
    ("name", "parameters", "citations", "retired"),
    [
        ("messages/get", {"user_id": _PERSON, "id": _ANSWER}, 7, 4),
        ("messages/list_for_conversation", {"user_id": _PERSON, "conversation_id": _TALK, "limit": 20}, 7, 4),
        ("retired_passages/list_ids", {"after_id": UUID(int=0), "limit": 10}, 0, 10),
        ("passages/get", {"chunk_id": UUID(int=5)}, 0, 1),
    ],
)
async def test_a_statement_reads_only_the_rows_that_it_returns(
    connection: Connection, name: str, parameters: dict[str, Any], citations: int, retired: int
) -> None:
    await fill(connection, _FILL, _PARAMETERS)
    if "list_for_conversation" in name:
        parameters = parameters | {"after_time": None, "after_id": None}
    plan = await explain(connection, name, parameters)
    assert rows_read(plan, "citations") == citations
    assert rows_read(plan, "retired_passages") == retired


async def test_the_citations_of_a_passage_are_found_by_its_id(connection: Connection) -> None:
    await fill(connection, _FILL, _PARAMETERS)
    plan = await explain(connection, "citations/list_cited", {"chunk_ids": f"{{{UUID(int=999)}}}"})
    assert rows_read(plan, "citations") == 0

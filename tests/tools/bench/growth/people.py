"""People with few and with many conversations, among many others, and a table of the sessions of a million people."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from plccoach_api import ids, resources, settings
from plccoach_api.coach.answer import Answer
from plccoach_api.corpus.ingest import ingest
from plccoach_api.database import migrations
from plccoach_api.database.pool import Database
from plccoach_api.embedding.local import LOCAL
from plccoach_api.identity import development
from plccoach_api.identity.sign_in import store_account
from plccoach_api.rules.messages import title_of
from plccoach_api.rules.roles import Role
from tests.tools.seed.fill import answer
from tests.tools.seed.talks import QUESTIONS

_OTHERS_EACH = 100
_EXCHANGES = 2
_DAYS = 180

FREQUENT = "team"
RARE = "xylophone"
_RARE_QUESTION = "How can a xylophone help our youngest pupils?"

_SESSIONS = """\
WITH people AS (
    INSERT INTO users (id, email, name, role, status, created_at)
    SELECT gen_random_uuid(), 'person' || n || '@example.org', 'Person ' || n, 'educator', 'active', now()
    FROM generate_series(1, %(people)s) AS n
    RETURNING id
)

INSERT INTO sessions (user_id, id, token_hash, user_agent, created_at, last_accessed_at, expires_at)
SELECT id, gen_random_uuid(), sha256(uuid_send(id)), 'Mozilla/5.0', now(), now(), now() + interval '1 day'
FROM people
"""


def email_of(size: int) -> str:
    return f"with{size}@example.org"


async def fill(url: str, sizes: Sequence[int], others: int) -> dict[int, UUID]:
    """Stores the conversations of a person for each size, and those of other people.

    They are stored in the order of their time, as a production server stores them. Returns, by size, the id of one of
    the person's conversations.
    """
    migrations.upgrade(url)
    await ingest(url, sorted(resources.SAMPLE_CORPUS.glob("*.md")), LOCAL)
    database = Database(settings.load({"DATABASE_URL": url}, None))
    await database.open()
    try:
        answers = {question: await answer(database, question) for question in (*QUESTIONS, _RARE_QUESTION)}
        owners = {size: await _account(database, email_of(size)) for size in sizes}
        all_others = [await _account(database, f"other{number}@example.org") for number in range(others)]
    finally:
        await database.close()
    drawn = [owner for size, owner in owners.items() for _ in range(size)] + all_others * _OTHERS_EACH
    Random(1).shuffle(drawn)
    stored = [(owner, ids.new()) for owner in drawn]
    with psycopg.connect(url) as connection:
        _copy(connection, "conversations", _conversations(stored))
        _copy(connection, "messages", _messages(stored, answers, set(owners.values())))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    last = dict(stored)
    return {size: last[owner] for size, owner in owners.items()}


async def _account(database: Database, email: str) -> UUID:
    async with database.transaction() as connection:
        profile = development.profile(email=email, name=None, role=Role.educator)
        user, _ = await store_account(connection, profile, datetime.now(UTC))
    return user.id


def _copy(connection: psycopg.Connection, table: str, rows: Iterator[Mapping[str, object]]) -> None:
    first = next(rows)
    with connection.cursor().copy(f"COPY {table} ({', '.join(first)}) FROM STDIN".encode()) as copy:
        copy.write_row([*first.values()])
        for row in rows:
            copy.write_row([*row.values()])


def _asked_at(place: int, places: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=_DAYS) * (1 - place / places)


def _conversations(stored: Sequence[tuple[UUID, UUID]]) -> Iterator[Mapping[str, object]]:
    random = Random(2)
    for place, (owner, id_) in enumerate(stored):
        asked_at = _asked_at(place, len(stored))
        yield {
            "user_id": owner,
            "id": id_,
            "title": title_of(random.choice(QUESTIONS)),
            "status": "active",
            "created_at": asked_at,
            "updated_at": asked_at,
            "asked_at": asked_at,
        }


def _messages(
    stored: Sequence[tuple[UUID, UUID]], answers: Mapping[str, Answer], measured: set[UUID]
) -> Iterator[Mapping[str, object]]:
    """The oldest conversation of each person who is measured holds the rare word."""
    random = Random(3)
    for place, (owner, conversation_id) in enumerate(stored):
        for turn in range(_EXCHANGES):
            question = random.choice(QUESTIONS)
            if owner in measured:
                measured.remove(owner)
                question = _RARE_QUESTION
            asked_at = _asked_at(place, len(stored)) + timedelta(minutes=turn)
            same = {"user_id": owner, "conversation_id": conversation_id, "created_at": asked_at, "status": "complete"}
            yield same | {
                "id": ids.new(),
                "role": "user",
                "content": question,
                "kind": None,
                "citations": Jsonb([]),
                "domains": [],
            }
            reply = answers[question]
            yield same | {
                "id": ids.new(),
                "role": "assistant",
                "content": reply.content,
                "kind": reply.kind,
                "citations": Jsonb(reply.citations),
                "domains": [*reply.domains],
            }


def add_sessions(url: str, people: int) -> None:
    """Adds people with a session each. Nobody searches for them, so they need no index of their names."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP INDEX IF EXISTS users_trigrams_idx")
        connection.execute(_SESSIONS, {"people": people})
        connection.execute("VACUUM ANALYZE users, sessions")

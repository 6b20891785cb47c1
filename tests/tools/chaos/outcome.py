"""Reads what a run has left: the stored answers, how the replicas answer now, and what the judge says of both."""

import time
from collections import Counter
from collections.abc import Callable, Iterator

import httpx
import msgspec
import psycopg
from psycopg.rows import dict_row

from tests.tools.chaos import judge, script
from tests.tools.chaos.deployment import Deployment
from tests.tools.chaos.judge import StoredAnswer

_RECOVERY_SECONDS = 30.0

_STORED_ANSWERS = """\
SELECT q.content AS question, a.id, a.status, a.content, a.citations
FROM messages AS q
JOIN messages AS a
    ON a.user_id = q.user_id AND a.conversation_id = q.conversation_id AND a.role = 'assistant'
    AND a.created_at = q.created_at + interval '1 microsecond'
WHERE q.role = 'user'
"""


def until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return met


def counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counter.items()))


def stored_faults(deployment: Deployment, incidents: int) -> Iterator[str]:
    """Compares the journals with the database. Prints what there is, and yields each fault."""
    with psycopg.connect(deployment.url, row_factory=dict_row) as connection:
        stored = msgspec.convert(connection.execute(_STORED_ANSWERS).fetchall(), list[StoredAnswer])
        [messages] = connection.execute("SELECT count(*) AS all FROM messages").fetchall()
        chunks = connection.execute("SELECT id, content FROM chunks").fetchall()
    questions = judge.journaled_questions(deployment.journals())
    print(f"{len(questions)} questions, {len(stored)} stored: {counts(Counter(str(each.status) for each in stored))}")
    print(f"problems: {counts(Counter(problem for each in questions for problem in each.problems))}")
    if messages["all"] != 2 * len(stored):
        yield f"{messages['all']} messages are stored, not {len(stored)} questions with one answer each"
    yield from judge.findings(questions, stored, {chunk["id"]: chunk["content"] for chunk in chunks})
    yield from judge.shortages(questions, stored, incidents)


def recovery_faults(deployment: Deployment) -> Iterator[str]:
    """Yields a fault for each replica that does not answer after the last incident."""
    for number, replica in enumerate(deployment.replicas):
        replica.wait_until_ready()
        with replica.service.client() as client:
            client.get("/auth/dev/login", params={"email": f"after{number}@example.org"})
            # A repeated question does not count against the limit.
            headers = {"Idempotency-Key": f"after {number}"}
            if not until(lambda: _answers(client, number, headers), _RECOVERY_SECONDS):  # noqa: B023 - called at once
                yield f"replica {number} does not answer"


def _answers(client: httpx.Client, number: int, headers: dict[str, str]) -> bool:
    body = {"query": script.question(number)}
    return client.post("/api/coach/query", json=body, headers=headers).status_code == 200

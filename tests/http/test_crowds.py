"""A crowd of questions leaves connections to everybody else.

The services are behind no pooler, which would have fewer connections than a service.
"""

import asyncio
from dataclasses import replace

import httpx

from plccoach_api.coach.runs.timings import DEFAULT_TIMINGS
from tests.http.asking import QUESTION, slug
from tests.http.conftest import replica
from tests.http.test_at_once import count, holding, until_waiting

QUERY = {"query": QUESTION}
# A question that has begun waits behind this lock, with its connection.
LOCK = "LOCK TABLE rate_limits IN SHARE ROW EXCLUSIVE MODE"
AT_ONCE = 4


async def test_questions_that_cannot_begin_yet_leave_connections_to_everybody_else(
    erin: httpx.AsyncClient, database_url: str
) -> None:
    async with replica(database_url, timings=replace(DEFAULT_TIMINGS, begin=30), cookies=erin.cookies) as person:
        with holding(database_url, LOCK) as other:
            questions = [asyncio.create_task(person.post("/api/coach/query", json=QUERY)) for _ in range(30)]
            await until_waiting(database_url, AT_ONCE)
            assert (await person.get("/api/conversations")).status_code == 200
            await until_waiting(database_url, AT_ONCE)
            other.commit()
        assert {response.status_code for response in await asyncio.gather(*questions)} == {200}


async def test_a_question_that_cannot_begin_in_time_is_unavailable_and_not_stored(
    erin: httpx.AsyncClient, database_url: str
) -> None:
    async with replica(database_url, timings=replace(DEFAULT_TIMINGS, begin=0.1), cookies=erin.cookies) as person:
        with holding(database_url, LOCK) as other:
            begun = [asyncio.create_task(person.post("/api/coach/query", json=QUERY)) for _ in range(AT_ONCE)]
            await until_waiting(database_url, AT_ONCE)
            refused = await person.post("/api/coach/query", json=QUERY)
            other.commit()
        assert {response.status_code for response in await asyncio.gather(*begun)} == {200}
    assert (refused.status_code, slug(refused)) == (503, "coach-unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert count(database_url, "conversations") == AT_ONCE

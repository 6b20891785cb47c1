"""A crowd of questions leaves connections to everybody else.

The services are behind no pooler, which would have fewer connections than a service.
"""

import asyncio
from dataclasses import replace

import httpx

from plccoach_api.coach.runs.timings import DEFAULT_TIMINGS
from tests.http.asking import QUESTION, slug
from tests.http.conftest import SignIn, replica
from tests.http.test_at_once import count, holding, until_waiting

QUERY = {"query": QUESTION}
# A question that has begun waits behind this lock, with its connection.
LOCK = "LOCK TABLE rate_limits IN SHARE ROW EXCLUSIVE MODE"
# A process begins four questions at once, and three of one person.
OF_ONE_PERSON = 3


async def test_questions_that_cannot_begin_yet_leave_connections_to_everybody_else(
    erin: httpx.AsyncClient, database_url: str
) -> None:
    async with replica(database_url, timings=replace(DEFAULT_TIMINGS, begin=30), cookies=erin.cookies) as person:
        with holding(database_url, LOCK) as other:
            questions = [asyncio.create_task(person.post("/api/coach/query", json=QUERY)) for _ in range(30)]
            await until_waiting(database_url, OF_ONE_PERSON)
            assert (await person.get("/api/conversations")).status_code == 200
            await until_waiting(database_url, OF_ONE_PERSON)
            other.commit()
        assert {response.status_code for response in await asyncio.gather(*questions)} == {200}


async def test_a_question_that_cannot_begin_in_time_is_unavailable_and_not_stored(
    erin: httpx.AsyncClient, database_url: str
) -> None:
    async with replica(database_url, timings=replace(DEFAULT_TIMINGS, begin=0.1), cookies=erin.cookies) as person:
        with holding(database_url, LOCK) as other:
            begun = [asyncio.create_task(person.post("/api/coach/query", json=QUERY)) for _ in range(OF_ONE_PERSON)]
            await until_waiting(database_url, OF_ONE_PERSON)
            refused = await person.post("/api/coach/query", json=QUERY)
            other.commit()
        assert {response.status_code for response in await asyncio.gather(*begun)} == {200}
    assert (refused.status_code, slug(refused)) == (503, "coach-unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert "not saved" in refused.json()["detail"]
    assert count(database_url, "conversations") == OF_ONE_PERSON


async def test_a_person_whose_questions_cannot_begin_holds_up_nobody_else(
    sign_in: SignIn, erin: httpx.AsyncClient, database_url: str
) -> None:
    mona = await sign_in("mona@example.org")
    async with replica(database_url, timings=replace(DEFAULT_TIMINGS, begin=30)) as service:
        with holding(database_url, "SELECT FROM users WHERE email = %s FOR UPDATE", "erin@example.org") as other:
            questions = [asyncio.create_task(post(service, erin)) for _ in range(30)]
            await until_waiting(database_url, OF_ONE_PERSON)
            assert (await post(service, mona)).status_code == 200
            other.commit()
        assert {response.status_code for response in await asyncio.gather(*questions)} == {200}


async def post(service: httpx.AsyncClient, person: httpx.AsyncClient) -> httpx.Response:
    """Asks a question with the person's session."""
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    return await service.post("/api/coach/query", json=QUERY, headers={"Cookie": cookies})

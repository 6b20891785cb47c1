"""Asking with an Idempotency-Key: the same key and body give the same message, however often they are sent."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from plccoach_api.coach.runs.timings import Timings
from tests import sql_coverage
from tests.http.asking import QUESTION, begin, make, post, read, slug
from tests.http.conftest import SignIn, coach_broken, coach_waiting, replica
from tests.waiting import until

Erin = httpx.AsyncClient
KEY = {"Idempotency-Key": "5f6c1c1e"}


async def query(person: Erin, *, key: str = KEY["Idempotency-Key"], **body: Any) -> httpx.Response:
    body = {"query": QUESTION} | body
    return await person.post("/api/coach/query", json=body, headers={"Idempotency-Key": key})


def counted(database_url: str, table: str = "messages") -> int:
    with psycopg.connect(database_url) as connection:
        [count] = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() or [0]
    return int(count)


async def test_the_same_key_and_body_give_the_same_message(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    first, second = await post(erin, talk, **KEY), await post(erin, talk, **KEY)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first.headers["Location"] == second.headers["Location"]
    assert counted(database_url) == 2


async def test_a_repeated_query_begins_one_conversation(erin: Erin, database_url: str) -> None:
    first, second = await query(erin), await query(erin)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert counted(database_url, "conversations") == 1


async def test_twenty_requests_at_once_store_one_question_and_one_answer(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    responses = await asyncio.gather(*(post(erin, talk, **KEY) for _ in range(20)))
    assert {response.status_code for response in responses} == {201}
    assert len({response.json()["id"] for response in responses}) == 1
    assert counted(database_url) == 2


async def test_twenty_queries_at_once_begin_one_conversation(erin: Erin, database_url: str) -> None:
    responses = await asyncio.gather(*(query(erin) for _ in range(20)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.json()["message_id"] for response in responses}) == 1
    assert (counted(database_url), counted(database_url, "conversations")) == (2, 1)


async def test_a_repeated_request_waits_for_an_answer_that_is_being_generated(
    erin: Erin, database_url: str, run_folder: Path
) -> None:
    talk = await make(erin)
    with (
        coach_waiting(database_url),
        sql_coverage.executions(run_folder, database_url, "idempotency_keys/get") as repeated,
    ):
        first, second = (asyncio.create_task(post(erin, talk, **KEY)) for _ in range(2))
        await until(repeated)
        assert not first.done()
        assert not second.done()
    assert (await first).json() == (await second).json()


@pytest.mark.parametrize(
    "other",
    [
        lambda erin, talk, _: post(erin, talk, "What is RTI?", **KEY),
        lambda erin, talk, _: post(erin, talk, QUESTION + " ", **KEY),
        lambda erin, _, elsewhere: post(erin, elsewhere, **KEY),
        lambda erin, talk, _: query(erin, conversation_id=talk),
        lambda erin, *_: query(erin),
    ],
)
async def test_the_same_key_with_another_request_is_422(
    erin: Erin, database_url: str, other: Callable[[Erin, str, str], Any]
) -> None:
    talk, elsewhere = await make(erin), await make(erin)
    await post(erin, talk, **KEY)
    response = await other(erin, talk, elsewhere)
    assert (response.status_code, slug(response)) == (422, "idempotency-key-reused")
    assert counted(database_url) == 2


async def test_two_users_may_use_the_same_key(erin: Erin, sign_in: SignIn) -> None:
    other = await sign_in("other@example.org")
    mine, theirs = await query(erin), await query(other, query="What is RTI?")
    assert (mine.status_code, theirs.status_code) == (200, 200)
    assert mine.json()["message_id"] != theirs.json()["message_id"]


@pytest.mark.parametrize("key", ["k", "x" * 255, " a key with spaces ", "~!@#$%^&*()\"'", "0"])
async def test_a_key_is_1_to_255_printable_ascii_characters(erin: Erin, key: str) -> None:
    assert (await query(erin, key=key)).json() == (await query(erin, key=key)).json()


@pytest.mark.parametrize("key", [b"", b"x" * 256, "ключ".encode(), b"a\x7fb", b"a\tb", b"\xff"])
async def test_any_other_key_is_400(erin: Erin, database_url: str, key: bytes) -> None:
    response = await erin.post("/api/coach/query", json={"query": QUESTION}, headers={b"Idempotency-Key": key})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "Idempotency-Key"
    assert counted(database_url) == 0


async def test_a_key_is_free_again_after_24_hours_by_the_databases_clock(erin: Erin, database_url: str) -> None:
    first = (await query(erin)).json()
    with psycopg.connect(database_url, autocommit=True) as connection:
        [lifetime] = connection.execute("SELECT expires_at - created_at FROM idempotency_keys").fetchone() or [None]
        assert str(lifetime) == "1 day, 0:00:00"
        age = (
            "UPDATE idempotency_keys SET created_at = created_at - %s::interval, expires_at = expires_at - %s::interval"
        )
        connection.execute(age, ("23:59", "23:59"))
        assert (await query(erin)).json() == first
        connection.execute(age, ("0:01", "0:01"))
        assert (await query(erin)).json()["message_id"] != first["message_id"]
        assert (await query(erin, query="What is RTI?")).status_code == 422


async def test_a_key_can_be_used_again_after_its_question_was_refused(erin: Erin, database_url: str) -> None:
    talk = await begin(erin)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE messages SET status = 'generating' WHERE role = 'assistant'")
        assert (await post(erin, talk, **KEY)).status_code == 409
        connection.execute("UPDATE messages SET status = 'complete' WHERE role = 'assistant'")
    assert (await post(erin, talk, **KEY)).status_code == 201


async def test_the_same_key_restarts_a_failed_answer_in_its_place(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    with coach_waiting(database_url):
        assert (await post(erin, talk, **KEY)).status_code == 503
    failed = (await read(erin, talk))["messages"]
    again = await post(erin, talk, **KEY)
    assert (again.status_code, again.json()["status"], again.json()["id"]) == (201, "complete", failed[1]["id"])
    messages = (await read(erin, talk))["messages"]
    assert [message["id"] for message in messages] == [message["id"] for message in failed]


async def test_an_answer_that_fails_twice_can_be_restarted_again(erin: Erin, database_url: str) -> None:
    with coach_broken(database_url):
        assert [(await query(erin)).status_code for _ in range(2)] == [500, 500]
    assert (await query(erin)).status_code == 200
    assert counted(database_url) == 2


async def test_the_same_key_restarts_an_abandoned_answer(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    answer = (await post(erin, talk, **KEY)).json()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE messages SET status = 'generating', content = '', leased_until = now() - interval '1 second' "
            "WHERE role = 'assistant'"
        )
    again = await post(erin, talk, **KEY)
    assert (again.status_code, again.json()["id"], again.json()["content"]) == (201, answer["id"], answer["content"])


async def test_a_repeated_request_is_409_when_another_process_takes_too_long(erin: Erin, database_url: str) -> None:
    await query(erin)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE messages SET status = 'generating', leased_until = now() + interval '20 seconds' "
            "WHERE role = 'assistant'"
        )
    async with replica(database_url, timings=Timings(join=0.2), cookies=erin.cookies) as other:
        response = await query(other)
    assert (response.status_code, slug(response)) == (409, "answer-in-progress")


async def test_a_key_does_not_bring_back_a_deleted_conversation(erin: Erin, database_url: str) -> None:
    talk = (await query(erin)).json()["conversation_id"]
    await erin.delete(f"/api/conversations/{talk}")
    assert (await query(erin)).status_code == 404
    assert counted(database_url, "conversations") == 0

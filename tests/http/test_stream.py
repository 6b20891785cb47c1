"""Answers as events: what a reader of the standard gets, whoever makes the answer and whenever it comes."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from plccoach_api.coach.runs import reader as follow_module
from tests.events import Event, event_of, parse
from tests.http.asking import QUESTION, begin, make, post, read, slug
from tests.http.conftest import SignIn, coach_broken, coach_waiting

Erin = httpx.AsyncClient
Events = list[Event]


async def stream(person: Erin, talk: str, content: str = QUESTION, **headers: str) -> httpx.Response:
    return await person.post(f"/api/conversations/{talk}/messages/stream", json={"content": content}, headers=headers)


async def follow(person: Erin, message_id: str, **headers: str) -> httpx.Response:
    return await person.get(f"/api/messages/{message_id}/stream", headers=headers)


def events(response: httpx.Response) -> Events:
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/event-stream")
    found = [event_of(fields) for fields in parse(response.text)]
    positions = [position for _, position, _ in found]
    assert positions == sorted(set(positions))
    return found


def text_of(found: Events) -> str:
    return "".join(data["delta"] for name, _, data in found if name == "content_delta")


def citations_of(found: Events) -> list[Any]:
    return [data for name, _, data in found if name == "citation"]


async def answer_of(person: Erin) -> dict[str, Any]:
    talk = await begin(person)
    answer: dict[str, Any] = (await read(person, talk))["messages"][1]
    return answer


async def test_the_events_make_the_message_that_is_stored(erin: Erin) -> None:
    talk = await make(erin)
    response = await stream(erin, talk)
    found = events(response)
    question, answer = (await read(erin, talk))["messages"]
    assert found[0] == (
        "message_start",
        0,
        {"conversation_id": talk, "user_message_id": question["id"], "message_id": answer["id"]},
    )
    assert (text_of(found), citations_of(found)) == (answer["content"], answer["citations"])
    assert found[-1][0] == "message_complete"
    assert found[-1][2]["message"] == answer
    assert (answer["status"], answer["kind"]) == ("complete", "answer")
    assert answer["citations"]
    assert response.headers["X-Accel-Buffering"] == "no"
    assert response.headers["Cache-Control"] == "no-store"


async def test_what_is_wrong_with_a_question_is_a_problem_before_any_event(
    erin: Erin, sign_in: SignIn, database_url: str
) -> None:
    talk = await make(erin)
    stranger = await sign_in("other@example.org")
    assert (await stream(stranger, talk)).status_code == 404
    assert (await stream(erin, str(uuid4()))).status_code == 404
    assert (await stream(erin, talk, " ")).status_code == 400
    with coach_waiting(database_url):
        asked = asyncio.create_task(post(erin, talk))
        await asyncio.sleep(0.3)
        refused = await stream(erin, talk)
    assert (refused.status_code, slug(refused)) == (409, "answer-in-progress")
    assert (await asked).status_code == 201


async def test_the_same_key_streams_the_same_message(erin: Erin) -> None:
    talk = await make(erin)
    key = {"Idempotency-Key": "a key"}
    first, second = await stream(erin, talk, **key), await stream(erin, talk, **key)
    assert [event[0] for event in events(second)][-1] == "message_complete"
    assert events(first)[-1] == events(second)[-1]
    assert text_of(events(first)) == text_of(events(second))
    assert len((await read(erin, talk))["messages"]) == 2
    other = await stream(erin, talk, "What is RTI?", **key)
    assert (other.status_code, slug(other)) == (422, "idempotency-key-reused")
    plain = await post(erin, talk, **key)
    assert (plain.status_code, slug(plain)) == (422, "idempotency-key-reused")


async def test_the_same_key_joins_the_answer_while_it_is_made(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    with coach_waiting(database_url):
        both = [asyncio.create_task(stream(erin, talk, **{"Idempotency-Key": "k"})) for _ in range(2)]
        await asyncio.sleep(1)
    first, second = [events(await each) for each in both]
    assert first == second
    assert first[-1][0] == "message_complete"


async def test_a_coach_that_is_away_is_an_error_event_and_can_be_asked_again(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    key = {"Idempotency-Key": "k"}
    with coach_broken(database_url):
        found = events(await stream(erin, talk, **{"X-Request-ID": "the-same-id"} | key))
    assert [name for name, *_ in found] == ["message_start", "error"]
    problem = found[-1][2]["problem"]
    assert (problem["status"], problem["type"]) == (500, "urn:problem:internal-error")
    assert problem["instance"] == "urn:request:the-same-id"
    _, failed = (await read(erin, talk))["messages"]
    assert failed["status"] == "failed"
    followed = events(await follow(erin, failed["id"]))
    assert [name for name, *_ in followed] == ["message_start", "error"]
    again = events(await stream(erin, talk, **key))
    assert (again[-1][0], again[-1][2]["message"]["id"]) == ("message_complete", failed["id"])


async def test_a_finished_answer_is_sent_at_once(erin: Erin) -> None:
    answer = await answer_of(erin)
    found = events(await follow(erin, answer["id"]))
    assert [name for name, *_ in found][:2] == ["message_start", "citation"]
    assert (text_of(found), citations_of(found)) == (answer["content"], answer["citations"])
    assert found[-1][2]["message"] == answer


async def test_who_comes_back_gets_the_rest_after_any_event(erin: Erin) -> None:
    talk = await make(erin)
    whole = events(await stream(erin, talk))
    answer = whole[-1][2]["message"]
    for index, (_, position, _) in enumerate(whole):
        later = events(await follow(erin, answer["id"], **{"Last-Event-ID": str(position)}))
        assert "message_start" not in [name for name, *_ in later] or position == 0
        assert text_of(whole[: index + 1]) + text_of(later) == answer["content"]
        assert citations_of(whole[: index + 1]) + citations_of(later) == answer["citations"]
        assert later[-1] == whole[-1]


@pytest.mark.parametrize("last", ["", "x", "-1", "1.5", "9" * 13])
async def test_a_last_event_that_was_none_of_ours_is_400(erin: Erin, last: str) -> None:
    answer = await answer_of(erin)
    response = await follow(erin, answer["id"], **{"Last-Event-ID": last})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "Last-Event-ID")


async def test_an_answer_of_another_process_is_followed_through_its_row(erin: Erin, database_url: str) -> None:
    answer = await answer_of(erin)
    with psycopg.connect(database_url, autocommit=True) as connection:
        change = "UPDATE messages SET status = %s, content = %s, leased_until = now() + interval '20 s' WHERE id = %s"
        connection.execute(change, ("generating", answer["content"][:10], answer["id"]))
        following = asyncio.create_task(follow(erin, answer["id"]))
        await asyncio.sleep(0.7)
        connection.execute(change, ("generating", answer["content"][:20], answer["id"]))
        await asyncio.sleep(0.7)
        assert not following.done()
        connection.execute(change, ("complete", answer["content"], answer["id"]))
    found = events(await following)
    assert [name for name, *_ in found].count("content_delta") == 3
    assert (text_of(found), citations_of(found)) == (answer["content"], answer["citations"])
    assert found[-1][2]["message"] == answer


async def test_who_follows_an_answer_of_another_process_is_told_when_there_is_more(
    erin: Erin, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_module, "_LOOK_SECONDS", 60.0)
    answer = await answer_of(erin)
    with psycopg.connect(database_url, autocommit=True) as connection:
        change = "UPDATE messages SET status = %s, content = %s, leased_until = now() + interval '20 s' WHERE id = %s"
        connection.execute(change, ("generating", answer["content"][:10], answer["id"]))
        following = asyncio.create_task(follow(erin, answer["id"]))
        await asyncio.sleep(0.5)
        connection.execute(change, ("complete", answer["content"], answer["id"]))
        await asyncio.sleep(0.2)
        assert not following.done()
        connection.execute("SELECT pg_notify('answers', %s)", (f"{uuid4()},{answer['id']}",))
        found = events(await asyncio.wait_for(following, 2))
    assert text_of(found) == answer["content"]


async def test_who_follows_goes_on_when_the_line_that_tells_was_cut(
    erin: Erin, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_module, "_LOOK_SECONDS", 60.0)
    answer = await answer_of(erin)
    with psycopg.connect(database_url, autocommit=True) as connection:
        change = "UPDATE messages SET status = %s, leased_until = now() + interval '20 s' WHERE id = %s"
        connection.execute(change, ("generating", answer["id"]))
        following = asyncio.create_task(follow(erin, answer["id"]))
        await asyncio.sleep(0.5)
        cut = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'plccoach-api listener'"
            " AND datname = current_database()"
        ).fetchall()
        assert cut == [(True,)]
        connection.execute(change, ("complete", answer["id"]))
        found = events(await asyncio.wait_for(following, 4))
        await asyncio.sleep(0.2)
        left = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'plccoach-api listener'"
            " AND datname = current_database()"
        ).fetchone()
    assert found[-1][0] == "message_complete"
    assert left == (0,)


async def test_an_answer_that_is_deleted_meanwhile_ends_its_streams(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    with coach_waiting(database_url):
        asked = asyncio.create_task(stream(erin, talk))
        await asyncio.sleep(0.5)
        assert (await erin.delete(f"/api/conversations/{talk}")).status_code == 204
        found = events(await asked)
    assert (found[-1][0], found[-1][2]["problem"]["status"]) == ("error", 404)


async def test_a_question_can_be_neither_followed_nor_stopped(erin: Erin) -> None:
    talk = await begin(erin)
    question = (await read(erin, talk))["messages"][0]["id"]
    for response in (await follow(erin, question), await erin.post(f"/api/messages/{question}/stop")):
        assert (response.status_code, slug(response)) == (409, "not-an-answer")


async def test_a_finished_answer_is_stopped_as_it_is(erin: Erin) -> None:
    answer = await answer_of(erin)
    response = await erin.post(f"/api/messages/{answer['id']}/stop")
    assert (response.status_code, response.json()) == (200, answer)


async def test_an_answer_is_stopped_before_its_first_word(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    with coach_waiting(database_url):
        streaming = asyncio.create_task(stream(erin, talk))
        await asyncio.sleep(0.5)
        answer = (await read(erin, talk))["messages"][1]
        assert answer["status"] == "generating"
        stopped = await erin.post(f"/api/messages/{answer['id']}/stop")
        found = events(await streaming)
    assert (stopped.status_code, stopped.json()["status"], stopped.json()["content"]) == (200, "stopped", "")
    assert (found[-1][0], found[-1][2]["message"]) == ("message_complete", stopped.json())
    assert (await post(erin, talk)).status_code == 201


async def test_to_stop_an_answer_of_another_process_is_asked_for_in_its_row(erin: Erin, database_url: str) -> None:
    answer = await answer_of(erin)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE messages SET status = 'generating', leased_until = now() + interval '20 s' WHERE id = %s",
            (answer["id"],),
        )
        stopping = asyncio.create_task(erin.post(f"/api/messages/{answer['id']}/stop"))
        await asyncio.sleep(0.5)
        asked_for = connection.execute("SELECT stop_requested FROM messages WHERE id = %s", (answer["id"],)).fetchone()
        assert asked_for == (True,)
        connection.execute("UPDATE messages SET status = 'stopped' WHERE id = %s", (answer["id"],))
    assert (await stopping).json() == {**answer, "status": "stopped"}

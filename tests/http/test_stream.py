"""Answers as server-sent events, from the process that generates them and from any other process."""

import asyncio
import traceback
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from structlog.testing import capture_logs

from plccoach_api import settings
from plccoach_api.app import create_app
from plccoach_api.coach.runs.timings import Timings
from tests import sql_coverage
from tests.conftest import GENEROUS
from tests.events import Event, event_of, parse
from tests.http.asking import QUESTION, begin, make, post, read, slug
from tests.http.conftest import SignIn, client_of, coach_broken, coach_waiting, replica
from tests.waiting import SECONDS, until

Erin = httpx.AsyncClient
Events = list[Event]

LISTENERS = "FROM pg_stat_activity WHERE application_name = 'plccoach-api listener' AND datname = current_database()"

CHANGE = "UPDATE messages SET status = %s, content = %s, leased_until = now() + interval '20 s' WHERE id = %s"


async def stream(person: Erin, talk: str, content: str = QUESTION, **headers: str) -> httpx.Response:
    return await person.post(f"/api/conversations/{talk}/messages/stream", json={"content": content}, headers=headers)


async def follow(person: Erin, message_id: str, **headers: str) -> httpx.Response:
    return await person.get(f"/api/messages/{message_id}/stream", headers=headers)


def events(response: httpx.Response) -> Events:
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/event-stream")
    found = [event_of(fields) for fields in parse(response.text)]
    ids = [event.id for event in found]
    assert ids == sorted(set(ids))
    return found


def text_of(found: Events) -> str:
    return "".join(data["delta"] for name, _, data in found if name == "content_delta")


def citations_of(found: Events) -> list[Any]:
    return [data for name, _, data in found if name == "citation"]


def generating(database_url: str) -> int:
    """The number of answers that are being generated."""
    with psycopg.connect(database_url) as connection:
        return len(connection.execute("SELECT id FROM messages WHERE status = 'generating'").fetchall())


async def answer_of(person: Erin) -> dict[str, Any]:
    talk = await begin(person)
    answer: dict[str, Any] = (await read(person, talk))["messages"][1]
    return answer


async def test_the_events_add_up_to_the_stored_message(erin: Erin) -> None:
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


async def test_a_question_that_is_refused_gets_a_problem_and_no_event(
    erin: Erin, sign_in: SignIn, database_url: str
) -> None:
    talk = await make(erin)
    stranger = await sign_in("other@example.org")
    assert (await stream(stranger, talk)).status_code == 404
    assert (await stream(erin, str(uuid4()))).status_code == 404
    assert (await stream(erin, talk, " ")).status_code == 400
    with coach_waiting(database_url):
        asked = asyncio.create_task(post(erin, talk))
        await until(lambda: generating(database_url))
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


async def test_the_same_key_joins_the_answer_while_it_is_generated(
    erin: Erin, database_url: str, run_folder: Path
) -> None:
    talk = await make(erin)
    with (
        coach_waiting(database_url),
        sql_coverage.executions(run_folder, database_url, "answers/get_question") as followers,
    ):
        both = [asyncio.create_task(stream(erin, talk, **{"Idempotency-Key": "k"})) for _ in range(2)]
        await until(lambda: followers() == 2)
    first, second = [events(await each) for each in both]
    assert first == second
    assert first[-1][0] == "message_complete"


async def test_an_answer_that_fails_ends_with_an_error_event_and_can_be_restarted(
    erin: Erin, database_url: str
) -> None:
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


async def test_a_client_that_follows_again_gets_the_rest_after_any_event(erin: Erin) -> None:
    talk = await make(erin)
    whole = events(await stream(erin, talk))
    answer = whole[-1][2]["message"]
    for index, event in enumerate(whole[:-1]):
        later = events(await follow(erin, answer["id"], **{"Last-Event-ID": str(event.id)}))
        assert "message_start" not in [name for name, *_ in later] or event.id == 0
        assert text_of(whole[: index + 1]) + text_of(later) == answer["content"]
        assert citations_of(whole[: index + 1]) + citations_of(later) == answer["citations"]
        assert later[-1] == whole[-1]


async def test_following_after_the_last_event_is_204_which_ends_an_event_source(erin: Erin) -> None:
    whole = events(await stream(erin, await make(erin)))
    response = await follow(erin, whole[-1].data["message"]["id"], **{"Last-Event-ID": str(whole[-1].id)})
    assert (response.status_code, response.content) == (204, b"")


async def test_an_answer_that_is_retried_is_followed_after_the_last_event_of_its_failure(
    erin: Erin, database_url: str
) -> None:
    talk = await make(erin)
    with coach_broken(database_url):
        failed = events(await stream(erin, talk, **{"Idempotency-Key": "once"}))
    message_id = failed[0].data["message_id"]
    last = {"Last-Event-ID": str(failed[-1].id)}
    assert failed[-1].name == "error"
    assert (await follow(erin, message_id, **last)).status_code == 204
    answered = events(await stream(erin, talk, **{"Idempotency-Key": "once"}))
    rest = events(await follow(erin, message_id, **last))
    assert (text_of(rest), citations_of(rest), rest[-1]) == (
        text_of(answered),
        citations_of(answered),
        answered[-1],
    )


@pytest.mark.parametrize("last", ["", "x", "-1", "1.5", "9" * 13])
async def test_an_id_that_no_event_has_is_400(erin: Erin, last: str) -> None:
    answer = await answer_of(erin)
    response = await follow(erin, answer["id"], **{"Last-Event-ID": last})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "Last-Event-ID")


async def test_an_answer_of_another_process_is_followed_through_its_row(
    erin: Erin, database_url: str, run_folder: Path
) -> None:
    answer = await answer_of(erin)
    with (
        psycopg.connect(database_url, autocommit=True) as connection,
        sql_coverage.executions(run_folder, database_url, "messages/get") as reads,
    ):
        connection.execute(CHANGE, ("generating", answer["content"][:10], answer["id"]))
        async with replica(database_url, timings=Timings(poll=0.05), cookies=erin.cookies) as other:
            following = asyncio.create_task(follow(other, answer["id"]))
            # The second read after a change proves that the content of the first read was sent.
            await until(lambda: reads() >= 2)
            connection.execute(CHANGE, ("generating", answer["content"][:20], answer["id"]))
            seen = reads()
            await until(lambda: reads() >= seen + 2)
            assert not following.done()
            connection.execute(CHANGE, ("complete", answer["content"], answer["id"]))
            found = events(await following)
    assert [name for name, *_ in found].count("content_delta") == 3
    assert (text_of(found), citations_of(found)) == (answer["content"], answer["citations"])
    assert found[-1][2]["message"] == answer


async def test_a_reader_of_another_processs_answer_is_notified_when_there_is_more(
    erin: Erin, database_url: str, run_folder: Path
) -> None:
    # The process that generates the answer ends: it could still find the reader of this test, and notify it.
    async with replica(database_url, cookies=erin.cookies) as author:
        answer = await answer_of(author)
    async with replica(database_url, timings=Timings(poll=60), cookies=erin.cookies) as other:
        with (
            psycopg.connect(database_url, autocommit=True) as connection,
            sql_coverage.executions(run_folder, database_url, "messages/get") as reads,
        ):
            connection.execute(CHANGE, ("generating", answer["content"][:10], answer["id"]))
            following = asyncio.create_task(follow(other, answer["id"]))
            # The request reads the row first. The second read happens when the process has begun to listen.
            await until(lambda: reads() == 2)
            connection.execute(CHANGE, ("complete", answer["content"], answer["id"]))
            # A reader that polled every second, as by default, would find the end by itself.
            await asyncio.wait({following}, timeout=1.5)
            assert (reads(), following.done()) == (2, False)
            connection.execute("SELECT pg_notify('answers', %s)", (f"{uuid4()},{answer['id']}",))
            found = events(await asyncio.wait_for(following, SECONDS))
            assert reads() == 3
    assert text_of(found) == answer["content"]


async def test_a_reader_continues_after_the_connection_of_the_notifications_was_lost(
    erin: Erin, database_url: str, run_folder: Path
) -> None:
    answer = await answer_of(erin)
    async with replica(database_url, timings=Timings(poll=60), cookies=erin.cookies) as other:
        with (
            psycopg.connect(database_url, autocommit=True) as connection,
            sql_coverage.executions(run_folder, database_url, "messages/get") as reads,
        ):
            connection.execute(CHANGE, ("generating", answer["content"], answer["id"]))
            following = asyncio.create_task(follow(other, answer["id"]))
            await until(lambda: reads() == 2)
            assert connection.execute(f"SELECT pg_terminate_backend(pid) {LISTENERS}".encode()).fetchall() == [(True,)]
            connection.execute(CHANGE, ("complete", answer["content"], answer["id"]))
            found = events(await asyncio.wait_for(following, SECONDS))
            assert found[-1][0] == "message_complete"
            await until(lambda: connection.execute(f"SELECT pid {LISTENERS}".encode()).fetchall() == [])


async def test_a_stream_is_refused_while_the_service_stops_and_its_question_is_not_stored(
    erin: Erin, database_url: str
) -> None:
    talk = await make(erin)
    app = create_app(settings.load({"DATABASE_URL": database_url} | GENEROUS, None))
    async with app.lifespan(), client_of(app, cookies=erin.cookies) as client:
        app.state.coach.end_streams()
        refused = await stream(client, talk)
    assert (refused.status_code, slug(refused)) == (503, "not-ready")
    assert "not saved" in refused.json()["detail"]
    assert (await read(erin, talk))["messages"] == []


async def test_the_error_that_broke_a_stream_is_logged_with_its_causes(
    erin: Erin, database_url: str, run_folder: Path
) -> None:
    answer = await answer_of(erin)
    with (
        psycopg.connect(database_url, autocommit=True) as connection,
        sql_coverage.executions(run_folder, database_url, "messages/get") as reads,
        capture_logs() as lines,
    ):
        connection.execute(CHANGE, ("generating", answer["content"], answer["id"]))
        following = asyncio.create_task(follow(erin, answer["id"]))
        await until(lambda: reads() >= 1)
        connection.execute("ALTER TABLE messages RENAME TO mislaid")
        try:
            await asyncio.wait_for(following, SECONDS)
        finally:
            connection.execute("ALTER TABLE mislaid RENAME TO messages")
    [error] = [line["exc_info"] for line in lines if line["event"] == "unhandled error"]
    assert "UndefinedTable" in "".join(traceback.format_exception(error))


async def test_a_stream_ends_with_an_error_when_its_conversation_is_deleted(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    with coach_waiting(database_url):
        asked = asyncio.create_task(stream(erin, talk))
        await until(lambda: generating(database_url))
        assert (await erin.delete(f"/api/conversations/{talk}")).status_code == 204
        found = events(await asked)
    assert (found[-1][0], found[-1][2]["problem"]["status"]) == ("error", 404)


async def test_a_question_can_be_neither_followed_nor_stopped(erin: Erin) -> None:
    talk = await begin(erin)
    question = (await read(erin, talk))["messages"][0]["id"]
    for response in (await follow(erin, question), await erin.post(f"/api/messages/{question}/stop")):
        assert (response.status_code, slug(response)) == (409, "not-an-answer")


async def test_stopping_a_finished_answer_returns_it_unchanged(erin: Erin) -> None:
    answer = await answer_of(erin)
    response = await erin.post(f"/api/messages/{answer['id']}/stop")
    assert (response.status_code, response.json()) == (200, answer)


async def test_an_answer_is_stopped_before_its_first_word(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    with coach_waiting(database_url):
        streaming = asyncio.create_task(stream(erin, talk))
        await until(lambda: generating(database_url))
        answer = (await read(erin, talk))["messages"][1]
        assert answer["status"] == "generating"
        stopped = await erin.post(f"/api/messages/{answer['id']}/stop")
        found = events(await streaming)
    assert (stopped.status_code, stopped.json()["status"], stopped.json()["content"]) == (200, "stopped", "")
    assert (found[-1][0], found[-1][2]["message"]) == ("message_complete", stopped.json())
    assert (await post(erin, talk)).status_code == 201


async def test_an_answer_of_another_process_is_stopped_through_its_row(erin: Erin, database_url: str) -> None:
    answer = await answer_of(erin)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE messages SET status = 'generating', leased_until = now() + interval '20 s' WHERE id = %s",
            (answer["id"],),
        )
        stopping = asyncio.create_task(erin.post(f"/api/messages/{answer['id']}/stop"))
        requested = "SELECT id::text FROM messages WHERE stop_requested"
        await until(lambda: connection.execute(requested).fetchall() == [(answer["id"],)])
        connection.execute("UPDATE messages SET status = 'stopped' WHERE id = %s", (answer["id"],))
    assert (await stopping).json() == {**answer, "status": "stopped"}

"""Asking in a conversation: a question and the row of its answer are stored together before the coach answers."""

import asyncio
import socket
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests import sql_coverage
from tests.http.asking import QUESTION, begin, listed, make, post, read, slug
from tests.http.conftest import SignIn, coach_broken, coach_waiting
from tests.live import Service
from tests.waiting import until

Erin = httpx.AsyncClient


def statuses(database_url: str) -> list[tuple[str, str]]:
    with psycopg.connect(database_url) as connection:
        return connection.execute("SELECT role, status FROM messages ORDER BY created_at, id").fetchall()


async def test_a_question_is_answered_by_the_assistants_message(erin: Erin) -> None:
    talk = await make(erin)
    response = await post(erin, talk, "  What is a SMART goal?\n")
    assert response.status_code == 201
    answer = response.json()
    assert set(answer) == {
        *("id", "conversation_id", "role", "content", "status", "kind", "citations", "domains", "feedback"),
        *("suggestions", "stopped_early"),
        *("input_tokens", "output_tokens", "cost_usd", "response_time_ms", "created_at"),
    }
    assert (answer["role"], answer["status"], answer["kind"], answer["conversation_id"]) == (
        *("assistant", "complete", "answer", talk),
    )
    assert response.headers["Location"] == f"/api/messages/{answer['id']}"
    question, stored = (await read(erin, talk))["messages"]
    assert stored == answer
    assert (question["role"], question["content"], question["status"]) == ("user", "What is a SMART goal?", "complete")


async def test_the_first_question_becomes_the_title_of_a_conversation_without_a_title(erin: Erin) -> None:
    named, unnamed = await make(erin, title=" Norms "), await make(erin)
    for talk in (named, unnamed):
        await post(erin, talk, "How should a team set norms for its meetings, and who keeps them?")
        await post(erin, talk, QUESTION)
    assert (await read(erin, named))["title"] == "Norms"
    assert (await read(erin, unnamed))["title"] == "How should a team set norms for its meetings, and …"


async def test_messages_are_listed_in_the_order_in_which_they_were_written(erin: Erin) -> None:
    talk = await make(erin)
    for number in range(5):
        await post(erin, talk, f"What is a PLC, time {number}?")
    messages = (await read(erin, talk))["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant"] * 5
    assert [message["content"][-2] for message in messages[::2]] == list("01234")
    assert [message["created_at"] for message in messages] == sorted({message["created_at"] for message in messages})


async def test_a_question_is_ordered_after_messages_whose_times_are_in_the_future(
    erin: Erin, database_url: str
) -> None:
    talk = await make(erin)
    await post(erin, talk, "What is a PLC?")
    with psycopg.connect(database_url, autocommit=True) as connection:
        for table in ("conversations", "messages"):
            connection.execute(f"UPDATE {table} SET created_at = created_at + interval '1 hour'".encode())
        connection.execute("UPDATE conversations SET updated_at = updated_at + interval '1 hour'")
    await post(erin, talk, "What is RTI?")
    contents = [message["content"] for message in (await read(erin, talk))["messages"]]
    assert (contents[0], contents[2]) == ("What is a PLC?", "What is RTI?")


@pytest.mark.parametrize(
    "content", ["x" * 2000, " " * 50 + "x" * 2000 + "\n" * 50, "é" * 2000, "?", "多" * 2000, "a\tb"]
)
async def test_a_question_has_1_to_2000_characters_without_the_white_space_around_it(erin: Erin, content: str) -> None:
    talk = await make(erin)
    assert (await post(erin, talk, content)).status_code == 201
    assert (await read(erin, talk))["messages"][0]["content"] == content.strip()


@pytest.mark.parametrize("content", ["x" * 2001, "", " \n\t ", "a\x00b", "\x00", "x" + " " * 2000 + "x", "\ufeff"])
async def test_any_other_content_is_400_and_stores_nothing(erin: Erin, database_url: str, content: str) -> None:
    talk = await make(erin)
    response = await post(erin, talk, content)
    assert response.status_code == 400
    characters = len(content.strip("\ufeff \n\t"))
    expected = "This must not be empty."
    if "\x00" in content:
        expected = "This contains the character NUL, which cannot be stored."
    elif characters:
        expected = f"This has {characters:,} characters; at most 2,000 are allowed."
    assert response.json()["errors"] == [{"field": "content", "message": expected}]
    assert statuses(database_url) == []


@pytest.mark.parametrize(
    "body", [b'{"content": "\\ud800"}', b'{"content": "\\udfff!"}', b'{"content": "\xed\xa0\x80"}']
)
async def test_half_a_surrogate_pair_is_400(erin: Erin, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = await erin.post(f"/api/conversations/{await make(erin)}/messages", content=body, headers=headers)
    assert response.status_code == 400


async def test_a_question_in_an_archived_conversation_restores_it(erin: Erin) -> None:
    talk = await begin(erin)
    await erin.patch(f"/api/conversations/{talk}", json={"status": "archived"})
    assert await listed(erin) == []
    assert (await post(erin, talk)).status_code == 201
    assert await listed(erin) == [talk]
    assert await listed(erin, status="archived") == []


async def test_a_question_in_a_deleted_foreign_or_unknown_conversation_is_404(erin: Erin, sign_in: SignIn) -> None:
    gone, mine = await begin(erin), await begin(erin)
    await erin.delete(f"/api/conversations/{gone}")
    other = await sign_in("other@example.org")
    refused = [await post(erin, gone), await post(other, mine), await post(erin, str(uuid4()))]
    assert [(response.status_code, slug(response)) for response in refused] == [(404, "not-found")] * 3
    assert len((await read(erin, mine))["messages"]) == 2


async def test_a_second_question_during_the_first_answer_is_409_and_stores_nothing(
    erin: Erin, database_url: str
) -> None:
    talk, elsewhere = await make(erin), await make(erin)
    with coach_waiting(database_url):
        first = asyncio.create_task(post(erin, talk))
        await until(lambda: statuses(database_url) == [("user", "complete"), ("assistant", "generating")])
        reading = (await read(erin, talk))["messages"]
        assert [(message["status"], message["content"]) for message in reading] == [
            *(("complete", QUESTION), ("generating", "")),
        ]
        second = await post(erin, talk, "And what is RTI?")
        third = await erin.post("/api/coach/query", json={"query": "And what is RTI?", "conversation_id": talk})
        parallel = asyncio.create_task(post(erin, elsewhere))
        await until(lambda: len(statuses(database_url)) == 4)
    assert (second.status_code, slug(second)) == (third.status_code, slug(third)) == (409, "answer-in-progress")
    assert [(await first).status_code, (await parallel).status_code] == [201, 201]
    assert [message["content"] for message in (await read(erin, talk))["messages"]][0::2] == [QUESTION]
    assert (await post(erin, talk)).status_code == 201


async def test_six_questions_at_once_lead_to_one_answer_and_five_conflicts_that_store_nothing(
    erin: Erin, database_url: str
) -> None:
    talk = await make(erin)
    with coach_waiting(database_url):
        asked = [asyncio.create_task(post(erin, talk, f"What is a PLC, time {number}?")) for number in range(6)]
        await until(lambda: sum(task.done() for task in asked) == 5)
    codes = sorted([(await task).status_code for task in asked])
    assert codes == [201, 409, 409, 409, 409, 409]
    assert statuses(database_url) == [("user", "complete"), ("assistant", "complete")]


async def test_without_the_coach_a_question_is_stored_with_a_failed_answer(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    with coach_waiting(database_url):
        response = await post(erin, talk)
    assert (response.status_code, slug(response)) == (503, "coach-unavailable")
    assert int(response.headers["Retry-After"]) > 0
    question, answer = (await read(erin, talk))["messages"]
    assert (question["content"], answer["status"], answer["content"], answer["kind"]) == (QUESTION, "failed", "", None)
    assert (await post(erin, talk)).status_code == 201
    assert await listed(erin) == [talk]


async def test_an_internal_error_is_500_and_leaves_a_failed_answer(erin: Erin, database_url: str) -> None:
    talk = await make(erin)
    with coach_broken(database_url):
        response = await post(erin, talk)
    assert (response.status_code, slug(response)) == (500, "internal-error")
    assert statuses(database_url) == [("user", "complete"), ("assistant", "failed")]


async def test_an_abandoned_answer_blocks_its_conversation_until_its_lease_expires(
    erin: Erin, database_url: str
) -> None:
    talk = await begin(erin)
    with psycopg.connect(database_url, autocommit=True) as connection:
        abandon = (
            "UPDATE messages SET status = 'generating', leased_until = now() + %s::interval WHERE role = 'assistant'"
        )
        connection.execute(abandon, ("10 seconds",))
        assert (await post(erin, talk)).status_code == 409
        connection.execute(abandon, ("-1 seconds",))
        assert (await post(erin, talk)).status_code == 201
    assert [message["status"] for message in (await read(erin, talk))["messages"]] == [
        *("complete", "failed", "complete", "complete"),
    ]


async def test_a_conversation_that_is_deleted_while_the_coach_answers_stays_deleted(
    erin: Erin, database_url: str
) -> None:
    talk = await make(erin)
    with coach_waiting(database_url):
        asked = asyncio.create_task(post(erin, talk))
        await until(lambda: len(statuses(database_url)) == 2)
        assert (await erin.delete(f"/api/conversations/{talk}")).status_code == 204
    assert ((await asked).status_code, statuses(database_url)) == (404, [])


async def test_an_answer_is_finished_after_its_client_has_left(live: Service, live_database_url: str) -> None:
    with live.client() as client:
        client.get("/auth/dev/login", params={"email": "leaver@example.org"}, follow_redirects=False)
        talk = client.post("/api/conversations", json={}).json()["id"]
        path = f"/api/conversations/{talk}/messages"
        body = b'{"content": "What is a SMART goal?"}'
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Cookie: plc_session={client.cookies['plc_session']}\r\nContent-Length: {len(body)}\r\n\r\n"
        )

        def messages() -> list[str]:
            return [message["status"] for message in client.get(path).json()["items"]]

        with coach_waiting(live_database_url):
            with socket.create_connection(("127.0.0.1", live.port)) as line:
                line.sendall(head.encode() + body)
                await until(lambda: messages() == ["complete", "generating"])
            # The server does not report when it has noticed the disconnect.
            await asyncio.sleep(0.5)
        await until(lambda: messages() == ["complete", "complete"])
        assert client.get(path).json()["items"][1]["citations"]


async def test_a_message_has_an_etag_and_is_304_when_the_client_knows_it(erin: Erin) -> None:
    talk = await begin(erin)
    for message in (await read(erin, talk))["messages"]:
        response = await erin.get(f"/api/messages/{message['id']}")
        assert response.json() == message
        assert response.headers["Cache-Control"] == "private, no-cache"
        tag = response.headers["ETag"]
        known = await erin.get(f"/api/messages/{message['id']}", headers={"If-None-Match": f'"other", W/{tag}'})
        assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", tag)
        again = await erin.get(f"/api/messages/{message['id']}", headers={"If-None-Match": '"other"'})
        assert again.status_code == 200


async def test_a_question_costs_nine_statements_besides_the_session(
    erin: Erin, database_url: str, run_folder: Path
) -> None:
    talk = await begin(erin)
    with sql_coverage.statements(run_folder, database_url) as statements:
        await post(erin, talk)
    assert statements == [
        *("sessions/get", "conversations/resume", "answers/create"),
        *("unfinished_answers/create", "rate_limits/count"),
        *("messages/list_before", "words/get_for_question"),
        *("embeddings/nearest", "chunks/search", "answers/finish"),
    ]


async def test_an_answered_question_is_soon_no_longer_unfinished(erin: Erin, database_url: str) -> None:
    await post(erin, await make(erin))
    with psycopg.connect(database_url, autocommit=True) as connection:
        await until(lambda: connection.execute("SELECT count(*) FROM unfinished_answers").fetchall() == [(0,)])

"""Suggested questions, and the reason why an answer was cut, wherever a message is read."""

from typing import Any, TypeAlias

import httpx
import msgspec
import psycopg
import pytest

from tests.coach.retrieval.questions import ANSWERABLE, UNANSWERABLE, VAGUE
from tests.http.asking import begin, post, read

Client: TypeAlias = httpx.AsyncClient


async def ask(person: Client, query: str, **body: str) -> dict[str, Any]:
    response = await person.post("/api/coach/query", json={"query": query} | body)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


async def places(person: Client, talk: str) -> dict[str, dict[str, Any]]:
    """Returns the conversation's answer from every place where a client reads it."""
    message_id = (await read(person, talk))["messages"][1]["id"]
    link = (await person.post(f"/api/conversations/{talk}/share", json={"expires_in_days": 7})).json()
    stream = (await person.get(f"/api/messages/{message_id}/stream")).text
    completed = stream.split("event: message_complete\ndata: ")[1].split("\n")[0]
    exported = (await person.get(f"/api/conversations/{talk}/export?format=json")).content
    return {
        "message": (await person.get(f"/api/messages/{message_id}")).json(),
        "conversation": (await read(person, talk))["messages"][1],
        "list": (await person.get(f"/api/conversations/{talk}/messages")).json()["items"][1],
        "shared": (await person.get(f"/api/shared/{link['token']}")).json()["messages"][1],
        "stream": msgspec.json.decode(completed)["message"],
        "export": msgspec.json.decode(exported)["messages"][1],
        "feedback": (await person.post(f"/api/messages/{message_id}/feedback", json={"score": 1})).json(),
    }


async def test_an_answer_suggests_up_to_three_questions_and_every_reader_sees_them(educator: Client) -> None:
    answer = await ask(educator, "What is a SMART goal?")
    suggested = answer["suggestions"]
    assert len(set(suggested)) == 3
    assert all(question.endswith("?") and len(question) <= 120 for question in suggested)
    seen = {
        place: message["suggestions"] for place, message in (await places(educator, answer["conversation_id"])).items()
    }
    assert seen == dict.fromkeys(seen, suggested)


async def test_the_coach_answers_the_questions_that_it_suggests(educator: Client) -> None:
    suggested = [each for question in ANSWERABLE[:8] for each in (await ask(educator, question))["suggestions"]]
    refused = [question for question in suggested if (await ask(educator, question))["kind"] != "answer"]
    assert (len(suggested), refused) == (24, [])


async def test_a_question_that_was_asked_is_not_suggested_again(educator: Client) -> None:
    first = await ask(educator, "What is a SMART goal?")
    asked = first["suggestions"][0]
    second = await ask(educator, asked, conversation_id=first["conversation_id"])
    assert second["suggestions"]
    assert asked not in second["suggestions"]


@pytest.mark.parametrize("question", [UNANSWERABLE[0], VAGUE[0]])
async def test_a_refusal_and_a_clarification_suggest_nothing(educator: Client, question: str) -> None:
    answer = await ask(educator, question)
    assert answer["kind"] in {"refusal", "clarification"}
    assert (answer["suggestions"], answer["stopped_early"]) == ([], None)


async def test_a_question_has_no_suggestions(educator: Client) -> None:
    question = (await read(educator, await begin(educator)))["messages"][0]
    assert (question["role"], question["suggestions"], question["stopped_early"]) == ("user", [], None)


async def test_an_answer_that_was_not_cut_has_no_reason(educator: Client) -> None:
    answer = await ask(educator, "What is a SMART goal?")
    assert answer["stopped_early"] is None


@pytest.mark.parametrize("reason", ["length", "content_filter"])
async def test_the_reason_why_an_answer_was_cut_is_seen_wherever_it_is_read(
    educator: Client, database_url: str, reason: str
) -> None:
    talk = await begin(educator)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE messages SET stopped_early = %s WHERE role = 'assistant'", (reason,))
    seen = {place: message["stopped_early"] for place, message in (await places(educator, talk)).items()}
    assert seen == dict.fromkeys(seen, reason)


async def test_the_text_of_an_export_leaves_the_suggestions_out(educator: Client) -> None:
    talk = await begin(educator)
    await post(educator, talk, "How should a team set norms?")
    suggested = [each for message in (await read(educator, talk))["messages"] for each in message["suggestions"]]
    assert suggested
    for kind in ("markdown", "text"):
        exported = (await educator.get(f"/api/conversations/{talk}/export?format={kind}")).text
        assert not [question for question in suggested if question in exported]

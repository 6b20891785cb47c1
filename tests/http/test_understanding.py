"""A question is stored as it was asked, whatever the coach searched for."""

import httpx
import pytest

from plccoach_api.rules.questions.replies import ENGLISH
from tests.http.asking import begin, post, read


async def test_a_misspelt_question_is_answered_and_stored_as_it_was_asked(erin: httpx.AsyncClient) -> None:
    talk = await begin(erin, "How do we write an asessment?")
    followed = await post(erin, talk, "And who scroes it?")
    assert followed.json()["kind"] == "answer"
    messages = (await read(erin, talk))["messages"]
    assert [each["content"] for each in messages if each["role"] == "user"] == [
        "How do we write an asessment?",
        "And who scroes it?",
    ]
    assert messages[1]["kind"] == "answer"


async def test_a_look_up_is_streamed_and_cited_like_any_answer(erin: httpx.AsyncClient) -> None:
    talk = await begin(erin, "Summarize chapter 3")
    messages = (await read(erin, talk))["messages"]
    assert {each["chapter"] for each in messages[1]["citations"]} == {3}
    streamed = await erin.post(f"/api/conversations/{talk}/messages/stream", json={"content": "Summarize chapter 300"})
    assert "has no chapter 300" in streamed.text


@pytest.mark.parametrize("question", ["Summarize the chapter on culture", "What is the chapter School Culture about?"])
async def test_a_chapter_is_looked_up_by_words_that_no_other_title_has(erin: httpx.AsyncClient, question: str) -> None:
    talk = await begin(erin, question)
    messages = (await read(erin, talk))["messages"]
    assert {each["chapter"] for each in messages[1]["citations"]} == {8}


async def test_an_answer_to_a_question_that_the_books_hardly_answer_says_so(erin: httpx.AsyncClient) -> None:
    talk = await begin(erin, "How many days does the school year have in Japan?")
    reply = (await read(erin, talk))["messages"][1]
    assert reply["kind"] == "answer"
    assert reply["content"].startswith(f"{ENGLISH.unsure}\n\n")
    assert reply["citations"]

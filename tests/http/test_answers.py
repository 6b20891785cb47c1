"""Answers from the sample handbook are quotes with citations; questions about other subjects are refused."""

import re

import psycopg
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.coach.retrieval.questions import ANSWERABLE, NEAR, SHARES_WORDS, UNANSWERABLE, VAGUE

Client = AsyncTestClient[Litestar]

FEW = 10


async def ask(client: Client, question: str) -> dict[str, object]:
    response = await client.post("/api/coach/query", json={"query": question})
    assert response.status_code == 200
    answer: dict[str, object] = response.json()
    return answer


@pytest.mark.parametrize("question", ANSWERABLE[:FEW])
async def test_an_answer_is_cited_word_for_word(educator: Client, database_url: str, question: str) -> None:
    answer = await ask(educator, question)
    assert answer["kind"] == "answer"
    citations = answer["citations"]
    assert isinstance(citations, list)
    assert citations
    with psycopg.connect(database_url) as connection:
        for citation in citations:
            passage = connection.execute(
                "SELECT c.content, c.page_offsets, c.page_numbers, h.number, h.title, b.title, b.authors "
                "FROM chunks AS c JOIN chapters AS h ON h.id = c.chapter_id JOIN books AS b ON b.id = c.book_id "
                "WHERE c.id = %s",
                (citation["chunk_id"],),
            ).fetchone()
            assert passage
            content, offsets, numbers, *reference = passage
            assert citation["quote"] in content
            assert len(citation["quote"].split()) >= 5
            start = content.index(citation["quote"])
            end = start + len(citation["quote"])
            ends = [*offsets[1:], len(content)]
            on = [n for n, first, last in zip(numbers, offsets, ends, strict=True) if first < end and last > start]
            assert citation["pages"] == [on[0], on[-1]]
            assert reference == [
                citation["chapter"],
                citation["chapter_title"],
                citation["book_title"],
                citation["authors"],
            ]


@pytest.mark.parametrize("question", ANSWERABLE[:FEW])
async def test_every_run_of_an_answer_is_a_quote_with_its_number(educator: Client, question: str) -> None:
    answer = await ask(educator, question)
    text, citations = answer["response"], answer["citations"]
    assert isinstance(text, str)
    assert isinstance(citations, list)
    assert [int(number) for number in re.findall(r"\[(\d+)\]", text)] == [each["index"] for each in citations]
    body, *takeaways = text.split("\n\nKey takeaways:\n\n- ")
    parts = [re.sub(r"^\*\*.*\*\*\n\n", "", part) for part in re.split(r"\s*\[\d+\]\s*", body)[:-1]]
    if takeaways:
        parts += [part.removeprefix("- ") for part in re.split(r"\s*\[\d+\]\s*", takeaways[0])[:-1]]
    assert parts == [each["quote"] for each in citations]
    assert len(text.split()) <= 500


@pytest.mark.parametrize("question", [each for each in UNANSWERABLE[:FEW] if each != SHARES_WORDS])
async def test_a_question_about_another_subject_is_refused(educator: Client, question: str) -> None:
    answer = await ask(educator, question)
    assert (answer["kind"], answer["citations"]) == ("refusal", [])
    assert "could not find" in str(answer["response"])


@pytest.mark.parametrize("text", ["Hi!", "Thank you so much", "¡Hola!"])
async def test_small_talk_gets_one_friendly_line(educator: Client, text: str) -> None:
    answer = await ask(educator, text)
    assert (answer["kind"], answer["citations"], answer["suggestions"]) == ("clarification", [], [])
    assert "\n" not in str(answer["response"])


async def test_a_question_that_the_books_only_come_near_to_gets_quotes_that_are_said_to_be_no_answer(
    educator: Client,
) -> None:
    answer = await ask(educator, NEAR)
    text, citations = str(answer["response"]), answer["citations"]
    assert isinstance(citations, list)
    assert (answer["kind"], [each["index"] for each in citations]) == ("refusal", [1, 2])
    assert text.startswith("I found no answer to that")
    assert all(f"{each['quote']} [{each['index']}]" in text for each in citations)


async def test_the_answer_about_the_four_critical_questions_names_all_four(educator: Client) -> None:
    answer = str((await ask(educator, ANSWERABLE[0]))["response"]).lower()
    for words in ("want students to learn", "know they have learned", "have not learned", "already"):
        assert words in answer


async def test_a_refusal_is_stored_in_the_conversation_like_an_answer(educator: Client) -> None:
    refusal = await ask(educator, UNANSWERABLE[0])
    conversation = (await educator.get(f"/api/conversations/{refusal['conversation_id']}")).json()
    assert [message["kind"] for message in conversation["messages"]] == [None, "refusal"]


async def test_the_answer_has_the_keys_of_the_contract(educator: Client) -> None:
    answer = await ask(educator, ANSWERABLE[0])
    assert list(answer) == [
        *("conversation_id", "message_id", "kind", "response", "citations", "domains"),
        *("suggestions", "stopped_early"),
        *("response_time_ms", "token_usage", "cost_usd"),
    ]
    assert answer["token_usage"] == {"input_tokens": 0, "output_tokens": 0}
    assert answer["cost_usd"] == 0


@pytest.mark.parametrize("question", VAGUE)
async def test_a_vague_question_is_answered_with_a_question(educator: Client, question: str) -> None:
    answer = await ask(educator, question)
    assert (answer["kind"], answer["citations"]) == ("clarification", [])
    assert str(answer["response"]).endswith("?")


async def test_every_answerable_question_is_answered_and_no_unanswerable_one(educator: Client) -> None:
    refused = [question for question in ANSWERABLE if (await ask(educator, question))["kind"] != "answer"]
    answered = [question for question in UNANSWERABLE if (await ask(educator, question))["kind"] != "refusal"]
    assert (len(ANSWERABLE), len(UNANSWERABLE)) == (30, 28)
    assert refused == []
    assert answered == []

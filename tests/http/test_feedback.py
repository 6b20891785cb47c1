"""People give, change and withdraw feedback on the answers to their own questions."""

from typing import Any

import httpx
import psycopg
import pytest

from tests.http.asking import begin, read, slug
from tests.http.conftest import SignIn

Erin = httpx.AsyncClient


async def answered(erin: Erin) -> tuple[str, str, str]:
    """Returns the ids of a new conversation, its question, and its answer."""
    talk = await begin(erin)
    question, answer = (await read(erin, talk))["messages"]
    return talk, question["id"], answer["id"]


async def give(erin: Erin, message: str, **body: Any) -> httpx.Response:
    return await erin.post(f"/api/messages/{message}/feedback", json=body)


async def test_feedback_is_part_of_the_message(erin: Erin) -> None:
    talk, _, answer = await answered(erin)
    given = {"score": -1, "reasons": ["other", "inaccurate"], "comment": " Not for our grade. "}
    response = await give(erin, answer, **given)
    assert response.status_code == 200
    feedback = response.json()["feedback"]
    assert (feedback["score"], feedback["reasons"], feedback["comment"]) == (
        *(-1, ["other", "inaccurate"], "Not for our grade."),
    )
    assert feedback["created_at"].endswith("Z")
    assert (await read(erin, talk))["messages"][1] == response.json()


async def test_new_feedback_replaces_the_old_feedback(erin: Erin) -> None:
    _, _, answer = await answered(erin)
    await give(erin, answer, score=-1, reasons=["incomplete"], comment="Too short.")
    feedback = (await give(erin, answer, score=1)).json()["feedback"]
    assert (feedback["score"], feedback["reasons"], feedback["comment"]) == (1, [], None)


async def test_withdrawing_feedback_succeeds_even_when_there_is_none(erin: Erin) -> None:
    _, _, answer = await answered(erin)
    await give(erin, answer, score=1)
    for _ in range(2):
        response = await erin.delete(f"/api/messages/{answer}/feedback")
        assert (response.status_code, response.content) == (204, b"")
        assert (await erin.get(f"/api/messages/{answer}")).json()["feedback"] is None


async def test_feedback_on_a_question_is_409(erin: Erin) -> None:
    _, question, _ = await answered(erin)
    for response in (await give(erin, question, score=1), await erin.delete(f"/api/messages/{question}/feedback")):
        assert (response.status_code, slug(response)) == (409, "not-an-answer")


@pytest.mark.parametrize("role", ["educator", "coach", "admin"])
async def test_feedback_on_an_answer_to_somebody_else_is_404(
    erin: Erin, sign_in: SignIn, database_url: str, role: str
) -> None:
    _, question, answer = await answered(erin)
    other = await sign_in("other@example.org", role=role)
    for message in (question, answer):
        assert (await give(other, message, score=1)).status_code == 404
        assert (await other.delete(f"/api/messages/{message}/feedback")).status_code == 404
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM messages WHERE feedback_at IS NOT NULL").fetchone() == (0,)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "score"),
        ({"score": 0}, "score"),
        ({"score": 2}, "score"),
        ({"score": "1"}, "score"),
        ({"score": True}, "score"),
        ({"score": None}, "score"),
        ({"score": 1, "reasons": ["boring"]}, "reasons[0]"),
        ({"score": 1, "reasons": ["other", "other"]}, "reasons"),
        ({"score": 1, "reasons": "other"}, "reasons"),
        ({"score": 1, "reasons": None}, "reasons"),
        ({"score": 1, "comment": "x" * 1001}, "comment"),
        ({"score": 1, "comment": "a\x00b"}, "comment"),
        ({"score": 1, "mood": "good"}, "mood"),
    ],
)
async def test_invalid_feedback_is_400_and_names_the_field(erin: Erin, body: Any, field: str) -> None:
    _, _, answer = await answered(erin)
    response = await give(erin, answer, **body)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert (await erin.get(f"/api/messages/{answer}")).json()["feedback"] is None


async def test_half_a_surrogate_pair_in_a_comment_is_400(erin: Erin) -> None:
    _, _, answer = await answered(erin)
    body = b'{"score": 1, "comment": "\\ud83d"}'
    headers = {"Content-Type": "application/json"}
    response = await erin.post(f"/api/messages/{answer}/feedback", content=body, headers=headers)
    assert response.status_code == 400


@pytest.mark.parametrize("comment", ["", "  ", None, "x" * 1000, "é" * 1000, "<script>alert(1)</script>"])
async def test_a_comment_is_stored_unchanged_and_a_blank_comment_is_null(erin: Erin, comment: str | None) -> None:
    _, _, answer = await answered(erin)
    response = await give(erin, answer, score=1, comment=comment)
    assert response.json()["feedback"]["comment"] == ((comment or "").strip() or None)


async def test_all_reasons_can_be_given_together(erin: Erin) -> None:
    _, _, answer = await answered(erin)
    reasons = ["other", "missing_citations", "not_relevant", "incomplete", "inaccurate"]
    assert (await give(erin, answer, score=-1, reasons=reasons)).json()["feedback"]["reasons"] == reasons

"""A question to some books is answered from these books only."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from plccoach_api import ids
from plccoach_api.corpus.load import remove
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.embedding.local import LOCAL
from tests.books import ingest_trusted
from tests.http.asking import QUESTION, make, slug

OTHER = "A SMART goal of zebras is to reach the other bank of the river before the lions wake up and see them."


@pytest.fixture
async def book_ids(database_url: str, tmp_path: Path) -> list[str]:
    """The ids of the sample handbook and of another book, which says little about SMART goals."""
    (tmp_path / "zebras.md").write_text(f"# Zebras\n\nby Zoe\n\n## Chapter 1: Goals\n\n{OTHER}")
    await ingest_trusted(database_url, [tmp_path / "zebras.md"], LOCAL)
    with psycopg.connect(database_url) as connection:
        return [str(id_) for (id_,) in connection.execute("SELECT id FROM books ORDER BY title").fetchall()]


def titles(answer: dict[str, Any]) -> set[str]:
    return {each["book_title"].split(":")[0] for each in answer["citations"]}


async def test_each_route_that_asks_answers_from_the_named_books(erin: httpx.AsyncClient, book_ids: list[str]) -> None:
    for book_id, title in zip(book_ids, ("Learning Together", "Zebras"), strict=True):
        body = {"query": QUESTION, "book_ids": [book_id]}
        assert titles((await erin.post("/api/coach/query", json=body)).json()) == {title}
        talk = await make(erin)
        message = {"content": QUESTION, "book_ids": [book_id]}
        assert titles((await erin.post(f"/api/conversations/{talk}/messages", json=message)).json()) == {title}
        streamed = await erin.post(f"/api/conversations/{talk}/messages/stream", json=message)
        assert streamed.status_code == 200
        assert title in streamed.text


async def test_several_books_and_no_list_ask_all_of_them(erin: httpx.AsyncClient, book_ids: list[str]) -> None:
    bodies: list[dict[str, Any]] = [{}, {"book_ids": None}, {"book_ids": book_ids}, {"book_ids": [book_ids[0]] * 20}]
    answers = [(await erin.post("/api/coach/query", json={"query": QUESTION} | body)).json() for body in bodies]
    assert answers[0]["response"] == answers[1]["response"] == answers[2]["response"]
    assert titles(answers[3]) == {"Learning Together"}


@pytest.mark.parametrize("route", ["query", "messages", "messages/stream"])
async def test_an_id_that_is_no_book_is_400_and_stores_nothing(
    erin: httpx.AsyncClient, database_url: str, book_ids: list[str], route: str
) -> None:
    async with ingest_lock(database_url) as connection:
        await remove(connection, UUID(book_ids[1]))
    talk = await make(erin)
    path, key = ("/api/coach/query", "query") if route == "query" else (f"/api/conversations/{talk}/{route}", "content")
    for wrong in (book_ids[1], str(ids.new())):
        response = await erin.post(path, json={key: QUESTION, "book_ids": [book_ids[0], wrong]})
        assert (response.status_code, slug(response)) == (400, "invalid-input")
        assert [error["field"] for error in response.json()["errors"]] == ["book_ids[1]"]
    with psycopg.connect(database_url) as connection_:
        assert connection_.execute("SELECT count(*) FROM messages").fetchone() == (0,)


@pytest.mark.parametrize("wrong", [[], [str(ids.new())] * 21, ["x"], "x", [None], 1])
async def test_a_bad_list_of_books_is_400(erin: httpx.AsyncClient, wrong: object) -> None:
    response = await erin.post("/api/coach/query", json={"query": QUESTION, "book_ids": wrong})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"].startswith("book_ids")


async def test_the_same_key_with_other_books_is_422(erin: httpx.AsyncClient, book_ids: list[str]) -> None:
    key = {"Idempotency-Key": "books"}
    first = await erin.post("/api/coach/query", json={"query": QUESTION, "book_ids": book_ids[:1]}, headers=key)
    again = await erin.post("/api/coach/query", json={"query": QUESTION, "book_ids": book_ids[:1]}, headers=key)
    assert again.json()["message_id"] == first.json()["message_id"]
    for body in ({"book_ids": book_ids}, {}):
        other = await erin.post("/api/coach/query", json={"query": QUESTION} | body, headers=key)
        assert other.status_code == 422

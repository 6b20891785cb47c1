"""A citation is returned with the passage around its quote, also when the passage has left its book."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from plccoach_api import ids
from plccoach_api.corpus.load import remove
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.embedding.local import LOCAL
from tests.books import ingest_trusted
from tests.http.asking import begin, read
from tests.http.conftest import SignIn
from tests.waiting import LOCK_WAITERS, until


async def test_each_citation_is_returned_with_the_passage_around_its_quote(erin: httpx.AsyncClient) -> None:
    answer = (await read(erin, await begin(erin)))["messages"][1]
    assert answer["citations"]
    for citation in answer["citations"]:
        response = await erin.get(f"/api/messages/{answer['id']}/citations/{citation['index']}")
        assert response.status_code == 200
        cited = response.json()
        assert cited["passage"][cited["start"] : cited["end"]] == citation["quote"]
        assert len(cited["passage"]) >= len(citation["quote"])
        assert {name: cited[name] for name in citation} == citation


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "9999999999999999999999"])
async def test_an_unknown_citation_is_404(erin: httpx.AsyncClient, number: str) -> None:
    answer = (await read(erin, await begin(erin)))["messages"][1]
    assert (await erin.get(f"/api/messages/{answer['id']}/citations/{number}")).status_code == 404


async def test_another_persons_citation_and_a_citation_whose_passage_was_deleted_are_404(
    erin: httpx.AsyncClient, sign_in: SignIn, database_url: str
) -> None:
    answer = (await read(erin, await begin(erin)))["messages"][1]
    path = f"/api/messages/{answer['id']}/citations/1"
    other = await sign_in("other@example.org")
    assert (await other.get(path)).status_code == 404
    assert (await erin.get(path)).status_code == 200
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM chunks")
    assert (await erin.get(path)).status_code == 404


def rows(database_url: str, query: str) -> list[Any]:
    with psycopg.connect(database_url) as connection:
        return connection.execute(query.encode()).fetchall()


STRIPES = "Zebulon zebras have black and white stripes that no other animal has, and each pattern is its own."
HOOVES = "Zebulon zebras stand on single hooves, and run from lions at forty miles an hour for a long time."
ZEBRAS = f"# Zebulon Zebras\n\nby Zoe\n\n## Chapter 1: Stripes\n\n{STRIPES}\n\n## Chapter 2: Hooves\n\n{HOOVES}"
ABOUT_STRIPES = "Which stripes do Zebulon zebras have?"


@pytest.fixture
async def zebras(database_url: str, tmp_path: Path) -> Path:
    """A book in the corpus with two passages: one about stripes, one about hooves."""
    path = tmp_path / "zebras.md"
    path.write_text(ZEBRAS)
    await ingest_trusted(database_url, [path], LOCAL)
    return path


async def ask(person: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    response = await person.post("/api/coach/query", json={"query": ABOUT_STRIPES} | body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def about_stripes(person: httpx.AsyncClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """Asks about stripes. Returns the answer, and its citation of the passage about stripes."""
    answer = await ask(person)
    [cited] = [each for each in answer["citations"] if each["quote"] == STRIPES]
    return answer, cited


async def remove_zebras(database_url: str) -> None:
    async with ingest_lock(database_url) as connection:
        [(book_id,)] = rows(database_url, "SELECT id FROM books WHERE title LIKE 'Zebulon%'")
        await remove(connection, book_id)


async def replace_zebras(database_url: str, path: Path) -> None:
    path.write_text(ZEBRAS.replace(STRIPES, "Zebulon zebras were found to have no stripes at all."))
    [report] = await ingest_trusted(database_url, [path], LOCAL)
    assert report.outcome == "replaced"


@pytest.mark.parametrize("change", ["replaced", "removed"])
async def test_a_cited_passage_stays_word_for_word_when_its_book_goes(
    erin: httpx.AsyncClient, sign_in: SignIn, database_url: str, zebras: Path, change: str
) -> None:
    answer, cited = await about_stripes(erin)
    assert cited["superseded"] is False
    assert cited["passage_url"] == f"http://localhost:8000/passages/{cited['chunk_id']}"
    [(hooves,)] = rows(database_url, f"SELECT id FROM chunks WHERE content LIKE '%{HOOVES}%'")
    path = f"/api/messages/{answer['message_id']}/citations/{cited['index']}"
    before = (await erin.get(path)).json()
    passage = (await erin.get(f"/api/passages/{cited['chunk_id']}")).json()
    assert list(passage) == [
        *("chunk_id", "book_id", "book_title", "authors", "year", "edition", "chapter", "chapter_title", "pages"),
        *("content", "product_url", "superseded"),
    ]
    assert (passage["book_title"], passage["authors"], passage["chapter"]) == ("Zebulon Zebras", ["Zoe"], 1)
    if change == "removed":
        await remove_zebras(database_url)
    else:
        await replace_zebras(database_url, zebras)
    assert (await erin.get(path)).json() == before | {"superseded": True}
    other = await sign_in("other@example.org")
    after = await other.get(f"/api/passages/{cited['chunk_id']}")
    assert after.json() == passage | {"superseded": True}
    # The passage about hooves has no citation. It stays in the replaced book, and goes with the removed one.
    if not any(each["chunk_id"] == str(hooves) for each in answer["citations"]):
        status = (await erin.get(f"/api/passages/{hooves}")).status_code
        assert status == (404 if change == "removed" else 200)
    await assert_superseded_everywhere(erin, answer, cited["chunk_id"])


async def assert_superseded_everywhere(person: httpx.AsyncClient, answer: dict[str, Any], chunk_id: str) -> None:
    talk, message = answer["conversation_id"], answer["message_id"]
    share = (await person.post(f"/api/conversations/{talk}/share", json={"expires_in_days": 7})).json()
    bodies = [
        (await person.get(f"/api/messages/{message}")).json(),
        (await person.get(f"/api/conversations/{talk}")).json()["messages"][1],
        (await person.get(f"/api/conversations/{talk}/messages")).json()["items"][1],
        (await person.get(f"/api/shared/{share['token']}")).json()["messages"][1],
        (await person.get(f"/api/conversations/{talk}/export", params={"format": "json"})).json()["messages"][1],
        (await person.post(f"/api/messages/{message}/feedback", json={"score": 1})).json(),
        (await person.post(f"/api/messages/{message}/stop")).json(),
    ]
    stream = (await person.get(f"/api/messages/{message}/stream")).text
    events = [json.loads(line.removeprefix("data: ")) for line in stream.splitlines() if line.startswith("data: ")]
    bodies.append(events[-1]["message"])
    bodies.append({"citations": [event for event in events if "quote" in event]})
    for body in bodies:
        assert {each["chunk_id"]: each["superseded"] for each in body["citations"]}[chunk_id] is True
        assert all(each["passage_url"].endswith(f"/passages/{each['chunk_id']}") for each in body["citations"])


async def test_a_passage_whose_text_comes_again_gets_its_old_id_back(
    erin: httpx.AsyncClient, database_url: str, zebras: Path
) -> None:
    answer, cited = await about_stripes(erin)
    await remove_zebras(database_url)
    [report] = await ingest_trusted(database_url, [zebras], LOCAL)
    assert report.outcome == "loaded"
    assert (await ask(erin))["citations"][0]["superseded"] is False
    message = (await erin.get(f"/api/messages/{answer['message_id']}")).json()
    assert all(each["superseded"] is False for each in message["citations"])
    assert rows(database_url, "SELECT chunk_id FROM retired_passages") == []
    await replace_zebras(database_url, zebras)
    assert (await erin.get(f"/api/passages/{cited['chunk_id']}")).json()["superseded"] is True
    zebras.write_text(ZEBRAS)
    await ingest_trusted(database_url, [zebras], LOCAL)
    assert (await erin.get(f"/api/passages/{cited['chunk_id']}")).json()["superseded"] is False


async def test_a_conversation_is_read_anew_when_one_of_its_passages_has_left_its_book(
    erin: httpx.AsyncClient, database_url: str, zebras: Path
) -> None:
    answer, _ = await about_stripes(erin)
    path = f"/api/conversations/{answer['conversation_id']}"
    tag = (await erin.get(path)).headers["ETag"]
    unchanged = {"If-None-Match": tag}
    assert (await erin.get(path, headers=unchanged)).status_code == 304
    await replace_zebras(database_url, zebras)
    after = await erin.get(path, headers=unchanged)
    assert after.status_code == 200
    assert any(each["superseded"] for each in after.json()["messages"][1]["citations"])
    # The owner has seen the newest version of the conversation itself.
    assert (await erin.patch(path, json={"title": "Zebras"}, headers={"If-Match": tag})).status_code == 200


async def assert_readable(person: httpx.AsyncClient, answer: dict[str, Any]) -> int:
    """Reads the passage of each citation in both ways. Returns their number."""
    for cited in answer["citations"]:
        path = f"/api/messages/{answer['message_id']}/citations/{cited['index']}"
        assert (await person.get(path)).json()["quote"] == cited["quote"]
        assert cited["quote"] in (await person.get(f"/api/passages/{cited['chunk_id']}")).json()["content"]
    return len(answer["citations"])


@pytest.mark.usefixtures("zebras")
async def test_an_answer_that_is_stored_after_its_book_was_removed_keeps_its_passages(
    erin: httpx.AsyncClient, database_url: str
) -> None:
    async with ingest_lock(database_url) as connection, connection.transaction():
        # The answer is generated, and waits for this table when it is to be stored.
        await connection.execute("LOCK TABLE citations IN EXCLUSIVE MODE")
        asking = asyncio.create_task(ask(erin))
        await until(lambda: rows(database_url, LOCK_WAITERS))
        [(book_id,)] = rows(database_url, "SELECT id FROM books WHERE title LIKE 'Zebulon%'")
        await remove(connection, book_id)
    answer = await asking
    assert {each["superseded"] for each in answer["citations"] if each["book_title"] == "Zebulon Zebras"} == {True}
    assert await assert_readable(erin, answer)


async def test_every_citation_is_readable_though_its_book_goes_and_comes_again_and_again(
    erin: httpx.AsyncClient, database_url: str, zebras: Path
) -> None:
    async def go_and_come() -> None:
        for _ in range(5):
            await remove_zebras(database_url)
            await ingest_trusted(database_url, [zebras], LOCAL)

    changing = asyncio.create_task(go_and_come())
    answers = [await ask(erin)]
    while not changing.done():
        answers += await asyncio.gather(*(ask(erin) for _ in range(3)))
    await changing
    assert sum([await assert_readable(erin, answer) for answer in answers])


async def test_a_retired_passage_is_no_longer_readable_when_the_conversation_that_cites_it_is_deleted(
    erin: httpx.AsyncClient, database_url: str, zebras: Path
) -> None:
    answer, cited = await about_stripes(erin)
    await replace_zebras(database_url, zebras)
    path = f"/api/passages/{cited['chunk_id']}"
    assert (await erin.get(path)).status_code == 200
    assert (await erin.delete(f"/api/conversations/{answer['conversation_id']}")).status_code == 204
    assert (await erin.get(path)).status_code == 404


@pytest.mark.parametrize("format_", ["markdown", "text"])
async def test_an_export_has_the_quote_of_a_book_that_was_removed(
    erin: httpx.AsyncClient, database_url: str, zebras: Path, format_: str
) -> None:
    assert zebras.exists()
    answer, _ = await about_stripes(erin)
    path = f"/api/conversations/{answer['conversation_id']}/export"
    before = (await erin.get(path, params={"format": format_})).text
    await remove_zebras(database_url)
    after = (await erin.get(path, params={"format": format_})).text
    assert after == before
    assert " ".join(STRIPES.split()[:4]) in after


async def test_an_unknown_passage_is_404(erin: httpx.AsyncClient) -> None:
    assert (await erin.get(f"/api/passages/{ids.new()}")).status_code == 404

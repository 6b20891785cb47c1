"""The domains and the books of the coach."""

from pathlib import Path

import httpx

from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.domains import Domain
from tests.books import ingest_trusted

Client = httpx.AsyncClient


async def test_the_seven_domains_have_a_name_a_label_and_a_description(educator: Client) -> None:
    response = await educator.get("/api/coach/domains")
    assert response.status_code == 200
    items = response.json()["items"]
    assert [item["name"] for item in items] == [*Domain]
    assert all({*item} == {"name", "label", "description"} and item["label"] and item["description"] for item in items)


async def test_the_books_have_their_authors_year_and_chapters(educator: Client) -> None:
    [book] = (await educator.get("/api/coach/books")).json()["items"]
    assert [*book] == ["id", "title", "authors", "year", "edition", "product_url", "chapters"]
    assert book["title"].startswith("Learning Together")
    assert (book["authors"], book["year"]) == (["Mara Ellison", "Tobias Okafor", "June Castellanos"], 2026)
    assert book["edition"] is None
    assert [chapter["number"] for chapter in book["chapters"]] == [*range(1, 11)]
    assert book["chapters"][1] == {"number": 2, "title": "Collaboration"}


async def test_a_new_book_is_listed_in_the_order_of_titles(educator: Client, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "book.md").write_text("# Aardvarks\n\nThey dig.\n\n## Afterword\n\nThey sleep.")
    await ingest_trusted(database_url, [tmp_path / "book.md"], LOCAL)
    first, _ = (await educator.get("/api/coach/books")).json()["items"]
    assert (first["title"], first["authors"], first["year"]) == ("Aardvarks", [], None)
    assert first["chapters"] == [{"number": None, "title": "Afterword"}]


async def test_without_a_session_the_corpus_is_401(client: Client) -> None:
    assert (await client.get("/api/coach/books")).status_code == 401
    assert (await client.get("/api/coach/domains")).status_code == 401

"""The pages for people: /try, its files, and the page of a passage."""

import re
from collections.abc import AsyncIterator
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
import pytest

from plccoach_api import resources
from plccoach_api.rules.domains import Domain
from tests.http.asking import slug
from tests.http.conftest import replica

Client = httpx.AsyncClient

UNKNOWN = "/passages/01a209de-8c09-76f6-baa4-77e106cf2850"
# Everything that a browser loads for /try, except its HTML and its icon.
LIMIT = 60_000


@pytest.fixture
async def without_page(database_url: str) -> AsyncIterator[Client]:
    async with replica(database_url, configured={"TRY_PAGE": "false"}) as client:
        yield client


def loaded_by(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="(/pages/[^"]+)"', page)


async def test_the_page_is_off_where_the_setting_says_so(without_page: Client) -> None:
    assert slug(await without_page.get("/try")) == "not-found"
    assert "try" not in (await without_page.get("/")).json()


async def test_a_sign_in_returns_to_the_front_end_where_the_page_is_off(without_page: Client) -> None:
    response = await without_page.get("/auth/dev/login", params={"next": "/try"}, follow_redirects=False)
    assert response.headers["Location"] == "http://localhost:5173/try"


@pytest.mark.parametrize("path", ["/try", "/passages/unknown"])
async def test_a_page_loads_only_files_of_this_service_and_allows_no_markup_from_text(
    educator: Client, path: str
) -> None:
    response = await educator.get(path)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert not re.search(r"<style|style=|<script>|\son\w+=|//", response.text)
    assert len(loaded_by(response.text)) >= 3


async def test_the_files_of_a_page_are_cached_until_they_change(educator: Client) -> None:
    for url in loaded_by((await educator.get("/try")).text):
        response = await educator.get(url)
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        _, version, name = url.rsplit("/", 2)
        assert re.fullmatch("[0-9a-f]{16}", version)
        other = await educator.get(f"/pages/other/{name}")
        assert (other.headers["Cache-Control"], other.content) == ("no-store", response.content)


@pytest.mark.parametrize("name", ["try.html", "nothing.js", "..%2Fapp.py"])
async def test_other_files_are_not_served(client: Client, name: str) -> None:
    assert (await client.get(f"/pages/other/{name}")).status_code == 404


def test_the_files_of_the_page_have_at_most_60_kb() -> None:
    files = [path for path in resources.PAGES.iterdir() if path.suffix in {".js", ".css"} and path.stem != "passage"]
    assert len(files) > 10
    assert sum(path.stat().st_size for path in files) <= LIMIT


def test_every_import_of_a_module_names_a_file_beside_it() -> None:
    for path in resources.PAGES.glob("*.js"):
        for name in re.findall(r'from "(.+?)"', path.read_text("utf-8")):
            assert (resources.PAGES / name).is_file(), f"{path.name} imports {name}"


async def test_the_examples_cover_the_domains_and_the_sample_book_answers_them(educator: Client) -> None:
    examples = (await educator.get("/api/coach/examples")).json()["items"]
    assert 5 <= len(examples) <= 7
    assert {example["domain"] for example in examples} == {str(domain) for domain in Domain}
    for example in examples:
        answer = (await educator.post("/api/coach/query", json={"query": example["question"]})).json()
        assert (answer["kind"], bool(answer["citations"])) == ("answer", True), example


class Text(HTMLParser):
    """The text of a page's main part."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.text += data


async def test_a_cited_passage_has_a_page_with_its_book_chapter_and_pages(educator: Client) -> None:
    answer = (await educator.post("/api/coach/query", json={"query": "What is a SMART goal?"})).json()
    citation = answer["citations"][0]
    path = urlsplit(citation["passage_url"]).path
    response = await educator.get(path)
    page = Text(response.text).text
    assert response.status_code == 200
    assert citation["book_title"] in page
    assert f"Chapter {citation['chapter']} · {citation['chapter_title']}" in page
    assert all(author in page for author in citation["authors"])
    content = (await educator.get(f"/api/passages/{citation['chunk_id']}")).json()["content"]
    assert "".join(content.split()) in "".join(page.split())


async def test_the_page_of_a_passage_shows_markup_in_a_book_as_text(educator: Client, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        row = connection.execute(
            "UPDATE chunks SET content = '<img src=x onerror=alert(1)> & $files' WHERE id ="
            " (SELECT id FROM chunks LIMIT 1) RETURNING id"
        ).fetchone()
    assert row
    page = (await educator.get(f"/passages/{row[0]}")).text
    assert "<img" not in page
    assert "<img src=x onerror=alert(1)> & $files" in unescape(page)


@pytest.mark.parametrize("path", [UNKNOWN, "/passages/unknown"])
async def test_an_unknown_passage_is_404_as_a_page(educator: Client, path: str) -> None:
    response = await educator.get(path)
    assert response.status_code == 404
    assert "This passage does not exist" in response.text


async def test_without_a_session_the_page_of_a_passage_redirects_to_the_login_and_back(client: Client) -> None:
    response = await client.get(UNKNOWN, follow_redirects=False)
    login = urlsplit(response.headers["Location"])
    assert (response.status_code, login.netloc, login.path) == (302, "localhost:5173", "/login")
    [path] = parse_qs(login.query)["next"]
    signed_in = await client.get("/auth/dev/login", params={"next": path}, follow_redirects=False)
    assert signed_in.headers["Location"] == f"http://localhost:8000{UNKNOWN}"

"""People search their own conversations by words of titles and messages."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from litestar import Litestar

from plccoach_api.rules import searching
from tests import sql_coverage
from tests.conftest import database_like
from tests.http.asking import begin, make, post
from tests.http.conftest import SignIn, address_of, replica

Erin = httpx.AsyncClient


async def find(erin: Erin, search: str, **parameters: str) -> list[dict[str, Any]]:
    response = await erin.get("/api/conversations", params={"search": search, **parameters})
    assert response.status_code == 200
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def titles(erin: Erin, search: str, **parameters: str) -> list[str]:
    return [item["title"] for item in await find(erin, search, **parameters)]


async def say(erin: Erin, title: str, *questions: str) -> str:
    talk = await make(erin, title=title)
    for question in questions:
        assert (await post(erin, talk, question)).status_code == 201
    return talk


async def say_all(erin: Erin) -> Erin:
    await say(erin, "Monday meeting", "Does Zebulon Rivera-Quist chair?", "And who takes minutes?")
    await say(erin, "Zebulon's plan", "Who is absent?")
    await say(erin, "Español", "¿Qué es una ZEBULONADA?")
    return erin


@pytest.fixture
async def searched(erin: Erin) -> Erin:
    return await say_all(erin)


@pytest.fixture(scope="module")
async def kept(
    request: pytest.FixtureRequest,
    postgres: str,
    template: str,
    open_app: Litestar,  # noqa: ARG001 - the applications of an event loop end in reverse order, and that one ends last
) -> AsyncIterator[Erin]:
    """The same in a database of its own, for tests that only search."""
    with database_like(postgres, template) as url:
        async with replica(url, configured=address_of(request, url)) as erin:
            assert (await erin.get("/auth/dev/login", params={"email": "erin@example.org"})).status_code == 302
            yield await say_all(erin)


async def test_a_search_result_is_an_item_of_the_list_with_a_highlight(searched: Erin) -> None:
    [item] = await find(searched, "rivera")
    listed = (await searched.get("/api/conversations")).json()["items"]
    assert item.pop("highlight") == "Does Zebulon <mark>Rivera</mark>-Quist chair?"
    assert item in listed
    assert all("highlight" not in line for line in listed)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("zebulon", ["Zebulon's plan", "Español", "Monday meeting"]),
        ("ZEBULON", ["Zebulon's plan", "Español", "Monday meeting"]),
        ("zebulon chair", ["Monday meeting"]),
        ("chair zebulon", ["Monday meeting"]),
        ("zebulon cha", ["Monday meeting"]),
        ("zeb chair", []),
        ("rivera-quist", ["Monday meeting"]),
        ("rivera-q", ["Monday meeting"]),
        ("quist", ["Monday meeting"]),
        ("zebulon's", ["Zebulon's plan"]),
        ("zebulon\N{RIGHT SINGLE QUOTATION MARK}s pl", ["Zebulon's plan"]),
        ("qué", ["Español"]),
        ("QUÉ es una", ["Español"]),
        ("espa", ["Español"]),
        ("zebulon minutes", []),
        ("nobodysaidthis", []),
    ],
)
async def test_all_words_must_occur_together_and_the_last_may_be_incomplete(
    kept: Erin, search: str, expected: list[str]
) -> None:
    """Matches in titles come first. Among equal ranks, the newest conversation comes first."""
    assert await titles(kept, search) == expected


@pytest.mark.parametrize("search", ["?!", "'", "&", "| !", ":*", "()", "\\", "<->", "😀", "%", "_"])
async def test_a_search_without_a_word_finds_nothing(kept: Erin, search: str) -> None:
    assert await find(kept, search) == []


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("zebulon & !chair", "zebulon chair"),
        ("zebulon:*", "zebulon"),
        ("'zebulon'", "zebulon"),
        ("(zebulon", "zebulon"),
        ("zebulon | x", "zebulon x"),
        ("a\\' b", "a b"),
        ("x<->y", "x y"),
    ],
)
async def test_operators_of_the_query_language_have_no_effect(kept: Erin, search: str, words: str) -> None:
    assert await titles(kept, search) == await titles(kept, words)


@pytest.fixture(scope="module")
def generated(shared_database_url: str) -> str:
    """The expression of the generated column, which repeats the separators."""
    with psycopg.connect(shared_database_url) as connection:
        [column] = connection.execute(
            "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef AS d JOIN pg_attribute AS a "
            "ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
            "WHERE d.adrelid = 'conversations'::regclass AND a.attname = 'lexical'"
        ).fetchone() or [""]
    return str(column)


@pytest.mark.parametrize("mark", searching.SEPARATORS)
def test_the_search_and_the_generated_column_have_the_same_separators(generated: str, mark: str) -> None:
    assert mark.replace("'", "''") in generated


async def test_a_blank_search_lists_everything(kept: Erin) -> None:
    assert len(await find(kept, "")) == len(await find(kept, "  ")) == 3


@pytest.mark.parametrize("search", ["a%00b", "x" * 201])
async def test_a_search_with_nul_or_of_more_than_200_characters_is_400(kept: Erin, search: str) -> None:
    response = await kept.get(f"/api/conversations?search={search}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "search"


async def test_html_in_a_message_or_a_title_is_escaped_in_a_highlight(erin: Erin) -> None:
    await say(erin, "<img src=x>", "<script>alert('zebulon')</script> & \"more\"")
    [item] = await find(erin, "zebulon")
    assert item["highlight"] == (
        "&lt;script&gt;alert(&#x27;<mark>zebulon</mark>&#x27;)&lt;/script&gt; &amp; &quot;more&quot;"
    )
    [titled] = await find(erin, "src")
    assert titled["highlight"] == "&lt;img <mark>src</mark>=x&gt;"


async def test_a_search_finds_answers_too(erin: Erin) -> None:
    talk = await begin(erin, "What is a SMART goal?")
    [item] = await find(erin, "measurable attainable")
    assert item["id"] == talk
    assert "<mark>measurable</mark>, <mark>attainable</mark>" in item["highlight"]


async def test_a_search_finds_only_the_persons_own_conversations(searched: Erin, sign_in: SignIn) -> None:
    other = await sign_in("other@example.org", role="admin")
    assert await find(other, "zebulon") == []
    await say(other, "Mine", "Where is zebulon?")
    assert await titles(other, "zebulon") == ["Mine"]
    assert len(await find(searched, "zebulon")) == 3


async def test_a_search_covers_the_conversations_of_one_status(searched: Erin) -> None:
    [meeting] = await find(searched, "rivera")
    await searched.patch(f"/api/conversations/{meeting['id']}", json={"status": "archived"})
    assert await titles(searched, "rivera") == []
    assert await titles(searched, "rivera", status="archived") == ["Monday meeting"]


async def test_a_search_uses_the_new_title_and_skips_deleted_and_empty_conversations(searched: Erin) -> None:
    [meeting] = await find(searched, "rivera")
    await searched.patch(f"/api/conversations/{meeting['id']}", json={"title": "Xylophone"})
    await make(searched, title="Xylophone for nobody")
    assert (await titles(searched, "rivera"), await titles(searched, "xylo")) == (["Xylophone"], ["Xylophone"])
    await searched.patch(f"/api/conversations/{meeting['id']}", json={"title": "Marimba"})
    assert (await titles(searched, "xylo"), await titles(searched, "marimba")) == ([], ["Marimba"])
    await searched.delete(f"/api/conversations/{meeting['id']}")
    assert await titles(searched, "marimba") == []


async def test_a_search_pages_by_rank_without_duplicates_or_gaps(erin: Erin) -> None:
    created = [await say(erin, f"Talk {number}", "Zebulon? " * (1 + number % 3)) for number in range(7)]
    everything = [item["id"] for item in await find(erin, "zebulon")]
    assert sorted(everything) == sorted(created)
    parameters = {"search": "zebulon", "limit": "2"}
    seen: list[str] = []
    while True:
        page = (await erin.get("/api/conversations", params=parameters)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        parameters["cursor"] = page["next_cursor"]
    assert seen == everything


async def test_a_cursor_of_one_search_is_invalid_for_another_search_and_for_the_list(searched: Erin) -> None:
    found = (await searched.get("/api/conversations?search=zebulon&limit=1")).json()["next_cursor"]
    plain = (await searched.get("/api/conversations?limit=1")).json()["next_cursor"]
    assert (await searched.get(f"/api/conversations?search=ZEBULON&cursor={found}")).status_code == 200
    for query in (
        f"search=zebulo&cursor={found}",
        f"search=zebulon&status=archived&cursor={found}",
        f"cursor={found}",
        f"search=zebulon&cursor={plain}",
    ):
        assert (await searched.get(f"/api/conversations?{query}")).status_code == 400


async def test_a_search_takes_one_statement_besides_the_session(
    searched: Erin, database_url: str, run_folder: Path
) -> None:
    with sql_coverage.statements(run_folder, database_url) as statements:
        assert len(await find(searched, "zebulon")) == 3
    assert statements == ["sessions/get", "conversations/search"]

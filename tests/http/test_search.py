"""Finding one's own conversations by words of their titles and messages."""

from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from plccoach_api.rules import searching
from tests import sql_coverage
from tests.http.asking import begin, make, post
from tests.http.conftest import SignIn

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


@pytest.fixture
async def kept(erin: Erin) -> Erin:
    await say(erin, "Monday meeting", "Does Zebulon Rivera-Quist chair?", "And who takes minutes?")
    await say(erin, "Zebulon's plan", "Who is absent?")
    await say(erin, "Español", "¿Qué es una ZEBULONADA?")
    return erin


async def test_a_found_conversation_is_a_line_of_the_list_with_a_highlight(kept: Erin) -> None:
    [item] = await find(kept, "rivera")
    listed = (await kept.get("/api/conversations")).json()["items"]
    assert item.pop("highlight") == "Does Zebulon <mark>Rivera</mark>-Quist chair?"
    assert item in listed
    assert all("highlight" not in line for line in listed)


@pytest.mark.parametrize(
    ("search", "found"),
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
async def test_all_words_must_be_found_together_and_the_last_may_be_only_begun(
    kept: Erin, search: str, found: list[str]
) -> None:
    """What is found in a title comes first; of the same rank, what was begun last."""
    assert await titles(kept, search) == found


@pytest.mark.parametrize("search", ["?!", "'", "&", "| !", ":*", "()", "\\", "<->", "😀", "%", "_"])
async def test_what_holds_no_word_finds_nothing_and_is_no_error(kept: Erin, search: str) -> None:
    assert await find(kept, search) == []


@pytest.mark.parametrize(
    "search", ["zebulon & !chair", "zebulon:*", "'zebulon'", "(zebulon", "zebulon | x", "a\\' b", "x<->y"]
)
async def test_the_signs_of_a_query_language_are_only_signs(kept: Erin, search: str) -> None:
    assert len(await find(kept, search)) <= 3


@pytest.mark.parametrize("mark", searching.SEPARATORS)
async def test_a_mark_divides_words_where_they_are_kept_as_where_they_are_sought(database_url: str, mark: str) -> None:
    """The generated columns have a list of their own."""
    with psycopg.connect(database_url) as connection:
        [column] = connection.execute(
            "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef AS d JOIN pg_attribute AS a "
            "ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
            "WHERE d.adrelid = 'conversations'::regclass AND a.attname = 'lexical'"
        ).fetchone() or [""]
    assert mark.replace("'", "''") in column


async def test_a_blank_search_is_no_search(kept: Erin) -> None:
    assert len(await find(kept, "")) == len(await find(kept, "  ")) == 3


@pytest.mark.parametrize("search", ["a%00b", "x" * 201])
async def test_a_search_with_nul_or_of_more_than_200_characters_is_400(kept: Erin, search: str) -> None:
    response = await kept.get(f"/api/conversations?search={search}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "search"


async def test_what_people_wrote_can_do_no_harm_in_a_highlight(erin: Erin) -> None:
    await say(erin, "<img src=x>", "<script>alert('zebulon')</script> & \"more\"")
    [item] = await find(erin, "zebulon")
    assert item["highlight"] == (
        "&lt;script&gt;alert(&#x27;<mark>zebulon</mark>&#x27;)&lt;/script&gt; &amp; &quot;more&quot;"
    )
    [titled] = await find(erin, "src")
    assert titled["highlight"] == "&lt;img <mark>src</mark>=x&gt;"


async def test_answers_are_found_too(erin: Erin) -> None:
    talk = await begin(erin, "What is a SMART goal?")
    [item] = await find(erin, "measurable attainable")
    assert item["id"] == talk
    assert "<mark>measurable</mark>, <mark>attainable</mark>" in item["highlight"]


async def test_a_search_finds_ones_own_alone(kept: Erin, sign_in: SignIn) -> None:
    other = await sign_in("other@example.org", role="admin")
    assert await find(other, "zebulon") == []
    await say(other, "Mine", "Where is zebulon?")
    assert await titles(other, "zebulon") == ["Mine"]
    assert len(await find(kept, "zebulon")) == 3


async def test_a_search_is_among_those_in_use_or_those_put_away(kept: Erin) -> None:
    [meeting] = await find(kept, "rivera")
    await kept.patch(f"/api/conversations/{meeting['id']}", json={"status": "archived"})
    assert await titles(kept, "rivera") == []
    assert await titles(kept, "rivera", status="archived") == ["Monday meeting"]


async def test_what_was_renamed_deleted_or_never_asked_in_is_found_so(kept: Erin) -> None:
    [meeting] = await find(kept, "rivera")
    await kept.patch(f"/api/conversations/{meeting['id']}", json={"title": "Xylophone"})
    await make(kept, title="Xylophone for nobody")
    assert (await titles(kept, "rivera"), await titles(kept, "xylo")) == (["Xylophone"], ["Xylophone"])
    assert "Monday meeting" not in await titles(kept, "meeting")
    await kept.delete(f"/api/conversations/{meeting['id']}")
    assert await titles(kept, "xylo") == []


async def test_a_search_pages_by_rank_without_duplicates_or_gaps(erin: Erin) -> None:
    made = [await say(erin, f"Talk {number}", "Zebulon? " * (1 + number % 3)) for number in range(7)]
    whole = [item["id"] for item in await find(erin, "zebulon")]
    assert sorted(whole) == sorted(made)
    parameters = {"search": "zebulon", "limit": "2"}
    seen: list[str] = []
    while True:
        page = (await erin.get("/api/conversations", params=parameters)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        parameters["cursor"] = page["next_cursor"]
    assert seen == whole


async def test_a_cursor_of_one_search_is_no_cursor_of_another_or_of_the_list(kept: Erin) -> None:
    found = (await kept.get("/api/conversations?search=zebulon&limit=1")).json()["next_cursor"]
    plain = (await kept.get("/api/conversations?limit=1")).json()["next_cursor"]
    assert (await kept.get(f"/api/conversations?search=ZEBULON&cursor={found}")).status_code == 200
    for query in (
        f"search=zebulo&cursor={found}",
        f"search=zebulon&status=archived&cursor={found}",
        f"cursor={found}",
        f"search=zebulon&cursor={plain}",
    ):
        assert (await kept.get(f"/api/conversations?{query}")).status_code == 400


async def test_a_search_costs_one_statement_besides_the_session(
    kept: Erin, database_url: str, run_folder: Path
) -> None:
    with sql_coverage.statements(run_folder, database_url) as statements:
        assert len(await find(kept, "zebulon")) == 3
    assert statements == ["sessions/get", "conversations/search"]

"""A citation is returned with the passage around its quote."""

import httpx
import psycopg
import pytest

from tests.http.asking import begin, read
from tests.http.conftest import SignIn


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

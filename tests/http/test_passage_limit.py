"""A person reads at most 50 whole passages an hour, in whatever way; those that their own answers cite do not count."""

from uuid import UUID

import httpx
import psycopg
import pytest
from litestar import Litestar

from plccoach_api import ids
from plccoach_api.rules.rate_limits import PASSAGES_AN_HOUR
from tests.http.asking import begin, read, slug
from tests.http.conftest import SignIn, client_of, replica
from tests.http.tokens import bearer, create

Client = httpx.AsyncClient


@pytest.fixture
def chunk_id(database_url: str) -> UUID:
    """A passage that no answer cites."""
    with psycopg.connect(database_url) as connection:
        [found] = connection.execute("SELECT id FROM chunks ORDER BY id LIMIT 1").fetchone() or (None,)
    assert isinstance(found, UUID)
    return found


def set_window(database_url: str, assignment: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        changed = connection.execute(f"UPDATE rate_limits SET {assignment} WHERE name = 'passages'".encode())
        assert changed.rowcount == 1


def counted(database_url: str) -> int | None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT requests FROM rate_limits WHERE name = 'passages'").fetchone()
    return row[0] if row else None


def assert_refused(response: httpx.Response) -> None:
    assert response.status_code == 429
    assert 3500 < int(response.headers["Retry-After"]) <= 3600


async def test_the_limit_holds_over_session_token_page_and_replicas(
    app: Litestar, sign_in: SignIn, database_url: str, chunk_id: UUID
) -> None:
    erin, path, page = await sign_in("erin@example.org"), f"/api/passages/{chunk_id}", f"/passages/{chunk_id}"
    header = bearer(await create(erin))
    async with client_of(app, headers=header) as script, replica(database_url, cookies=erin.cookies) as elsewhere:
        for client, url in ((erin, path), (script, path), (erin, page), (elsewhere, path), (elsewhere, page)):
            assert (await client.get(url)).status_code == 200
        assert counted(database_url) == 5
        for _ in range(5, PASSAGES_AN_HOUR):
            assert (await script.get(path)).status_code == 200
        for client in (erin, script, elsewhere):
            refused = await client.get(path)
            assert_refused(refused)
            assert slug(refused) == "too-many-requests"
            assert "50 passages" in refused.json()["detail"]
        for client in (erin, elsewhere):
            refused = await client.get(page)
            assert_refused(refused)
            assert refused.headers["Content-Type"].startswith("text/html")
            assert "50 passages" in refused.text
    # Refused requests do not count.
    assert counted(database_url) == PASSAGES_AN_HOUR


async def test_the_limit_is_that_of_one_person_and_of_one_hour(
    sign_in: SignIn, database_url: str, chunk_id: UUID
) -> None:
    erin, path = await sign_in("erin@example.org"), f"/api/passages/{chunk_id}"
    assert (await erin.get(path)).status_code == 200
    set_window(database_url, f"requests = {PASSAGES_AN_HOUR}")
    assert_refused(await erin.get(path))
    assert (await (await sign_in("other@example.org")).get(path)).status_code == 200
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE rate_limits SET ends_at = now() - interval '1 millisecond'")
    assert (await erin.get(path)).status_code == 200


async def test_a_passage_of_an_own_answer_does_not_count_and_one_of_another_persons_answer_does(
    sign_in: SignIn, database_url: str
) -> None:
    erin, other = await sign_in("erin@example.org"), await sign_in("other@example.org")
    answer = (await read(erin, await begin(erin)))["messages"][1]
    cited = answer["citations"][0]["chunk_id"]
    for path in (f"/api/passages/{cited}", f"/passages/{cited}"):
        assert (await erin.get(path)).status_code == 200
    assert counted(database_url) is None
    assert (await other.get(f"/api/passages/{cited}")).status_code == 200
    assert counted(database_url) == 1
    set_window(database_url, f"requests = {PASSAGES_AN_HOUR}")
    for path in (f"/api/passages/{cited}", f"/passages/{cited}"):
        assert_refused(await other.get(path))
        assert (await erin.get(path)).status_code == 200


async def test_an_unknown_passage_does_not_count(erin: Client, database_url: str) -> None:
    for path in (f"/api/passages/{ids.new()}", f"/passages/{ids.new()}"):
        assert (await erin.get(path)).status_code == 404
    assert counted(database_url) is None

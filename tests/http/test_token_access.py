"""Every route with every kind of personal token: the expected answers, over the whole table of routes."""

import re
from collections.abc import Awaitable, Callable

import httpx
import psycopg
import pytest
from litestar import Litestar

from plccoach_api.rules.personal_tokens import PersonalToken
from tests.http.asking import QUESTION, slug
from tests.http.conftest import SignIn, client_of
from tests.http.test_access import ANY_ID, PUBLIC, routes
from tests.http.tokens import bearer, create, expire, is_refused

Client = httpx.AsyncClient
Header = dict[str, str]
Spoil = Callable[[Client, str, str], Awaitable[str]]

PAGE = "/passages/{chunk_id:str}"
# The routes that a valid token may use, each with its status for a person who has stored nothing. Ids are unknown ones.
ALLOWED = {
    ("GET", "/auth/me"): 200,
    ("GET", "/api/coach/books"): 200,
    ("GET", "/api/coach/domains"): 200,
    ("GET", "/api/coach/examples"): 200,
    ("POST", "/api/coach/query"): 200,
    ("GET", "/api/conversations"): 200,
    ("POST", "/api/conversations"): 201,
    ("GET", "/api/conversations/{conversation_id:uuid}"): 404,
    ("PATCH", "/api/conversations/{conversation_id:uuid}"): 404,
    ("DELETE", "/api/conversations/{conversation_id:uuid}"): 404,
    ("GET", "/api/conversations/{conversation_id:uuid}/export"): 404,
    ("GET", "/api/conversations/{conversation_id:uuid}/messages"): 404,
    ("POST", "/api/conversations/{conversation_id:uuid}/messages"): 404,
    ("POST", "/api/conversations/{conversation_id:uuid}/messages/stream"): 404,
    ("POST", "/api/conversations/{conversation_id:uuid}/share"): 404,
    ("DELETE", "/api/conversations/{conversation_id:uuid}/share"): 404,
    ("GET", "/api/messages/{message_id:uuid}"): 404,
    ("GET", "/api/messages/{message_id:uuid}/citations/{n:str}"): 404,
    ("POST", "/api/messages/{message_id:uuid}/feedback"): 404,
    ("DELETE", "/api/messages/{message_id:uuid}/feedback"): 404,
    ("POST", "/api/messages/{message_id:uuid}/stop"): 404,
    ("GET", "/api/messages/{message_id:uuid}/stream"): 404,
    ("GET", "/api/passages/{chunk_id:uuid}"): 404,
    ("GET", "/api/shared/{token:str}"): 404,
    ("GET", "/v1/models"): 200,
    ("GET", "/v1/models/{model:str}"): 404,
    ("POST", "/v1/chat/completions"): 200,
}
BODIES = {
    "/api/coach/query": {"query": QUESTION},
    "/api/conversations": {},
    "/api/conversations/{conversation_id:uuid}": {"title": "Norms"},
    "/api/conversations/{conversation_id:uuid}/messages": {"content": QUESTION},
    "/api/conversations/{conversation_id:uuid}/messages/stream": {"content": QUESTION},
    "/api/conversations/{conversation_id:uuid}/share": {"expires_in_days": None},
    "/api/messages/{message_id:uuid}/feedback": {"score": 1},
    "/v1/chat/completions": {"model": "plc-coach", "messages": [{"role": "user", "content": QUESTION}]},
}


async def send(client: Client, method: str, path: str, header: Header) -> httpx.Response:
    url = re.sub(r"\{\w+:(uuid|str)\}", ANY_ID, path)
    body = BODIES.get(path, {}) if method in {"POST", "PATCH"} else None
    query = {"format": "json"} if path.endswith("/export") else None
    headers = header | {"X-Request-ID": "the-same-id"}
    return await client.request(method, url, json=body, params=query, headers=headers, follow_redirects=False)


def is_public(path: str) -> bool:
    return path in PUBLIC or path.startswith("/docs/")


async def test_the_table_names_only_routes_that_exist(app: Litestar) -> None:
    assert {*ALLOWED} <= {*routes(app)}


@pytest.mark.parametrize("role", ["educator", "coach", "admin"])
async def test_a_valid_token_may_use_what_the_table_names_and_nothing_else(
    app: Litestar, client: Client, sign_in: SignIn, role: str
) -> None:
    header = bearer(await create(await sign_in("erin@example.org", role=role)))
    refusals = set()
    for method, path in routes(app):
        response = await send(client, method, path, header)
        if is_public(path) or path == PAGE:
            anonymous = await send(client, method, path, {})
            assert response.status_code == anonymous.status_code, f"{method} {path}"
        elif (method, path) in ALLOWED:
            assert response.status_code == ALLOWED[method, path], f"{method} {path}: {response.text}"
        else:
            assert (response.status_code, slug(response)) == (403, "token-not-allowed"), f"{method} {path}"
            refusals.add(response.content)
    assert len(refusals) == 1


@pytest.mark.parametrize("role", ["educator", "coach", "admin"])
async def test_the_owners_session_gets_the_same_answers_as_the_token(
    client: Client, sign_in: SignIn, role: str
) -> None:
    owner = await sign_in("erin@example.org", role=role)
    header = bearer(await create(owner))
    for method, path in ALLOWED:
        if path.startswith("/v1/"):  # These accept tokens only.
            continue
        by_session, by_token = await send(owner, method, path, {}), await send(client, method, path, header)
        assert by_session.status_code == by_token.status_code, f"{method} {path}"


async def ended(owner: Client, token: str, _: str) -> str:
    [item] = (await owner.get("/auth/tokens")).json()["items"]
    assert (await owner.delete(f"/auth/tokens/{item['id']}")).status_code == 204
    return token


async def expired(_: Client, token: str, database_url: str) -> str:
    expire(database_url)
    return token


async def with_a_wrong_checksum(_: Client, token: str, __: str) -> str:
    return token[:-1] + ("A" if token[-1] != "A" else "B")


async def of_an_inactive_owner(_: Client, token: str, database_url: str) -> str:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE users SET status = 'inactive'")
    return token


async def never_created(_: Client, token: str, __: str) -> str:
    """A token of the same owner, and with a correct checksum."""
    parsed = PersonalToken.parse(token)
    assert parsed
    return PersonalToken.new(parsed.user_id).text


@pytest.mark.parametrize("role", ["educator", "coach", "admin"])
@pytest.mark.parametrize("spoil", [ended, expired, with_a_wrong_checksum, of_an_inactive_owner, never_created])
async def test_a_token_that_is_not_valid_is_401_on_every_route_that_is_not_public(
    app: Litestar, client: Client, sign_in: SignIn, database_url: str, *, spoil: Spoil, role: str
) -> None:
    owner = await sign_in("erin@example.org", role=role)
    header = bearer(await spoil(owner, (await create(owner))["token"], database_url))
    same_id = {"X-Request-ID": "the-same-id"}
    answers = {(await client.get(path, headers=same_id)).content for path in ("/api/conversations", "/v1/models")}
    # The cookie of another person does not help.
    async with client_of(app, cookies=(await sign_in("other@example.org", role=role)).cookies) as with_cookie:
        for method, path in routes(app):
            response = await send(client, method, path, header)
            if is_public(path) or path == PAGE:
                anonymous = await send(client, method, path, {})
                assert response.status_code == anonymous.status_code, f"{method} {path}"
                continue
            assert is_refused(response), f"{method} {path}: {response.text}"
            assert is_refused(await send(with_cookie, method, path, header)), f"{method} {path}"
            answers.add(response.content)
    # One in our format, and one in OpenAI's.
    assert len(answers) == 2
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM conversations").fetchone() == (0,)

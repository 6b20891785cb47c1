"""Sign-in through Google and Clever, from the login to the session, with a provider on loopback."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg
import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from plccoach_api import settings
from plccoach_api.app import create_app
from tests.conftest import GENEROUS
from tests.http.browsers import Client, begin, error_of, finish, sign_in
from tests.http.conftest import replica
from tests.tools.identity_provider.loopback import DISTRICT_ID, TOKEN, LoopbackProvider
from tests.tools.identity_provider.provider import running_provider

CALLBACKS = {f"http://localhost:8000/auth/{name}/callback" for name in ("google", "clever")}


@pytest.fixture(scope="module")
def running() -> Iterator[LoopbackProvider]:
    with running_provider(redirect_uris=CALLBACKS) as provider:
        yield provider


@pytest.fixture
def provider(running: LoopbackProvider) -> LoopbackProvider:
    running.reset()
    return running


@pytest.fixture(scope="module")
async def open_app(running: LoopbackProvider, address: dict[str, str]) -> AsyncIterator[Litestar]:
    variables = address | GENEROUS | running.google_settings() | running.clever_settings()
    app = create_app(settings.load(variables, None))
    async with app.lifespan():
        yield app


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        yield connection


async def value(database: psycopg.AsyncConnection, query: str) -> Any:
    row = await (await database.execute(query.encode())).fetchone()
    return row[0] if row else None


async def count(database: psycopg.AsyncConnection, table: str) -> int:
    return int(await value(database, f"SELECT count(*) FROM {table}"))


async def assert_not_signed_in(client: Client, database: psycopg.AsyncConnection, refused: Response) -> None:
    assert "plc_session" not in SimpleCookie(refused.headers.get("Set-Cookie", ""))
    assert (await client.get("/auth/me")).status_code == 401
    assert await count(database, "users") == await count(database, "sessions") == 0


async def test_the_configured_providers_are_offered(client: Client) -> None:
    assert (await client.get("/auth/providers")).json() == {
        "items": [
            {"name": "google", "label": "Google", "login_url": "/auth/google/login"},
            {"name": "clever", "label": "Clever", "login_url": "/auth/clever/login"},
            {"name": "development", "label": "Development", "login_url": "/auth/dev/login"},
        ]
    }


async def test_a_provider_that_is_not_configured_is_not_offered_and_its_routes_are_404(database_url: str) -> None:
    async with AsyncTestClient(create_app(settings.load({"DATABASE_URL": database_url}, None))) as client:
        assert [item["name"] for item in (await client.get("/auth/providers")).json()["items"]] == ["development"]
        for path in ("/auth/google/login", "/auth/clever/callback?code=x&state=y", "/auth/development/login"):
            assert (await client.get(path, follow_redirects=False)).status_code == 404


async def test_a_login_redirects_to_the_provider_with_state_nonce_and_challenge(
    client: Client, provider: LoopbackProvider
) -> None:
    response = await client.get("/auth/google/login", headers={"Host": "evil.example"}, follow_redirects=False)
    parts = urlsplit(response.headers["Location"])
    query = parse_qs(parts.query)
    assert parts.netloc == f"127.0.0.1:{provider.port}"
    assert query["redirect_uri"] == ["http://localhost:8000/auth/google/callback"]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) == len(query["nonce"][0]) == len(query["code_challenge"][0]) == 43
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("plc_sign_in=")
    assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


async def test_google_signs_in_an_educator_of_their_organization(client: Client, provider: LoopbackProvider) -> None:
    response = await sign_in(client, "google", provider)
    assert response.headers["Location"] == "http://localhost:5173/dashboard"
    me = (await client.get("/auth/me")).json()
    assert (me["name"], me["email"], me["role"]) == ("Ada Lovelace", "ada@example.org", "educator")
    assert (me["organization"]["name"], me["sso_provider"]) == ("example.org", "google")


async def test_clever_signs_in_a_person_of_their_district(client: Client, provider: LoopbackProvider) -> None:
    provider.become_clever(user_type="district_admin")
    await sign_in(client, "clever", provider)
    me = (await client.get("/auth/me")).json()
    assert (me["name"], me["role"], me["sso_provider"]) == ("Ada Lovelace", "admin", "clever")
    assert me["organization"]["name"] == "Springfield Public Schools"


async def test_clever_without_an_id_token_signs_in_the_same_person(client: Client, provider: LoopbackProvider) -> None:
    provider.become_clever(user_type="district_admin")
    await sign_in(client, "clever", provider)
    with_token = (await client.get("/auth/me")).json()
    provider.become_clever_without_id_token(roles={"district_admin": {}})
    await sign_in(client, "clever", provider)
    without = (await client.get("/auth/me")).json()
    assert without == with_token | {"last_login": without["last_login"]}


async def test_the_browser_returns_to_the_path_of_next(client: Client, provider: LoopbackProvider) -> None:
    response = await sign_in(client, "google", provider, "?next=/conversations/7%3Ftab%3Dsources%23two")
    assert response.headers["Location"] == "http://localhost:5173/conversations/7?tab=sources#two"


@pytest.mark.parametrize(
    "next_path",
    [
        "https://evil.example/",
        "//evil.example",
        "/%5Cevil.example",
        "%5C%5Cevil.example",
        ".evil.example",
        "@evil.example",
        "/%09/evil.example",
        "/a%0d%0aSet-Cookie:%20x=y",
        "javascript:alert(1)",
        "/" + "x" * 2000,
        "",
    ],
)
async def test_a_next_that_is_no_path_of_the_front_end_is_ignored(
    client: Client, provider: LoopbackProvider, next_path: str
) -> None:
    response = await sign_in(client, "google", provider, f"?next={next_path}")
    assert response.headers["Location"] == "http://localhost:5173/dashboard"


@pytest.mark.parametrize(
    "path", ["/try", "/try#c=1", "/passages/01a209de-8c09-76f6-baa4-77e106cf2850#quote=a%20b", "/passages/1?x=y"]
)
async def test_the_browser_returns_to_the_pages_of_this_service(
    client: Client, provider: LoopbackProvider, path: str
) -> None:
    response = await sign_in(client, "google", provider, f"?{urlencode({'next': path})}")
    assert response.headers["Location"] == f"http://localhost:8000{path}"


@pytest.mark.parametrize("path", ["/docs", "/try/more", "/trying", "/passages"])
async def test_the_browser_returns_to_other_paths_of_the_front_end(
    client: Client, provider: LoopbackProvider, path: str
) -> None:
    response = await sign_in(client, "google", provider, f"?next={path}")
    assert response.headers["Location"] == f"http://localhost:5173{path}"


async def test_two_tabs_of_one_browser_both_finish(client: Client, provider: LoopbackProvider) -> None:
    first = provider.sign_in(await begin(client, "google", "?next=/one"))
    second = provider.sign_in(await begin(client, "google", "?next=/two"))
    assert (await finish(client, "google", first)).headers["Location"].endswith("/one")
    assert (await finish(client, "google", second)).headers["Location"].endswith("/two")


async def test_an_attempt_is_valid_for_one_callback(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    callback = provider.sign_in(await begin(client, "google"))
    assert error_of(await finish(client, "google", callback)) is None
    assert error_of(await finish(client, "google", callback)) == "invalid_state"
    assert provider.calls[TOKEN] == 1
    assert await count(database, "sign_in_attempts") == 0


async def test_one_callback_sent_twenty_times_at_once_signs_in_once(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    callback = provider.sign_in(await begin(client, "google"))
    answers = await asyncio.gather(*(finish(client, "google", callback) for _ in range(20)))
    assert sorted(str(error_of(answer)) for answer in answers) == ["None", *["invalid_state"] * 19]
    assert await count(database, "sessions") == 1


async def test_another_browsers_attempt_cannot_be_finished(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    callback = provider.sign_in(await begin(client, "google"))
    client.cookies.clear()
    refused = await finish(client, "google", callback)
    assert error_of(refused) == "invalid_state"
    await begin(client, "google")
    refused = await finish(client, "google", callback)
    assert error_of(refused) == "invalid_state"
    await assert_not_signed_in(client, database, refused)


async def test_an_attempt_belongs_to_its_provider(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    callback = provider.sign_in(await begin(client, "google"))
    refused = await finish(client, "clever", callback)
    assert error_of(refused) == "invalid_state"
    await assert_not_signed_in(client, database, refused)


@pytest.mark.parametrize(
    "callback",
    [
        {},
        {"code": "stolen"},
        {"state": "A" * 43},
        {"code": "stolen", "state": ""},
        {"code": "stolen", "state": "A" * 43},
        {"code": "stolen", "state": "\0"},
        {"code": "stolen", "state": "x" * 5000},
        {"error": "access_denied"},
        {"error": "access_denied", "state": "A" * 43},
    ],
)
async def test_a_callback_without_an_attempt_is_refused(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection, callback: dict[str, str]
) -> None:
    await begin(client, "google")
    refused = await finish(client, "google", callback)
    assert error_of(refused) == "invalid_state"
    assert provider.calls[TOKEN] == 0
    await assert_not_signed_in(client, database, refused)


async def test_an_expired_attempt_is_refused_as_expired(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    callback = provider.sign_in(await begin(client, "google"))
    await database.execute("UPDATE sign_in_attempts SET expires_at = now() - interval '1 second'")
    refused = await finish(client, "google", callback)
    assert error_of(refused) == "attempt_expired"
    await assert_not_signed_in(client, database, refused)


async def test_an_attempt_expires_after_ten_minutes_by_the_databases_clock(
    client: Client, database: psycopg.AsyncConnection
) -> None:
    await begin(client, "google")
    lasts = await value(database, "SELECT extract(epoch FROM expires_at - created_at)::int FROM sign_in_attempts")
    assert lasts == 600


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "access_denied"),
        ("consent_required", "access_denied"),
        ("temporarily_unavailable", "provider_unavailable"),
        ("server_error", "provider_unavailable"),
    ],
)
async def test_an_error_of_the_provider_is_passed_on(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection, error: str, code: str
) -> None:
    provider.error = error
    refused = await sign_in(client, "google", provider)
    assert error_of(refused) == code
    await assert_not_signed_in(client, database, refused)


async def test_an_invalid_token_signs_nobody_in(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    provider.claims["aud"] = "another application"
    refused = await sign_in(client, "google", provider)
    assert error_of(refused) == "invalid_token"
    await assert_not_signed_in(client, database, refused)


async def test_a_callback_of_another_issuer_is_refused(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    callback = provider.sign_in(await begin(client, "google")) | {"iss": "https://evil.example"}
    refused = await finish(client, "google", callback)
    assert error_of(refused) == "invalid_token"
    await assert_not_signed_in(client, database, refused)


async def test_an_unavailable_provider_does_not_make_the_service_unhealthy(
    database_url: str, provider: LoopbackProvider
) -> None:
    def fail(handler: Any) -> None:
        handler.answer(b"<html>down</html>", 503, "text/html")

    provider.misbehave["/.well-known/openid-configuration"] = fail
    # The other tests' application knows the discovery document already.
    async with replica(database_url, configured=provider.google_settings()) as client:
        response = await client.get("/auth/google/login", follow_redirects=False)
        assert error_of(response) == "provider_unavailable"
        assert (await client.get("/health")).status_code == 200


@pytest.mark.parametrize("user_type", ["student", "contact", "janitor", ""])
async def test_clever_refuses_students_and_unknown_roles(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection, user_type: str
) -> None:
    provider.become_clever(user_type=user_type)
    refused = await sign_in(client, "clever", provider)
    assert error_of(refused) == "not_allowed"
    await assert_not_signed_in(client, database, refused)


async def test_a_code_from_the_portal_is_discarded_and_a_new_attempt_is_started(
    client: Client, provider: LoopbackProvider
) -> None:
    provider.become_clever()
    launched = await finish(client, "clever", {"code": "from the portal"})
    assert urlsplit(launched.headers["Location"]).netloc == f"127.0.0.1:{provider.port}"
    assert provider.calls[TOKEN] == 0
    callback = provider.sign_in(launched.headers["Location"])
    assert error_of(await finish(client, "clever", callback)) is None
    assert (await client.get("/auth/me")).json()["sso_provider"] == "clever"


async def test_a_second_launch_from_the_portal_within_a_minute_is_refused(client: Client) -> None:
    first = await finish(client, "clever", {"code": "from the portal"})
    assert "Max-Age=60" in next(each for each in first.headers.get_list("Set-Cookie") if each.startswith("plc_portal="))
    assert error_of(await finish(client, "clever", {"code": "again"})) == "portal_loop"
    client.cookies.clear()
    other_browser = await finish(client, "clever", {"code": "from the portal"})
    assert "/oauth/authorize?" in other_browser.headers["Location"]


async def test_the_next_person_at_a_computer_can_sign_in_from_the_portal_at_once(
    client: Client, provider: LoopbackProvider
) -> None:
    provider.become_clever()
    for _ in range(2):
        launched = await finish(client, "clever", {"code": "from the portal"})
        assert urlsplit(launched.headers["Location"]).netloc == f"127.0.0.1:{provider.port}"
        assert error_of(await finish(client, "clever", provider.sign_in(launched.headers["Location"]))) is None


@pytest.mark.parametrize("name", ["code", "state", "iss", "error"])
async def test_a_parameter_that_is_given_twice_is_refused_before_the_provider_is_asked(
    client: Client, provider: LoopbackProvider, name: str
) -> None:
    callback = provider.sign_in(await begin(client, "google"))
    query = urlencode([*callback.items(), (name, "a"), (name, "b")])
    response = await client.get(f"/auth/google/callback?{query}", follow_redirects=False)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, name)
    assert provider.calls[TOKEN] == 0


async def test_google_has_no_portal(client: Client, provider: LoopbackProvider) -> None:
    assert error_of(await finish(client, "google", {"code": "from nowhere"})) == "invalid_state"
    assert provider.calls[TOKEN] == 0


async def test_a_new_session_replaces_the_browsers_old_session(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    await sign_in(client, "google", provider)
    old = client.cookies["plc_session"]
    await sign_in(client, "google", provider)
    assert client.cookies["plc_session"] != old
    assert await count(database, "sessions") == 1
    client.cookies.clear()
    assert (await client.get("/auth/me", headers={"Cookie": f"plc_session={old}"})).status_code == 401


async def test_fifty_concurrent_first_sign_ins_create_one_user_and_one_organization(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    callbacks = [provider.sign_in(await begin(client, "google")) for _ in range(50)]
    answers = await asyncio.gather(*(finish(client, "google", callback) for callback in callbacks))
    assert {error_of(answer) for answer in answers} == {None}
    assert await count(database, "users") == await count(database, "organizations") == 1


async def test_a_later_sign_in_updates_name_email_role_and_last_login(
    client: Client, provider: LoopbackProvider
) -> None:
    provider.become_clever(email=None)
    await sign_in(client, "clever", provider)
    before = (await client.get("/auth/me")).json()
    provider.become_clever(family_name="King", email="ada.king@example.org", user_type="district_admin")
    await sign_in(client, "clever", provider)
    after = (await client.get("/auth/me")).json()
    assert (before["email"], before["role"]) == (None, "educator")
    assert (after["name"], after["email"], after["role"]) == ("Ada King", "ada.king@example.org", "admin")
    assert after["id"] == before["id"]
    assert after["created_at"] == before["created_at"]
    assert after["last_login"] > before["last_login"]


async def test_a_role_that_an_administrator_gave_is_kept_at_the_next_sign_in(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    await sign_in(client, "google", provider)
    await database.execute("UPDATE users SET role = 'coach', role_assigned = TRUE")
    await sign_in(client, "google", provider)
    assert (await client.get("/auth/me")).json()["role"] == "coach"


async def test_a_role_that_was_given_in_one_organization_is_not_kept_in_another(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    await sign_in(client, "google", provider)
    await database.execute("UPDATE users SET role = 'admin', role_assigned = TRUE")
    provider.become_google(hd="another.example.org")
    await sign_in(client, "google", provider)
    me = (await client.get("/auth/me")).json()
    assert (me["organization"]["name"], me["role"]) == ("another.example.org", "educator")


async def test_the_same_email_from_another_provider_is_another_person(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    await sign_in(client, "google", provider)
    first = (await client.get("/auth/me")).json()
    provider.become_clever()
    await sign_in(client, "clever", provider)
    second = (await client.get("/auth/me")).json()
    assert first["email"] == second["email"]
    assert first["id"] != second["id"]
    assert await count(database, "users") == 2


async def test_the_same_organization_id_at_another_provider_is_another_organization(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    provider.become_google(hd=DISTRICT_ID)
    await sign_in(client, "google", provider)
    provider.become_clever()
    await sign_in(client, "clever", provider)
    assert await count(database, "organizations") == 2


async def test_a_district_keeps_its_name_when_the_provider_does_not_send_it(
    client: Client, provider: LoopbackProvider
) -> None:
    provider.become_clever()
    districts, provider.districts = provider.districts, {}
    names = []
    for known in ({}, districts, {}):
        provider.districts = known
        await sign_in(client, "clever", provider)
        names.append((await client.get("/auth/me")).json()["organization"]["name"])
    assert names == [DISTRICT_ID, "Springfield Public Schools", "Springfield Public Schools"]


async def test_an_inactive_user_is_not_signed_in_and_does_not_change(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    await sign_in(client, "google", provider)
    await database.execute("UPDATE users SET status = 'inactive'")
    before = await value(database, "SELECT u::text FROM users AS u")
    provider.become_google(name="Somebody Else")
    refused = await sign_in(client, "google", provider)
    assert error_of(refused) == "inactive"
    assert await value(database, "SELECT u::text FROM users AS u") == before
    assert (await client.get("/auth/me")).status_code == 401


async def test_no_table_contains_the_value_of_a_cookie_or_a_state(
    client: Client, provider: LoopbackProvider, database: psycopg.AsyncConnection
) -> None:
    pending = parse_qs(urlsplit(await begin(client, "google")).query)["state"][0]
    await sign_in(client, "google", provider)
    cookies = {name: client.cookies[name] for name in ("plc_session", "plc_sign_in")}
    rows = await (await database.execute("SELECT relname FROM pg_stat_user_tables")).fetchall()
    assert len(rows) >= 10
    for (table,) in rows:
        dump = str(await (await database.execute(f"SELECT t::text FROM {table} AS t".encode())).fetchall())
        for secret in (*cookies.values(), pending):
            assert secret not in dump, table
    assert await count(database, "sign_in_attempts") == 1


async def test_over_https_the_cookies_of_an_attempt_are_bound_to_the_host(
    provider: LoopbackProvider, database_url: str
) -> None:
    variables = {"DATABASE_URL": database_url, "PUBLIC_URL": "https://api.example.org"} | provider.clever_settings()
    provider.redirect_uris.add("https://api.example.org/auth/clever/callback")
    https = create_app(settings.load(variables, None))
    async with AsyncTestClient(https, base_url="https://testserver.local") as client:
        launched = await finish(client, "clever", {"code": "from the portal"})
    cookies = launched.headers.get_list("Set-Cookie")
    assert [each.partition("=")[0] for each in cookies] == ["__Host-plc_sign_in", "__Host-plc_portal"]
    assert all("; Secure" in each and "Domain" not in each for each in cookies)

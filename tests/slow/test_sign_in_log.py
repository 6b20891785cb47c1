"""The log of sign-ins names the user, the result and the reason, but never a token, a code, an email or a domain."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.conftest import database_like
from tests.live import Service
from tests.slow.test_logs import lines_of, wait_for_line
from tests.tools.identity_provider.loopback import LoopbackProvider
from tests.tools.identity_provider.provider import running_provider


@pytest.fixture(scope="module")
def provider() -> Iterator[LoopbackProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def database(postgres: str, template: str) -> Iterator[str]:
    with database_like(postgres, template) as url:
        yield url


@pytest.fixture(scope="module")
def service(start: Callable[..., Service], database: str, provider: LoopbackProvider) -> Service:
    service = start(DATABASE_URL=database, **provider.google_settings(), SIGN_IN_RATE_LIMIT="1000")
    service.wait_for()
    return service


@pytest.fixture
def client(service: Service) -> Iterator[httpx.Client]:
    with service.client(follow_redirects=False) as client:
        yield client


def sign_in(client: httpx.Client, provider: LoopbackProvider, request_id: str) -> dict[str, str]:
    """Signs in with this id for the callback's request; returns the parameters of the callback."""
    callback = provider.sign_in(client.get("/auth/google/login").headers["Location"])
    client.get("/auth/google/callback", params=callback, headers={"X-Request-ID": request_id})
    return callback


def id_of(client: httpx.Client) -> str:
    return str(client.get("/auth/me").json()["id"])


def test_a_sign_in_and_a_sign_out_are_logged_with_the_user_and_the_request(
    service: Service, client: httpx.Client, provider: LoopbackProvider
) -> None:
    begun, ended = uuid4().hex, uuid4().hex
    sign_in(client, provider, begun)
    user_id = id_of(client)
    client.post("/auth/logout", headers={"X-Request-ID": ended})
    line = wait_for_line(service, event="signed in", request_id=begun)
    assert (line["user_id"], line["provider"], line["role"]) == (user_id, "google", "educator")
    assert wait_for_line(service, event="signed out", request_id=ended)["user_id"] == user_id


def test_a_refused_sign_in_is_logged_with_the_reason(
    service: Service, client: httpx.Client, provider: LoopbackProvider
) -> None:
    request_id = uuid4().hex
    provider.claims["aud"] = "confidential"
    sign_in(client, provider, request_id)
    del provider.claims["aud"]
    line = wait_for_line(service, event="sign-in refused", request_id=request_id)
    assert (line["level"], line["reason"], line["provider"]) == ("warning", "invalid_token", "google")


def test_an_expired_session_is_logged_once(
    service: Service, client: httpx.Client, provider: LoopbackProvider, database: str
) -> None:
    sign_in(client, provider, uuid4().hex)
    user_id = id_of(client)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE sessions SET last_accessed_at = now() - interval '31 minutes'")
    request_id = uuid4().hex
    for _ in range(3):
        assert client.get("/auth/me", headers={"X-Request-ID": request_id}).status_code == 401
    assert wait_for_line(service, event="session expired", request_id=request_id)["user_id"] == user_id
    assert len([line for line in lines_of(service) if line["event"] == "session expired"]) == 1


def test_a_change_of_role_is_logged_with_both_users(
    service: Service, client: httpx.Client, provider: LoopbackProvider
) -> None:
    sign_in(client, provider, uuid4().hex)
    educator = id_of(client)
    client.cookies.clear()
    client.get("/auth/dev/login?role=admin")
    admin, request_id = id_of(client), uuid4().hex
    client.patch(f"/api/admin/users/{educator}", json={"role": "coach"}, headers={"X-Request-ID": request_id})
    line = wait_for_line(service, event="role changed", request_id=request_id)
    assert (line["user_id"], line["target_id"]) == (admin, educator)
    assert (line["before"], line["after"]) == ({"role": "educator"}, {"role": "coach"})


def test_no_credential_and_no_personal_data_is_logged(
    service: Service, client: httpx.Client, provider: LoopbackProvider
) -> None:
    provider.become_google(email="confidential@secret.example", hd="secret.example", name="Constance")
    location = client.get("/auth/google/login?next=/confidential").headers["Location"]
    sent: dict[str, Any] = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    callback, request_id = provider.sign_in(location), uuid4().hex
    client.get("/auth/google/callback", params=callback, headers={"X-Request-ID": request_id})
    client.get("/auth/google/callback", params=callback)
    client.get("/auth/google/callback", params={"state": "x", "error": "confidential"})
    wait_for_line(service, event="signed in", request_id=request_id)
    text = service.log_file.read_text()
    secrets = [sent["state"], sent["nonce"], sent["code_challenge"], callback["code"], *client.cookies.values()]
    for secret in (*secrets, *provider.access_tokens, provider.client_secret, "onfidential", "secret.example"):
        assert secret not in text
    assert "Constance" not in text

"""The authorization-code flow: the requests that we send, and the checks of the responses."""

import asyncio
import threading
from urllib.parse import parse_qsl, urlsplit

import pytest

from plccoach_api.identity import discovery
from plccoach_api.identity.profile import SignInError, SignInRefused
from plccoach_api.rules.roles import Provider
from plccoach_api.rules.sign_in import Attempt
from tests.identity.visit import Visitor, visiting
from tests.tools.identity_provider.loopback import AUTHORIZE, DISCOVERY, KEYS, TOKEN, LoopbackProvider
from tests.tools.identity_provider.provider import Handler

INVALID = SignInError.invalid_token
UNAVAILABLE = SignInError.provider_unavailable


async def test_the_authorization_request_carries_state_nonce_and_challenge_of_the_attempt(
    provider: LoopbackProvider, google: Visitor
) -> None:
    attempt = Attempt("the state", "the nonce", "v" * 43)
    url = urlsplit(await google.authorization_url(attempt))
    assert f"{url.scheme}://{url.netloc}{url.path}" == provider.issuer + AUTHORIZE
    assert dict(parse_qsl(url.query)) == {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": "http://localhost:8000/auth/google/callback",
        "scope": "openid email profile",
        "state": "the state",
        "nonce": "the nonce",
        "code_challenge": attempt.code_challenge,
        "code_challenge_method": "S256",
    }


async def test_the_redirect_uri_is_made_from_the_public_url(provider: LoopbackProvider) -> None:
    provider.become_clever()
    provider.redirect_uris = {"https://api.example.org/base/auth/clever/callback"}
    variables = provider.clever_settings(PUBLIC_URL="https://api.example.org/base/")
    async with visiting(Provider.clever, variables) as visitor:
        assert (await visitor.sign_in(provider)).subject == provider.claims["sub"]


async def test_an_authorization_endpoint_keeps_its_own_query(provider: LoopbackProvider, google: Visitor) -> None:
    provider.metadata = {"authorization_endpoint": f"{provider.issuer}{AUTHORIZE}?tenant=1"}
    assert "?tenant=1&response_type=code&" in await google.authorization_url(Attempt.new())


async def test_a_code_is_redeemed_only_with_the_verifier_of_its_attempt(
    provider: LoopbackProvider, google: Visitor
) -> None:
    attempt, other = Attempt.new(), Attempt.new()
    callback = provider.sign_in(await google.authorization_url(attempt))
    with pytest.raises(SignInRefused) as caught:
        await google.redeem(
            Attempt(attempt.state, attempt.nonce, other.code_verifier), callback["code"], provider.issuer
        )
    assert (caught.value.reason, caught.value.detail) == (INVALID, "token endpoint: invalid_grant")


async def test_a_code_is_redeemed_once(provider: LoopbackProvider, google: Visitor) -> None:
    attempt = Attempt.new()
    callback = provider.sign_in(await google.authorization_url(attempt))
    await google.redeem(attempt, callback["code"], provider.issuer)
    with pytest.raises(SignInRefused) as caught:
        await google.redeem(attempt, callback["code"], provider.issuer)
    assert caught.value.reason == INVALID


@pytest.mark.parametrize("code", ["", "a\r\nHost: b", "\ud800", "é", "c" * 5000])
async def test_a_code_with_invalid_characters_or_length_is_not_sent_to_the_provider(
    provider: LoopbackProvider, google: Visitor, code: str
) -> None:
    with pytest.raises(SignInRefused) as caught:
        await google.redeem(Attempt.new(), code, provider.issuer)
    assert (caught.value.reason, caught.value.detail) == (INVALID, "callback: code")
    assert provider.calls[TOKEN] == 0


@pytest.mark.parametrize("issuer", [None, "", "https://accounts.google.com", "{issuer}/", "{issuer} "])
async def test_a_provider_that_sends_iss_in_callbacks_must_send_its_own(
    provider: LoopbackProvider, google: Visitor, issuer: str | None
) -> None:
    with pytest.raises(SignInRefused) as caught:
        await google.redeem(Attempt.new(), "code", issuer and issuer.format(issuer=provider.issuer))
    assert (caught.value.reason, caught.value.detail) == (INVALID, "callback: iss")
    assert provider.calls[TOKEN] == 0


async def test_a_provider_that_does_not_send_iss_may_leave_it_out_but_not_send_another(
    provider: LoopbackProvider, google: Visitor
) -> None:
    provider.metadata = {"authorization_response_iss_parameter_supported": False}
    assert (await google.sign_in(provider)).name == "Ada Lovelace"
    with pytest.raises(SignInRefused) as caught:
        await google.redeem(Attempt.new(), "code", "https://elsewhere.example.org")
    assert caught.value.detail == "callback: iss"
    assert provider.calls[TOKEN] == 1


async def test_the_client_secret_is_sent_form_encoded_in_the_authorization_header(
    provider: LoopbackProvider, google: Visitor
) -> None:
    await google.sign_in(provider)
    # "plc-coach:a+secret%3A+with+a+colon"
    (headers,) = provider.headers[TOKEN]
    assert headers["authorization"] == "Basic cGxjLWNvYWNoOmErc2VjcmV0JTNBK3dpdGgrYStjb2xvbg=="


async def test_the_client_secret_is_sent_in_the_form_when_the_provider_supports_only_that(
    provider: LoopbackProvider, google: Visitor
) -> None:
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    await google.sign_in(provider)
    (headers,) = provider.headers[TOKEN]
    assert "authorization" not in headers


async def test_a_wrong_client_secret_means_that_the_provider_is_unavailable(provider: LoopbackProvider) -> None:
    async with visiting(Provider.google, provider.google_settings(GOOGLE_CLIENT_SECRET="wrong")) as visitor:
        assert await visitor.refusal(provider) == (UNAVAILABLE, "token endpoint: status 401")


async def test_many_sign_ins_fetch_the_documents_once(provider: LoopbackProvider, google: Visitor) -> None:
    attempts = [Attempt.new() for _ in range(50)]
    urls = await asyncio.gather(*(google.authorization_url(attempt) for attempt in attempts))
    callbacks = [provider.sign_in(url) for url in urls]
    await asyncio.gather(
        *(google.redeem(attempt, back["code"], back["iss"]) for attempt, back in zip(attempts, callbacks, strict=True))
    )
    assert (provider.calls[DISCOVERY], provider.calls[KEYS], provider.calls[TOKEN]) == (1, 1, 50)


async def test_a_cookie_of_the_provider_is_not_stored(provider: LoopbackProvider, google: Visitor) -> None:
    provider.misbehave[DISCOVERY] = lambda handler: handler.answer(
        provider.discovery(), Set_Cookie="person=first; Path=/"
    )
    await google.sign_in(provider)
    assert [headers.get("cookie") for headers in provider.headers[TOKEN]] == [None]


async def test_a_cancelled_sign_in_does_not_cancel_the_fetch_that_others_wait_for(
    provider: LoopbackProvider, google: Visitor
) -> None:
    loop, asked, cancelled = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def answer_after_the_cancellation(handler: Handler) -> None:
        loop.call_soon_threadsafe(asked.set)
        assert cancelled.wait(10)
        handler.answer(provider.discovery())

    provider.misbehave[DISCOVERY] = answer_after_the_cancellation
    first = asyncio.create_task(google.authorization_url(Attempt.new()))
    second = asyncio.create_task(google.authorization_url(Attempt.new()))
    await asked.wait()
    first.cancel()
    cancelled.set()
    assert (await second).startswith(provider.issuer)
    assert provider.calls[DISCOVERY] == 1


async def test_a_discovery_document_of_another_issuer_is_refused(provider: LoopbackProvider, google: Visitor) -> None:
    provider.metadata = {"issuer": provider.issuer + "/"}
    assert await google.refusal(provider) == (UNAVAILABLE, "discovery: another issuer")


@pytest.mark.parametrize("endpoint", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "address",
    ["http://a.example.org/", "ftp://a.example.org", "", None, 7, "https://a.example.org/\n", "https://[", "/a"],
)
def test_an_https_provider_has_only_https_endpoints(endpoint: str, address: object) -> None:
    issuer = "https://id.example.org"
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    document: dict[str, object] = {"issuer": issuer, **dict.fromkeys(names, f"{issuer}/here")}
    assert discovery.read(document, issuer).token_endpoint == f"{issuer}/here"
    with pytest.raises(SignInRefused) as caught:
        discovery.read(document | {endpoint: address}, issuer)
    assert caught.value.reason == UNAVAILABLE
    assert endpoint in caught.value.detail

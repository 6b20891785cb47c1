"""The way to the provider and back: what is sent, what is checked, and what an honest provider answers."""

import asyncio
from urllib.parse import parse_qsl, urlsplit

import pytest

from plccoach_api.identity import discovery
from plccoach_api.identity.profile import SignInError, SignInRefused
from plccoach_api.rules.roles import Provider
from plccoach_api.rules.sign_in import Attempt
from tests.identity.visit import Visitor, visiting
from tests.tools.identity_provider.loopback import AUTHORIZE, DISCOVERY, KEYS, TOKEN, LoopbackProvider

INVALID = SignInError.invalid_token
UNAVAILABLE = SignInError.provider_unavailable


async def test_the_browser_is_sent_with_all_that_binds_the_answer_to_this_attempt(
    provider: LoopbackProvider, google: Visitor
) -> None:
    attempt = Attempt("the state", "the nonce", "v" * 43)
    where = urlsplit(await google.authorization_url(attempt))
    assert f"{where.scheme}://{where.netloc}{where.path}" == provider.issuer + AUTHORIZE
    assert dict(parse_qsl(where.query)) == {
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


async def test_an_endpoint_with_a_query_keeps_it(provider: LoopbackProvider, google: Visitor) -> None:
    provider.metadata = {"authorization_endpoint": f"{provider.issuer}{AUTHORIZE}?tenant=1"}
    assert "?tenant=1&response_type=code&" in await google.authorization_url(Attempt.new())


async def test_a_code_is_redeemed_only_with_the_verifier_it_was_asked_for_with(
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
async def test_a_code_that_no_provider_made_goes_nowhere(
    provider: LoopbackProvider, google: Visitor, code: str
) -> None:
    with pytest.raises(SignInRefused) as caught:
        await google.redeem(Attempt.new(), code, provider.issuer)
    assert (caught.value.reason, caught.value.detail) == (INVALID, "callback: code")
    assert provider.calls[TOKEN] == 0


@pytest.mark.parametrize("issuer", [None, "", "https://accounts.google.com", "{issuer}/", "{issuer} "])
async def test_where_the_provider_names_itself_in_callbacks_no_other_name_passes(
    provider: LoopbackProvider, google: Visitor, issuer: str | None
) -> None:
    with pytest.raises(SignInRefused) as caught:
        await google.redeem(Attempt.new(), "code", issuer and issuer.format(issuer=provider.issuer))
    assert (caught.value.reason, caught.value.detail) == (INVALID, "callback: iss")
    assert provider.calls[TOKEN] == 0


async def test_where_it_does_not_a_callback_may_be_without_a_name_but_not_with_another(
    provider: LoopbackProvider, google: Visitor
) -> None:
    provider.metadata = {"authorization_response_iss_parameter_supported": False}
    assert (await google.sign_in(provider)).name == "Ada Lovelace"
    with pytest.raises(SignInRefused) as caught:
        await google.redeem(Attempt.new(), "code", "https://elsewhere.example.org")
    assert caught.value.detail == "callback: iss"
    assert provider.calls[TOKEN] == 1


async def test_the_secret_travels_in_the_header_form_encoded(provider: LoopbackProvider, google: Visitor) -> None:
    await google.sign_in(provider)
    # "plc-coach:a+secret%3A+with+a+colon"
    (headers,) = provider.headers[TOKEN]
    assert headers["authorization"] == "Basic cGxjLWNvYWNoOmErc2VjcmV0JTNBK3dpdGgrYStjb2xvbg=="


async def test_it_travels_in_the_form_where_the_provider_takes_it_only_there(
    provider: LoopbackProvider, google: Visitor
) -> None:
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    await google.sign_in(provider)
    (headers,) = provider.headers[TOKEN]
    assert "authorization" not in headers


async def test_a_secret_that_is_wrong_is_not_the_persons_fault(provider: LoopbackProvider) -> None:
    async with visiting(Provider.google, provider.google_settings(GOOGLE_CLIENT_SECRET="wrong")) as visitor:
        assert await visitor.refusal(provider) == (UNAVAILABLE, "token endpoint: status 401")


async def test_the_documents_are_read_once_for_many_sign_ins(provider: LoopbackProvider, google: Visitor) -> None:
    attempts = [Attempt.new() for _ in range(50)]
    urls = await asyncio.gather(*(google.authorization_url(attempt) for attempt in attempts))
    callbacks = [provider.sign_in(url) for url in urls]
    await asyncio.gather(
        *(google.redeem(attempt, back["code"], back["iss"]) for attempt, back in zip(attempts, callbacks, strict=True))
    )
    assert (provider.calls[DISCOVERY], provider.calls[KEYS], provider.calls[TOKEN]) == (1, 1, 50)


async def test_no_cookie_of_the_provider_is_kept(provider: LoopbackProvider, google: Visitor) -> None:
    provider.misbehave[DISCOVERY] = lambda handler: handler.answer(
        provider.discovery(), Set_Cookie="person=first; Path=/"
    )
    await google.sign_in(provider)
    assert [headers.get("cookie") for headers in provider.headers[TOKEN]] == [None]


async def test_a_sign_in_that_is_given_up_leaves_the_documents_to_the_others(
    provider: LoopbackProvider, google: Visitor
) -> None:
    first = asyncio.create_task(google.authorization_url(Attempt.new()))
    second = asyncio.create_task(google.authorization_url(Attempt.new()))
    while not provider.calls[DISCOVERY]:  # noqa: ASYNC110 - another thread counts
        await asyncio.sleep(0.001)
    first.cancel()
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

"""The profile of a person, from Google's claims."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.identity.google import Google
from plccoach_api.identity.limits import Limits
from plccoach_api.identity.oidc import Tokens
from plccoach_api.identity.profile import Organization, Profile, SignInError, SignInRefused
from plccoach_api.rules.roles import Provider, Role
from plccoach_api.rules.sign_in import Attempt
from plccoach_api.settings.environment import Secret
from plccoach_api.settings.providers import GoogleSettings
from tests.identity.json import JSON
from tests.identity.visit import Visitor, visiting
from tests.tools.identity_provider.loopback import LoopbackProvider

NOT_ALLOWED = (SignInError.not_allowed, "Google: the domain is not among the allowed")


async def test_an_educator_signs_in_with_a_workspace_account(provider: LoopbackProvider, google: Visitor) -> None:
    assert await google.sign_in(provider) == Profile(
        provider=Provider.google,
        subject="110169484474386276334",
        name="Ada Lovelace",
        email="ada@example.org",
        role=Role.educator,
        organization=Organization(external_id="example.org", name="example.org"),
    )


async def test_a_personal_account_has_no_organization(provider: LoopbackProvider, google: Visitor) -> None:
    provider.become_google(hd=None)
    assert (await google.sign_in(provider)).organization is None


@pytest.mark.parametrize(
    ("verified", "email"),
    [
        (True, "ada@example.org"),
        ("true", "ada@example.org"),
        (False, None),
        ("false", None),
        ("True", None),
        (1, None),
        ("1", None),
        (None, None),
        ([True], None),
        ({"true": True}, None),
    ],
)
async def test_an_email_counts_only_when_google_has_verified_it(
    provider: LoopbackProvider, google: Visitor, verified: object, email: str | None
) -> None:
    provider.become_google(email_verified=verified)
    assert (await google.sign_in(provider)).email == email


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "  Ada\tLovelace\n"}, "Ada Lovelace"),
        ({"name": None}, "ada"),
        ({"name": "\0 "}, "ada"),
        ({"name": 7}, "ada"),
        ({"name": None, "email": None}, "Google user"),
        ({"name": None, "email_verified": False}, "Google user"),
        ({"name": "é" * 300}, "é" * 200),
    ],
)
async def test_a_person_has_a_name_for_any_claim_of_google(
    provider: LoopbackProvider, google: Visitor, claims: dict[str, object], name: str
) -> None:
    provider.become_google(**claims)
    assert (await google.sign_in(provider)).name == name


@pytest.mark.parametrize(
    ("hd", "allowed"), [("example.org", True), ("EXAMPLE.org", True), ("other.example.org", False)]
)
async def test_only_people_of_an_allowed_domain_sign_in(provider: LoopbackProvider, hd: str, *, allowed: bool) -> None:
    variables = provider.google_settings(GOOGLE_ALLOWED_DOMAINS="Example.org, example.net")
    provider.become_google(hd=hd)
    async with visiting(Provider.google, variables) as visitor:
        if allowed:
            assert (await visitor.sign_in(provider)).organization == Organization("example.org", "example.org")
        else:
            assert await visitor.refusal(provider) == NOT_ALLOWED


@pytest.mark.parametrize("hd", [None, "", 7, True, ["example.org"], "example.org.evil.example.com", "example.org "])
async def test_the_domain_is_read_only_from_the_claim_hd(provider: LoopbackProvider, hd: object) -> None:
    variables = provider.google_settings(GOOGLE_ALLOWED_DOMAINS="example.org")
    provider.become_google(hd=hd, email="ada@example.org")
    async with visiting(Provider.google, variables) as visitor:
        if hd == "example.org ":  # white space is ignored
            assert (await visitor.sign_in(provider)).organization == Organization("example.org", "example.org")
        else:
            assert await visitor.refusal(provider) == NOT_ALLOWED


@pytest.mark.parametrize(
    ("domains", "hint"), [("", None), ("example.org", ["example.org"]), ("example.org,example.net", None)]
)
async def test_google_gets_a_hint_when_only_one_domain_is_allowed(
    provider: LoopbackProvider, domains: str, hint: list[str] | None
) -> None:
    async with visiting(Provider.google, provider.google_settings(GOOGLE_ALLOWED_DOMAINS=domains)) as visitor:
        url = await visitor.authorization_url(Attempt.new())
    assert parse_qs(urlsplit(url).query).get("hd") == hint


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("name", "email", "email_verified", "hd"), JSON)))
def test_any_claims_give_a_profile(claims: dict[str, object]) -> None:
    settings = GoogleSettings(client_id="id", client_secret=Secret("s"), issuer="http://localhost", allowed_domains=())
    google = Google(settings, "http://localhost/auth/google/callback", Limits())
    profile = asyncio.run(google.profile_of(Tokens(access_token=None, claims={"sub": "a person", **claims})))
    assert 1 <= len(profile.name) <= 200
    assert profile.name == profile.name.strip()
    assert (profile.role, profile.subject) == (Role.educator, "a person")
    with pytest.raises(SignInRefused):
        asyncio.run(google.profile_of(Tokens(access_token="a", claims=None)))

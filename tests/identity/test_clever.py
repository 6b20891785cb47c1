"""The profile of a person at Clever, with an ID token and without one."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.identity.clever import Clever
from plccoach_api.identity.limits import Limits
from plccoach_api.identity.oidc import Tokens
from plccoach_api.identity.profile import Organization, Profile, SignInError, SignInRefused
from plccoach_api.rules.roles import Provider, Role
from plccoach_api.rules.sign_in import Attempt
from plccoach_api.settings.environment import Secret
from plccoach_api.settings.providers import CleverSettings
from tests.identity.json import JSON
from tests.identity.visit import Visitor
from tests.tools.identity_provider.loopback import DISCOVERY, DISTRICT_ID, KEYS, ME, TOKEN, USER_ID, LoopbackProvider

ADA = Profile(
    provider=Provider.clever,
    subject=USER_ID,
    name="Ada Lovelace",
    email="ada@example.org",
    role=Role.educator,
    organization=Organization(external_id=DISTRICT_ID, name="Springfield Public Schools"),
)
NO_ROLE = (SignInError.not_allowed, "Clever: no role of an educator")
NO_DISTRICT = (SignInError.not_allowed, "Clever: no district")

ROLES: list[tuple[object, Role | None]] = [
    ("teacher", Role.educator),
    ("staff", Role.educator),
    ("district_admin", Role.admin),
    ("district admin", Role.admin),
    ("school_admin", Role.admin),
    ("Teacher", Role.educator),
    ("student", None),
    ("contact", None),
    ("guardian", None),
    ("admin", None),
    ("", None),
    (None, None),
    (7, None),
    (["district_admin", "teacher"], Role.educator),
    (["teacher", "district_admin"], Role.educator),
    (["school_admin", "staff"], Role.educator),
    (["district_admin", "school_admin"], Role.admin),
    (["teacher", "student"], None),
    (["district_admin", "student"], None),
    (["teacher", "contact"], Role.educator),
    (["contact"], None),
    ([], None),
    ([7, None], None),
    ([{"type": "district_admin"}, {"type": "staff"}], Role.educator),
    ({"district_admin": {"title": "IT"}, "teacher": {}}, Role.educator),
    ({"district_admin": {}, "teacher": None}, Role.admin),
    ({"student": {}}, None),
    ({}, None),
]


async def test_a_teacher_signs_in_with_an_id_token(provider: LoopbackProvider, clever: Visitor) -> None:
    assert await clever.sign_in(provider) == ADA
    assert provider.calls[ME] == 0


async def test_a_teacher_signs_in_without_an_id_token(provider: LoopbackProvider, clever: Visitor) -> None:
    provider.become_clever_without_id_token()
    assert await clever.sign_in(provider) == ADA
    assert provider.calls[KEYS] == 0
    (headers,) = provider.headers[ME]
    assert headers["authorization"] == f"Bearer {provider.access_tokens.pop()}"


async def test_without_a_discovery_document_the_endpoints_are_those_of_clevers_documentation(
    provider: LoopbackProvider, clever: Visitor
) -> None:
    provider.become_clever_without_id_token()
    provider.metadata = None
    url = await clever.authorization_url(Attempt.new())
    assert url.startswith(f"{provider.issuer}/oauth/authorize?response_type=code&")
    assert await clever.sign_in(provider) == ADA
    assert (provider.calls[DISCOVERY], provider.calls[TOKEN]) == (1, 1)


@pytest.mark.parametrize(("user_type", "role"), ROLES)
async def test_the_role_with_the_fewest_rights_in_the_id_token_is_used(
    provider: LoopbackProvider, clever: Visitor, user_type: object, role: Role | None
) -> None:
    provider.become_clever(user_type=user_type)
    if role is None:
        assert await clever.refusal(provider) == NO_ROLE
    else:
        assert (await clever.sign_in(provider)).role is role


@pytest.mark.parametrize(("roles", "role"), ROLES)
async def test_the_role_with_the_fewest_rights_in_the_api_is_used(
    provider: LoopbackProvider, clever: Visitor, roles: object, role: Role | None
) -> None:
    provider.become_clever_without_id_token(roles=roles)
    if role is None:
        assert await clever.refusal(provider) == NO_ROLE
    else:
        assert (await clever.sign_in(provider)).role is role


async def test_the_claim_roles_has_priority_over_user_type(provider: LoopbackProvider, clever: Visitor) -> None:
    provider.become_clever(user_type="district_admin", roles=["district_admin", "teacher"])
    assert (await clever.sign_in(provider)).role is Role.educator
    provider.become_clever(user_type="district_admin", roles=["district_admin", "student"])
    assert await clever.refusal(provider) == NO_ROLE


@pytest.mark.parametrize("email", [None, "", "none", 7])
@pytest.mark.parametrize("with_id_token", [True, False])
async def test_an_email_may_be_missing(
    provider: LoopbackProvider, clever: Visitor, email: object, *, with_id_token: bool
) -> None:
    if with_id_token:
        provider.become_clever(email=email)
    else:
        provider.become_clever_without_id_token(email=email)
    profile = await clever.sign_in(provider)
    assert (profile.email, profile.name) == (None, "Ada Lovelace")


@pytest.mark.parametrize("district", [None, "", 7, ["4fd43cc56d11340000000005"], "../me", "a/b", "a" * 256, "é"])
@pytest.mark.parametrize("with_id_token", [True, False])
async def test_nobody_signs_in_without_a_district(
    provider: LoopbackProvider, clever: Visitor, district: object, *, with_id_token: bool
) -> None:
    if with_id_token:
        provider.become_clever(district=district, user_type="district_admin")
    else:
        provider.become_clever_without_id_token(district=district, roles=["district_admin"])
    assert await clever.refusal(provider) == NO_DISTRICT


async def test_a_district_that_only_the_response_of_me_contains_is_used(
    provider: LoopbackProvider, clever: Visitor
) -> None:
    provider.become_clever_without_id_token(district=None)
    provider.me["district"] = DISTRICT_ID
    assert await clever.sign_in(provider) == ADA


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"given_name": None}, "Lovelace"),
        ({"family_name": None}, "Ada"),
        ({"given_name": None, "family_name": None}, "ada"),
        ({"given_name": "", "family_name": " ", "email": None}, "Clever user"),
        ({"given_name": "A\0da", "family_name": ["x"]}, "Ada"),
        ({"given_name": "a" * 150, "family_name": "b" * 150}, "a" * 150 + " " + "b" * 49),
    ],
)
async def test_the_name_is_made_of_given_and_family_name(
    provider: LoopbackProvider, clever: Visitor, changes: dict[str, object], name: str
) -> None:
    provider.become_clever(**changes)
    assert (await clever.sign_in(provider)).name == name


@pytest.mark.parametrize("name", [None, "Ada", [], {}, {"first": 7, "last": None}])
async def test_without_a_name_in_the_api_the_name_comes_from_the_email(
    provider: LoopbackProvider, clever: Visitor, name: object
) -> None:
    provider.become_clever_without_id_token(name=name)
    assert (await clever.sign_in(provider)).name == "ada"


@pytest.mark.parametrize("name", ["", "\0", "  "])
async def test_a_blank_name_of_a_district_is_ignored(provider: LoopbackProvider, clever: Visitor, name: str) -> None:
    provider.districts = {DISTRICT_ID: name}
    profile = await clever.sign_in(provider)
    assert profile.organization == Organization(DISTRICT_ID, None)


@pytest.mark.parametrize("id", [None, "", 7, "../users", "a?b", "a" * 256])
async def test_a_user_without_a_valid_id_is_refused(provider: LoopbackProvider, clever: Visitor, id: object) -> None:
    provider.become_clever_without_id_token()
    provider.me["id"] = id
    assert await clever.refusal(provider) == (SignInError.provider_unavailable, "API: no user")


async def test_the_record_of_another_user_is_refused(provider: LoopbackProvider, clever: Visitor) -> None:
    provider.become_clever_without_id_token()
    provider.misbehave[f"/v3.0/users/{USER_ID}"] = lambda handler: handler.answer(
        {"data": provider.user | {"id": "5a4fcb9a1b2c3d4e5f6affff"}}
    )
    assert await clever.refusal(provider) == (SignInError.provider_unavailable, "API: another user")


@pytest.mark.parametrize("token", [None, "", 7, "a\r\nX-Evil: 1", "é", "a" * 9000])
async def test_a_token_response_without_any_valid_token_is_refused(
    provider: LoopbackProvider, clever: Visitor, token: object
) -> None:
    provider.become_clever_without_id_token()
    provider.edit_tokens = lambda answer: answer | {"access_token": token}
    assert await clever.refusal(provider) == (SignInError.provider_unavailable, "token endpoint: no token")
    assert provider.calls[ME] == 0


@given(
    st.fixed_dictionaries(
        {"sub": st.just(USER_ID)},
        optional=dict.fromkeys(("given_name", "family_name", "email", "roles"), JSON)
        | {"user_type": JSON | st.just("staff"), "district": JSON | st.just(DISTRICT_ID)},
    )
)
def test_any_claims_give_a_profile_or_a_refusal(claims: dict[str, object]) -> None:
    settings = CleverSettings(
        client_id="i", client_secret=Secret("s"), issuer="http://localhost", api_url="http://[::1]"
    )
    clever = Clever(settings, "http://localhost/auth/clever/callback", Limits())
    try:
        profile = asyncio.run(clever.profile_of(Tokens(access_token=None, claims=claims)))
    except SignInRefused as refused:
        assert (refused.reason, refused.detail) in {NO_ROLE, NO_DISTRICT}  # noqa: PT017 - it may also succeed
    else:
        assert profile.organization is not None
        assert profile.organization.external_id == claims["district"]
        assert 1 <= len(profile.name) <= 200

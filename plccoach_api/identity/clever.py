"""Clever, the single sign-on of US schools: its roles, its districts, and its API.

Clever sends no ID token to an application that it has not configured for OpenID Connect. The profile then comes from
Clever's API.
"""

import re

import msgspec

from plccoach_api.identity import claims
from plccoach_api.identity.discovery import Metadata
from plccoach_api.identity.limits import Limits
from plccoach_api.identity.oidc import OpenIDProvider, Tokens
from plccoach_api.identity.profile import Organization, Profile, SignInError, SignInRefused
from plccoach_api.identity.provider_client import Document, require_document, unavailable
from plccoach_api.rules.roles import Provider, Role
from plccoach_api.settings.providers import CleverSettings

_ROLES = {
    "district_admin": Role.admin,
    "school_admin": Role.admin,
    "teacher": Role.educator,
    "staff": Role.educator,
}
_STUDENT = "student"
# Clever's ids are 24 hexadecimal digits today. We only require that an id is safe in a path.
_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")


class Clever(OpenIDProvider):
    scope = "openid"

    def __init__(self, settings: CleverSettings, redirect_uri: str, limits: Limits) -> None:
        super().__init__(settings, redirect_uri, limits)
        self._api_url = settings.api_url

    def default_metadata(self) -> Metadata:
        return Metadata(
            authorization_endpoint=f"{self._issuer}/oauth/authorize",
            token_endpoint=f"{self._issuer}/oauth/tokens",
            jwks_uri=None,
        )

    async def profile_of(self, tokens: Tokens) -> Profile:
        token = tokens.claims
        if token is None:
            return await self._profile_from_api(tokens.access_token)
        return _profile(
            subject=token.get("sub"),
            district=token.get("district"),
            name=[token.get("given_name"), token.get("family_name")],
            email=token.get("email"),
            roles=_role_names(token.get("roles")) or _role_names(token.get("user_type")),
        )

    async def enrich(self, profile: Profile, tokens: Tokens) -> Profile:
        """Adds the name of the district."""
        organization = profile.organization
        if organization is None or tokens.access_token is None:
            return profile
        district = await self._get(f"/v3.0/districts/{organization.external_id}", tokens.access_token)
        if not (name := claims.name([district.get("name")], "")):
            return profile
        return msgspec.structs.replace(profile, organization=msgspec.structs.replace(organization, name=name))

    async def _profile_from_api(self, access_token: str | None) -> Profile:
        if access_token is None:
            raise unavailable("token endpoint: no token")
        me = await self._get("/v3.0/me", access_token)
        user = await self._get(f"/v3.0/users/{_require_id(me.get('id'), 'API: no user')}", access_token)
        if user.get("id") != me.get("id"):
            raise unavailable("API: another user")
        name = user.get("name")
        first_and_last = [name.get("first"), name.get("last")] if isinstance(name, dict) else []
        return _profile(
            subject=user.get("id"),
            district=user.get("district") or me.get("district"),
            name=first_and_last,
            email=user.get("email"),
            roles=_role_names(user.get("roles")) or _role_names(me.get("type")),
        )

    async def _get(self, path: str, access_token: str) -> Document:
        response = await self._client.get("API", self._api_url + path, bearer=access_token)
        data = require_document("API", response).get("data")
        if not isinstance(data, dict):
            raise unavailable("API: no data")
        return data


def _profile(*, subject: object, district: object, name: list[object], email: object, roles: set[str]) -> Profile:
    role = _role(roles)
    if not isinstance(district, str) or not _ID.fullmatch(district):
        # An administrator without an organization would administer all organizations.
        raise SignInRefused(SignInError.not_allowed, "Clever: no district")
    address = claims.email(email)
    full_name = " ".join(claims.text(part) for part in name)
    return Profile(
        provider=Provider.clever,
        subject=_require_id(subject, "Clever: no id"),
        name=claims.name([full_name, (address or "").partition("@")[0]], "Clever user"),
        email=address,
        role=role,
        organization=Organization(external_id=district, name=None),
    )


def _role(roles: set[str]) -> Role:
    """Returns the role with the fewest rights. Refuses every student, and a user without a known role."""
    known = {_ROLES[role] for role in roles if role in _ROLES}
    if _STUDENT in roles or not known:
        raise SignInRefused(SignInError.not_allowed, "Clever: no role of an educator")
    return Role.educator if Role.educator in known else Role.admin


def _role_names(value: object) -> set[str]:
    """Returns the names of roles from a name, a list of names, or an object whose keys are the names."""
    if isinstance(value, str):
        listed: list[object] = [value]
    elif isinstance(value, dict):
        listed = [name for name, role in value.items() if role is not None]
    elif isinstance(value, list):
        listed = [item.get("type") if isinstance(item, dict) else item for item in value]
    else:
        listed = []
    return {claims.text(name).lower().replace(" ", "_") for name in listed} - {""}


def _require_id(value: object, missing: str) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise unavailable(missing)
    return value

"""Clever, the single sign-on of US schools: what is its own beside OpenID Connect.

An application that Clever has not set up for OpenID Connect gets no ID token; its API says the same of the person.
"""

import re

import msgspec

from plccoach_api.identity import claims
from plccoach_api.identity.discovery import Metadata
from plccoach_api.identity.limits import Limits
from plccoach_api.identity.oidc import OpenIDProvider, Registration, Tokens
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
# Clever's ids are 24 hexadecimal digits today; what matters to us is that one fits into a path.
_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")


class Clever(OpenIDProvider):
    scope = "openid"

    def __init__(self, settings: CleverSettings, redirect_uri: str, limits: Limits) -> None:
        registration = Registration(
            issuer=settings.issuer,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            redirect_uri=redirect_uri,
        )
        super().__init__(registration, limits)
        self._api_url = settings.api_url

    def without_discovery(self) -> Metadata:
        issuer = self._registration.issuer
        return Metadata(
            authorization_endpoint=f"{issuer}/oauth/authorize", token_endpoint=f"{issuer}/oauth/tokens", jwks_uri=None
        )

    async def person(self, tokens: Tokens) -> Profile:
        said = tokens.claims
        if said is None:
            return await self._person_of_api(tokens.access_token)
        return _profile(
            subject=said.get("sub"),
            district=said.get("district"),
            name=[said.get("given_name"), said.get("family_name")],
            email=said.get("email"),
            roles=_names(said.get("roles")) or _names(said.get("user_type")),
        )

    async def completed(self, profile: Profile, tokens: Tokens) -> Profile:
        """The district by its own name."""
        organization = profile.organization
        if organization is None or tokens.access_token is None:
            return profile
        district = await self._read(f"/v3.0/districts/{organization.external_id}", tokens.access_token)
        if not (name := claims.name([district.get("name")], "")):
            return profile
        return msgspec.structs.replace(profile, organization=msgspec.structs.replace(organization, name=name))

    async def _person_of_api(self, access_token: str | None) -> Profile:
        if access_token is None:
            raise unavailable("token endpoint: no token")
        me = await self._read("/v3.0/me", access_token)
        user = await self._read(f"/v3.0/users/{_id(me.get('id'), 'API: no user')}", access_token)
        if user.get("id") != me.get("id"):
            raise unavailable("API: another user")
        name = user.get("name")
        first_and_last = [name.get("first"), name.get("last")] if isinstance(name, dict) else []
        return _profile(
            subject=user.get("id"),
            district=user.get("district") or me.get("district"),
            name=first_and_last,
            email=user.get("email"),
            roles=_names(user.get("roles")) or _names(me.get("type")),
        )

    async def _read(self, path: str, access_token: str) -> Document:
        answer = require_document("API", await self._web.get("API", self._api_url + path, bearer=access_token))
        data = answer.get("data")
        if not isinstance(data, dict):
            raise unavailable("API: no data")
        return data


def _profile(*, subject: object, district: object, name: list[object], email: object, roles: set[str]) -> Profile:
    role = _role(roles)
    if not isinstance(district, str) or not _ID.fullmatch(district):
        # Without an organization an administrator would be one of all of them.
        raise SignInRefused(SignInError.not_allowed, "Clever: no district")
    address = claims.email(email)
    whole = " ".join(claims.text(part) for part in name)
    return Profile(
        provider=Provider.clever,
        subject=_id(subject, "Clever: no id"),
        name=claims.name([whole, (address or "").partition("@")[0]], "Clever user"),
        email=address,
        role=role,
        organization=Organization(external_id=district, name=None),
    )


def _role(roles: set[str]) -> Role:
    """The least of the roles; a student is refused whatever else they are, and so is who has none that we know."""
    known = {_ROLES[role] for role in roles if role in _ROLES}
    if _STUDENT in roles or not known:
        raise SignInRefused(SignInError.not_allowed, "Clever: no role of an educator")
    return Role.educator if Role.educator in known else Role.admin


def _names(said: object) -> set[str]:
    """Names of roles, from a name, from a list of names, or from an object with a key for each."""
    if isinstance(said, str):
        listed: list[object] = [said]
    elif isinstance(said, dict):
        listed = [name for name, role in said.items() if role is not None]
    elif isinstance(said, list):
        listed = [item.get("type") if isinstance(item, dict) else item for item in said]
    else:
        listed = []
    return {claims.text(name).lower().replace(" ", "_") for name in listed} - {""}


def _id(value: object, missing: str) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise unavailable(missing)
    return value

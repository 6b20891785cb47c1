"""Google: what is its own beside OpenID Connect."""

from plccoach_api.identity import claims
from plccoach_api.identity.id_token import invalid
from plccoach_api.identity.limits import Limits
from plccoach_api.identity.oidc import OpenIDProvider, Registration, Tokens
from plccoach_api.identity.profile import Organization, Profile, SignInError, SignInRefused
from plccoach_api.rules.roles import Provider, Role
from plccoach_api.settings.providers import GOOGLE, GoogleSettings

# Google's own tokens may name it without the scheme.
_ALIAS = "accounts.google.com"
_LONGEST_DOMAIN = 253


class Google(OpenIDProvider):
    scope = "openid email profile"

    def __init__(self, settings: GoogleSettings, redirect_uri: str, limits: Limits) -> None:
        registration = Registration(
            issuer=settings.issuer,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            redirect_uri=redirect_uri,
        )
        super().__init__(registration, limits)
        self._allowed_domains = settings.allowed_domains

    def parameters(self) -> dict[str, str]:
        """A hint that offers only accounts of the one domain; the claim decides."""
        return {"hd": self._allowed_domains[0]} if len(self._allowed_domains) == 1 else {}

    def issuers(self) -> frozenset[str]:
        issuer = self._registration.issuer
        return frozenset({issuer, _ALIAS}) if issuer == GOOGLE else frozenset({issuer})

    async def person(self, tokens: Tokens) -> Profile:
        if tokens.claims is None:
            raise invalid("token endpoint: no ID token")
        said = tokens.claims
        domain = _domain(said.get("hd"))
        if self._allowed_domains and domain not in self._allowed_domains:
            raise SignInRefused(SignInError.not_allowed, "Google: the domain is not among the allowed")
        verified = said.get("email_verified")
        email = claims.email(said.get("email")) if verified is True or verified == "true" else None
        return Profile(
            provider=Provider.google,
            subject=str(said["sub"]),
            name=claims.name([said.get("name"), (email or "").partition("@")[0]], "Google user"),
            email=email,
            role=Role.educator,
            organization=Organization(external_id=domain, name=domain) if domain else None,
        )


def _domain(value: object) -> str | None:
    """The Workspace domain of an account; a personal account has none."""
    said = claims.text(value).lower()
    return said if 0 < len(said) <= _LONGEST_DOMAIN and " " not in said else None

"""Google's own rules for OpenID Connect: a second issuer name, Workspace domains, and verified emails."""

from plccoach_api.identity import claims
from plccoach_api.identity.id_token import invalid
from plccoach_api.identity.limits import Limits
from plccoach_api.identity.oidc import OpenIDProvider, Tokens
from plccoach_api.identity.profile import Organization, Profile, SignInError, SignInRefused
from plccoach_api.rules.roles import Provider, Role
from plccoach_api.settings.providers import GOOGLE, GoogleSettings

# Google may omit the scheme of `iss` in its ID tokens.
_ALIAS = "accounts.google.com"
_LONGEST_DOMAIN = 253


class Google(OpenIDProvider):
    scope = "openid email profile"

    def __init__(self, settings: GoogleSettings, redirect_uri: str, limits: Limits) -> None:
        super().__init__(settings, redirect_uri, limits)
        self._allowed_domains = settings.allowed_domains

    def extra_parameters(self) -> dict[str, str]:
        """Asks Google to offer only the accounts of a single allowed domain. `profile_of` checks the domain."""
        return {"hd": self._allowed_domains[0]} if len(self._allowed_domains) == 1 else {}

    def issuers(self) -> frozenset[str]:
        return frozenset({GOOGLE, _ALIAS}) if self._issuer == GOOGLE else super().issuers()

    async def profile_of(self, tokens: Tokens) -> Profile:
        if tokens.claims is None:
            raise invalid("token endpoint: no ID token")
        token = tokens.claims
        domain = _domain(token.get("hd"))
        if self._allowed_domains and domain not in self._allowed_domains:
            raise SignInRefused(SignInError.not_allowed, "Google: the domain is not among the allowed")
        verified = token.get("email_verified")
        email = claims.email(token.get("email")) if verified is True or verified == "true" else None
        return Profile(
            provider=Provider.google,
            subject=str(token["sub"]),
            name=claims.name([token.get("name"), (email or "").partition("@")[0]], "Google user"),
            email=email,
            role=Role.educator,
            organization=Organization(external_id=domain, name=domain) if domain else None,
        )


def _domain(value: object) -> str | None:
    """Returns the Workspace domain of the claim `hd`, or None for a personal account."""
    domain = claims.text(value).lower()
    return domain if 0 < len(domain) <= _LONGEST_DOMAIN and " " not in domain else None

"""The settings of the sign-in providers. A provider is offered when its application's id and secret are set."""

import re
from collections.abc import Callable

import msgspec

from plccoach_api.settings.environment import Environment, InvalidValue, Secret, text, web_address

GOOGLE = "https://accounts.google.com"
CLEVER = "https://clever.com"
CLEVER_API = "https://api.clever.com"

_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.ASCII)


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The registration of our application at a provider."""

    client_id: str
    client_secret: Secret
    issuer: str


class GoogleSettings(ProviderSettings, frozen=True, kw_only=True):
    allowed_domains: tuple[str, ...]


class CleverSettings(ProviderSettings, frozen=True, kw_only=True):
    api_url: str


def google(environment: Environment, *, production: bool) -> GoogleSettings | None:
    issuer = environment.read("GOOGLE_ISSUER", _address(production=production), GOOGLE)
    every_domain: tuple[str, ...] = ()
    allowed_domains = environment.read("GOOGLE_ALLOWED_DOMAINS", domains, every_domain)
    credentials = _credentials(environment, "GOOGLE")
    if credentials is None:
        return None
    client_id, client_secret = credentials
    return GoogleSettings(
        client_id=client_id, client_secret=client_secret, issuer=issuer, allowed_domains=allowed_domains
    )


def clever(environment: Environment, *, production: bool) -> CleverSettings | None:
    issuer = environment.read("CLEVER_ISSUER", _address(production=production), CLEVER)
    api_url = environment.read("CLEVER_API_URL", _address(production=production), CLEVER_API)
    credentials = _credentials(environment, "CLEVER")
    if credentials is None:
        return None
    client_id, client_secret = credentials
    return CleverSettings(client_id=client_id, client_secret=client_secret, issuer=issuer, api_url=api_url)


def domains(value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))
    if not names or not all(_DOMAIN.fullmatch(name) for name in names):
        raise InvalidValue("domains such as example.org, separated by commas, are allowed")
    return names


def _credentials(environment: Environment, provider: str) -> tuple[str, Secret] | None:
    """Returns the application's id and secret at the provider, or None. One without the other is refused."""
    id_name, secret_name = f"{provider}_CLIENT_ID", f"{provider}_CLIENT_SECRET"
    client_id = environment.read(id_name, text, "")
    client_secret = environment.secret(secret_name)
    if client_id and client_secret:
        return client_id, client_secret
    if client_id:
        _report_missing(environment, secret_name, because_of=id_name)
    elif client_secret:
        _report_missing(environment, id_name, because_of=secret_name)
    return None


def _report_missing(environment: Environment, name: str, *, because_of: str) -> None:
    environment.problems.setdefault(name, f"{name} is not set, but it is required because {because_of} is set")


def _address(*, production: bool) -> Callable[[str], str]:
    def parse(value: str) -> str:
        address = web_address(value)
        if production and not address.startswith("https://"):
            raise InvalidValue("in production only an https address is allowed")
        return address

    return parse

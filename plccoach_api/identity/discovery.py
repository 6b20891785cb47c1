"""What a provider says of itself: where its endpoints are, and which habits it has."""

import msgspec

from plccoach_api.identity.provider_client import Document, unavailable
from plccoach_api.settings.environment import InvalidValue, web_address

PATH = "/.well-known/openid-configuration"


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str | None
    names_itself: bool = False
    """Whether `iss` stands in every callback (RFC 9207)."""
    takes_basic: bool = True
    """Whether our id and secret travel in the Authorization header; otherwise in the form."""


def read(document: Document, issuer: str) -> Metadata:
    if document.get("issuer") != issuer:
        raise unavailable("discovery: another issuer")
    methods = document.get("token_endpoint_auth_methods_supported")
    return Metadata(
        authorization_endpoint=_endpoint(document, "authorization_endpoint", issuer),
        token_endpoint=_endpoint(document, "token_endpoint", issuer),
        jwks_uri=_endpoint(document, "jwks_uri", issuer),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        takes_basic=not (
            isinstance(methods, list) and "client_secret_post" in methods and "client_secret_basic" not in methods
        ),
    )


def _endpoint(document: Document, name: str, issuer: str) -> str:
    """An address as the provider wrote it; a provider on https has no endpoint without it."""
    address = document.get(name)
    if not isinstance(address, str):
        raise unavailable(f"discovery: no {name}")
    try:
        plain = web_address(address.partition("?")[0]).startswith("http://")
    except InvalidValue:
        raise unavailable(f"discovery: no address in {name}") from None
    if "#" in address or not address.isascii() or not address.isprintable() or " " in address:
        raise unavailable(f"discovery: no address in {name}")
    if plain and issuer.startswith("https://"):
        raise unavailable(f"discovery: {name} without https")
    return address

"""The discovery document of a provider: its endpoints, and the options of the protocol that it supports."""

import msgspec

from plccoach_api.identity.provider_client import Document, unavailable
from plccoach_api.settings.environment import InvalidValue, web_address

PATH = "/.well-known/openid-configuration"


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str | None
    sends_issuer: bool = False
    """True when every callback carries `iss` (RFC 9207)."""
    basic_authentication: bool = True
    """True when our id and secret are sent in the Authorization header, False when they are sent in the form."""


def read(document: Document, issuer: str) -> Metadata:
    """Checks the document of `issuer`. Raises SignInRefused when a part is missing or invalid."""
    if document.get("issuer") != issuer:
        raise unavailable("discovery: another issuer")
    methods = document.get("token_endpoint_auth_methods_supported")
    return Metadata(
        authorization_endpoint=_endpoint(document, "authorization_endpoint", issuer),
        token_endpoint=_endpoint(document, "token_endpoint", issuer),
        jwks_uri=_endpoint(document, "jwks_uri", issuer),
        sends_issuer=document.get("authorization_response_iss_parameter_supported") is True,
        basic_authentication=not (
            isinstance(methods, list) and "client_secret_post" in methods and "client_secret_basic" not in methods
        ),
    )


def _endpoint(document: Document, name: str, issuer: str) -> str:
    """Returns an endpoint's address. An issuer on https must have all its endpoints on https."""
    address = document.get(name)
    if not isinstance(address, str):
        raise unavailable(f"discovery: no {name}")
    try:
        insecure = web_address(address.partition("?")[0]).startswith("http://")
    except InvalidValue:
        raise unavailable(f"discovery: no address in {name}") from None
    if "#" in address or not address.isascii() or not address.isprintable() or " " in address:
        raise unavailable(f"discovery: no address in {name}")
    if insecure and issuer.startswith("https://"):
        raise unavailable(f"discovery: {name} without https")
    return address

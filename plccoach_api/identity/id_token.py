"""Verification of an ID token: its signature, issuer, audience and times, and the sign-in it belongs to."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest

import msgspec
from joserfc import jws, jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import RSAKey

from plccoach_api.identity.profile import SignInError, SignInRefused
from plccoach_api.identity.provider_client import Document

ALGORITHM = "RS256"
LEEWAY = 60
"""Seconds by which two clocks may differ."""
LONGEST_AGE = 3600
"""Seconds. A provider issues the token while we redeem the code, so an older token was issued for another request."""
_LONGEST_SUBJECT = 255
_END_OF_TIME = 10**12
# Unknown headers are ignored. An unknown header that `crit` lists is an error.
_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """The values that the token of this sign-in must carry."""

    issuers: frozenset[str]
    client_id: str
    nonce: str
    access_token: str | None


def invalid(detail: str) -> SignInRefused:
    return SignInRefused(SignInError.invalid_token, detail)


def key_id(token: str) -> str:
    """Returns the id of the key that signed the token, as the token's header names it."""
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, RecursionError):
        raise invalid("ID token: not a signed token") from None
    if header.get("alg") != ALGORITHM:
        raise invalid("ID token: alg")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise invalid("ID token: kid")
    return kid


def verify(token: str, key: RSAKey, expected: Expected, *, now: int) -> Document:
    """Returns the claims of a valid token; `now` is the time in seconds since 1970. Raises SignInRefused."""
    try:
        claims = jwt.decode(token, key, registry=_REGISTRY).claims
    except (JoseError, ValueError, RecursionError):
        raise invalid("ID token: signature") from None
    try:
        # The registry refuses a `jti` that is not a string. We do not use this claim.
        _claims_registry(expected, now).validate({name: value for name, value in claims.items() if name != "jti"})
    except ClaimError as error:
        raise invalid(f"ID token: {error.claim}") from None
    _check_rest(claims, expected, now)
    return claims


def half_hash(access_token: str) -> str:
    """Returns the left half of the SHA-256, which an RS256 token carries as `at_hash`."""
    return urlsafe_b64encode(sha256(access_token.encode()).digest()[:16]).decode().rstrip("=")


def _claims_registry(expected: Expected, now: int) -> jwt.JWTClaimsRegistry:
    """Checks the presence, type and value of RFC 7519's claims. A claim of `null` counts as missing."""
    return jwt.JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY,
        iss={"essential": True, "values": [*expected.issuers]},
        aud={"essential": True, "value": expected.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )


def _check_rest(claims: jwt.Claims, expected: Expected, now: int) -> None:
    """Makes the checks that the registry cannot make, or makes less strictly than we need."""
    if claims["iss"] not in expected.issuers:  # Without expected issuers, the registry accepts any.
        raise invalid("ID token: iss")
    if claims["iat"] < now - LONGEST_AGE - LEEWAY:
        raise invalid("ID token: iat")
    # The registry accepts a time of any size, and a subject of any length and with any characters.
    if claims["exp"] >= _END_OF_TIME:
        raise invalid("ID token: exp")
    if len(claims["sub"]) > _LONGEST_SUBJECT or not claims["sub"].isprintable():
        raise invalid("ID token: sub")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else expected.client_id) != expected.client_id:
        raise invalid("ID token: azp")
    # The registry would also accept a list that contains the nonce, and its comparison does not take constant time.
    if not _is_same(claims.get("nonce"), expected.nonce):
        raise invalid("ID token: nonce")
    if "at_hash" in claims and not _is_same(claims["at_hash"], half_hash(expected.access_token or "")):
        raise invalid("ID token: at_hash")


def _is_same(value: object, expected: str) -> bool:
    return isinstance(value, str) and compare_digest(value.encode(errors="replace"), expected.encode())

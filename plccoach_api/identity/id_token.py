"""An ID token, verified in full: who signed it, for whom, when, and for which sign-in."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from plccoach_api.identity.profile import SignInError, SignInRefused
from plccoach_api.identity.provider_client import Document

ALGORITHM = "RS256"
LEEWAY = 60
"""Seconds by which two clocks may differ."""
LONGEST_AGE = 3600
"""Seconds: a token is made while its code is redeemed, so that an older one is no answer to us."""
_LONGEST_SUBJECT = 255
_END_OF_TIME = 1e12
# Headers that we do not know say nothing to us; `crit` is obeyed all the same.
_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    issuers: frozenset[str]
    client_id: str
    nonce: str
    access_token: str | None


def invalid(detail: str) -> SignInRefused:
    return SignInRefused(SignInError.invalid_token, detail)


def key_id(token: str) -> str:
    """Which of the provider's keys the token says it was signed with."""
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


def verify(token: str, key: RSAKey, expected: Expected, *, now: float) -> Document:
    """The claims of a token that says everything it must; `now` is the time in seconds since 1970."""
    try:
        claims: Document = jwt.decode(token, key, registry=_REGISTRY).claims
    except (JoseError, ValueError, RecursionError):
        raise invalid("ID token: signature") from None
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or issuer not in expected.issuers:
        raise invalid("ID token: iss")
    _check_audience(claims, expected.client_id)
    _check_times(claims, now)
    _check_same(claims.get("nonce"), expected.nonce, "nonce")
    if "at_hash" in claims:
        _check_same(claims["at_hash"], half_hash(expected.access_token or ""), "at_hash")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or not subject.isprintable():
        raise invalid("ID token: sub")
    return claims


def half_hash(access_token: str) -> str:
    """The left half of the SHA-256, by which an RS256 token names the access token beside it."""
    return urlsafe_b64encode(sha256(access_token.encode()).digest()[:16]).decode().rstrip("=")


def _check_audience(claims: Document, client_id: str) -> None:
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if client_id not in several:
        raise invalid("ID token: aud")
    if claims.get("azp", None if len(several) > 1 else client_id) != client_id:
        raise invalid("ID token: azp")


def _check_times(claims: Document, now: float) -> None:
    issued, expires = _time(claims, "iat"), _time(claims, "exp")
    if issued > now + LEEWAY or issued < now - LONGEST_AGE - LEEWAY:
        raise invalid("ID token: iat")
    if expires <= now - LEEWAY:
        raise invalid("ID token: exp")
    if "nbf" in claims and _time(claims, "nbf") > now + LEEWAY:
        raise invalid("ID token: nbf")


def _time(claims: Document, name: str) -> float:
    value = claims.get(name)
    # The comparison is false for NaN too.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _END_OF_TIME:
        raise invalid(f"ID token: {name}")
    return value


def _check_same(given: object, expected: str, name: str) -> None:
    if not isinstance(given, str) or not compare_digest(given.encode(errors="replace"), expected.encode()):
        raise invalid(f"ID token: {name}")

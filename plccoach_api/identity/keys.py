"""The public keys of a provider, by id. A key that a token carries itself is never used."""

import warnings

from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import RSAKey

from plccoach_api.identity.provider_client import Document, unavailable

Keys = dict[str, RSAKey]

_MAX_KEYS = 100
_BITS = range(2048, 8192 + 1)
_LONGEST_MODULUS = 1400


def read(document: Document) -> Keys:
    """Returns the RSA signing keys of a JWK set. Other keys and invalid keys are skipped."""
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise unavailable("keys: no list")
    return {kid: key for kid, key in map(_read_key, listed[:_MAX_KEYS]) if key is not None}


def _read_key(jwk: object) -> tuple[str, RSAKey | None]:
    if not isinstance(jwk, dict):
        return "", None
    kid, modulus, exponent = (jwk.get(name) for name in ("kid", "n", "e"))
    usable = jwk.get("kty") == "RSA" and jwk.get("use", "sig") == "sig" and jwk.get("alg", "RS256") == "RS256"
    if not (usable and isinstance(kid, str) and isinstance(modulus, str) and isinstance(exponent, str)):
        return "", None
    if not kid or len(modulus) > _LONGEST_MODULUS or len(exponent) > len("AQABAA"):
        return "", None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            key = RSAKey.import_key({"kty": "RSA", "n": modulus, "e": exponent})
    except (JoseError, ValueError, TypeError):
        return "", None
    return kid, key if key.public_key.key_size in _BITS else None

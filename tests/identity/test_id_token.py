"""Invalid ID tokens, which must be refused, and the variations of a valid one."""

import hmac
import json
import time
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import cache

import pytest
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey

from plccoach_api.identity import id_token
from plccoach_api.identity.google import Google
from plccoach_api.identity.id_token import Expected
from plccoach_api.identity.limits import Limits
from plccoach_api.identity.profile import SignInError, SignInRefused
from plccoach_api.rules.roles import Provider
from plccoach_api.settings.environment import Secret
from plccoach_api.settings.providers import GoogleSettings
from tests.identity.visit import Visitor, visiting
from tests.tools.identity_provider.loopback import CLIENT_ID, KEYS, Json, LoopbackProvider, rsa_key

NOW = 1_800_000_000
ATTACKER = "attacker"

Forge = Callable[[Json, Json], str]


def signed(claims: Json, *, kid: str = "first", key: RSAKey | None = None, **header: object) -> str:
    return serialized({"alg": "RS256", "kid": kid, **header}, json.dumps(claims), key or rsa_key("first"))


def serialized(header: Json, payload: str | bytes, key: RSAKey) -> str:
    """Signs also headers and payloads that the library would refuse to sign."""
    registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    registry.max_header_length = 10_000
    return jws.serialize_compact(header, payload, for_any_algorithm(key.as_pem(private=True)), registry=registry)


@cache
def for_any_algorithm(pem: bytes) -> RSAKey:
    """Returns the key without `alg`. OpenSSL checks an imported key for 30 ms, so each is imported once."""
    with warnings.catch_warnings(action="ignore", category=SecurityWarning):
        return RSAKey.import_key(pem)


def unsigned(header: Json, claims: Json, sign: Callable[[bytes], bytes] = lambda _: b"") -> str:
    text = b".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
    return (text + b"." + _base64(sign(text))).decode()


def _base64(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")


def with_public_key_as_secret(header: Json, claims: Json) -> str:
    secret = rsa_key("first").as_pem(private=False)
    return unsigned(header | {"alg": "HS256"}, claims, lambda text: hmac.digest(secret, text, "sha256"))


def with_embedded_key(header: Json, claims: Json, bits: int = 2048) -> str:
    with warnings.catch_warnings(action="ignore", category=SecurityWarning):
        key = RSAKey.generate_key(bits)
    jwk = {name: value for name, value in key.as_dict(private=False).items() if name in {"kty", "n", "e"}}
    return serialized(header | {"jwk": jwk}, json.dumps(claims), key)


FORGERIES: dict[str, tuple[str, Forge]] = {
    "alg none": ("alg", lambda header, claims: unsigned(header | {"alg": "none"}, claims)),
    "alg None": ("alg", lambda header, claims: unsigned(header | {"alg": "NoNe"}, claims)),
    "no signature": ("signature", unsigned),
    "another signature": ("signature", lambda header, claims: unsigned(header, claims, lambda _: b"s" * 256)),
    "HS256 with the public key": ("alg", with_public_key_as_secret),
    "RS512": ("alg", lambda _, claims: signed(claims, alg="RS512")),
    "PS256": ("alg", lambda _, claims: signed(claims, alg="PS256")),
    "an embedded key": ("not a signed token", with_embedded_key),
    "an embedded key that is short": ("signature", lambda header, claims: with_embedded_key(header, claims, 1024)),
    "an embedded key without an id": (
        "kid",
        lambda header, claims: with_embedded_key({"alg": header["alg"]}, claims, 1024),
    ),
    "a key at another address": (
        "signature",
        lambda _, claims: signed(claims, key=rsa_key(ATTACKER), jku="http://127.0.0.1:9/keys"),
    ),
    "another's key": ("signature", lambda _, claims: signed(claims, key=rsa_key(ATTACKER))),
    "no key id": ("kid", lambda _, claims: serialized({"alg": "RS256"}, json.dumps(claims), rsa_key("first"))),
    "a critical header that we do not know": (
        "signature",
        lambda header, claims: unsigned(header | {"crit": ["exotic"], "exotic": 1}, claims, lambda _: b"s" * 256),
    ),
    "no token": ("not a signed token", lambda *_: "token"),
    "an encrypted token": ("not a signed token", lambda *_: "a.b.c.d.e"),
    "an issuer with one slash more": ("iss", lambda _, claims: signed(claims | {"iss": claims["iss"] + "/"})),
    "an issuer among others": ("iss", lambda _, claims: signed(claims | {"iss": [claims["iss"]]})),
    "Google's short name elsewhere": ("iss", lambda _, claims: signed(claims | {"iss": "accounts.google.com"})),
    "a foreign audience": ("aud", lambda _, claims: signed(claims | {"aud": "another"})),
    "foreign audiences": ("aud", lambda _, claims: signed(claims | {"aud": ["another", "third"]})),
    "an audience that begins alike": ("aud", lambda _, claims: signed(claims | {"aud": CLIENT_ID + "2"})),
    "no audience in the list": ("aud", lambda _, claims: signed(claims | {"aud": []})),
    "an audience that is a number": ("aud", lambda _, claims: signed(claims | {"aud": 7})),
    "an audience that is an object": ("aud", lambda _, claims: signed(claims | {"aud": {CLIENT_ID: True}})),
    "no audience": ("aud", lambda _, claims: signed({k: v for k, v in claims.items() if k != "aud"})),
    "no issuer": ("iss", lambda _, claims: signed({k: v for k, v in claims.items() if k != "iss"})),
    "a number among the audiences": ("aud", lambda _, c: signed(c | {"aud": [CLIENT_ID, 7], "azp": CLIENT_ID})),
    "several audiences and no azp": ("azp", lambda _, claims: signed(claims | {"aud": [CLIENT_ID, "another"]})),
    "a foreign azp": ("azp", lambda _, claims: signed(claims | {"azp": "another"})),
    "a foreign azp of several": ("azp", lambda _, c: signed(c | {"aud": [CLIENT_ID, "another"], "azp": "another"})),
    "expired": ("exp", lambda _, claims: signed(claims | {"exp": time.time() - 61})),
    "no end": ("exp", lambda _, claims: signed(claims | {"exp": None})),
    "an end in words": ("exp", lambda _, claims: signed(claims | {"exp": "tomorrow"})),
    "an end that is a boolean": ("exp", lambda _, claims: signed(claims | {"exp": True})),
    "an infinite end": ("exp", lambda _, claims: signed(claims | {"exp": float("inf")})),
    "an end that is NaN": ("exp", lambda _, claims: signed(claims | {"exp": float("nan")})),
    "an end with 400 digits": ("exp", lambda _, claims: signed(claims | {"exp": 10**400})),
    "no end at all": ("exp", lambda _, claims: signed({k: v for k, v in claims.items() if k != "exp"})),
    "issued in the future": ("iat", lambda _, claims: signed(claims | {"iat": time.time() + 90})),
    "issued long ago": ("iat", lambda _, claims: signed(claims | {"iat": time.time() - 3700})),
    "not issued": ("iat", lambda _, claims: signed(claims | {"iat": None})),
    "issued at a boolean": ("iat", lambda _, claims: signed(claims | {"iat": True})),
    "issued in words": ("iat", lambda _, claims: signed(claims | {"iat": "today"})),
    "issued before all time": ("iat", lambda _, claims: signed(claims | {"iat": -(10**400)})),
    "not before a time in words": ("nbf", lambda _, claims: signed(claims | {"nbf": "tomorrow"})),
    "not before null": ("nbf", lambda _, claims: signed(claims | {"nbf": None})),
    "not before the end of time": ("nbf", lambda _, claims: signed(claims | {"nbf": 10**400})),
    "not yet good": ("nbf", lambda _, claims: signed(claims | {"nbf": time.time() + 90})),
    "no nonce": ("nonce", lambda _, claims: signed({k: v for k, v in claims.items() if k != "nonce"})),
    "an empty nonce": ("nonce", lambda _, claims: signed(claims | {"nonce": ""})),
    "another nonce": ("nonce", lambda _, claims: signed(claims | {"nonce": claims["nonce"] + "x"})),
    "a nonce that is no text": ("nonce", lambda _, claims: signed(claims | {"nonce": [claims["nonce"]]})),
    "the hash of another access token": (
        "at_hash",
        lambda _, c: signed(c | {"at_hash": id_token.half_hash("another")}),
    ),
    "a hash that is no text": ("at_hash", lambda _, claims: signed(claims | {"at_hash": None})),
    "no subject": ("sub", lambda _, claims: signed({k: v for k, v in claims.items() if k != "sub"})),
    "an empty subject": ("sub", lambda _, claims: signed(claims | {"sub": ""})),
    "a subject without end": ("sub", lambda _, claims: signed(claims | {"sub": "s" * 256})),
    "a subject that is a number": ("sub", lambda _, claims: signed(claims | {"sub": 7})),
    "a subject with a NUL": ("sub", lambda _, claims: signed(claims | {"sub": "a\0b"})),
    "claims that are a list": ("signature", lambda header, _: serialized(header, "[]", rsa_key("first"))),
    "claims nested without end": ("signature", lambda header, _: serialized(header, "[" * 50_000, rsa_key("first"))),
    "claims of bytes": ("signature", lambda header, _: serialized(header, b"\xff", rsa_key("first"))),
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_an_invalid_id_token_is_refused(forgery: str, provider: LoopbackProvider, google: Visitor) -> None:
    detail, provider.forge = FORGERIES[forgery]
    assert await google.refusal(provider) == (SignInError.invalid_token, f"ID token: {detail}")


@pytest.mark.parametrize("token", [7, True, {}, [], ""])
async def test_a_token_that_is_no_text_is_refused(provider: LoopbackProvider, google: Visitor, token: object) -> None:
    provider.edit_tokens = lambda answer: answer | {"id_token": token}
    reason, _ = await google.refusal(provider)
    assert reason is SignInError.invalid_token


async def test_google_without_an_id_token_is_refused(provider: LoopbackProvider, google: Visitor) -> None:
    provider.sends_id_token = False
    assert await google.refusal(provider) == (SignInError.invalid_token, "token endpoint: no ID token")


async def test_clevers_tokens_are_verified_in_the_same_way(provider: LoopbackProvider, clever: Visitor) -> None:
    for forgery in ("alg none", "another's key", "a foreign audience", "another nonce"):
        detail, provider.forge = FORGERIES[forgery]
        assert await clever.refusal(provider) == (SignInError.invalid_token, f"ID token: {detail}")
    assert provider.calls["/v3.0/me"] == 0


async def test_a_token_of_clever_is_refused_when_there_are_no_keys_to_verify_it(
    provider: LoopbackProvider, clever: Visitor
) -> None:
    provider.metadata = None
    assert await clever.refusal(provider) == (SignInError.invalid_token, "ID token: no keys to verify it with")


GOOD: dict[str, Json] = {
    "one audience in a list": {"aud": [CLIENT_ID]},
    "several audiences and ours as azp": {"aud": ["another", CLIENT_ID], "azp": CLIENT_ID},
    "one audience and ours as azp": {"azp": CLIENT_ID},
    "a clock that is a minute behind": {"iat": NOW - 3600 - 59, "exp": NOW - 59},
    "a clock that is a minute ahead": {"iat": NOW + 59, "nbf": NOW + 59},
    "fractions of seconds": {"iat": NOW - 0.5, "exp": NOW + 0.5},
    "no access token's hash": {"at_hash": None},
    "the longest subject": {"sub": "s" * 255},
    "an identifier that is no string": {"jti": 5},
}


def expected(issuer: str = "https://id.example.org", access_token: str | None = "the access token") -> Expected:
    return Expected(issuers=frozenset({issuer}), client_id=CLIENT_ID, nonce="the nonce", access_token=access_token)


def good(**changes: object) -> Json:
    claims = {
        "iss": "https://id.example.org",
        "aud": CLIENT_ID,
        "sub": "a person",
        "iat": NOW,
        "exp": NOW + 3600,
        "nonce": "the nonce",
        "at_hash": id_token.half_hash("the access token"),
    }
    return {name: value for name, value in (claims | changes).items() if value is not None}


@pytest.mark.parametrize("case", GOOD)
def test_a_variation_of_a_valid_id_token_is_accepted(case: str) -> None:
    token = signed(good(**GOOD[case]), typ="JWT", unknown="to us")
    assert id_token.key_id(token) == "first"
    claims = id_token.verify(token, rsa_key("first"), expected(), now=NOW)
    assert claims["sub"] == GOOD[case].get("sub", "a person")


def test_a_hash_of_an_access_token_is_refused_when_there_is_no_access_token() -> None:
    with pytest.raises(SignInRefused, match="at_hash"):
        id_token.verify(signed(good()), rsa_key("first"), expected(access_token=None), now=NOW)


def test_the_hash_agrees_with_the_example_in_openid_connect() -> None:
    # OpenID Connect Core 1.0, A.3 and A.4: the access token of the response, and at_hash of its ID token.
    assert id_token.half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y") == "77QmUPtjPfzWtF2AnpK9RQ"


@pytest.mark.parametrize(
    ("issuer", "named"),
    [
        ("https://accounts.google.com", {"https://accounts.google.com", "accounts.google.com"}),
        ("https://id.example.org", {"https://id.example.org"}),
    ],
)
async def test_googles_own_tokens_may_name_the_issuer_without_the_scheme(issuer: str, named: set[str]) -> None:
    settings = GoogleSettings(client_id="id", client_secret=Secret("s"), issuer=issuer, allowed_domains=())
    google = Google(settings, "https://api.example.org/auth/google/callback", Limits())
    assert google.issuers() == named
    await google.close()


async def test_a_kid_of_another_provider_is_unknown(provider: LoopbackProvider) -> None:
    provider.forge = lambda _, claims: signed(claims, kid="third", key=rsa_key("third"))
    async with visiting(Provider.google, provider.google_settings()) as visitor:
        assert await visitor.refusal(provider) == (SignInError.invalid_token, "ID token: unknown key")
    assert provider.calls[KEYS] == 2

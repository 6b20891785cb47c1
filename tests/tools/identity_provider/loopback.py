"""The state of the loopback provider: its people, its keys, its codes and its tokens."""

import time
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "plc-coach"
CLIENT_SECRET = "a secret: with a colon"
USER_ID = "5a4fcb9a1b2c3d4e5f6a7b8c"
DISTRICT_ID = "4fd43cc56d11340000000005"

DISCOVERY = "/.well-known/openid-configuration"
AUTHORIZE = "/oauth/authorize"
TOKEN = "/oauth/tokens"
KEYS = "/oauth/certs"
ME = "/v3.0/me"

Json = dict[str, Any]


@cache
def rsa_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@dataclass
class Grant:
    """The parameters of an authorization request, which are stored until its code is redeemed."""

    redirect_uri: str
    nonce: str | None
    code_challenge: str | None


@dataclass
class LoopbackProvider:
    port: int
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    redirect_uris: set[str] = field(default_factory=set)
    """An empty set allows any."""
    claims: Json = field(default_factory=dict)
    """The claims of an ID token about the person, `sub` among them."""
    user: Json = field(default_factory=dict)
    """The `data` of Clever's /v3.0/users/{id}; `me` is that of /v3.0/me."""
    me: Json = field(default_factory=dict)
    districts: dict[str, str] = field(default_factory=lambda: {DISTRICT_ID: "Springfield Public Schools"})
    metadata: Json | None = field(default_factory=dict)
    """Replaces values of the discovery document. With None, there is no discovery document (404)."""
    sends_id_token: bool = True
    approves: bool = True
    """With False, /authorize shows a page with a button. With True, it redirects at once."""
    error: str | None = None
    """The error code that a callback carries instead of a code, such as access_denied."""
    forge: Callable[[Json, Json], str] | None = None
    """Creates the ID token from the valid header and claims."""
    edit_tokens: Callable[[Json], Json] = field(default=lambda answer: answer)
    """Edits the response of the token endpoint."""
    misbehave: dict[str, Callable[[Any], None]] = field(default_factory=dict)
    """Functions that replace the response at a path. Each receives the request's Handler."""
    kid: str = "first"
    calls: Counter[str] = field(default_factory=Counter)
    headers: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    """The request headers of each path, with names in lower case."""
    grants: dict[str, Grant] = field(default_factory=dict)
    access_tokens: set[str] = field(default_factory=set)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def key(self) -> RSAKey:
        return rsa_key(self.kid)

    def google_settings(self, **changes: str) -> dict[str, str]:
        return {
            "GOOGLE_CLIENT_ID": self.client_id,
            "GOOGLE_CLIENT_SECRET": self.client_secret,
            "GOOGLE_ISSUER": self.issuer,
        } | changes

    def clever_settings(self, **changes: str) -> dict[str, str]:
        return {
            "CLEVER_CLIENT_ID": self.client_id,
            "CLEVER_CLIENT_SECRET": self.client_secret,
            "CLEVER_ISSUER": self.issuer,
            "CLEVER_API_URL": self.issuer,
        } | changes

    def reset(self) -> None:
        """Forgets everything but its address and the redirect URIs that it allows, for the next test."""
        vars(self).update(vars(LoopbackProvider(self.port, redirect_uris=self.redirect_uris)))
        self.become_google()

    def become_google(self, **claims: Any) -> None:
        """From now on an educator with a Workspace account signs in. None removes a claim."""
        self.claims = _without_none(
            {
                "sub": "110169484474386276334",
                "name": "Ada Lovelace",
                "email": "ada@example.org",
                "email_verified": True,
                "hd": "example.org",
            }
            | claims
        )

    def become_clever(self, **claims: Any) -> None:
        """From now on a teacher with a district signs in. None removes a claim."""
        self.claims = _without_none(
            {
                "sub": USER_ID,
                "user_id": "5a4fcb9a1b2c3d4e5f6a0000",
                "multi_role_user_id": USER_ID,
                "user_type": "teacher",
                "district": DISTRICT_ID,
                "email": "ada@example.org",
                "email_verified": False,
                "given_name": "Ada",
                "family_name": "Lovelace",
            }
            | claims
        )

    def become_clever_without_id_token(self, **user: Any) -> None:
        """Like `become_clever`, but without an ID token. The arguments change the record of /v3.0/users/{id}."""
        self.sends_id_token = False
        self.user = _without_none(
            {
                "id": USER_ID,
                "district": DISTRICT_ID,
                "email": "ada@example.org",
                "name": {"first": "Ada", "middle": "", "last": "Lovelace"},
                "roles": {"teacher": {"legacy_id": "5a4fcb9a1b2c3d4e5f6a0000"}},
            }
            | user
        )
        self.me = {"id": USER_ID, "district": self.user.get("district"), "type": "user"}

    def sign_in(self, authorization_url: str) -> dict[str, str]:
        """Returns the callback's parameters after a person has agreed at this address."""
        return agree(authorization_url)

    def discovery(self) -> Json:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.issuer + AUTHORIZE,
            "token_endpoint": self.issuer + TOKEN,
            "jwks_uri": self.issuer + KEYS,
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
        } | (self.metadata or {})

    def keys(self) -> Json:
        return {"keys": [self.key.as_dict(private=False)]}

    def grant(self, request: dict[str, str]) -> dict[str, str]:
        """Handles an authorization request; returns the parameters of the redirect back."""
        back = {name: request[name] for name in ("state",) if name in request}
        if self.discovery()["authorization_response_iss_parameter_supported"]:
            back["iss"] = self.issuer
        if self.error is not None:
            return back | {"error": self.error}
        code = token_urlsafe(16)
        self.grants[code] = Grant(request["redirect_uri"], request.get("nonce"), request.get("code_challenge"))
        return back | {"code": code}

    def redeem(self, form: dict[str, str]) -> Json | None:
        """Handles a token request; returns None when the code is not valid."""
        grant = self.grants.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
        if (
            grant is None
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != grant.redirect_uri
            or challenge != grant.code_challenge
        ):
            return None
        return self.tokens(grant.nonce)

    def tokens(self, nonce: str | None) -> Json:
        access_token = token_urlsafe(24)
        self.access_tokens.add(access_token)
        answer: Json = {"access_token": access_token, "token_type": "Bearer", "expires_in": 3600}
        if self.sends_id_token:
            answer["id_token"] = self.id_token(nonce, access_token)
        return self.edit_tokens(answer)

    def id_token(self, nonce: str | None, access_token: str) -> str:
        now = int(time.time())
        half = sha256(access_token.encode()).digest()[:16]
        claims = _without_none(
            {
                "iss": self.issuer,
                "aud": self.client_id,
                "iat": now,
                "exp": now + 3600,
                "nonce": nonce,
                "at_hash": urlsafe_b64encode(half).decode().rstrip("="),
            }
        )
        header = {"alg": "RS256", "kid": self.kid}
        if self.forge is not None:
            return self.forge(header, claims | self.claims)
        return self.signed(header, claims | self.claims)

    def signed(self, header: Json, claims: Json) -> str:
        return jwt.encode(header, claims, self.key, algorithms=["RS256"])


def _without_none(claims: Json) -> Json:
    return {name: value for name, value in claims.items() if value is not None}


def agree(authorization_url: str) -> dict[str, str]:
    """Opens the address like a browser, presses the button if there is one, and returns the callback's parameters."""
    # `verify=False` skips reading the certificates, which takes longer than the call.
    answer = httpx.get(authorization_url, trust_env=False, verify=False)
    if answer.status_code == httpx.codes.OK:
        assert "<button>" in answer.text
        answer = httpx.get(f"{authorization_url}&approve=yes", trust_env=False, verify=False)
    assert answer.status_code == httpx.codes.FOUND, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

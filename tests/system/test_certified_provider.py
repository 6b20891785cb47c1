"""Sign-in with an independent provider that is certified for OpenID Connect and requires PKCE.

Our loopback provider follows our reading of the standards; this provider does not.
"""

import subprocess
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from plccoach_api.identity.profile import Organization, Profile, SignInError
from plccoach_api.rules.roles import Provider, Role
from plccoach_api.rules.sign_in import Attempt
from tests.identity.visit import Visitor, refusal_of, visiting
from tests.live import free_port
from tests.system.test_generated_clients import run

PACKAGE = "oidc-provider@9.13.3"
REDIRECT_URI = "http://localhost:8000/auth/google/callback"
SECRET = "a secret: with a colon"

SERVER = """
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const [port, redirectUri, secret] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ada = { name: "Ada Lovelace", hd: "example.org", email: "ada@example.org", email_verified: true };

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "plc-coach", client_secret: secret, redirect_uris: [redirectUri] }],
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "only", use: "sig", alg: "RS256" }] },
  cookies: { keys: ["a key for cookies"] },
  claims: { openid: ["sub"], profile: ["name", "hd"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/agree/${interaction.uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...ada }) }),
});

const answer = provider.callback();
createServer(async (request, response) => {
  if (!request.url.startsWith("/agree/")) return answer(request, response);
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: "ada", clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { login: { accountId: "ada" }, consent });
}).listen(Number(port), "127.0.0.1", () => console.log("listening"));
"""


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("certified")
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE, folder=folder)
    (folder / "server.mjs").write_text(SERVER)
    port = free_port()
    command = ["node", "server.mjs", str(port), REDIRECT_URI, SECRET]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True) as server,
    ):
        assert server.stdout is not None
        ready = next((line for line in server.stdout if line == "listening\n"), None)
        assert ready, (folder / "log").read_text()
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture
def variables(issuer: str) -> dict[str, str]:
    return {"GOOGLE_CLIENT_ID": "plc-coach", "GOOGLE_CLIENT_SECRET": SECRET, "GOOGLE_ISSUER": issuer}


async def agree(visitor: Visitor, attempt: Attempt) -> dict[str, str]:
    """Agrees as a browser does, and returns the parameters of the callback."""
    address = await visitor.authorization_url(attempt)
    async with httpx.AsyncClient(trust_env=False) as browser:
        while not address.startswith(REDIRECT_URI):
            answer = await browser.get(address)
            assert answer.is_redirect, answer.text
            address = str(httpx.URL(address).join(answer.headers["Location"]))
    return dict(parse_qsl(urlsplit(address).query))


async def test_an_educator_signs_in(issuer: str, variables: dict[str, str]) -> None:
    attempt = Attempt.new()
    async with visiting(Provider.google, variables) as visitor:
        callback = await agree(visitor, attempt)
        assert (callback["state"], callback["iss"]) == (attempt.state, issuer)
        assert await visitor.redeem(attempt, callback["code"], callback["iss"]) == Profile(
            provider=Provider.google,
            subject="ada",
            name="Ada Lovelace",
            email="ada@example.org",
            role=Role.educator,
            organization=Organization(external_id="example.org", name="example.org"),
        )
        again = await refusal_of(visitor.redeem(attempt, callback["code"], callback["iss"]))
        assert again == (SignInError.invalid_token, "token endpoint: invalid_grant")


async def test_a_code_with_another_attempts_secrets_is_refused(issuer: str, variables: dict[str, str]) -> None:
    mine, other = Attempt.new(), Attempt.new()
    async with visiting(Provider.google, variables) as visitor:
        code = (await agree(visitor, mine))["code"]
        with_other_verifier = Attempt(mine.state, mine.nonce, other.code_verifier)
        refused = await refusal_of(visitor.redeem(with_other_verifier, code, issuer))
        assert refused == (SignInError.invalid_token, "token endpoint: invalid_grant")
        code = (await agree(visitor, mine))["code"]
        with_other_nonce = Attempt(mine.state, other.nonce, mine.code_verifier)
        refused = await refusal_of(visitor.redeem(with_other_nonce, code, issuer))
        assert refused == (SignInError.invalid_token, "ID token: nonce")


async def test_a_wrong_client_secret_is_reported_as_an_unavailable_provider(
    issuer: str, variables: dict[str, str]
) -> None:
    attempt = Attempt.new()
    async with visiting(Provider.google, variables | {"GOOGLE_CLIENT_SECRET": "wrong"}) as visitor:
        code = (await agree(visitor, attempt))["code"]
        refused = await refusal_of(visitor.redeem(attempt, code, issuer))
    assert refused == (SignInError.provider_unavailable, "token endpoint: status 401")

"""The configured providers: the start does not load their libraries, and the log holds no secret of a sign-in."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plccoach_api import settings
from plccoach_api.identity import providers
from plccoach_api.identity.limits import Limits
from plccoach_api.rules.roles import Provider
from plccoach_api.rules.sign_in import Attempt
from tests.identity.visit import Visitor
from tests.live import free_port
from tests.tools.identity_provider.loopback import TOKEN, LoopbackProvider, agree


def test_only_configured_providers_are_offered() -> None:
    def offered(**variables: str) -> dict[str, str]:
        configured = providers.configured_providers(settings.load(variables, None))
        return {provider: client.label for provider, client in configured.items()}

    google = {"GOOGLE_CLIENT_ID": "id", "GOOGLE_CLIENT_SECRET": "secret"}
    clever = {"CLEVER_CLIENT_ID": "id", "CLEVER_CLIENT_SECRET": "secret"}
    assert offered() == {}
    assert offered(**google) == {"google": "Google"}
    assert offered(**google, **clever) == {"google": "Google", "clever": "Clever"}


def test_the_default_limits_are_three_seconds_for_a_call_ten_for_a_callback_and_one_mebibyte() -> None:
    assert (Limits().call, Limits().callback, Limits().body) == (3, 10, 1024 * 1024)


@pytest.mark.slow
def test_the_start_does_not_load_the_libraries_of_a_sign_in() -> None:
    script = """if True:
        import sys
        from plccoach_api import app, settings
        from plccoach_api.identity import providers
        registered = {"GOOGLE_CLIENT_ID": "id", "GOOGLE_CLIENT_SECRET": "s"}
        providers.configured_providers(settings.load(registered, None))
        print(sorted({"httpx", "joserfc", "cryptography"} & set(sys.modules)))
    """
    printed = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert printed == "[]\n"


def test_no_secret_and_no_person_of_a_sign_in_is_logged(provider: LoopbackProvider) -> None:
    script = """if True:
        import asyncio, sys
        from plccoach_api import settings
        from plccoach_api.identity import providers
        from plccoach_api.logs.configuration import configure_logging

        async def main():
            configure_logging("DEBUG")
            (google,) = providers.configured_providers(settings.load()).values()
            url = await google.authorization_url(state="the-state", nonce="the-nonce", code_challenge="c" * 43)
            profile = await google.profile(
                code="the-code", code_verifier="the-verifier", nonce="the-nonce", issuer=settings.load().google.issuer
            )
            print(profile.subject, file=sys.stderr)

        asyncio.run(main())
    """
    provider.misbehave[TOKEN] = lambda handler: handler.answer(provider.tokens("the-nonce"))
    run = subprocess.run(
        [sys.executable, "-c", script], env=provider.google_settings(), check=True, capture_output=True, text=True
    )
    assert run.stderr.strip() == provider.claims["sub"]
    logged = run.stdout
    (access_token,) = provider.access_tokens
    for secret in (access_token, "the-", "ada@", "example.org", "/oauth", provider.client_secret):
        assert secret not in logged


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[Path]:
    """Runs the stand-in for developers; returns the file with the settings that it printed."""
    command = [sys.executable, "-m", "tests.tools.identity_provider.stand_in", str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        (tmp_path / ".env").write_text("".join(process.stdout.readline() for _ in range(7)))
        yield tmp_path / ".env"
        process.terminate()
        assert process.wait(10) == 0


async def test_the_stand_in_for_developers_signs_in_at_both_providers(stand_in: Path) -> None:
    clients = providers.configured_providers(settings.load({}, stand_in))
    assert list(clients) == [Provider.google, Provider.clever]
    for client in clients.values():
        attempt, visitor = Attempt.new(), Visitor(client)
        callback = agree(await visitor.authorization_url(attempt))
        assert (await visitor.redeem(attempt, callback["code"], callback["iss"])).name == "Ada Lovelace"
        await client.close()

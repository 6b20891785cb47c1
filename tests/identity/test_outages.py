"""A provider that is unavailable, slow or broken: every sign-in ends within its limits, with the right reason."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Callable

import pytest

from plccoach_api.identity.limits import Limits
from plccoach_api.identity.profile import SignInError
from plccoach_api.rules.roles import Provider
from plccoach_api.rules.sign_in import Attempt
from tests.identity.visit import IMPATIENT, Visitor, visiting
from tests.live import free_port
from tests.tools.identity_provider.loopback import DISCOVERY, DISTRICT_ID, KEYS, ME, TOKEN, USER_ID, LoopbackProvider
from tests.tools.identity_provider.provider import Handler

USER = f"/v3.0/users/{USER_ID}"
DISTRICT = f"/v3.0/districts/{DISTRICT_ID}"
ELSEWHERE = "/elsewhere"
UNAVAILABLE = SignInError.provider_unavailable


def hang(handler: Handler) -> None:
    handler.connection.recv(1)  # until the client hangs up


def hang_in_the_body(handler: Handler) -> None:
    begin(handler, 1000)
    handler.wfile.write(b'{"a":')
    handler.connection.recv(1)


def dribble(handler: Handler) -> None:
    begin(handler, 1000)
    for _ in range(1000):
        handler.wfile.write(b" ")
        time.sleep(0.02)


def say_ten_megabytes(handler: Handler) -> None:
    begin(handler, 10_000_000)
    for _ in range(100):
        handler.wfile.write(b" " * 100_000)


def stop_in_the_middle(handler: Handler) -> None:
    begin(handler, 1000)
    handler.wfile.write(b"{")
    handler.close_connection = True


def talk_nonsense(handler: Handler) -> None:
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n\r\n")
    handler.close_connection = True


def hang_up(handler: Handler) -> None:
    handler.close_connection = True


def begin(handler: Handler, length: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(length))
    handler.end_headers()


def answering(
    document: object, status: int = 200, kind: str = "application/json", **headers: str
) -> Callable[[Handler], None]:
    return lambda handler: handler.answer(document, status, kind, **headers)


def redirect(handler: Handler) -> None:
    handler.redirect(f"{handler.provider.issuer}{ELSEWHERE}")


MISBEHAVIOURS: dict[str, Callable[[Handler], None]] = {
    "hangs": hang,
    "hangs in the body": hang_in_the_body,
    "dribbles": dribble,
    "says ten megabytes": say_ten_megabytes,
    "stops in the middle": stop_in_the_middle,
    "talks nonsense": talk_nonsense,
    "hangs up": hang_up,
    "redirects": redirect,
    "redirects from a document": answering({}, 302, Location="/"),
    "fails": answering({"error": "server_error"}, 500),
    "is overloaded": answering(b"busy", 503, "text/plain"),
    "says nothing": answering(b"", 204),
    "answers HTML": answering(b"<!doctype html><p>Sorry", kind="text/html"),
    "answers JSON as text": answering({}, kind="text/plain"),
    "answers JSON of no kind": answering({}, kind=""),
    "answers half of JSON": answering(b'{"issuer": "'),
    "answers a list": answering([]),
    "answers null": answering(None),
    "answers an empty object": answering({}),
    "answers bytes": answering(b'{"issuer": "\xff"}'),
    "answers deeply": answering(b"[" * 500_000),
    "answers compressed": answering(gzip.compress(b"{}" + b" " * 5_000_000), Content_Encoding="gzip"),
}


# The misbehaviours that only a time limit ends. The others end at once, whatever the limits are.
HANGING = {"hangs", "hangs in the body", "dribbles"}


def limits_for(misbehaviour: str) -> Limits:
    return IMPATIENT if misbehaviour in HANGING else Limits()


@pytest.fixture
async def google(provider: LoopbackProvider) -> AsyncIterator[Visitor]:
    async with visiting(Provider.google, provider.google_settings(), IMPATIENT) as visitor:
        yield visitor


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN, KEYS])
@pytest.mark.parametrize("misbehaviour", MISBEHAVIOURS)
async def test_a_sign_in_ends_in_time_when_the_provider_misbehaves(
    misbehaviour: str, path: str, provider: LoopbackProvider
) -> None:
    provider.misbehave[path] = MISBEHAVIOURS[misbehaviour]
    limits = limits_for(misbehaviour)
    started = time.monotonic()
    async with visiting(Provider.google, provider.google_settings(), limits) as google:
        reason, detail = await google.refusal(provider)
    if (misbehaviour, path) == ("answers an empty object", TOKEN):
        assert (reason, detail) == (SignInError.invalid_token, "token endpoint: no ID token")
        return
    assert reason is UNAVAILABLE
    assert detail.startswith({DISCOVERY: "discovery: ", TOKEN: "token endpoint: ", KEYS: "keys: "}[path])
    assert detail.endswith(": timeout") == (misbehaviour in HANGING)
    assert time.monotonic() - started < limits.callback
    assert provider.calls[ELSEWHERE] == 0


@pytest.mark.parametrize("path", [ME, USER])
@pytest.mark.parametrize("misbehaviour", MISBEHAVIOURS)
async def test_a_sign_in_ends_in_time_when_clevers_api_misbehaves(
    misbehaviour: str, path: str, provider: LoopbackProvider
) -> None:
    provider.become_clever_without_id_token()
    provider.misbehave[path] = MISBEHAVIOURS[misbehaviour]
    limits = limits_for(misbehaviour)
    started = time.monotonic()
    async with visiting(Provider.clever, provider.clever_settings(), limits) as clever:
        reason, detail = await clever.refusal(provider)
    assert (reason, detail[:5]) == (UNAVAILABLE, "API: ")
    assert detail.endswith(": timeout") == (misbehaviour in HANGING)
    assert time.monotonic() - started < limits.callback


@pytest.mark.parametrize("misbehaviour", MISBEHAVIOURS)
async def test_a_sign_in_succeeds_without_the_districts_name_when_the_api_misbehaves(
    misbehaviour: str, provider: LoopbackProvider
) -> None:
    provider.become_clever()
    provider.misbehave[DISTRICT] = MISBEHAVIOURS[misbehaviour]
    limits = limits_for(misbehaviour)
    started = time.monotonic()
    async with visiting(Provider.clever, provider.clever_settings(), limits) as clever:
        profile = await clever.sign_in(provider)
    assert profile.organization is not None
    assert profile.organization.name is None
    assert time.monotonic() - started < limits.callback


@pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri"])
async def test_an_endpoint_that_refuses_connections_is_unavailable(
    provider: LoopbackProvider, google: Visitor, endpoint: str
) -> None:
    provider.metadata = {endpoint: f"http://127.0.0.1:{free_port()}/"}
    reason, detail = await google.refusal(provider)
    assert (reason, detail.split(": ")[1]) == (UNAVAILABLE, "ConnectError")


@pytest.mark.parametrize("host", ["127.0.0.1", "nowhere.invalid"])
async def test_a_provider_that_cannot_be_reached_is_unavailable(provider: LoopbackProvider, host: str) -> None:
    variables = provider.google_settings(GOOGLE_ISSUER=f"http://{host}:{free_port()}")
    async with visiting(Provider.google, variables) as visitor:
        reason, detail = await visitor.refusal(provider)
    assert (reason, detail[:11]) == (UNAVAILABLE, "discovery: ")


async def test_the_calls_of_a_callback_have_a_time_limit_together(provider: LoopbackProvider) -> None:
    provider.become_clever_without_id_token()
    limits = Limits(call=5, callback=0.7)

    def slowly(handler: Handler) -> None:
        time.sleep(0.3)
        if handler.where == TOKEN:
            handler.answer(provider.tokens(None))
        else:
            del provider.misbehave[handler.where]
            handler.do_GET()

    provider.misbehave |= {TOKEN: slowly, ME: slowly, USER: hang}
    async with visiting(Provider.clever, provider.clever_settings(), limits) as visitor:
        await visitor.authorization_url(Attempt.new())
        started = time.monotonic()
        assert await visitor.refusal(provider) == (UNAVAILABLE, "callback: timeout")
        # With a time limit for each call instead, the third would end its own 5 s later.
        assert limits.callback <= time.monotonic() - started < limits.call


async def test_a_provider_that_hangs_does_not_block_the_event_loop(provider: LoopbackProvider, google: Visitor) -> None:
    provider.misbehave[DISCOVERY] = hang
    sign_ins = [asyncio.create_task(google.refusal(provider)) for _ in range(20)]
    longest = 0.0
    while not all(task.done() for task in sign_ins):
        before = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - before)
    assert {await task for task in sign_ins} == {(UNAVAILABLE, "discovery: timeout")}
    assert provider.calls[DISCOVERY] == 1
    assert longest < IMPATIENT.call


async def test_a_provider_that_is_available_again_is_used_at_once(provider: LoopbackProvider, google: Visitor) -> None:
    provider.misbehave[DISCOVERY] = MISBEHAVIOURS["fails"]
    assert await google.refusal(provider) == (UNAVAILABLE, "discovery: status 500")
    del provider.misbehave[DISCOVERY]
    assert (await google.sign_in(provider)).name == "Ada Lovelace"


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_code_that_the_provider_does_not_know_is_an_invalid_token(
    provider: LoopbackProvider, google: Visitor, status: int
) -> None:
    provider.misbehave[TOKEN] = answering({"error": "invalid_grant", "error_description": "for Ada"}, status)
    assert await google.refusal(provider) == (SignInError.invalid_token, "token endpoint: invalid_grant")


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client", "ada@example.org", 7, None])
async def test_any_other_error_of_the_token_endpoint_means_that_the_provider_is_unavailable(
    provider: LoopbackProvider, google: Visitor, error: object
) -> None:
    provider.misbehave[TOKEN] = answering({"error": error}, 400)
    assert await google.refusal(provider) == (UNAVAILABLE, "token endpoint: status 400")

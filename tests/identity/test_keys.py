"""The provider's keys: cached, and fetched again when one is missing, but not too often."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.identity import keys
from plccoach_api.identity.cached_document import CachedDocument
from plccoach_api.identity.id_token import Expected
from plccoach_api.identity.limits import Limits
from plccoach_api.identity.profile import SignInError, SignInRefused
from plccoach_api.identity.provider_client import unavailable
from tests.identity.json import JSON
from tests.identity.test_id_token import unsigned
from tests.identity.visit import Visitor, refusal_of
from tests.tools.identity_provider.loopback import CLIENT_ID, KEYS, Json, LoopbackProvider, rsa_key


def jwk(**changes: object) -> Json:
    return {name: value for name, value in (rsa_key("first").as_dict(private=False) | changes).items() if value}


async def test_a_new_key_is_fetched_when_a_token_names_it(provider: LoopbackProvider, google: Visitor) -> None:
    await google.sign_in(provider)
    await google.sign_in(provider)
    assert provider.calls[KEYS] == 1
    provider.kid = "second"
    await google.sign_in(provider)
    await google.sign_in(provider)
    assert provider.calls[KEYS] == 2


async def test_a_thousand_tokens_of_unknown_keys_cost_two_fetches(provider: LoopbackProvider, google: Visitor) -> None:
    protocol = await google.client.client()
    expected = Expected(issuers=frozenset({provider.issuer}), client_id=CLIENT_ID, nonce="n", access_token=None)

    async def refusal(number: int) -> tuple[SignInError, str]:
        token = unsigned({"alg": "RS256", "kid": f"unknown-{number}"}, {})
        return await refusal_of(protocol._verify(token, expected))

    refusals = await asyncio.gather(*(refusal(number) for number in range(500)))
    refusals += [await refusal(number) for number in range(500, 1000)]
    assert refusals == [(SignInError.invalid_token, "ID token: unknown key")] * 1000
    assert provider.calls[KEYS] == 2
    assert (await google.sign_in(provider)).name == "Ada Lovelace"


UNUSABLE: dict[str, object] = {
    "no key": None,
    "a text": "key",
    "another kind": jwk(kty="EC"),
    "a shared secret": {"kty": "oct", "kid": "first", "k": "c2VjcmV0"},
    "a key to encrypt with": jwk(use="enc"),
    "a key of another algorithm": jwk(alg="RS512"),
    "no id": jwk(kid=None),
    "an id that is no text": jwk(kid=7),
    "no modulus": jwk(n=None),
    "a modulus of 1024 bits": jwk(n="wM" * 85 + "x"),
    "a modulus without end": jwk(n="wM" * 800),
    "a modulus that is no number": jwk(n="!" * 342),
    "a modulus of no letters": jwk(n="\ud800" * 342),
    "an exponent of one": jwk(e="AQ"),
    "an even exponent": jwk(e="Ag"),
    "an exponent without end": jwk(e="AQAB" * 100),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_key_is_skipped(case: str) -> None:
    other = rsa_key("second").as_dict(private=False)
    assert list(keys.read({"keys": [UNUSABLE[case], other]})) == ["second"]


def test_only_the_first_hundred_keys_are_read() -> None:
    listed = [jwk(kid=f"key-{number}") for number in range(120)]
    assert len(keys.read({"keys": listed})) == 100


@given(st.dictionaries(st.just("keys") | st.text(max_size=4), JSON, max_size=3))
def test_any_document_is_read_or_refused(document: dict[str, object]) -> None:
    if isinstance(document.get("keys"), list):
        assert keys.read(document) == {}
    else:
        with pytest.raises(SignInRefused, match="keys: no list"):
            keys.read(document)


class Documents:
    """A cached document, with a clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.fetches = 0
        self.unavailable = False
        self.cached: CachedDocument[int] = CachedDocument(
            self.fetch, Limits(fresh=3600, stale=86400, pause=60), lambda: self.now
        )

    async def fetch(self) -> int:
        await asyncio.sleep(0)
        self.fetches += 1
        if self.unavailable:
            raise unavailable("test")
        return self.fetches


@pytest.fixture
def documents() -> Documents:
    return Documents()


async def test_a_document_is_cached_for_an_hour(documents: Documents) -> None:
    assert await documents.cached.get() == 1
    documents.now += 3600
    assert await documents.cached.get() == 1
    documents.now += 1
    assert await documents.cached.get() == 2


async def test_an_old_document_is_used_for_a_day_while_new_fetches_fail(documents: Documents) -> None:
    await documents.cached.get()
    documents.unavailable = True
    documents.now += 3601
    assert await documents.cached.get() == 1
    assert documents.fetches == 2
    documents.now += 59
    assert await documents.cached.get() == 1
    assert documents.fetches == 2, "a second attempt within a minute"
    documents.now += 1
    assert await documents.cached.get() == 1
    assert documents.fetches == 3
    documents.now += 86400
    with pytest.raises(SignInRefused):
        await documents.cached.get()
    documents.unavailable = False
    assert await documents.cached.get() == 5


async def test_a_refresh_fetches_at_most_once_a_minute(documents: Documents) -> None:
    await documents.cached.get()
    assert [await documents.cached.refresh() for _ in range(5)] == [2] * 5
    documents.now += 59
    assert await documents.cached.refresh() == 2
    documents.now += 1
    assert await documents.cached.refresh() == 3


async def test_concurrent_refreshes_share_one_fetch(documents: Documents) -> None:
    await documents.cached.get()
    assert await asyncio.gather(*(documents.cached.refresh() for _ in range(20))) == [2] * 20


async def test_a_failed_fetch_is_an_error_for_all_waiting_callers_and_for_no_later_caller(documents: Documents) -> None:
    documents.unavailable = True
    results = await asyncio.gather(*(documents.cached.get() for _ in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [SignInRefused] * 3
    assert documents.fetches == 1
    documents.unavailable = False
    assert await documents.cached.get() == 2
    await documents.cached.close()

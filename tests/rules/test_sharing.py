"""The token of a shared link is 256 random bits in one spelling."""

from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.sharing import ShareToken


@given(st.binary(min_size=32, max_size=32))
def test_a_parsed_token_is_the_original_token(secret: bytes) -> None:
    token = ShareToken(secret)
    assert ShareToken.parse(str(token)) == token
    assert len(str(token)) == 43


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{40,46}", fullmatch=True))
def test_every_token_has_one_spelling(text: str) -> None:
    parsed = ShareToken.parse(text)
    assert parsed is None or str(parsed) == text


def test_no_two_tokens_are_the_same_and_the_hash_is_not_the_secret() -> None:
    tokens = {ShareToken.new() for _ in range(100)}
    assert len({token.hash for token in tokens}) == 100
    assert all(len(token.hash) == len(token.secret) == 32 and token.hash != token.secret for token in tokens)

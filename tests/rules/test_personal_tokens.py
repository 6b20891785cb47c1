"""The text of a personal token."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.personal_tokens import PersonalToken

USER = UUID("01a209de-8c09-76f6-baa4-77e106cf2850")
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_a_token_names_its_owner_and_is_a_new_one_each_time() -> None:
    token = PersonalToken.new(USER)
    assert token.text.startswith("plc_")
    assert len(token.text) == 76
    assert set(token.text) <= set(CHARACTERS)
    assert PersonalToken.parse(token.text) == token
    assert token.user_id == USER
    assert PersonalToken.new(USER).text[26:68] != token.text[26:68]


def test_a_token_of_an_earlier_version_is_still_a_token() -> None:
    """Scanners compute the checksum by themselves, and people use tokens for a year: the format must not change."""
    text = "plc_AaIJ3owJdva6pHfhBs8oUAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAxqPv6FaQ"
    token = PersonalToken.parse(text)
    assert token is not None
    assert token.user_id == USER
    assert token.hash.hex() == "d746c50168788e160fec77843c901f86f47bc982ccf0e6ba838a968ac6b9a3a0"


@given(st.integers(0, 75), st.sampled_from(CHARACTERS))
def test_one_wrong_character_makes_a_token_invalid(at: int, character: str) -> None:
    text = PersonalToken.new(USER).text
    changed = text[:at] + character + text[at + 1 :]
    assert (PersonalToken.parse(changed) is None) == (changed != text)


@given(st.data())
def test_two_characters_in_the_wrong_order_make_a_token_invalid(data: st.DataObject) -> None:
    text = PersonalToken.new(USER).text
    at = data.draw(st.integers(0, 74))
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    assert (PersonalToken.parse(swapped) is None) == (swapped != text)


@given(st.text())
def test_text_that_is_no_token_is_none(text: str) -> None:
    assert PersonalToken.parse(text) is None
    assert PersonalToken.parse(f"plc_{text}") is None


def test_a_token_with_anything_before_or_after_it_is_none() -> None:
    text = PersonalToken.new(USER).text
    assert [PersonalToken.parse(each) for each in (f" {text}", f"{text}\n", f"{text}=", text * 2)] == [None] * 4


def test_the_hint_is_the_end_of_the_token_and_the_token_is_not_in_its_representation() -> None:
    token = PersonalToken.new(USER)
    assert token.hint == token.text[-4:]
    assert token.text[4:] not in repr(token)
    assert token.hash.hex() not in repr(token)

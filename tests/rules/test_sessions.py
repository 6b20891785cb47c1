"""Session tokens and their cookies."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.sessions import SessionCookie, SessionToken

USER = UUID("01a209de-8c09-76f6-baa4-77e106cf2850")


def test_a_token_contains_its_owner_and_256_random_bits() -> None:
    token = SessionToken.new(USER)
    assert token.user_id == USER
    assert len(token.secret) == 32
    assert SessionToken.parse(str(token)) == token
    assert SessionToken.new(USER).secret != token.secret


@given(st.text())
def test_text_that_is_no_token_is_none(text: str) -> None:
    token = SessionToken.parse(text)
    assert token is None or str(token) == text


@given(st.binary())
def test_any_cookie_header_is_read_without_an_error(header: bytes) -> None:
    assert SessionCookie(secure=True).token([header]) is None


def test_a_cookie_with_another_name_is_ignored() -> None:
    token = SessionToken.new(USER)
    assert SessionCookie(secure=True).token([f"__Host-plc_session={token}".encode()]) == token
    assert SessionCookie(secure=False).token([f"__Host-plc_session={token}".encode()]) is None
    assert SessionCookie(secure=True).token([f"x__Host-plc_session={token}".encode()]) is None

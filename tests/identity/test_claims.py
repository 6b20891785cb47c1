"""Names and emails of providers are cleaned before they are stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.identity import claims
from plccoach_api.rules.sign_in import Attempt, code_challenge


@given(st.text(st.characters(), max_size=300) | st.none() | st.integers())
def test_a_name_can_be_stored_and_shown(value: object) -> None:
    name = claims.name([value], "someone")
    assert 1 <= len(name) <= 200
    assert name == name.strip()
    assert "\0" not in name
    assert "\n" not in name
    name.encode()


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Zoë 名前 Ñandú", "Zoë 名前 Ñandú"),
        ("می‌خواهم", "می‌خواهم"),
        ("A\0d\x07a", "Ada"),
        ("Ada\u2028Lovelace", "Ada Lovelace"),
        ("Ada \ud83d", "Ada"),
        ("👩🏽‍🏫", "👩🏽‍🏫"),
        ("Ada\u202e nimda\u202c \u2066x\u2069\u200e\u200f\u061c", "Ada nimda x"),
        ("A\x9bd\x85a", "Ad a"),
    ],
)
def test_a_name_keeps_the_characters_that_its_script_needs(value: str, name: str) -> None:
    assert claims.name([value], "someone") == name


@pytest.mark.parametrize(
    ("value", "email"),
    [
        ("ada@example.org", "ada@example.org"),
        (" Ada.O'Neil+x@Example.ORG ", "Ada.O'Neil+x@Example.ORG"),
        ("žofie@příklad.cz", "žofie@příklad.cz"),
        ("a" * 242 + "@example.org", "a" * 242 + "@example.org"),
        ("a" * 243 + "@example.org", None),
        ("example.org", None),
        ("@example.org", None),
        ("ada@", None),
        ("ada lovelace@example.org", None),
        ("ada@example.org\0", None),
        ("ada@example.org\nBcc: b@example.org", None),
        ("\ud800@example.org", None),
        ("", None),
        (None, None),
        (7, None),
        (["ada@example.org"], None),
    ],
)
def test_an_email_is_stored_unchanged_or_not_at_all(value: object, email: str | None) -> None:
    assert claims.email(value) == email


def test_the_secrets_of_an_attempt_have_256_bits_each_and_are_never_the_same() -> None:
    attempts = [Attempt.new() for _ in range(100)]
    secrets = [secret for a in attempts for secret in (a.state, a.nonce, a.code_verifier)]
    assert len(set(secrets)) == 300
    assert {len(secret) for secret in secrets} == {43}


def test_the_challenge_agrees_with_the_example_in_the_rfc() -> None:
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert code_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert Attempt("state", "nonce", verifier).code_challenge == code_challenge(verifier)

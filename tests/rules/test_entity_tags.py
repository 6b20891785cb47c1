"""Entity tags are strong, and are compared by the rules of HTTP."""

import pytest

from plccoach_api.rules import entity_tags


@pytest.mark.parametrize(
    ("if_match", "versions"),
    [
        (None, None),
        ("*", None),
        (" * ", None),
        ('"7"', [7]),
        ('"7.3"', [7]),
        ('"7-2"', [7]),
        ('"7-2.3"', [7]),
        ('"7-"', []),
        ('"7", "8.0"', [7, 8]),
        ('W/"7"', []),
        ("7", []),
        ("", []),
        ('"seven"', []),
        ('"-7"', []),
        ('"7.x"', []),
        ('"' + "9" * 19 + '"', []),
    ],
)
def test_if_match_accepts_versions_only_from_strong_tags(if_match: str | None, versions: list[int] | None) -> None:
    assert entity_tags.versions(if_match) == versions


@pytest.mark.parametrize(
    ("if_none_match", "matches"),
    [
        (None, False),
        ("*", True),
        ('"7-2"', True),
        ('W/"7-2"', True),
        ('"6-2", "7-2"', True),
        ('"7-2.0"', False),
        ('"7-1"', False),
        ('"7"', False),
        ("7-2", False),
        ("", False),
    ],
)
def test_if_none_match_compares_weakly(if_none_match: str | None, matches: bool) -> None:  # noqa: FBT001 - a table
    assert entity_tags.matches(if_none_match, entity_tags.of_conversation(7, 2, None)) is matches


def test_the_tag_of_a_shared_conversation_contains_the_openings_of_its_link() -> None:
    tags = [entity_tags.of_conversation(7, 2, opens) for opens in (None, 0, 1)]
    assert tags == ['"7-2"', '"7-2.0"', '"7-2.1"']


def test_the_tag_of_a_body_depends_on_its_content() -> None:
    assert entity_tags.of_bytes(b"a") == entity_tags.of_bytes(b"a") != entity_tags.of_bytes(b"b")

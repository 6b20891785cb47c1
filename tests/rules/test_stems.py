"""Stems of the same words are equal, also to those that PostgreSQL finds with another version of the algorithm."""

import re

import pytest

from plccoach_api import resources
from plccoach_api.database.pool import Connection
from plccoach_api.rules.stems import differing, stems

WORDS = (
    "plcs cfas css mtss texas organize organizations university internal international evening paste psychologist"
    " emergency interval"
)


async def test_the_stems_are_those_of_the_database_or_known_as_other_stems(connection: Connection) -> None:
    [book] = resources.SAMPLE_CORPUS.glob("*.md")
    words = sorted({*re.findall(r"[a-z]+", book.read_text("utf-8").lower()), *WORDS.split()})
    query = "SELECT word, own.stem FROM unnest(%s::text[]) AS word, stems_of(to_tsvector('english', word)) AS own"
    # A stop word has no stem there.
    found: dict[str, str] = dict(await (await connection.execute(query, [words])).fetchall())
    assert len(found) > 2000
    assert {word: [differing({stem}, word).get(stem, stem)] for word, stem in found.items()} == {
        word: stems(word) for word in found
    }


@pytest.mark.parametrize("stem", ["in", "intern-ship", "inter", "team"])
def test_a_stem_that_only_begins_like_another_word_is_not_that_word(stem: str) -> None:
    assert differing({stem}, "We meet in teams.") == {}


def test_equal_stems_are_one_object() -> None:
    (one,), (other,) = stems("Norms"), stems("norms")
    assert one is other

"""The coach's own sentences, in each language."""

from string import Formatter

import pytest
from msgspec import structs

from plccoach_api.rules.questions.replies import ENGLISH, SPANISH, Replies, replies_to


def _places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}


@pytest.mark.parametrize("name", Replies.__struct_fields__)
def test_a_sentence_has_the_same_places_in_each_language(name: str) -> None:
    english, spanish = structs.asdict(ENGLISH)[name], structs.asdict(SPANISH)[name]
    assert english
    assert spanish
    assert _places(english) == _places(spanish)


@pytest.mark.parametrize(
    ("question", "replies"),
    [
        ("¿Qué es una norma?", SPANISH),
        ("como evaluamos el trabajo de los estudiantes", SPANISH),
        ("What is a norm?", ENGLISH),
        ("No homework?", ENGLISH),
        ("Was ist eine Norm?", ENGLISH),
    ],
)
def test_the_sentences_are_in_the_language_of_the_question(question: str, replies: Replies) -> None:
    assert replies_to(question) is replies

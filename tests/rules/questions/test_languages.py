"""The language of a question."""

import pytest

from plccoach_api.rules.questions.languages import Language, language_of, without_frequent_words
from tests.coach.retrieval.questions import ANSWERABLE


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *((question, Language.english) for question in ANSWERABLE),
        ("metadata", Language.english),
        ("", Language.english),
        ("¿Normas?", Language.spanish),
        ("Que es una norma del equipo", Language.spanish),
        ("Cómo evaluamos a los estudiantes", Language.spanish),
        ("Comment évaluer les élèves ?", Language.french),
        ("Wie bewerten wir die Schüler?", Language.german),
        ("Come valutiamo gli studenti?", Language.italian),
        ("Como avaliamos os alunos da turma?", Language.portuguese),
    ],
)
def test_frequent_words_tell_the_language(text: str, language: Language) -> None:
    assert language_of(text) is language


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("¿Cómo se cambia la rueda de un coche?", "¿ cambia rueda coche?"),
        ("Comment changer une roue de vélo ?", "changer roue vélo ?"),
        ("How do we share the results of a test?", "How do we share the results of a test?"),
        ("¿Y por qué no?", "¿Y por qué no?"),
    ],
)
def test_a_search_has_no_function_words_of_another_language(text: str, content: str) -> None:
    assert without_frequent_words(text) == content

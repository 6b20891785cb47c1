"""The language of a question."""

import pytest

from plccoach_api.rules.questions.languages import Language, language_of
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

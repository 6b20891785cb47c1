"""Questions to one book or author."""

import time

import pytest

from plccoach_api.rules.questions.sources import AskedSource, asked_source, is_source


@pytest.mark.parametrize(
    ("question", "source", "asked"),
    [
        ("What does Zoe Zuluaga say about norms?", "zoe zuluaga", "norms"),
        ("what did Zuluaga write about SMART goals", "zuluaga", "SMART goals"),
        ("What does the Zebras handbook recommend on retakes?", "the zebras handbook", "retakes"),
        ("According to the Zebras handbook, how do herds grow?", "the zebras handbook", "how do herds grow"),
        ("In the Zebras handbook, how do herds grow?", "the zebras handbook", "how do herds grow"),
        ("How do herds grow according to Zoe Zuluaga?", "zoe zuluaga", "How do herds grow"),
        ("¿Qué dice Zuluaga sobre las normas?", "zuluaga", "las normas"),
        ("Según Zebras, ¿quién guía la manada?", "zebras", "¿quién guía la manada"),
    ],
)
def test_a_question_names_its_source(question: str, source: str, asked: str) -> None:
    assert asked_source(question) == AskedSource(source, asked)


@pytest.mark.parametrize(
    "question", ["What should teachers say to parents?", "How do we set norms?", "Who says what?", "", "a" * 400]
)
def test_another_question_names_none(question: str) -> None:
    assert asked_source(question) is None


@pytest.mark.parametrize("phrase", ["zoe zuluaga", "zuluaga", "zebras", "the zebras handbook", "the handbook"])
def test_a_title_or_an_author_is_a_source(phrase: str) -> None:
    assert is_source(phrase, "Zebras: A Handbook of Stripes", ("Leo Lion", "Zoe Zuluaga"))


@pytest.mark.parametrize("phrase", ["zoe", "teachers", "stripes", "the book", "it", "a handbook", ""])
def test_anything_else_is_none(phrase: str) -> None:
    assert not is_source(phrase, "Zebras: A Handbook of Stripes", ("Leo Lion", "Zoe Zuluaga"))


@pytest.mark.parametrize("part", ["what does ", " say about ", " according to ", ", "])
def test_hostile_questions_cost_little(part: str) -> None:
    started = time.process_time()
    for beginning in ("", "what does ", "according to "):
        asked_source((beginning + part * 200)[:300])
    assert time.process_time() - started < 0.2

"""Questions that name a part of a book, and questions that only look like it."""

import time

import pytest

from plccoach_api.rules.look_ups import AskedPart, asked_part, title_matcher

CHAPTER_3 = AskedPart(kind="chapter", number=3)
PAGE_12 = AskedPart(kind="pages", pages=(12, 12))


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Summarize chapter 3", CHAPTER_3),
        ("Could you please summarise the third chapter?", CHAPTER_3),
        ("What's chapter three about?", CHAPTER_3),
        ("Give me a short overview of chapter 3.", CHAPTER_3),
        ("Resume el capítulo 3", CHAPTER_3),
        ("¿De qué trata el capítulo 3?", CHAPTER_3),
        ("Dame un resumen del capítulo 3", CHAPTER_3),
        ("Chapter 3", CHAPTER_3),
        ("Key points of chapter 3 of Zebras", AskedPart(kind="chapter", number=3, book="zebras")),
        ("Tell me about chapter 3, Zebras", AskedPart(kind="chapter", number=3, book="zebras")),
        ("what does page 12 say", PAGE_12),
        ("What is on p. 12?", PAGE_12),
        ("¿Qué dice la página 12?", PAGE_12),
        ("Summarize pages 12 to 14 of Zebras", AskedPart(kind="pages", pages=(12, 14), book="zebras")),
        ("Summarize pages 12\u201314", AskedPart(kind="pages", pages=(12, 14))),
        ('Summarize the chapter "Herds" of Zebras', AskedPart(kind="chapter", title="herds", book="zebras")),
        ("What does the chapter on Herds say?", AskedPart(kind="chapter", title="herds")),
        ("What is the Herds chapter about?", AskedPart(kind="chapter", title="herds")),
        ("What is in Zebras?", AskedPart(kind="contents", book="zebras")),
        ("List the chapters of Zebras", AskedPart(kind="contents", book="zebras")),
        ("¿Qué capítulos tiene Zebras?", AskedPart(kind="contents", book="zebras")),
        ("Who wrote Zebras?", AskedPart(kind="authors", book="zebras")),
        ("¿Quién escribió Zebras?", AskedPart(kind="authors", book="zebras")),
    ],
)
def test_a_question_names_a_part(question: str, part: AskedPart) -> None:
    assert asked_part(question) == part


@pytest.mark.parametrize(
    "question",
    [
        "How should a team plan a chapter test?",
        "Can a chapter test be used formatively?",
        "Is finishing every chapter a sign of good pace?",
        "Should we summarize what chapter 3 says before the test or after it?",
        "How do we get students to read page 12 at home?",
        "Who should lead the team?",
        "x" * 201,
        "",
        "?",
    ],
)
def test_another_question_names_none(question: str) -> None:
    assert asked_part(question) is None


@pytest.mark.parametrize("phrase", ["the zebras", "zebras a handbook", "the handbook", "the zebras handbook"])
def test_a_phrase_means_a_whole_title_or_a_kind_of_book(phrase: str) -> None:
    matches = title_matcher(phrase, loose=False)
    assert matches
    assert matches("Zebras: A Handbook")
    assert not matches("Lions")


@pytest.mark.parametrize("phrase", ["a handbook", "the team", "a good team", "working"])
def test_some_words_of_a_title_mean_the_book_only_in_a_loose_phrase(phrase: str) -> None:
    matches = title_matcher(phrase, loose=False)
    assert matches
    assert not matches("The Working Team: A Handbook")


def test_the_book_means_any_book() -> None:
    assert title_matcher("the book", loose=False) is None


@pytest.mark.parametrize(
    "part", ["the chapter ", "of ", "chapter 3 of ", "what is ", " about", "the the ", '"', "12 to "]
)
def test_hostile_questions_cost_little(part: str) -> None:
    started = time.process_time()
    for beginning in ("", "what is ", "summarize ", "what does ", "the "):
        asked_part((beginning + part * 200)[:200])
        asked_part(beginning + part * 100_000)
    assert time.process_time() - started < 0.5

"""Questions that name a part of a book, and questions that only look like it."""

import time

import pytest

from plccoach_api.rules.questions.book_titles import title_matcher
from plccoach_api.rules.questions.look_ups import AskedPart, asked_part

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
        ("tl;dr of the Herds chapter", AskedPart(kind="chapter", title="herds")),
        ("TLDR chapter 3", CHAPTER_3),
        ("Summarize the chapter Herds", AskedPart(kind="chapter", title="herds")),
        ("the Herds chapter", AskedPart(kind="chapter", title="herds")),
        ("Summarize Zebras chapter 3", AskedPart(kind="chapter", number=3, book="zebras", is_guess=True)),
        ("What does Zebras, page 12 say?", AskedPart(kind="pages", pages=(12, 12), book="zebras", is_guess=True)),
        ("Lista de capítulos de Zebras", AskedPart(kind="contents", book="zebras", names_chapters=True)),
        ("What are your books about?", AskedPart(kind="books")),
        ("Herds chapter", AskedPart(kind="chapter", title="herds")),
        ("And the chapter on herds?", AskedPart(kind="chapter", title="herds")),
        ("Summarize Herds", AskedPart(kind="contents", book="herds", is_summary=True)),
        ("Who created Zebras?", AskedPart(kind="authors", book="zebras")),
        ("What is in Zebras?", AskedPart(kind="contents", book="zebras")),
        ("List the chapters of Zebras", AskedPart(kind="contents", book="zebras", names_chapters=True)),
        ("¿Qué capítulos tiene Zebras?", AskedPart(kind="contents", book="zebras", names_chapters=True)),
        ("Who wrote Zebras?", AskedPart(kind="authors", book="zebras")),
        (
            "Who is the author of Zebras, Lions and Gnus: A Handbook?",
            AskedPart(kind="authors", book="zebras, lions and gnus: a handbook"),
        ),
        ("Who wrote that book?", AskedPart(kind="authors", book="that book")),
        ("What does the book say on p. 12?", AskedPart(kind="pages", pages=(12, 12), book="the book")),
        ("page 12-14", AskedPart(kind="pages", pages=(12, 14))),
        ("pages 14 to 12 please", AskedPart(kind="pages", pages=(12, 14))),
        ("Chapter III", CHAPTER_3),
        ("chapter twenty-one", AskedPart(kind="chapter", number=21)),
        ("the twenty-first chapter", AskedPart(kind="chapter", number=21)),
        ("Summarize ch. iii for me", CHAPTER_3),
        ("and chapter 3?", CHAPTER_3),
        ("What about chapter 3?", CHAPTER_3),
        ("Summarize the last chapter", AskedPart(kind="chapter", number=-1)),
        ("What comes after chapter 3?", AskedPart(kind="chapter", number=3, step=1)),
        (
            "Summarize the chapter before chapter 3 of Zebras",
            AskedPart(kind="chapter", number=3, step=-1, book="zebras"),
        ),
        ("And the next chapter?", AskedPart(kind="chapter", step=1)),
        ("How many chapters does Zebras have?", AskedPart(kind="chapter_count", book="zebras")),
        ("how many chapters are in the Zebras book", AskedPart(kind="chapter_count", book="the zebras book")),
        ("How many chapters are there?", AskedPart(kind="chapter_count")),
        ("How many pages does Zebras have?", AskedPart(kind="page_count", book="zebras")),
        ("What edition is it?", AskedPart(kind="edition", book="it")),
        ("Which edition of Zebras do you have?", AskedPart(kind="edition", book="zebras")),
        ("When was Zebras published?", AskedPart(kind="edition", book="zebras")),
        ("What books do you have?", AskedPart(kind="books")),
        ("What does section 12 say?", AskedPart(kind="chapter", number=12, is_section=True)),
        ("what does step 4 say", AskedPart(kind="chapter", number=4, is_section=True, label="step")),
        (
            "What happens in week 5 of Zebras?",
            AskedPart(kind="chapter", number=5, book="zebras", is_section=True, label="week"),
        ),
        ("what does the part on herds say", AskedPart(kind="chapter", title="herds")),
        ("Summarize the herds section", AskedPart(kind="chapter", title="herds")),
        ("Summarize § 12 of Zebras", AskedPart(kind="chapter", number=12, book="zebras", is_section=True)),
        ("Which chapter is about herds?", AskedPart(kind="about", title="herds")),
        ("What chapters cover river crossings?", AskedPart(kind="about", title="river crossings")),
        ("Where in the book are herds discussed?", AskedPart(kind="about", title="herds")),
        ("¿Qué capítulo trata de Herds?", AskedPart(kind="about", title="herds")),
        ("Summarize chapter 1000", AskedPart(kind="chapter", number=1000)),
        ("¿Quién escribió Zebras?", AskedPart(kind="authors", book="zebras")),
    ],
)
def test_a_question_names_a_part(question: str, part: AskedPart) -> None:
    assert asked_part(question) == part


@pytest.mark.parametrize(
    "question",
    [
        "How should a team plan a chapter test?",
        "Zebras are better explained in chapter 3",
        "Can a chapter test be used formatively?",
        "Is finishing every chapter a sign of good pace?",
        "Should we summarize what chapter 3 says before the test or after it?",
        "How do we get students to read page 12 at home?",
        "Who should lead the team?",
        "How many chapters should we cover in a year?",
        "chapter mix",
        "What comes after a chapter test?",
        "How many pages should students read?",
        "x" * 201,
        "",
        "?",
    ],
)
def test_another_question_names_none(question: str) -> None:
    assert asked_part(question) is None


@pytest.mark.parametrize(
    "phrase",
    [
        "the zebras",
        "zebras a handbook",
        "the handbook",
        "the zebras handbook",
        "Zebras - A Handbook",
        "the zebras book",
    ],
)
def test_a_phrase_means_a_whole_title_or_a_kind_of_book(phrase: str) -> None:
    matches = title_matcher(phrase, loose=False)
    assert matches
    assert matches("Zebras: A Handbook")
    assert not matches("Lions")


@pytest.mark.parametrize("phrase", ["the sit handbook", "sit", "the teams guide"])
def test_a_phrase_may_be_the_initials_of_a_title_or_call_it_a_handbook(phrase: str) -> None:
    matches = title_matcher(phrase, loose=False)
    assert matches
    assert matches("Stripes in Teams")
    assert matches("Stripes in Teams (SIT)")
    assert not matches("Sitting Animals")
    assert not matches("Teams in Herds: A Manual")


@pytest.mark.parametrize("phrase", ["a handbook", "the team", "a good team", "working"])
def test_some_words_of_a_title_mean_the_book_only_in_a_loose_phrase(phrase: str) -> None:
    matches = title_matcher(phrase, loose=False)
    assert matches
    assert not matches("The Working Team: A Handbook")


def test_a_small_word_between_the_words_of_a_title_means_nothing() -> None:
    matches = title_matcher("el manual de zebras", loose=True)
    assert matches
    assert matches("Zebras / A Manual")


def test_the_book_means_any_book() -> None:
    assert title_matcher("the book", loose=False) is None
    assert title_matcher("that book", loose=False) is None
    assert title_matcher("it", loose=True) is None


@pytest.mark.parametrize("phrase", ["that", "it", "this one"])
def test_a_pronoun_alone_means_no_book_where_anything_may_be_meant(phrase: str) -> None:
    matches = title_matcher(phrase, loose=False)
    assert matches
    assert not matches("A Handbook of Zebras")


def test_a_subtitle_means_its_book() -> None:
    matches = title_matcher("collaboration, communication & design", loose=False)
    assert matches
    assert matches("The Turing Way: Collaboration, Communication and Design")
    assert matches("Ways (Collaboration, Communication and Design)")
    assert not matches("Collaboration")


@pytest.mark.parametrize(
    "part", ["the chapter ", "of ", "chapter 3 of ", "what is ", " about", "the the ", '"', "12 to "]
)
def test_hostile_questions_cost_little(part: str) -> None:
    started = time.process_time()
    for beginning in ("", "what is ", "summarize ", "what does ", "the "):
        asked_part((beginning + part * 200)[:200])
        asked_part(beginning + part * 100_000)
    assert time.process_time() - started < 0.5

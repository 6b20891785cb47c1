"""The beginnings and ends of sentences, as spans of the text."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.sentences import sentences


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("It is 3.5 points. Dr. Lee said so.", ["It is 3.5 points.", "Dr. Lee said so."]),
        ("See p. 4 for more. Then stop.", ["See p. 4 for more.", "Then stop."]),
        ("See Lee, para. 4, and stop. Then go.", ["See Lee, para. 4, and stop.", "Then go."]),
        ('She said "Stop." Then she left.', ['She said "Stop."', "Then she left."]),
        (
            "\u00bfQu\u00e9 es? Es algo. \u00a1Cada uno! \u00c9lite no es. \u00d1and\u00fa es un ave.",
            ["\u00bfQu\u00e9 es?", "Es algo.", "\u00a1Cada uno!", "\u00c9lite no es.", "\u00d1and\u00fa es un ave."],
        ),
        ("\u00bfY t\u00fa? \u00bfqu\u00e9 dices?", ["\u00bfY t\u00fa?", "\u00bfqu\u00e9 dices?"]),
        (
            "He said \u201cStop.\u201d \u201cWhy?\u201d she asked. \u00abGo.\u00bb Then\u2026 Yes.",
            ["He said \u201cStop.\u201d", "\u201cWhy?\u201d she asked.", "\u00abGo.\u00bb", "Then\u2026", "Yes."],
        ),
        (
            "La Sra. L\u00f3pez habla. \u0417\u0434\u0435\u0441\u044c.",
            ["La Sra. L\u00f3pez habla.", "\u0417\u0434\u0435\u0441\u044c."],
        ),
        ("No end", ["No end"]),
        ("# A heading\n\nA sentence.", ["A sentence."]),
        ("### Deep\n\nOne.\n\nTwo.", ["One.", "Two."]),
        ("Before.\n\n| Team | Days of a week. |\n| Blue | 3 |\n\nAfter.", ["Before.", "After."]),
        ("- An item.\n- Another one.", ["An item.", "Another one."]),
        ("-  An item far from its mark.", ["An item far from its mark."]),
        ("1. First thing.\n2. Second thing.", ["First thing.", "Second thing."]),
        ("", []),
        ("\n \n", []),
    ],
)
def test_a_text_is_split_into_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_list_belongs_to_the_sentence_that_introduces_it() -> None:
    text = "Teams do much. Each asks two questions:\n\n1. What is it?\n2. Who knows?\n\nThen they act."
    assert split(text) == [
        "Teams do much.",
        "Each asks two questions:\n\n1. What is it?\n2. Who knows?",
        "Then they act.",
    ]


def test_an_item_that_introduces_others_ends_the_list_of_the_item_before_it() -> None:
    text = "- Kinds of tests:\n- Short ones\n- Long ones\n- Kinds of tasks:\n- Texts"
    assert [span.of(text) for span in sentences(text)] == [
        "Kinds of tests:\n- Short ones\n- Long ones",
        "Kinds of tasks:\n- Texts",
    ]


@pytest.mark.parametrize(
    "introduction", ["A team means a group of\u2014", "A team is a group of these:", "A team is made of"]
)
@pytest.mark.parametrize("marks", [("(A)", "(B)"), ("(i)", "(ii)"), ("a)", "b)"), ("A.", "B.")])
def test_lettered_paragraphs_belong_to_the_sentence_that_they_complete(
    introduction: str, marks: tuple[str, str]
) -> None:
    text = f"{introduction}\n\n{marks[0]} the parents of a child;\n\n{marks[1]} a teacher."
    assert split(f"{text}\n\nThey meet.") == [text, "They meet."]


@pytest.mark.parametrize("text", ["Names of great teachers.\n\nA. Bell taught.", "A short heading\n\n(a) Teams meet."])
def test_a_letter_after_a_whole_sentence_or_a_heading_continues_nothing(text: str) -> None:
    assert len(split(text)) > 1


def test_lettered_paragraphs_that_go_on_for_pages_are_sentences_of_their_own() -> None:
    items = [f"({letter}) {'a part of the law ' * 10}." for letter in "abcdefgh"]
    first, *others = split("\n\n".join(["A law means\u2014", *items]))
    assert first.startswith("A law means\u2014\n\n(a)")
    assert len(others) > 1


def test_three_points_before_a_list_introduce_it_too() -> None:
    assert split("You should be able to...\n\n- Explain norms.\n- Use them.") == [
        "You should be able to...\n\n- Explain norms.\n- Use them."
    ]


def test_a_colon_without_a_list_is_an_ordinary_end() -> None:
    assert split("Remember this:\n\nTeams meet.") == ["Remember this:", "Teams meet."]


@given(st.text(alphabet=st.sampled_from('Aa1 .?!:\n-#"()é¿¡“”É'), max_size=200))
def test_spans_never_overlap_and_never_leave_the_text(text: str) -> None:
    end = 0
    for span in sentences(text):
        assert end <= span.start < span.end <= len(text)
        assert span.of(text).strip() == span.of(text) != ""
        end = span.end


@pytest.mark.parametrize(
    "text", [". " * 200_000, "A. " * 100_000, "Dr. " * 100_000, "a." + '"' * 300_000, "." + " " * 300_000]
)
def test_a_long_text_is_split_in_linear_time(text: str) -> None:
    started = process_time()
    assert list(sentences(text))
    assert process_time() - started < 10


@pytest.mark.parametrize(
    "sentence",
    [
        "Use tools, e.g. Etherpad, and meet at 9 a.m. Monday.",
        "It helps, i.e. Students read more.",
        "Smith et al. Found it in vol. 3, No. 5, pp. 14-29.",
        "J. K. Rowling wrote for the U.S. Department of Education.",
        "Mr. A. Lee, Ph.D. and Prof. Ortiz came on Sept. 5 at last.",
        "See Fig. 3 and ch. IV for 3.5 points.",
        "Garden History 5, no. 91 (May 2005), has the plan.",
        "La Srta. Ruiz vive en EE. UU. Sur.",
        "Am 3. Mai liest man z. B. Romane.",
    ],
)
def test_an_abbreviation_ends_no_sentence(sentence: str) -> None:
    assert split(f"{sentence} The next one.") == [sentence, "The next one."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met at 9 a.m. The team was late.", ["They met at 9 a.m.", "The team was late."]),
        ("He lives in the U.S. She does not.", ["He lives in the U.S.", "She does not."]),
        ("Is it true? No. Teams say so.", ["Is it true?", "No.", "Teams say so."]),
        (
            "It grew.12 Teams met.[3] They left.\u00b2 Then it fell.",
            ["It grew.12", "Teams met.[3]", "They left.\u00b2", "Then it fell."],
        ),
        ("Version 3.12 Teams met.", ["Version 3.12 Teams met."]),
        ("The answer is no. 12 teams met.", ["The answer is no.", "12 teams met."]),
    ],
)
def test_an_ambiguous_full_stop_ends_a_sentence_before_a_word_that_begins_one(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    "expected",
    [
        [
            "Los equipos leen.",
            "\u2014\u00bfQu\u00e9 leen?",
            "\u2014 S\u00ed.",
            "\u00abVamos.\u00bb",
            "\u00c9l escribe.",
        ],
        ["L\u2019\u00e9quipe lit.", "\u00ab Oui. \u00bb", "\u00c9lise lit.", "\u0152uvre utile."],
        ["Das Team liest.", "\u201eGut.\u201c", "\u00dcber Ziele spricht es."],
    ],
)
def test_dashes_and_the_quotes_of_other_languages_stand_around_sentences(expected: list[str]) -> None:
    assert split(" ".join(expected)) == expected

"""Questions for more than one thing, or for one of several numbered things, without a model."""

import msgspec
import pytest

from plccoach_api.queries.chunks import Passage
from tests.coach.passages import compose, passage

AUDIT = "An audit is a visit by two guests who read the plans of a year."
SURVEY = "A survey is a list of ten questions that families answer at home."
CONTRAST = "An audit differs from a survey, because guests see the work and families remember it."
WEIGHTS = {"audit": 2.0, "survey": 2.1, "pay": 1.5, "differ": 1.0}


def _passages(*texts: str, weights: dict[str, float]) -> list[Passage]:
    return [msgspec.structs.replace(passage(text), weights=weights) for text in texts]


def _first_quotes(question: str, passages: list[Passage], count: int = 2) -> list[str]:
    return [citation.quote for citation in compose(question, passages).citations[:count]]


COMPARISONS = [
    "What is the difference between an audit and a survey?",
    "How does an audit differ from a survey?",
    "How are audits different from surveys?",
    "Compare an audit with a survey.",
    "audit vs. survey",
    "Is an audit the same as a survey?",
    "How do audits and surveys differ?",
    "What distinguishes an audit from a survey?",
]


@pytest.mark.parametrize("question", COMPARISONS)
def test_an_answer_to_a_comparison_says_what_each_of_the_two_is(question: str) -> None:
    both = "The audit of a school and its survey cost money and time."
    passages = _passages(both, SURVEY, AUDIT, weights=WEIGHTS)
    assert {*_first_quotes(question, passages)} == {AUDIT, SURVEY}


@pytest.mark.parametrize("question", COMPARISONS)
def test_an_answer_to_a_comparison_begins_with_a_sentence_about_the_difference(question: str) -> None:
    passages = _passages(AUDIT, SURVEY, CONTRAST, weights=WEIGHTS)
    assert _first_quotes(question, passages, 1) == [CONTRAST]


def test_three_things_may_be_compared() -> None:
    talk = "A talk is an hour in which two teachers look at one lesson."
    passages = _passages(talk, SURVEY, AUDIT, weights={**WEIGHTS, "talk": 2.2})
    question = "What is the difference between an audit, a survey and a talk?"
    assert {*_first_quotes(question, passages, 3)} == {AUDIT, SURVEY, talk}


@pytest.mark.parametrize("question", ["internal vs. external audit", "How do internal and external audits differ?"])
def test_two_kinds_of_a_thing_may_share_its_noun(question: str) -> None:
    internal = "An internal audit is a day on which our own staff reads the plans of a year."
    external = "An external audit is a visit by two guests who come from far away."
    calendar = "An internal calendar is a list of what the school does in a year."
    passages = _passages(calendar, external, internal, weights={"intern": 2.0, "extern": 2.0, "audit": 1.0})
    assert {*_first_quotes(question, passages)} == {internal, external}


@pytest.mark.parametrize(
    "question",
    [
        "What is an audit, and who pays for the survey?",
        "What is an audit and who pays for the survey?",
        "Explain what an audit is, and who pays for the survey.",
    ],
)
def test_a_question_for_two_things_gets_a_sentence_for_each_in_their_order(question: str) -> None:
    payment = "The office of the town pays for the survey of families each year."
    both = "The survey comes after the audit, and nobody pays for lunch."
    passages = _passages(both, payment, AUDIT, weights=WEIGHTS)
    assert _first_quotes(question, passages) == [AUDIT, payment]


def test_the_second_of_two_questions_may_refer_to_the_first() -> None:
    passages = _passages(
        f"{AUDIT} It was invented in a town by the sea.",
        "Singing is paid by the parents. The audit of a school is paid by its town.",
        weights=WEIGHTS,
    )
    answer = compose("What is an audit, and who pays for it?", passages)
    assert answer.citations[0].quote.startswith(AUDIT)
    assert answer.citations[1].quote.endswith("The audit of a school is paid by its town.")


@pytest.mark.parametrize("question", ["What is level 3?", "What is level three?", "level 3"])
@pytest.mark.parametrize("number", ["3", "three"])
def test_the_definition_of_a_numbered_thing_has_its_number(question: str, number: str) -> None:
    definition = f"Level {number} is a talk with the head of the school."
    passages = _passages(
        "The levels are steps for the worst level 3 and level three days of a year.",
        f"Level 2 is a talk with a mentor about level {number}.",
        definition,
        weights={"level": 2.4, question.strip("?").split()[-1]: 0.9},
    )
    assert _first_quotes(question, passages, 1) == [definition]


def test_a_number_of_things_may_be_written_in_digits_or_in_words() -> None:
    three = "The three habits of a calm room are a plan, a signal and a pause."
    passages = _passages(
        "Habits of a calm room are worth the time that they cost.", three, weights={"3": 1.2, "habit": 1.0}
    )
    assert _first_quotes("What are the 3 habits?", passages, 1) == [three]


@pytest.mark.parametrize(
    "question", ["What is an audit, and what do we do during each?", "What do we do before, and what after?"]
)
def test_a_part_without_words_that_count_changes_nothing(question: str) -> None:
    passages = _passages(SURVEY, AUDIT, weights={"audit": 2.0} if "audit" in question else {})
    assert _first_quotes(question, passages, 1) == [AUDIT if "audit" in question else SURVEY]


def test_a_question_without_words_that_count_is_answered_from_the_best_passage() -> None:
    assert _first_quotes("And then?", _passages(AUDIT, SURVEY, weights={}), 1) == [AUDIT]

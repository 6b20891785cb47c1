"""Which domains a question belongs to, by its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.domains import Domain
from plccoach_api.rules.routing import CLARIFICATION, Routing, content_words, is_vague, route
from plccoach_api.rules.vocabulary import VOCABULARY
from tests.coach.retrieval.routing_questions import HELD_OUT, TUNED_ON, VAGUE


@pytest.mark.parametrize("questions", [TUNED_ON, HELD_OUT])
def test_a_labelled_question_is_never_taken_for_a_vague_one(questions: dict[Domain, tuple[str, ...]]) -> None:
    assert [text for texts in questions.values() for text in texts if route(text).clarification] == []


@pytest.mark.parametrize("question", [*VAGUE, "", "???", "Hello!", "So what?"])
def test_a_vague_question_is_answered_with_one_question(question: str) -> None:
    assert route(question) == Routing(clarification=CLARIFICATION)
    assert CLARIFICATION.count("?") == 1
    assert len(CLARIFICATION) <= 300


def test_words_alone_find_the_domain_of_most_questions() -> None:
    """With vectors they find more: docs/decisions/answers.md has the figures."""
    for questions, least in ((TUNED_ON, 0.92), (HELD_OUT, 0.80)):
        asked = [(domain, text) for domain, texts in questions.items() for text in texts]
        right = [text for domain, text in asked if route(text).primary is domain]
        assert len(right) / len(asked) >= least


@pytest.mark.parametrize(
    ("question", "domain"),
    [
        ("What does RTI stand for?", Domain.student_learning),
        ("what does rti stand for", Domain.student_learning),
        ("Mtss in high school", Domain.student_learning),
        ("CFA length?", Domain.assessment),
        ("cfas: how long?", Domain.assessment),
        ("sel?", Domain.school_culture),
        ("How does pbis work?", Domain.school_culture),
        ("udl", Domain.student_learning),
        ("GVC", Domain.curriculum),
        ("smart goals", Domain.data_analysis),
    ],
)
def test_acronyms_are_known_in_any_case(question: str, domain: Domain) -> None:
    assert route(question).primary is domain


def test_a_question_about_something_else_belongs_to_no_domain_and_is_not_vague() -> None:
    assert route("What is the capital of France?") == Routing()


def test_a_vector_decides_where_words_do_not() -> None:
    near = dict.fromkeys(Domain, 0.1) | {Domain.leadership: 0.4}
    assert route("What is the capital of France?", near).primary is Domain.leadership
    assert route("How do we write a rubric?", near).domains == (Domain.assessment, Domain.leadership)


def test_what_a_text_tells_is_what_is_not_said_everywhere() -> None:
    assert content_words("How do we help our students with Fractions, please?") == "Fractions"
    assert not is_vague("fractions")
    assert is_vague("How can our team do better?")


def test_every_phrase_tells_of_something() -> None:
    for phrases in VOCABULARY.values():
        assert all(phrase and phrase == phrase.strip() for phrase in phrases)
        assert len(phrases) == len(set(phrases))


@given(
    st.text() | st.lists(st.sampled_from(["data", "team", "RTI", "trust", "?", "how"])).map(" ".join),
    st.dictionaries(st.sampled_from(Domain), st.floats(-1, 1)),
)
def test_whatever_is_asked_there_is_one_primary_domain_at_most_and_two_others(
    question: str, similarities: dict[Domain, float]
) -> None:
    routing = route(question, similarities)
    assert len(routing.domains) <= 3
    assert len(routing.domains) == len(set(routing.domains))
    assert routing.primary or not routing.secondary
    assert not (routing.primary and routing.clarification)

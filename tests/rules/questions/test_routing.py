"""The rules of routing: the domains of a question by its words, and vague questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.domains import Domain
from plccoach_api.rules.questions.replies import ENGLISH
from plccoach_api.rules.questions.routing import Routing, content_words, is_vague, route
from plccoach_api.rules.questions.vocabulary import VOCABULARY
from tests.coach.retrieval.routing_questions import HELD_OUT, TUNED_ON, VAGUE


@pytest.mark.parametrize("questions", [TUNED_ON, HELD_OUT])
def test_no_question_with_a_domain_is_vague(questions: dict[Domain, tuple[str, ...]]) -> None:
    assert [text for texts in questions.values() for text in texts if route(text).clarification] == []


@pytest.mark.parametrize("question", [*VAGUE, "", "???", "Hello!", "So what?"])
def test_a_vague_question_gets_one_short_question_back(question: str) -> None:
    assert route(question) == Routing(clarification=ENGLISH.clarification)
    assert ENGLISH.clarification.count("?") == 1
    assert len(ENGLISH.clarification) <= 300


def test_words_alone_find_the_domain_of_most_questions() -> None:
    """With vectors more questions are right: docs/decisions/questions.md has the figures."""
    for questions, least in ((TUNED_ON, 0.92), (HELD_OUT, 0.80)):
        labelled = [(domain, text) for domain, texts in questions.items() for text in texts]
        right = [text for domain, text in labelled if route(text).primary is domain]
        assert len(right) / len(labelled) >= least


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
def test_acronyms_are_recognised_in_upper_and_lower_case(question: str, domain: Domain) -> None:
    assert route(question).primary is domain


def test_a_question_about_another_subject_has_no_domain_and_is_not_vague() -> None:
    assert route("What is the capital of France?") == Routing()


def test_similarities_decide_when_words_do_not() -> None:
    similarities = dict.fromkeys(Domain, 0.1) | {Domain.leadership: 0.4}
    assert route("What is the capital of France?", similarities).primary is Domain.leadership
    assert route("How do we write a rubric?", similarities).domains == (Domain.assessment, Domain.leadership)


def test_the_content_words_of_a_text_are_those_that_are_no_stop_words() -> None:
    assert content_words("How do we help our students with Fractions, please?") == "Fractions"


@pytest.mark.parametrize(
    "text", ["What if it doesn't work?", "They wouldn\u2019t, they've", "ok haha", "Why aren't we?", "hm, can u?"]
)
def test_short_forms_and_reactions_are_no_content_words(text: str) -> None:
    assert not content_words(text)


def test_only_a_text_without_content_words_is_vague() -> None:
    assert not is_vague("fractions")
    assert is_vague("How can our team do better?")


def test_no_phrase_of_the_vocabulary_is_empty_or_repeated() -> None:
    for phrases in VOCABULARY.values():
        assert all(phrase and phrase == phrase.strip() for phrase in phrases)
        assert len(phrases) == len(set(phrases))


@given(
    st.text() | st.lists(st.sampled_from(["data", "team", "RTI", "trust", "?", "how"])).map(" ".join),
    st.dictionaries(st.sampled_from(Domain), st.floats(-1, 1)),
)
def test_every_question_has_at_most_one_primary_and_two_secondary_domains(
    question: str, similarities: dict[Domain, float]
) -> None:
    routing = route(question, similarities)
    assert len(routing.domains) <= 3
    assert len(routing.domains) == len(set(routing.domains))
    assert routing.primary or not routing.secondary
    assert not (routing.primary and routing.clarification)

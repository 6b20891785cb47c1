"""Questions that need the one before them, and questions that are complete."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from plccoach_api.rules.questions.follow_ups import (
    belong_together,
    is_about,
    is_about_the_answer,
    is_incomplete,
    names_its_subject,
    wants_less,
    wants_more,
)
from plccoach_api.rules.stems import stems


@dataclass(frozen=True)
class Found:
    found_stems: tuple[str, ...]
    similarity: float
    weights: Mapping[str, float]
    best_window: tuple[int, int] | None = None
    corpus_passages: int = 400


@pytest.mark.parametrize(
    "question",
    [
        "For how long?",
        "by what time?",
        "how often?",
        "And for secondary?",
        "What about parents?",
        "why not?",
        "Is it big?",
        "How long has she been doing that?",
        "Explain the second one",
        "And the last?",
        "Whose are they?",
        "What if it doesn't work?",
    ],
)
def test_a_fragment_is_incomplete(question: str) -> None:
    assert is_incomplete(question)


@pytest.mark.parametrize(
    "question", ["What is metadata?", "How do retakes work?", "Who leads the team's meetings well?"]
)
def test_a_whole_question_is_complete(question: str) -> None:
    assert not is_incomplete(question)


def joined(question: str) -> bool:
    """Compares a question that one passage has all of with passages that have most of it and of the one before."""
    own = (*stems(question),)
    alone, both = dict.fromkeys(own, 1.0), dict.fromkeys((*own, "before"), 1.0) | {"before": 0.19 * len(own)}
    return belong_together(question, [Found(own, 0.49, alone)], [Found(own, 0.51, both)], dict.fromkeys(both, 1.0))


def test_an_article_refers_to_what_was_named_before() -> None:
    assert joined("How do we split the work?")
    assert not joined("How do retakes work?")
    assert not joined("What is the expert blind spot?")


def test_an_incomplete_question_is_joined_if_a_passage_has_all_words_of_both() -> None:
    weights = {"voic": 3.0, "strong": 2.7, "practic": 1.3}
    both = Found(("voic", "strong", "practic"), 0.3, weights)
    alone = Found(("practic",), 0.5, {"practic": 1.3})
    assert belong_together("How do I practice it?", [alone], [both], {})
    assert not belong_together("How do I practice it?", [alone], [Found(("voic", "practic"), 0.3, weights)], {})


def test_a_whole_question_about_something_else_is_not_joined() -> None:
    weights = {"boil": 7.0, "egg": 7.0, "long": 0.7, "protocol": 2.0, "data": 1.0}
    earlier = Found(("protocol", "data", "long"), 0.6, weights)
    topicality = {"boil": 14.0, "egg": 15.0, "long": 8.0, "protocol": 15.0, "data": 12.0}
    assert not belong_together("How long do I boil an egg?", [Found((), 0.1, weights)], [earlier], topicality)


@pytest.mark.parametrize("question", ["What if I send someone out?", "And if I send someone out?"])
def test_a_supposed_case_belongs_to_what_was_asked_before(question: str) -> None:
    weights = {"send": 7.0, "disrupt": 5.0, "behaviour": 2.0}
    earlier = Found(("disrupt", "behaviour"), 0.6, weights)
    topicality = {"send": 10.0, "disrupt": 15.0, "behaviour": 12.0}
    assert belong_together(question, [Found((), 0.1, weights)], [earlier], topicality)


@pytest.mark.parametrize(("together", "is_joined"), [(("caption", "design", "univers"), True), (("caption",), False)])
def test_less_of_a_question_is_enough_if_its_context_is_in_the_same_passage(
    together: tuple[str, ...], *, is_joined: bool
) -> None:
    alone, both = {"profit": 7.0, "caption": 4.3}, {"profit": 7.0, "caption": 4.3, "design": 4.0, "univers": 4.0}
    topicality = dict.fromkeys(both, 12.0)
    found_alone, found_together = Found(("caption",), 0.3, alone), Found(together, 0.5, both)
    assert belong_together("Who profits from captions?", [found_alone], [found_together], topicality) is is_joined


def test_a_question_of_several_words_names_its_subject() -> None:
    assert names_its_subject("How do we write SMART goals?")


@pytest.mark.parametrize("question", ["What did I do wrong?", "What should the host prepare?", "How do I help her?"])
def test_a_question_that_refers_to_a_story_names_no_subject(question: str) -> None:
    assert not names_its_subject(question)


def test_passages_about_a_story_alone_are_not_about_its_question() -> None:
    weights = {"host": 4.0, "prepar": 3.0, "workshop": 5.0}
    topicality = dict.fromkeys(weights, 12.0)
    assert is_about("What should the host prepare?", [Found(("host", "workshop"), 0.6, weights)], topicality)
    assert not is_about("What should the host prepare?", [Found(("workshop",), 0.6, weights)], topicality)


@pytest.mark.parametrize(
    "question",
    [
        *(
            "Tell me more",
            "shorter",
            "In short?",
            "Give me another",
            "an example?",
            "in simple words pls",
            "ok, shorter",
        ),
        *("Go on", "yes please", "And?", "not that one", "simplify", "Continue.", "Sure"),
    ],
)
def test_a_wish_for_another_answer_is_about_the_answer(question: str) -> None:
    assert is_about_the_answer(question)


@pytest.mark.parametrize(
    "question",
    [
        *(
            "Who thanks them?",
            "why?",
            "How often?",
            "More norms",
            "and on simple tasks?",
            "Tell me more about the third",
        ),
        *("And me?", "And the first time?", "Is it big?", "Do they?", "Explain the second one", "and parents?"),
    ],
)
def test_a_question_about_something_is_not_about_the_answer(question: str) -> None:
    assert not is_about_the_answer(question)


@pytest.mark.parametrize(
    "question", ["Go on", "ok and?", "yes please", "not that", "Tell me more", "can you explain it?"]
)
def test_a_text_that_names_nothing_and_asks_nothing_wants_more(question: str) -> None:
    assert wants_more(question)
    assert not wants_less(question)


@pytest.mark.parametrize(
    "question", ["shorter", "in simple words", "Simplify that", "less please", "explain it in simpler words"]
)
def test_a_wish_for_less_wants_no_more(question: str) -> None:
    assert wants_less(question)
    assert not wants_more(question)

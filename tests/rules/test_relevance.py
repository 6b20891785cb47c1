"""The estimate of how probably the results of a search answer a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.relevance import probability

OTHER_MODEL = "text-embedding-3-large"
KNOWN = {"team": 1.5, "norm": 2.5, "set": 1.0, "conduct": 3.0}
UNKNOWN = {"pizza": 6.7, "best": 1.0, "chicago": 6.7}
TOPICALITY = {**dict.fromkeys(("team", "norm", "set", "conduct", "pizza", "chicago"), 13.0), "best": 5.0}


@dataclass(frozen=True)
class Found:
    found_stems: tuple[str, ...]
    similarity: float | None = None
    weights: Mapping[str, float] = field(default_factory=lambda: KNOWN)
    corpus_passages: int = 400
    best_window: tuple[int, int] | None = (0, 100)


ALL = ("set", "team", "norm", "conduct")
HALF = ALL[:3]
GOOD = [Found(ALL, 0.6), Found(ALL[1:], 0.5), Found(ALL[2:], 0.4)]
BAD = [Found(("best",), 0.15, UNKNOWN), Found(("best",), 0.1, UNKNOWN)]


def estimated(found: Sequence[Found], model: str = LOCAL.model) -> float:
    return probability(found, model, TOPICALITY)


@pytest.mark.parametrize("model", [LOCAL.model, OTHER_MODEL])
def test_no_result_answers_nothing(model: str) -> None:
    assert estimated([], model) == 0


@pytest.mark.parametrize("model", [LOCAL.model, OTHER_MODEL])
def test_results_that_cover_the_question_answer_it(model: str) -> None:
    assert estimated(GOOD, model) > 0.9


@pytest.mark.parametrize("model", [LOCAL.model, OTHER_MODEL])
def test_a_question_whose_words_no_passage_has_is_not_answered(model: str) -> None:
    assert estimated(BAD, model) < 0.1


def test_a_result_that_covers_more_is_more_probable() -> None:
    probabilities = [estimated([Found(ALL[:count], 0.3)]) for count in range(len(ALL) + 1)]
    assert probabilities == sorted(probabilities)


def test_a_more_similar_result_is_more_probable() -> None:
    probabilities = [estimated([Found(HALF, similarity)]) for similarity in (0.1, 0.3, 0.5, 0.7)]
    assert probabilities == sorted(probabilities)


def test_the_same_result_says_less_in_a_larger_corpus() -> None:
    probabilities = [estimated([Found(HALF, 0.3, KNOWN, size)]) for size in (40, 400, 4_000, 40_000)]
    assert probabilities == sorted(probabilities, reverse=True)


@pytest.mark.parametrize("model", [LOCAL.model, OTHER_MODEL])
def test_without_windows_or_with_the_vectors_of_an_unknown_model_only_words_count(model: str) -> None:
    without = [replace(each, best_window=None) for each in GOOD]
    assert estimated(without, model) == estimated(without, OTHER_MODEL) == estimated(GOOD, OTHER_MODEL)


def test_a_missing_word_that_names_no_subject_costs_less_than_one_that_does() -> None:
    frequencies = {"norm": 2.5, "simpli": 6.7}
    generic, specific = (
        probability([Found(("norm",), 0.4, frequencies)], LOCAL.model, {"norm": 15.0, "simpli": topicality})
        for topicality in (3.0, 18.0)
    )
    assert generic > specific

"""The estimate of how probably the results of a search answer a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.relevance import probability

OTHER_MODEL = "text-embedding-3-large"
KNOWN = {"team": 1.5, "norm": 2.5, "set": 1.0, "conduct": 3.0}
UNKNOWN = {"pizza": 6.7, "best": 1.0, "chicago": 6.7}


@dataclass(frozen=True)
class Found:
    coverage: float
    similarity: float | None = None
    weights: Mapping[str, float] = field(default_factory=lambda: KNOWN)
    corpus_passages: int = 400
    best_window: tuple[int, int] | None = (0, 100)


GOOD = [Found(1.0, 0.6), Found(0.8, 0.5), Found(0.6, 0.4)]
BAD = [Found(0.1, 0.15, UNKNOWN), Found(0.1, 0.1, UNKNOWN)]


@pytest.mark.parametrize("model", [LOCAL.model, OTHER_MODEL])
def test_no_result_answers_nothing(model: str) -> None:
    assert probability([], model) == 0


@pytest.mark.parametrize("model", [LOCAL.model, OTHER_MODEL])
def test_results_that_cover_the_question_answer_it(model: str) -> None:
    assert probability(GOOD, model) > 0.9


@pytest.mark.parametrize("model", [LOCAL.model, OTHER_MODEL])
def test_a_question_whose_words_no_passage_has_is_not_answered(model: str) -> None:
    assert probability(BAD, model) < 0.1


def test_a_result_that_covers_more_is_more_probable() -> None:
    probabilities = [probability([Found(share, 0.3)], LOCAL.model) for share in (0.1, 0.3, 0.5, 0.7)]
    assert probabilities == sorted(probabilities)


def test_a_more_similar_result_is_more_probable() -> None:
    probabilities = [probability([Found(0.5, similarity)], LOCAL.model) for similarity in (0.1, 0.3, 0.5, 0.7)]
    assert probabilities == sorted(probabilities)


def test_the_same_result_says_less_in_a_larger_corpus() -> None:
    probabilities = [probability([Found(0.5, 0.3, KNOWN, size)], LOCAL.model) for size in (40, 400, 4_000, 40_000)]
    assert probabilities == sorted(probabilities, reverse=True)


@pytest.mark.parametrize("model", [LOCAL.model, OTHER_MODEL])
def test_without_windows_or_with_the_vectors_of_an_unknown_model_only_words_count(model: str) -> None:
    without = [replace(each, best_window=None) for each in GOOD]
    assert probability(without, model) == probability(without, OTHER_MODEL) == probability(GOOD, OTHER_MODEL)

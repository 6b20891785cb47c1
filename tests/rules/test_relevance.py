"""The estimate of how probably the results of a search answer a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plccoach_api.rules.relevance import probability

KNOWN = {"team": 1.5, "norm": 2.5, "set": 1.0, "conduct": 3.0}
UNKNOWN = {"pizza": 6.7, "best": 1.0, "chicago": 6.7}
TOPICALITY = {**dict.fromkeys(("team", "norm", "set", "conduct", "pizza", "chicago"), 13.0), "best": 5.0}


@dataclass(frozen=True)
class Found:
    found_stems: tuple[str, ...]
    similarity: float | None = None
    weights: Mapping[str, float] = field(default_factory=lambda: KNOWN)
    corpus_passages: int = 400


ALL = ("set", "team", "norm", "conduct")
HALF = ALL[:3]
GOOD = [Found(ALL, 0.6), Found(ALL[1:], 0.5), Found(ALL[2:], 0.4)]
BAD = [Found(("best",), 0.15, UNKNOWN), Found(("best",), 0.1, UNKNOWN)]


def estimated(found: Sequence[Found]) -> float:
    return probability(found, TOPICALITY)


def test_no_result_answers_nothing() -> None:
    assert estimated([]) == 0


def test_results_that_cover_the_question_answer_it() -> None:
    assert estimated(GOOD) > 0.9


def test_a_question_whose_words_no_passage_has_is_not_answered() -> None:
    assert estimated(BAD) < 0.1


def test_a_result_that_covers_more_is_more_probable() -> None:
    probabilities = [estimated([Found(ALL[:count], 0.3)]) for count in range(len(ALL) + 1)]
    assert probabilities == sorted(probabilities)


def test_a_more_similar_result_is_more_probable() -> None:
    probabilities = [estimated([Found(HALF, similarity)]) for similarity in (0.1, 0.3, 0.5, 0.7)]
    assert probabilities == sorted(probabilities)


def test_the_same_result_says_less_in_a_larger_corpus() -> None:
    probabilities = [estimated([Found(HALF, 0.3, KNOWN, size)]) for size in (40, 400, 4_000, 40_000)]
    assert probabilities == sorted(probabilities, reverse=True)


def test_a_missing_word_that_names_no_subject_costs_less_than_one_that_does() -> None:
    frequencies = {"norm": 2.5, "simpli": 6.7}
    generic, specific = (
        probability([Found(("norm",), 0.4, frequencies)], {"norm": 15.0, "simpli": topicality})
        for topicality in (3.0, 18.0)
    )
    assert generic > specific

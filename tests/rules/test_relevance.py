"""The refusal threshold: passages that are too far from a question do not answer it."""

from dataclasses import dataclass

import pytest

from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.relevance import relevant

OTHER_MODEL = "text-embedding-3-large"


@dataclass(frozen=True)
class Found:
    coverage: float
    similarity: float | None = None
    best_window: tuple[int, int] | None = None


def test_no_passage_is_not_relevant() -> None:
    assert not relevant([], LOCAL.model)


@pytest.mark.parametrize(
    ("similarity", "coverage", "expected"),
    [
        (0.27, 0.0, True),
        (0.269, 0.0, False),
        (0.0, 0.91, True),
        (0.0, 0.89, False),
        (0.151, 0.4, True),
        (0.149, 0.4, False),
        (-0.1, 1.0, False),
    ],
)
def test_similarity_and_three_tenths_of_the_coverage_must_reach_the_threshold_of_the_model(
    similarity: float, coverage: float, *, expected: bool
) -> None:
    assert relevant([Found(coverage, similarity)], LOCAL.model) is expected


@pytest.mark.parametrize(
    ("similarity", "coverage", "expected"), [(0.34, 0.0, True), (0.339, 0.0, False), (0.221, 0.4, True)]
)
def test_the_similarity_of_a_window_must_reach_a_higher_threshold(
    similarity: float, coverage: float, *, expected: bool
) -> None:
    assert relevant([Found(coverage, similarity, (0, 100))], LOCAL.model) is expected


def test_the_best_similarity_and_the_best_coverage_count_even_from_different_passages() -> None:
    nearest, most_covered = Found(0.0, 0.2), Found(0.3, 0.0)
    assert not relevant([nearest], LOCAL.model)
    assert not relevant([most_covered], LOCAL.model)
    assert relevant([nearest, most_covered], LOCAL.model)


@pytest.mark.parametrize(("coverage", "expected"), [(0.4, True), (0.399, False), (0.0, False)])
def test_without_a_similarity_the_coverage_alone_must_reach_its_own_threshold(
    coverage: float, *, expected: bool
) -> None:
    assert relevant([Found(coverage)], LOCAL.model) is expected


def test_a_passage_without_a_similarity_does_not_hide_the_similarity_of_another() -> None:
    assert relevant([Found(0.0), Found(0.0, 0.27)], LOCAL.model)
    assert not relevant([Found(0.4), Found(0.0, 0.0)], LOCAL.model)


@pytest.mark.parametrize(("coverage", "expected"), [(0.4, True), (0.399, False)])
@pytest.mark.parametrize("similarity", [1.0, 0.0])
def test_the_similarities_of_a_model_that_was_never_measured_are_ignored(
    similarity: float, coverage: float, *, expected: bool
) -> None:
    assert relevant([Found(coverage, similarity)], OTHER_MODEL) is expected

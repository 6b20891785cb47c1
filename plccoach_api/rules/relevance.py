"""Decides whether the passages of a search are relevant to the question.

The threshold of similarity depends on the embedder and was measured: see docs/decisions/retrieval.md.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol


class SearchResult(Protocol):
    @property
    def coverage(self) -> float: ...

    @property
    def similarity(self) -> float | None: ...

    @property
    def best_window(self) -> tuple[int, int] | None: ...


# The best similarity, plus a small part of the best coverage, must reach the threshold of the model.
_COVERAGE_WEIGHT = 0.3
_THRESHOLDS: Mapping[str, float] = {"wordllama-l2-supercat-256": 0.34}
# The best window of a passage is more similar to a question than the whole passage.
_THRESHOLDS_WITHOUT_WINDOWS: Mapping[str, float] = {"wordllama-l2-supercat-256": 0.27}
# Coverage decides alone if there are no vectors, or if the model's threshold was not measured.
_COVERAGE_THRESHOLD = 0.4


def relevant(results: Sequence[SearchResult], model: str) -> bool:
    coverage = max((each.coverage for each in results), default=0.0)
    similarities = [each.similarity for each in results if each.similarity is not None]
    has_windows = any(each.best_window for each in results)
    threshold = (_THRESHOLDS if has_windows else _THRESHOLDS_WITHOUT_WINDOWS).get(model)
    if threshold is not None and similarities:
        return max(similarities) + _COVERAGE_WEIGHT * coverage >= threshold
    return coverage >= _COVERAGE_THRESHOLD

"""Estimates how probably the passages of a search answer the question.

The estimate is a logistic regression over a few features of the results, because a fixed threshold fails as the corpus
grows: among more passages, the best one is nearer to any question. relevance.toml has the weights for each embedder,
and `just relevance` makes it; docs/decisions/retrieval.md has the figures.
"""

import heapq
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Protocol

import msgspec

WEIGHTS_FILE = Path(__file__).with_suffix(".toml")
# The weights for a search without windows, or with the vectors of an embedder that nobody has measured.
WORDS_ONLY = "words only"
_BEST = 3
_ROUNDING = 0.001


class SearchResult(Protocol):
    @property
    def coverage(self) -> float: ...

    @property
    def similarity(self) -> float | None: ...

    @property
    def best_window(self) -> tuple[int, int] | None: ...

    @property
    def weights(self) -> Mapping[str, float]:
        """The inverse document frequency of each stem of the question."""
        ...

    @property
    def corpus_passages(self) -> int: ...


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    intercept: float
    features: Mapping[str, float]


def load_weights() -> Mapping[str, Weights]:
    return msgspec.toml.decode(WEIGHTS_FILE.read_bytes(), type=dict[str, Weights])


_WEIGHTS = load_weights()


def probability(results: Sequence[SearchResult], model: str) -> float:
    """Returns the probability, from 0 to 1, that the results of a search with this embedder answer the question.

    It is calibrated for as many questions that the books answer as questions that they do not.
    """
    if not results:
        return 0.0
    # The weights of a model are for the similarity of windows. Books that were loaded before have none yet.
    has_windows = any(each.best_window for each in results)
    weights = _WEIGHTS.get(model if has_windows else WORDS_ONLY, _WEIGHTS[WORDS_ONLY])
    return estimate(weights, features(results))


def estimate(weights: Weights, values: Mapping[str, float]) -> float:
    logit = weights.intercept + sum(weight * values[name] for name, weight in weights.features.items())
    return 1 / (1 + math.exp(-logit))


def features(results: Sequence[SearchResult]) -> Mapping[str, float]:
    """Returns the features of at least one result.

    - similarity, coverage: the mean of the three highest; agreement: the highest product of the two in one result.
    - rarity: the mean weight of the question's stems, as a share of the weight of a stem that no passage contains.
    - unknown: the share of the question's weight in stems that no passage contains.
    - size: the logarithm of the number of passages in the corpus.
    """
    idf = [*results[0].weights.values()]
    passages = results[0].corpus_passages
    highest = math.log(1 + (passages + 0.5) / 0.5)
    similarities = [each.similarity or 0.0 for each in results]
    coverages = [each.coverage for each in results]
    return {
        "similarity": fmean(heapq.nlargest(_BEST, similarities)),
        "coverage": fmean(heapq.nlargest(_BEST, coverages)),
        "agreement": max(one * other for one, other in zip(similarities, coverages, strict=True)),
        "rarity": fmean(idf) / highest if idf else 1.0,
        "unknown": sum(each for each in idf if each > highest - _ROUNDING) / (sum(idf) or 1.0),
        "size": math.log10(passages),
    }

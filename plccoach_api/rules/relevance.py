"""Estimates how probably the passages of a search answer the question.

The estimate is a logistic regression over a few features of the results, because a fixed threshold fails as the corpus
grows: among more passages, the best one is nearer to any question. relevance.toml has the weights, and `just relevance`
makes it; docs/decisions/refusing.md has the figures.
"""

import heapq
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Protocol

import msgspec

from plccoach_api.rules.topical_weights import covered, subject_shares, topical_weights

WEIGHTS_FILE = Path(__file__).with_suffix(".toml")
_BEST = 3
_ROUNDING = 0.001


class SearchResult(Protocol):
    @property
    def found_stems(self) -> Sequence[str]:
        """The stems of the question that the result has."""
        ...

    @property
    def similarity(self) -> float | None:
        """The similarity of its best window, by the vectors of the local embedder."""
        ...

    @property
    def weights(self) -> Mapping[str, float]:
        """The inverse document frequency of each stem of the question."""
        ...

    @property
    def corpus_passages(self) -> int: ...


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    intercept: float
    features: Mapping[str, float]


def load_weights() -> Weights:
    return msgspec.toml.decode(WEIGHTS_FILE.read_bytes(), type=Weights)


_WEIGHTS = load_weights()


def probability(results: Sequence[SearchResult], topicality: Mapping[str, float]) -> float:
    """Returns the probability, from 0 to 1, that the results of a search answer the question.

    `topicality` says how much each stem of the question says about a subject. The probability is calibrated for as many
    questions that the books answer as questions that they do not.
    """
    if not results or not results[0].weights:
        return 0.0
    return estimate(_WEIGHTS, features(results, topicality))


def estimate(weights: Weights, values: Mapping[str, float]) -> float:
    logit = weights.intercept + sum(weight * values[name] for name, weight in weights.features.items())
    return 1 / (1 + math.exp(-logit))


def features(results: Sequence[SearchResult], topicality: Mapping[str, float]) -> Mapping[str, float]:
    """Returns the features of at least one result, for a question that has stems.

    The subject of a question is its stems, each as far as it says something about a subject.

    - similarity: the mean of the three highest.
    - agreement: the highest product of the similarity and the covered share of the subject in one result.
    - topicality: the mean of how much each stem says about a subject. The more, the less often books have an answer.
    - unknown: the share of the subject in stems that no passage contains.
    - size: the logarithm of the number of passages in the corpus.
    """
    frequencies = results[0].weights
    # A compound has no topicality, but its parts have.
    known = [topicality[stem] for stem in frequencies if stem in topicality] or [0.0]
    passages = results[0].corpus_passages
    highest = math.log(1 + (passages + 0.5) / 0.5)
    subject = subject_shares(frequencies, topicality)
    weights = topical_weights(frequencies, subject)
    similarities = [each.similarity or 0.0 for each in results]
    coverages = [covered(weights, each.found_stems) for each in results]
    return {
        "similarity": fmean(heapq.nlargest(_BEST, similarities)),
        "agreement": max(one * other for one, other in zip(similarities, coverages, strict=True)),
        "unknown": 1 - sum(subject[stem] for stem, each in frequencies.items() if each <= highest - _ROUNDING),
        "topicality": fmean(known),
        "size": math.log10(passages),
    }

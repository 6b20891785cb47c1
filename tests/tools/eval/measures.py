"""The standard measures of retrieval."""

import math
from collections.abc import Iterable, Mapping, Sequence


def ndcg(ranking: Sequence[str], grades: Mapping[str, float], depth: int) -> float:
    """Normalised discounted cumulative gain: the gain of the first `depth` results, relative to the best order."""
    gained = sum((2 ** grades.get(each, 0) - 1) / math.log2(place + 2) for place, each in enumerate(ranking[:depth]))
    best = sorted(grades.values(), reverse=True)[:depth]
    ideal = sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(best))
    return gained / ideal if ideal else 0.0


def recall(ranking: Sequence[str], grades: Mapping[str, float], depth: int) -> float:
    """Returns the share of the relevant documents that are among the first `depth` results."""
    relevant = {each for each, grade in grades.items() if grade > 0}
    return len(relevant & {*ranking[:depth]}) / len(relevant) if relevant else 0.0


def mean(values: Iterable[float]) -> float:
    numbers = [*values]
    return sum(numbers) / len(numbers) if numbers else 0.0

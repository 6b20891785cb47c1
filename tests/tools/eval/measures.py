"""The measures of retrieval, as everybody computes them."""

import math
from collections.abc import Iterable, Mapping, Sequence


def ndcg(ranking: Sequence[str], grades: Mapping[str, float], depth: int) -> float:
    """What the first `depth` are worth, the later the less, against the best order there could be."""
    gained = sum((2 ** grades.get(each, 0) - 1) / math.log2(place + 2) for place, each in enumerate(ranking[:depth]))
    best = sorted(grades.values(), reverse=True)[:depth]
    ideal = sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(best))
    return gained / ideal if ideal else 0.0


def recall(ranking: Sequence[str], grades: Mapping[str, float], depth: int) -> float:
    """The share of what is relevant that is among the first `depth`."""
    relevant = {each for each, grade in grades.items() if grade > 0}
    return len(relevant & {*ranking[:depth]}) / len(relevant) if relevant else 0.0


def mean(values: Iterable[float]) -> float:
    found = [*values]
    return sum(found) / len(found) if found else 0.0

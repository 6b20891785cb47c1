"""Whether what was found has anything to say on what was asked.

How near is near enough depends on the embedder, and was measured: see docs/decisions/retrieval.md.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol


class Found(Protocol):
    @property
    def coverage(self) -> float: ...

    @property
    def similarity(self) -> float | None: ...


# Of the nearest passage's meaning, and a little of the share of the question's words that a passage holds.
_COVERAGE = 0.3
_LEAST: Mapping[str, float] = {"wordllama-l2-supercat-256": 0.27}
# The words alone, where there are no vectors, or none whose distances were measured.
_LEAST_COVERAGE = 0.4


def relevant(found: Sequence[Found], model: str) -> bool:
    coverage = max((each.coverage for each in found), default=0.0)
    similarities = [each.similarity for each in found if each.similarity is not None]
    if model in _LEAST and similarities:
        return max(similarities) + _COVERAGE * coverage >= _LEAST[model]
    return coverage >= _LEAST_COVERAGE

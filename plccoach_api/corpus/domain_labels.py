"""Labels a passage with domains, by how near its meaning is to the domains' descriptions.

The local embedder is always used here, whichever embedder the settings choose for the search. So the labels
do not depend on the settings, and cost nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from plccoach_api.embedding.embedder import Vector
from plccoach_api.embedding.local import means
from plccoach_api.rules.domains import DESCRIPTIONS, Domain

# A chapter's title says in a few words what its passages are about.
_TITLE_WEIGHT = 0.3
# A domain is secondary when its score is within this share of the range from the best score to the worst.
_SECONDARY_RANGE = 0.25
_MOST_SECONDARY = 2


@dataclass(frozen=True, slots=True)
class DomainLabels:
    primary: Domain
    secondary: tuple[Domain, ...]


def label_passages(passages: Sequence[tuple[str, str]]) -> list[DomainLabels]:
    """Takes for each passage the title of its chapter and its text."""
    titles = dict.fromkeys(title for title, _ in passages)
    title_vectors = dict(zip(titles, means([*titles]), strict=True))
    text_vectors = means([text for _, text in passages])
    return [
        _nearest_domains([a + _TITLE_WEIGHT * b for a, b in zip(vector, title_vectors[title], strict=True)])
        for (title, _), vector in zip(passages, text_vectors, strict=True)
    ]


def _nearest_domains(vector: Vector) -> DomainLabels:
    scores = {
        domain: _inner_product(vector, domain_vector) - generality
        for domain, (domain_vector, generality) in _domain_vectors().items()
    }
    primary, *others = sorted(scores, key=lambda domain: -scores[domain])
    threshold = scores[primary] - _SECONDARY_RANGE * (scores[primary] - min(scores.values()))
    return DomainLabels(primary, tuple(domain for domain in others if scores[domain] > threshold)[:_MOST_SECONDARY])


@cache
def _domain_vectors() -> Mapping[Domain, tuple[Vector, float]]:
    """Returns each domain's vector, and how near that vector is to the mean of all domains.

    A description in general words is near to every text. Its nearness to the mean corrects for that.
    """
    vectors = means([f"{each.label}. {each.description} {each.vocabulary}" for each in DESCRIPTIONS.values()])
    mean = [sum(column) / len(vectors) for column in zip(*vectors, strict=True)]
    return {
        domain: (vector, _inner_product(vector, mean)) for domain, vector in zip(DESCRIPTIONS, vectors, strict=True)
    }


def _inner_product(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))

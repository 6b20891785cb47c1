"""Says which domains a passage belongs to, by how near its meaning is to what the domains are about.

It asks the local embedder, whoever embeds the passages: labels are the same then, whichever model
finds them, and cost nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from plccoach_api.embedding.embedder import Vector
from plccoach_api.embedding.local import means
from plccoach_api.rules.domains import DESCRIPTIONS, Domain

# A chapter's title says in a few words what its passages are about.
_TITLE = 0.3
# Secondary is what is almost as near as the first: but for this share of the way down to the farthest.
_NEARLY = 0.25
_SECONDARY = 2


@dataclass(frozen=True, slots=True)
class Labels:
    primary: Domain
    secondary: tuple[Domain, ...]


def label(passages: Sequence[tuple[str, str]]) -> list[Labels]:
    """Of each the title of its chapter, and its text."""
    titles = dict.fromkeys(title for title, _ in passages)
    title_vectors = dict(zip(titles, means([*titles]), strict=True))
    texts = means([text for _, text in passages])
    return [
        _nearest([a + _TITLE * b for a, b in zip(text, title_vectors[title], strict=True)])
        for (title, _), text in zip(passages, texts, strict=True)
    ]


def _nearest(vector: Vector) -> Labels:
    near = {domain: _inner(vector, own) - general for domain, (own, general) in _described().items()}
    primary, *others = sorted(near, key=lambda domain: -near[domain])
    least = near[primary] - _NEARLY * (near[primary] - min(near.values()))
    return Labels(primary, tuple(domain for domain in others if near[domain] > least)[:_SECONDARY])


@cache
def _described() -> Mapping[Domain, tuple[Vector, float]]:
    """Each domain's vector, and how near it is to all of them: what is said in general words is near to everything."""
    vectors = means([f"{each.label}. {each.description} {each.vocabulary}" for each in DESCRIPTIONS.values()])
    middle = [sum(column) / len(vectors) for column in zip(*vectors, strict=True)]
    return {domain: (vector, _inner(vector, middle)) for domain, vector in zip(DESCRIPTIONS, vectors, strict=True)}


def _inner(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))

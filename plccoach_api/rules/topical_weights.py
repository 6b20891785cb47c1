"""The weights of a question's stems: rare ones weigh more, and so do those that say what the question is about.

How rare a stem is in a corpus does not say what it means. In a small corpus "simply" may be as rare as "vaccines".
"""

from collections.abc import Iterable, Mapping


def subject_shares(stems: Iterable[str], topicality: Mapping[str, float]) -> Mapping[str, float]:
    """Returns the share of each stem in what the question is about. A part of a compound counts, the whole does not."""
    said = {stem: topicality.get(stem, 0.0) for stem in stems}
    total = sum(said.values())
    return {stem: (each / total if total else 1 / len(said)) for stem, each in said.items()}


def topical_weights(frequencies: Mapping[str, float], shares: Mapping[str, float]) -> Mapping[str, float]:
    """Returns the inverse document frequency of each stem times its share in what the question is about."""
    return {stem: frequency * shares[stem] for stem, frequency in frequencies.items()}


def covered(weights: Mapping[str, float], found_stems: Iterable[str]) -> float:
    """Returns the share of the weights whose stems were found, from 0 to 1."""
    total = sum(weights.values())
    return sum(weights.get(stem, 0.0) for stem in found_stems) / total if total else 0.0

"""A synthetic corpus: each passage has a topic, which its vector and its words are drawn around.

The vectors of a real model vary in far fewer directions than they have dimensions, and they form clusters.
Independent random numbers do neither. So a topic is a point in a space of few dimensions, a passage is a point
around its topic, and one random matrix projects both into the space of many dimensions.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from plccoach_api.rules.domains import Domain

_DOMAINS = tuple(Domain)
_DIRECTIONS = 128
_AROUND_TOPIC = 0.7
_NOISE = 0.02
_PASSAGES_PER_TOPIC = 50

_VOCABULARY = 30_000
_TOPIC_WORDS = 30
_TOPIC_SHARE = 0.25
_WORDS = 300
_SYLLABLES = [onset + vowel for onset in "bdfghjklmnprstvwz" for vowel in "aeiou"]


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    domain: Domain
    """The topic's domain, as a router without errors would choose it."""


class Synthetic:
    """A corpus of `chunks` passages, about fifty for each topic. The same seed gives the same corpus."""

    def __init__(self, chunks: int, dimensions: int, seed: int = 1) -> None:
        self.chunks = chunks
        self.dimensions = dimensions
        self._numbers = np.random.default_rng(seed)
        self._random = random.Random(seed)
        self._topics = max(len(Domain), chunks // _PASSAGES_PER_TOPIC)
        self._centres = self._numbers.standard_normal((self._topics, _DIRECTIONS), dtype=np.float32)
        self._projection = self._numbers.standard_normal((_DIRECTIONS, dimensions), dtype=np.float32)
        self._topic_words = [
            self._random.sample(range(_VOCABULARY // 100, _VOCABULARY), _TOPIC_WORDS) for _ in range(self._topics)
        ]

    @cached_property
    def _vocabulary(self) -> list[str]:
        """Distinct words that are made of syllables."""
        return [
            "".join(_SYLLABLES[number // len(_SYLLABLES) ** place % len(_SYLLABLES)] for place in range(3))
            for number in range(_VOCABULARY)
        ]

    @cached_property
    def _frequencies(self) -> Sequence[float]:
        """Cumulative weights by Zipf's law."""
        return [*accumulate(1 / (rank + 3) for rank in range(_VOCABULARY))]

    def topics(self, count: int) -> list[int]:
        return [self._random.randrange(self._topics) for _ in range(count)]

    def domain(self, topic: int) -> Domain:
        return _DOMAINS[topic % len(_DOMAINS)]

    def vectors(self, topics: Sequence[int]) -> NDArray[np.float32]:
        """Returns a row for each topic, a vector of length one."""
        around = self._numbers.standard_normal((len(topics), _DIRECTIONS), dtype=np.float32) * _AROUND_TOPIC
        projected = (self._centres[topics] + around) @ self._projection / _DIRECTIONS**0.5
        projected += self._numbers.standard_normal(projected.shape, dtype=np.float32) * _NOISE
        lengths = np.linalg.norm(projected, axis=1, keepdims=True)
        return np.asarray(projected / lengths, dtype=np.float32)

    def text(self, topic: int) -> str:
        """Returns a text as long as a passage of about 500 tokens."""
        return " ".join(self._words(topic, _WORDS, _TOPIC_SHARE)) + "."

    def question(self, topic: int) -> Question:
        return Question("how " + " ".join(self._words(topic, 9, 0.5)) + "?", self.domain(topic))

    def _words(self, topic: int, count: int, share: float) -> list[str]:
        common = self._random.choices(range(_VOCABULARY), cum_weights=self._frequencies, k=count)
        special = self._topic_words[topic]
        chosen = [self._random.choice(special) if self._random.random() < share else word for word in common]
        return [self._vocabulary[word] for word in chosen]


class Known:
    """An embedder that was given the vectors of its questions, so that no model's time is measured.

    It knows no window of a passage: windows get some vector, which measures their cost and makes the ranking arbitrary.
    """

    provider, model, is_billed = "synthetic", "synthetic", False

    def __init__(self, questions: Sequence[Question], vectors: NDArray[np.float32]) -> None:
        self._vectors: dict[str, Sequence[float]] = {
            question.text: row.tolist() for question, row in zip(questions, vectors, strict=True)
        }

    async def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        return [await self.embed_question(text) for text in texts]

    async def embed_question(self, text: str) -> Sequence[float]:
        """Returns any vector for an unknown text: an ingest asks for the number of dimensions, and embeds windows."""
        return self._vectors.get(text) or next(iter(self._vectors.values()))

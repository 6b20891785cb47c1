"""A corpus that nobody wrote, in which each passage has a topic: its vector lies near the topic's, and so do its words.

Vectors of a real model do not fill their space: they vary in far fewer directions than they have numbers, and
neighbours are near each other. Independent random numbers would be neither. So a topic is a point in a space of
few directions, a passage is a point around it, and both are turned into the many by one random matrix.
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
_TOPICS_OF_PASSAGES = 50

_VOCABULARY = 30_000
_TOPIC_WORDS = 30
_TOPIC_SHARE = 0.25
_WORDS = 300
_SYLLABLES = [onset + vowel for onset in "bdfghjklmnprstvwz" for vowel in "aeiou"]


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    domain: Domain
    """Of its topic: what a router that never errs would say."""


class Synthetic:
    """The same for the same seed. `chunks` passages, about fifty on each topic."""

    def __init__(self, chunks: int, dimensions: int, seed: int = 1) -> None:
        self.chunks = chunks
        self.dimensions = dimensions
        self._numbers = np.random.default_rng(seed)
        self._random = random.Random(seed)
        self._topics = max(len(Domain), chunks // _TOPICS_OF_PASSAGES)
        self._centres = self._numbers.standard_normal((self._topics, _DIRECTIONS), dtype=np.float32)
        self._turn = self._numbers.standard_normal((_DIRECTIONS, dimensions), dtype=np.float32)
        self._topic_words = [
            self._random.sample(range(_VOCABULARY // 100, _VOCABULARY), _TOPIC_WORDS) for _ in range(self._topics)
        ]

    @cached_property
    def _vocabulary(self) -> list[str]:
        """Words that are made of syllables, all different."""
        return [
            "".join(_SYLLABLES[number // len(_SYLLABLES) ** place % len(_SYLLABLES)] for place in range(3))
            for number in range(_VOCABULARY)
        ]

    @cached_property
    def _frequencies(self) -> Sequence[float]:
        """Zipf's law, summed up."""
        return [*accumulate(1 / (rank + 3) for rank in range(_VOCABULARY))]

    def topics(self, count: int) -> list[int]:
        return [self._random.randrange(self._topics) for _ in range(count)]

    def domain(self, topic: int) -> Domain:
        return _DOMAINS[topic % len(_DOMAINS)]

    def vectors(self, topics: Sequence[int]) -> NDArray[np.float32]:
        """Of length one, a row for each."""
        around = self._numbers.standard_normal((len(topics), _DIRECTIONS), dtype=np.float32) * _AROUND_TOPIC
        turned = (self._centres[topics] + around) @ self._turn / _DIRECTIONS**0.5
        turned += self._numbers.standard_normal(turned.shape, dtype=np.float32) * _NOISE
        lengths = np.linalg.norm(turned, axis=1, keepdims=True)
        return np.asarray(turned / lengths, dtype=np.float32)

    def text(self, topic: int) -> str:
        """About as long as a passage of 500 tokens."""
        return " ".join(self._words(topic, _WORDS, _TOPIC_SHARE)) + "."

    def question(self, topic: int) -> Question:
        return Question("how " + " ".join(self._words(topic, 9, 0.5)) + "?", self.domain(topic))

    def _words(self, topic: int, count: int, share: float) -> list[str]:
        common = self._random.choices(range(_VOCABULARY), cum_weights=self._frequencies, k=count)
        special = self._topic_words[topic]
        chosen = [self._random.choice(special) if self._random.random() < share else word for word in common]
        return [self._vocabulary[word] for word in chosen]


class Known:
    """An embedder that knows the vectors of the questions it will be asked: what a model takes is not measured."""

    provider, model, is_billed = "synthetic", "synthetic", False

    def __init__(self, questions: Sequence[Question], vectors: NDArray[np.float32]) -> None:
        self._vectors: dict[str, Sequence[float]] = {
            question.text: row.tolist() for question, row in zip(questions, vectors, strict=True)
        }

    async def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        return [self._vectors[text] for text in texts]

    async def embed_question(self, text: str) -> Sequence[float]:
        """Of a text that is not known it says at least how long a vector is."""
        return self._vectors.get(text) or next(iter(self._vectors.values()))

"""Sends texts to a service that limits their number or their length, and does not tell its limits.

A refused batch is sent in halves, and a text that is refused alone in two parts, whose mean is its vector.
"""

import math
from collections.abc import Awaitable, Callable, Sequence
from textwrap import wrap

from plccoach_api import logs
from plccoach_api.embedding.embedder import EmbeddingUnavailable, Vector

_log = logs.get_logger(__name__)

# Services limit a request to 2,048 texts or fewer, and some of them to few tokens.
_BATCH = 64
# A text is divided only if it has twice as many. Every model reads that much, so a service that refuses a shorter text
# has another reason.
_LEAST_CHARACTERS = 200


class TextsRefused(EmbeddingUnavailable):
    """The service does not take these texts, perhaps because they are too many or too long."""

    def __init__(self, message: str, error: str, status: int) -> None:
        """`error` is the name of the SDK's error."""
        super().__init__(message)
        self.error = error
        self.status = status


class AdaptedBatches:
    """Remembers how many texts the service takes, and how long they may be.

    It remembers only what is refused again after a smaller request was accepted, so that an outage teaches it nothing.
    """

    def __init__(self, ask: Callable[[Sequence[str]], Awaitable[list[Vector]]]) -> None:
        """`ask` raises TextsRefused."""
        self._ask = ask
        self._most_texts = _BATCH
        self._longest_accepted = 0
        self._shortest_refused: int | None = None
        self._refused_alone = 0

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Raises ValueError when the vectors of several requests have different lengths, or no mean."""
        parts = [self._parts(text) for text in texts]
        sent = [part for each in parts for part in each]
        vectors: list[Vector] = []
        while batch := sent[len(vectors) : len(vectors) + self._most_texts]:
            vectors += await self._accepted(batch)
        if len({len(vector) for vector in vectors}) > 1:
            raise ValueError("the vectors of several requests have different lengths")
        remaining = iter(vectors)
        return [_mean([(next(remaining), len(part)) for part in each]) for each in parts]

    def _parts(self, text: str) -> list[str]:
        """Divides a text that is as long as a refused one, unless a longer one was accepted: it had fewer tokens."""
        refused = self._shortest_refused
        if refused is None or len(text) < refused or len(text) <= self._longest_accepted:
            return [text]
        return _divided(text, refused // 2)

    async def _accepted(self, batch: Sequence[str]) -> list[Vector]:
        try:
            vectors = await self._ask(batch)
        except TextsRefused:
            if len(batch) > 1:
                return await self._in_halves(batch)
            [text] = batch
            if len(text) < 2 * _LEAST_CHARACTERS:
                raise
            return [await self._in_parts(text)]
        self._longest_accepted = max(self._longest_accepted, *map(len, batch))
        return vectors

    async def _in_halves(self, batch: Sequence[str]) -> list[Vector]:
        half, refused_alone = len(batch) // 2, self._refused_alone
        vectors = await self._accepted(batch[:half]) + await self._accepted(batch[half:])
        # Where each of the texts was accepted alone, there were too many.
        each_fits = self._refused_alone == refused_alone
        if each_fits and half < self._most_texts and await self._is_refused(batch):
            self._most_texts = half
            _log.info("fewer texts are embedded at once", most_texts=half)
        return vectors

    async def _in_parts(self, text: str) -> Vector:
        self._refused_alone += 1
        parts = _divided(text, len(text) // 2 + 1)
        vector = _mean([*zip(await self._accepted(parts), map(len, parts), strict=True)])
        if (self._shortest_refused is None or len(text) < self._shortest_refused) and await self._is_refused([text]):
            self._shortest_refused = len(text)
            _log.info("long texts are embedded in parts", characters=len(text))
        return vector

    async def _is_refused(self, batch: Sequence[str]) -> bool:
        try:
            await self._ask(batch)
        except TextsRefused:
            return True
        return False


def _divided(text: str, most_characters: int) -> list[str]:
    # Spaces alone are no line.
    return wrap(text, most_characters, replace_whitespace=False, break_on_hyphens=False) or [text[:most_characters]]


def _mean(weighted: Sequence[tuple[Vector, int]]) -> Vector:
    """Returns the mean of the vectors, each weighted by the length of its text."""
    if len(weighted) == 1:
        return weighted[0][0]
    rows = ([number * weight for number in vector] for vector, weight in weighted)
    return of_length_one([*map(sum, zip(*rows, strict=True))])


def of_length_one(vector: Sequence[float]) -> Vector:
    length = math.sqrt(sum(value * value for value in vector))
    if not (vector and math.isfinite(length) and length):
        raise ValueError("the vector is empty, zero or not finite")
    return tuple(value / length for value in vector)

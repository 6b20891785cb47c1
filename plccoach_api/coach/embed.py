"""Embedders turn texts into vectors whose inner product says how near their meanings are."""

from array import array
from collections.abc import Sequence
from hashlib import sha256
from typing import Protocol, TypeAlias

from cachetools import TTLCache

from plccoach_api.settings import Embeddings, Settings

Vector: TypeAlias = Sequence[float]
"""Of length one."""

_CACHED_SECONDS = 3600
_CACHED_QUESTIONS = 1000


class Unavailable(Exception):
    """The embedder cannot be reached, or answers what nobody can use."""


class Embedder(Protocol):
    """`provider` and `model` name the set that its vectors belong to: those of another are no use beside them."""

    @property
    def provider(self) -> str: ...

    @property
    def model(self) -> str: ...

    @property
    def tokens_cost(self) -> bool:
        """Whether somebody is paid for them."""

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Of passages, however long it takes. Raises Unavailable."""

    async def embed_question(self, text: str) -> Vector:
        """Somebody waits for this one. Raises Unavailable."""


def embedder_of(settings: Settings) -> Embedder:
    if settings.embeddings is Embeddings.openai:
        from plccoach_api.coach.embed_openai import OpenAIEmbedder  # noqa: PLC0415 - 15 MB a worker that need not be

        return Remembering(OpenAIEmbedder(settings))
    from plccoach_api.coach.embed_local import LOCAL  # noqa: PLC0415 - what is not chosen is not imported

    return Remembering(LOCAL)


class Remembering:
    """Keeps the vectors of questions for an hour, in single precision: they are asked again, and each costs a while."""

    def __init__(self, embedder: Embedder) -> None:
        self.provider = embedder.provider
        self.model = embedder.model
        self.tokens_cost = embedder.tokens_cost
        self._embedder = embedder
        self._questions: TTLCache[bytes, Vector] = TTLCache(_CACHED_QUESTIONS, _CACHED_SECONDS)

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        return await self._embedder.embed(texts)

    async def embed_question(self, text: str) -> Vector:
        key = sha256(text.encode()).digest()
        if (known := self._questions.get(key)) is not None:
            return known
        # A thousand long ones as Python's numbers would be 100 MB.
        vector = array("f", await self._embedder.embed_question(text))
        self._questions[key] = vector
        return vector

"""The interface of an embedder, which turns texts into vectors. Similar texts have a high inner product."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

Vector: TypeAlias = Sequence[float]
"""A vector of length one, or of zeros for a text without tokens."""


class EmbeddingUnavailable(Exception):
    """The embedding service cannot be reached, or its response cannot be used."""


class Embedder(Protocol):
    """`provider` and `model` name the embedding set of the vectors. Vectors of two sets cannot be compared."""

    @property
    def provider(self) -> str: ...

    @property
    def model(self) -> str: ...

    @property
    def is_billed(self) -> bool:
        """True when the provider charges for tokens."""

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Embeds passages, which may take long. Raises EmbeddingUnavailable."""

    async def embed_question(self, text: str) -> Vector:
        """Embeds one short text quickly, because a user waits. Raises EmbeddingUnavailable."""

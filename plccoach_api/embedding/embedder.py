"""Embedders turn texts into vectors whose inner product says how near their meanings are."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

Vector: TypeAlias = Sequence[float]
"""Of length one."""


class EmbeddingUnavailable(Exception):
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

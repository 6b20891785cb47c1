"""An embedder that caches the vectors of questions."""

from array import array
from collections.abc import Sequence
from hashlib import sha256

from cachetools import TTLCache

from plccoach_api.embedding.embedder import Embedder, Vector

_CACHED_SECONDS = 3600
_CACHED_QUESTIONS = 1000


class CachedEmbedder:
    """Caches the vector of a question for an hour. Passages are not cached."""

    def __init__(self, embedder: Embedder) -> None:
        self.provider = embedder.provider
        self.model = embedder.model
        self.is_billed = embedder.is_billed
        self._embedder = embedder
        self._questions: TTLCache[bytes, Vector] = TTLCache(_CACHED_QUESTIONS, _CACHED_SECONDS)

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        return await self._embedder.embed(texts)

    async def embed_question(self, text: str) -> Vector:
        key = sha256(text.encode()).digest()
        if (cached := self._questions.get(key)) is not None:
            return cached
        # Single precision: a thousand long vectors of Python floats would take 100 MB.
        vector = array("f", await self._embedder.embed_question(text))
        self._questions[key] = vector
        return vector

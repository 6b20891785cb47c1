"""Embeddings of any service that speaks OpenAI's protocol."""

import math
from collections.abc import Sequence

import openai

from plccoach_api import logs
from plccoach_api.embedding.embedder import EmbeddingUnavailable, Vector
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

# Services take no more at once: 2,048 texts, and some far fewer tokens.
_BATCH = 64
# For a question somebody waits: better an answer found by its words alone than a late one.
_QUESTION_SECONDS = 5.0


class OpenAIEmbedder:
    provider = "openai"
    tokens_cost = True

    def __init__(self, settings: Settings) -> None:
        self.model = settings.openai_embedding_model
        self._timeout = settings.openai_timeout
        self._client = openai.AsyncOpenAI(
            base_url=settings.openai_base_url,
            # The library insists on one; a service of one's own looks at none.
            api_key=settings.openai_api_key or "none",
            timeout=settings.openai_timeout,
            max_retries=5,
        )

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        return [vector for batch in batches for vector in await self._ask(self._client, batch)]

    async def embed_question(self, text: str) -> Vector:
        client = self._client.with_options(timeout=min(self._timeout, _QUESTION_SECONDS), max_retries=1)
        [vector] = await self._ask(client, [text])
        return vector

    async def _ask(self, client: openai.AsyncOpenAI, texts: Sequence[str]) -> list[Vector]:
        try:
            answer = await client.embeddings.create(model=self.model, input=[*texts], encoding_format="float")
            ordered = sorted(answer.data, key=lambda item: item.index)
            vectors = [_of_length_one(item.embedding) for item in ordered]
        except openai.OpenAIError as error:
            # Its text may repeat the question, or say whose key it was.
            _log.warning("embedding failed", error=type(error).__name__, status=getattr(error, "status_code", None))
            raise EmbeddingUnavailable(f"the embedding service failed ({type(error).__name__})") from None
        except (TypeError, ValueError, AttributeError) as error:
            _log.warning("embedding failed", error=type(error).__name__)
            raise EmbeddingUnavailable("the embedding service answered what is no embedding") from None
        if len(vectors) != len(texts) or len({len(vector) for vector in vectors}) > 1:
            raise EmbeddingUnavailable(
                "the embedding service answered another number of vectors, or of several lengths"
            )
        return vectors


def _of_length_one(vector: Sequence[float]) -> Vector:
    length = math.sqrt(sum(value * value for value in vector))
    if not (vector and math.isfinite(length) and length):
        raise ValueError("no direction")
    return tuple(value / length for value in vector)

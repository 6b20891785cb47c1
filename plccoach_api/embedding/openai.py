"""The embedder that uses a service with OpenAI's protocol."""

import math
from collections.abc import Sequence
from http import HTTPStatus

import openai

from plccoach_api import logs, metrics, tracing
from plccoach_api.embedding.embedder import EmbeddingUnavailable, Vector
from plccoach_api.settings import Settings
from plccoach_api.tls import model_tls
from plccoach_api.tracing import conventions

_log = logs.get_logger(__name__)

_EMBEDDINGS = "embeddings"
# Services limit a request to 2,048 texts, and some of them to few tokens.
_BATCH = 64
# A user waits for a question. Without its vector the search uses its words only, which is better than a late answer.
_QUESTION_SECONDS = 5.0


class OpenAIEmbedder:
    provider = "openai"
    is_billed = True

    def __init__(self, settings: Settings) -> None:
        self.model = settings.openai_embedding_model
        self._timeout = settings.openai_timeout
        self._client = openai.AsyncOpenAI(
            base_url=settings.openai_base_url,
            # The SDK requires a key, even for a service that needs none.
            api_key=settings.openai_api_key or "none",
            timeout=settings.openai_timeout,
            max_retries=5,
            # A redirect would send questions and passages to an address that nobody configured.
            http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False, verify=model_tls()),
        )

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        return [vector for batch in batches for vector in await self._ask(self._client, batch)]

    async def embed_question(self, text: str) -> Vector:
        client = self._client.with_options(timeout=min(self._timeout, _QUESTION_SECONDS), max_retries=1)
        [vector] = await self._ask(client, [text])
        return vector

    async def _ask(self, client: openai.AsyncOpenAI, texts: Sequence[str]) -> list[Vector]:
        attributes = {
            conventions.GEN_AI_OPERATION: _EMBEDDINGS,
            conventions.GEN_AI_PROVIDER: conventions.OPENAI,
            conventions.GEN_AI_MODEL: self.model,
        }
        with tracing.client_span(f"{_EMBEDDINGS} {self.model}", attributes) as span:
            try:
                vectors = await self._vectors(client, texts, span)
            except openai.OpenAIError as error:
                # The text of the error is dropped: it may contain the question or a part of the key.
                status = getattr(error, "status_code", None)
                redirected = status is not None and status < HTTPStatus.BAD_REQUEST
                reason = {"reason": "the service redirects, and redirects are not followed"} if redirected else {}
                _log.warning("embedding failed", error=type(error).__name__, status=status, **reason)
                metrics.MODEL_FAILURES.inc("embedding", "status" if status else "connection")
                span.fail(str(status or type(error).__name__))
                raise EmbeddingUnavailable(f"the embedding service failed ({type(error).__name__})") from None
            except (TypeError, ValueError, AttributeError) as error:
                _log.warning("embedding failed", error=type(error).__name__)
                metrics.MODEL_FAILURES.inc("embedding", "response")
                span.fail("response")
                raise EmbeddingUnavailable("the response of the embedding service is not an embedding") from None
        if len(vectors) != len(texts) or len({len(vector) for vector in vectors}) > 1:
            raise EmbeddingUnavailable("the embedding service returned the wrong number of vectors, or mixed lengths")
        return vectors

    async def _vectors(self, client: openai.AsyncOpenAI, texts: Sequence[str], span: tracing.Span) -> list[Vector]:
        response = await client.embeddings.create(
            model=self.model, input=[*texts], encoding_format="float", extra_headers=span.headers()
        )
        # Some services send no usage.
        tokens = getattr(response.usage, "prompt_tokens", None)
        if isinstance(tokens, int):
            span.set(conventions.GEN_AI_INPUT_TOKENS, tokens)
        ordered = sorted(response.data, key=lambda item: item.index)
        return [_of_length_one(item.embedding) for item in ordered]


def _of_length_one(vector: Sequence[float]) -> Vector:
    length = math.sqrt(sum(value * value for value in vector))
    if not (vector and math.isfinite(length) and length):
        raise ValueError("the vector is empty, zero or not finite")
    return tuple(value / length for value in vector)

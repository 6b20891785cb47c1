"""The embedder that uses a service with OpenAI's protocol."""

import asyncio
from collections.abc import Awaitable, Sequence
from functools import partial
from http import HTTPStatus

import openai

from plccoach_api import logs, metrics, tracing
from plccoach_api.embedding.adapted_batches import AdaptedBatches, TextsRefused, of_length_one
from plccoach_api.embedding.embedder import EmbeddingUnavailable, Vector
from plccoach_api.settings import Settings
from plccoach_api.tls import model_tls
from plccoach_api.tracing import conventions

_log = logs.get_logger(__name__)

_EMBEDDINGS = "embeddings"
# A user waits for a question. Without its vector the search uses its words only, which is better than a late answer.
_QUESTION_SECONDS = 5.0
# The statuses of a request with too many texts or with a text that is too long. llama.cpp answers 500.
_REFUSALS = frozenset({400, 413, 422, 500})


class OpenAIEmbedder:
    provider = "openai"
    is_billed = True

    def __init__(self, settings: Settings) -> None:
        service = settings.embedding_service
        self._model = service.model
        # Other prefixes make other vectors of passages, which are another set.
        self.model = f"{service.model} ({service.passage_prefix})" if service.passage_prefix else service.model
        self._question_prefix = f"{service.question_prefix} " if service.question_prefix else ""
        self._passage_prefix = f"{service.passage_prefix} " if service.passage_prefix else ""
        self._passages = AdaptedBatches(self._ask_for_passages)
        self._was_refused = False
        self._timeout = settings.openai_timeout
        # The SDK requires a key, even for a service that needs none.
        key = service.api_key or "none"
        # Else a key in OPENAI_CUSTOM_HEADERS, which the SDK reads, would go to this service, too.
        self._headers = {"Authorization": f"Bearer {key}"}
        self._client = openai.AsyncOpenAI(
            base_url=service.base_url,
            api_key=key,
            timeout=settings.openai_timeout,
            max_retries=5,
            # A redirect would send questions and passages to an address that nobody configured.
            http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False, verify=model_tls()),
        )

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        return await _reported(self._passages.embed(texts))

    async def embed_question(self, text: str) -> Vector:
        client = self._client.with_options(timeout=min(self._timeout, _QUESTION_SECONDS), max_retries=1)
        # It remembers nothing of the service, so an outage has no effect on later questions.
        batches = AdaptedBatches(partial(self._ask, client, self._question_prefix))
        try:
            async with asyncio.timeout(_QUESTION_SECONDS):
                [vector] = await _reported(batches.embed([text]))
        except TimeoutError:
            _log.warning("embedding failed", error="TimeoutError")
            metrics.MODEL_FAILURES.inc("embedding", "timeout")
            raise EmbeddingUnavailable(f"the embedding service took longer than {_QUESTION_SECONDS:.0f} s") from None
        return vector

    async def _ask_for_passages(self, texts: Sequence[str]) -> list[Vector]:
        """Waits for a service that fails for a while, but only once for one that refuses texts with the status 500."""
        client = self._client.with_options(max_retries=1) if self._was_refused else self._client
        try:
            vectors = await self._ask(client, self._passage_prefix, texts)
        except TextsRefused:
            self._was_refused = True
            raise
        self._was_refused = False
        return vectors

    async def _ask(self, client: openai.AsyncOpenAI, prefix: str, texts: Sequence[str]) -> list[Vector]:
        attributes = {
            conventions.GEN_AI_OPERATION: _EMBEDDINGS,
            conventions.GEN_AI_PROVIDER: conventions.OPENAI,
            conventions.GEN_AI_MODEL: self._model,
        }
        with tracing.client_span(f"{_EMBEDDINGS} {self._model}", attributes) as span:
            try:
                vectors = await self._vectors(client, [prefix + text for text in texts], span)
            except openai.OpenAIError as error:
                status = getattr(error, "status_code", None)
                span.fail(str(status or type(error).__name__))
                # The text of the error is dropped: it may contain the question or a part of the key.
                failed = f"the embedding service failed ({type(error).__name__})"
                if status in _REFUSALS:
                    raise TextsRefused(failed, type(error).__name__, status) from None
                _report(type(error).__name__, status)
                raise EmbeddingUnavailable(failed) from None
            except (TypeError, ValueError, AttributeError) as error:
                span.fail("response")
                raise _unusable(error) from None
        return vectors

    async def _vectors(self, client: openai.AsyncOpenAI, texts: Sequence[str], span: tracing.Span) -> list[Vector]:
        response = await client.embeddings.create(
            model=self._model,
            input=[*texts],
            encoding_format="float",
            extra_headers={**self._headers, **span.headers()},
        )
        # Some services send no usage.
        tokens = getattr(response.usage, "prompt_tokens", None)
        if isinstance(tokens, int):
            span.set(conventions.GEN_AI_INPUT_TOKENS, tokens)
        ordered = sorted(response.data, key=lambda item: item.index)
        vectors = [of_length_one(item.embedding) for item in ordered]
        if len(vectors) != len(texts) or len({len(vector) for vector in vectors}) > 1:
            raise ValueError("the service returned the wrong number of vectors, or mixed lengths")
        return vectors


async def _reported(vectors: Awaitable[list[Vector]]) -> list[Vector]:
    """Reports a refusal that no smaller request could avoid, and vectors of several requests that do not fit."""
    try:
        return await vectors
    except TextsRefused as refused:
        _report(refused.error, refused.status)
        raise
    except ValueError as error:
        raise _unusable(error) from None


def _unusable(error: Exception) -> EmbeddingUnavailable:
    """Reports a response that cannot be used."""
    _log.warning("embedding failed", error=type(error).__name__)
    metrics.MODEL_FAILURES.inc("embedding", "response")
    return EmbeddingUnavailable(
        "the response of the embedding service is not one vector of the same length for each text"
    )


def _report(error: str, status: int | None) -> None:
    redirected = status is not None and status < HTTPStatus.BAD_REQUEST
    reason = {"reason": "the service redirects, and redirects are not followed"} if redirected else {}
    _log.warning("embedding failed", error=error, status=status, **reason)
    metrics.MODEL_FAILURES.inc("embedding", "status" if status else "connection")

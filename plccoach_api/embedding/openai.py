"""The embedder that uses a service with OpenAI's protocol."""

import asyncio
import math
from collections.abc import Sequence
from http import HTTPStatus
from textwrap import wrap

import openai

from plccoach_api import logs, metrics, tracing
from plccoach_api.embedding.embedder import EmbeddingUnavailable, Vector
from plccoach_api.settings import Settings
from plccoach_api.tls import model_tls
from plccoach_api.tracing import conventions

_log = logs.get_logger(__name__)

_EMBEDDINGS = "embeddings"
# Services limit a request to 2,048 texts or fewer, and some of them to few tokens.
_BATCH = 64
# A user waits for a question. Without its vector the search uses its words only, which is better than a late answer.
_QUESTION_SECONDS = 5.0
# The statuses of a request with too many texts or with a text that is too long. llama.cpp answers 500.
_REFUSALS = frozenset({400, 413, 422, 500})
# Every model reads as much. A service that refuses a shorter text has another reason.
_LEAST_CHARACTERS = 200


class _Refused(EmbeddingUnavailable):
    """The service does not take these texts, perhaps because they are too many or too long."""

    def __init__(self, error: openai.OpenAIError, status: int) -> None:
        super().__init__(_failed(error))
        self.error = error
        self.status = status


class OpenAIEmbedder:
    """Sends fewer texts, or the parts of long ones, to a service that refuses a request, and remembers what it takes.

    The vector of a text in parts is their mean, each weighted by its length.
    """

    provider = "openai"
    is_billed = True

    def __init__(self, settings: Settings) -> None:
        service = settings.embedding_service
        self._model = service.model
        # Other prefixes make other vectors of passages, which are another set.
        self.model = f"{service.model} ({service.passage_prefix})" if service.passage_prefix else service.model
        self._question_prefix = f"{service.question_prefix} " if service.question_prefix else ""
        self._passage_prefix = f"{service.passage_prefix} " if service.passage_prefix else ""
        self._most_texts = _BATCH
        self._most_characters: int | None = None
        self._timeout = settings.openai_timeout
        self._client = openai.AsyncOpenAI(
            base_url=service.base_url,
            # The SDK requires a key, even for a service that needs none.
            api_key=service.api_key or "none",
            timeout=settings.openai_timeout,
            max_retries=5,
            # A redirect would send questions and passages to an address that nobody configured.
            http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False, verify=model_tls()),
        )

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        vectors: list[Vector] = []
        while batch := texts[len(vectors) : len(vectors) + self._most_texts]:
            vectors += await self._adapted(self._client, self._passage_prefix, batch)
        return vectors

    async def embed_question(self, text: str) -> Vector:
        client = self._client.with_options(timeout=min(self._timeout, _QUESTION_SECONDS), max_retries=1)
        try:
            async with asyncio.timeout(_QUESTION_SECONDS):
                [vector] = await self._adapted(client, self._question_prefix, [text])
        except TimeoutError:
            _log.warning("embedding failed", error="TimeoutError")
            metrics.MODEL_FAILURES.inc("embedding", "connection")
            raise EmbeddingUnavailable(f"the embedding service took longer than {_QUESTION_SECONDS:.0f} s") from None
        return vector

    async def _adapted(
        self, client: openai.AsyncOpenAI, prefix: str, texts: Sequence[str], most_characters: int | None = None
    ) -> list[Vector]:
        """Halves a batch that is refused, or a text that is refused alone, and remembers the half that was taken."""
        parts = [_parts(text, most_characters or self._most_characters) for text in texts]
        try:
            vectors = iter(await self._ask(client, [prefix + part for each in parts for part in each]))
        except _Refused as refused:
            if len(texts) > 1:
                return await self._adapted_halves(client, prefix, texts)
            longest = max(map(len, parts[0]))
            if longest < 2 * _LEAST_CHARACTERS:
                _report(refused.error, refused.status)
                raise
            adapted = await self._adapted(client, prefix, texts, longest // 2)
            if self._most_characters is None or longest // 2 < self._most_characters:
                self._most_characters = longest // 2
                _log.info("texts are embedded in parts", most_characters=self._most_characters)
            return adapted
        return [_mean([(next(vectors), len(part)) for part in each]) for each in parts]

    async def _adapted_halves(self, client: openai.AsyncOpenAI, prefix: str, texts: Sequence[str]) -> list[Vector]:
        half, most_characters = len(texts) // 2, self._most_characters
        first = await self._adapted(client, prefix, texts[:half])
        second = await self._adapted(client, prefix, texts[half:])
        if self._most_characters == most_characters and half < self._most_texts:
            # None of the texts was too long, so there were too many.
            self._most_texts = half
            _log.info("fewer texts are embedded at once", most_texts=half)
        return first + second

    async def _ask(self, client: openai.AsyncOpenAI, texts: Sequence[str]) -> list[Vector]:
        attributes = {
            conventions.GEN_AI_OPERATION: _EMBEDDINGS,
            conventions.GEN_AI_PROVIDER: conventions.OPENAI,
            conventions.GEN_AI_MODEL: self._model,
        }
        with tracing.client_span(f"{_EMBEDDINGS} {self._model}", attributes) as span:
            try:
                vectors = await self._vectors(client, texts, span)
            except openai.OpenAIError as error:
                status = getattr(error, "status_code", None)
                span.fail(str(status or type(error).__name__))
                if status in _REFUSALS:
                    raise _Refused(error, status) from None
                _report(error, status)
                raise EmbeddingUnavailable(_failed(error)) from None
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
            model=self._model, input=[*texts], encoding_format="float", extra_headers=span.headers()
        )
        # Some services send no usage.
        tokens = getattr(response.usage, "prompt_tokens", None)
        if isinstance(tokens, int):
            span.set(conventions.GEN_AI_INPUT_TOKENS, tokens)
        ordered = sorted(response.data, key=lambda item: item.index)
        return [_of_length_one(item.embedding) for item in ordered]


def _failed(error: openai.OpenAIError) -> str:
    # The text of the error is dropped: it may contain the question or a part of the key.
    return f"the embedding service failed ({type(error).__name__})"


def _report(error: openai.OpenAIError, status: int | None) -> None:
    redirected = status is not None and status < HTTPStatus.BAD_REQUEST
    reason = {"reason": "the service redirects, and redirects are not followed"} if redirected else {}
    _log.warning("embedding failed", error=type(error).__name__, status=status, **reason)
    metrics.MODEL_FAILURES.inc("embedding", "status" if status else "connection")


def _parts(text: str, most_characters: int | None) -> list[str]:
    if most_characters is None or len(text) <= most_characters:
        return [text]
    return wrap(text, most_characters, replace_whitespace=False, break_on_hyphens=False)


def _mean(weighted: Sequence[tuple[Vector, int]]) -> Vector:
    if len(weighted) == 1:
        return weighted[0][0]
    rows = ([number * weight for number in vector] for vector, weight in weighted)
    return _of_length_one([*map(sum, zip(*rows, strict=True))])


def _of_length_one(vector: Sequence[float]) -> Vector:
    length = math.sqrt(sum(value * value for value in vector))
    if not (vector and math.isfinite(length) and length):
        raise ValueError("the vector is empty, zero or not finite")
    return tuple(value / length for value in vector)

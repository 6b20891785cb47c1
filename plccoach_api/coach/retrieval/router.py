"""Routes a question: finds its domains, or a clarifying question when the question is too vague."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from cachetools import TTLCache

from plccoach_api import logs, metrics
from plccoach_api.coach.answer import Turn
from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.coach.retrieval.domain_phrases import phrases_by_domain
from plccoach_api.embedding.embedder import Vector
from plccoach_api.embedding.vectors import Matrix, inner_products, matrix
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.pricing import NO_USAGE, Usage
from plccoach_api.rules.questions.routing import Routing, content_words, has_clear_domain, is_vague, route

if TYPE_CHECKING:
    # This module imports the SDK, which a worker without a model does not load.
    from plccoach_api.coach.retrieval.model_router import ModelRouter

Embed: TypeAlias = Callable[[str], Awaitable[Vector]]

_CACHED_SECONDS = 3600
_CACHED_QUESTIONS = 1000
# A domain's similarity to a question is the mean of its most similar phrases.
_NEAREST_PHRASES = 5

_log = logs.get_logger(__name__)


class RoutedQuestion(msgspec.Struct, frozen=True):
    routing: Routing
    text: str
    """The question as the search for passages uses it."""
    usage: Usage = NO_USAGE


class Router:
    """Asks the model router, if there is one. Without a usable reply it routes locally, by words and vectors."""

    def __init__(self, embed: Embed | None = None, model_router: "ModelRouter | None" = None) -> None:
        self._embed = embed
        self._model_router = model_router
        self._phrases: Mapping[Domain, Matrix] = {}
        self._phrases_lock = asyncio.Lock()
        self._cache: TTLCache[bytes, Routing] = TTLCache(_CACHED_QUESTIONS, _CACHED_SECONDS)

    async def route(
        self,
        question: str,
        history: Sequence[Turn],
        deadline: float,
        *,
        context: str = "",
        wording: Callable[[str], str] = str,
    ) -> RoutedQuestion:
        """Routes a question. Locally, and in the search, it is worded by `wording`."""
        text = wording(f"{context} {question}" if context and is_vague(question) else question)
        key = sha256(msgspec.json.encode((question, history, text))).digest()
        if (cached := self._cache.get(key)) is not None:
            return RoutedQuestion(cached, cached.search_query or text)
        routing, usage = await self._route_with_model(question, history, deadline)
        if routing is None:
            routing = await self._route_locally(text)
            if self._model_router:
                # A local routing is not cached, because the model may answer next time.
                return RoutedQuestion(routing, text, usage)
        self._cache[key] = routing
        return RoutedQuestion(routing, routing.search_query or text, usage)

    async def _route_with_model(
        self, question: str, history: Sequence[Turn], deadline: float
    ) -> tuple[Routing | None, Usage]:
        if self._model_router is None:
            return None, NO_USAGE
        try:
            return await self._model_router.route(question, history, deadline)
        except ModelError as error:
            _log.warning("routing with the model failed", reason=error.reason)
            metrics.MODEL_FAILURES.inc("routing", error.label)
            return None, NO_USAGE

    async def _route_locally(self, text: str) -> Routing:
        return route(text, await self._similarities(text))

    async def _similarities(self, text: str) -> Mapping[Domain, float]:
        words = content_words(text)
        if self._embed is None or not words or has_clear_domain(text):
            return {}
        # The first question embeds the phrases, which takes most of a second. Concurrent questions wait for the result.
        async with self._phrases_lock:
            self._phrases = self._phrases or await _embed_phrases(self._embed)
        vector = await self._embed(words)
        return {domain: _similarity(vector, phrases) for domain, phrases in self._phrases.items()}


async def _embed_phrases(embed: Embed) -> Mapping[Domain, Matrix]:
    embedded: dict[Domain, Matrix] = {}
    for domain, phrases in phrases_by_domain().items():
        vectors: list[Vector] = []
        for phrase in phrases:
            vectors.append(await embed(phrase))
            await asyncio.sleep(0)
        embedded[domain] = matrix(vectors)
    return embedded


def _similarity(vector: Vector, phrases: Matrix) -> float:
    """Returns the mean inner product with the nearest phrases."""
    return sum(heapq.nlargest(_NEAREST_PHRASES, inner_products(vector, phrases))) / _NEAREST_PHRASES

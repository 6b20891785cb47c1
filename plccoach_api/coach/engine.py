"""The engine that routes and answers questions, built from the settings."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from plccoach_api import settings as settings_module
from plccoach_api.coach.answer import ANSWER_SECONDS, Answerer
from plccoach_api.coach.generation.extractive import ExtractiveAnswerer
from plccoach_api.coach.llm.circuit_breaker import CircuitBreaker
from plccoach_api.coach.retrieval.router import Router
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.pricing import KNOWN_PRICES, Prices
from plccoach_api.settings import Settings


@dataclass(frozen=True, slots=True)
class Engine:
    """A process has one engine. `close` closes its connections."""

    answerer: Answerer
    router: Router
    embedder: Embedder
    close: Callable[[], Awaitable[None]]
    answer_timeout: float = ANSWER_SECONDS
    """The seconds for a whole answer, from its routing to the last delta."""
    name: str = settings_module.AnswererKind.extractive.value
    """The answerer, as the metrics name it."""


def make_engine(settings: Settings) -> Engine:
    """Returns the engine that the setting ANSWERER names."""
    embedder = make_embedder(settings)
    if settings.answerer is settings_module.AnswererKind.extractive:
        answerer = ExtractiveAnswerer(settings.extractive_pace / 1000)
        return replace(extractive_engine(embedder), answerer=answerer, answer_timeout=settings.answer_timeout)
    return openai_engine(
        base_url=settings.openai_base_url,
        key=settings.openai_api_key,
        model=settings.openai_model,
        timeout=settings.openai_timeout,
        prices=settings.model_prices,
        context_tokens=settings.openai_context_tokens,
        max_tokens=settings.openai_max_tokens,
        reasoning_effort=settings.openai_reasoning_effort,
        answer_timeout=settings.answer_timeout,
        embedder=embedder,
    )


def extractive_engine(embedder: Embedder = LOCAL) -> Engine:
    """Returns an engine that needs no model and no network."""

    async def close() -> None:
        pass

    return Engine(ExtractiveAnswerer(), Router(LOCAL.embed_question), embedder, close)


def openai_engine(
    *,
    base_url: str | None,
    key: str | None,
    model: str,
    timeout: float,
    prices: Prices = KNOWN_PRICES,
    context_tokens: int = 128_000,
    max_tokens: int = 1000,
    reasoning_effort: str | None = None,
    answer_timeout: float = ANSWER_SECONDS,
    embedder: Embedder = LOCAL,
) -> Engine:
    """Returns an engine that uses a service with OpenAI's protocol.

    When the model cannot route a question, the router compares local vectors instead.
    """
    # These imports take 25 MB and up to a second. A worker without a model does not need them.
    from plccoach_api.coach.generation.model_answerer import ModelAnswerer  # noqa: PLC0415
    from plccoach_api.coach.llm.client import ModelClient  # noqa: PLC0415
    from plccoach_api.coach.retrieval.model_router import ModelRouter  # noqa: PLC0415

    breaker = CircuitBreaker()
    client = ModelClient(
        base_url=base_url,
        key=key,
        name=model,
        timeout=timeout,
        prices=prices,
        context_tokens=context_tokens,
        max_tokens=max_tokens,
        reasoning_effort=reasoning_effort,
    )
    router = Router(LOCAL.embed_question, ModelRouter(client, breaker))
    name = settings_module.AnswererKind.openai.value
    return Engine(ModelAnswerer(client, breaker), router, embedder, client.close, answer_timeout, name)

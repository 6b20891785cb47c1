"""What routes and answers questions, as the settings choose it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from plccoach_api import settings as settings_module
from plccoach_api.coach.answer import Answerer
from plccoach_api.coach.generation.extractive import Extractive
from plccoach_api.coach.llm.circuit_breaker import CircuitBreaker
from plccoach_api.coach.retrieval.router import Router
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.pricing import KNOWN_PRICES, Prices
from plccoach_api.settings import Settings


@dataclass(frozen=True, slots=True)
class Engine:
    """One for a process. `close` ends its connections."""

    answerer: Answerer
    router: Router
    embedder: Embedder
    close: Callable[[], Awaitable[None]]


def make_engine(settings: Settings) -> Engine:
    """The one that ANSWERER names."""
    embedder = make_embedder(settings)
    if settings.answerer is settings_module.AnswererKind.extractive:
        return extractive(embedder)
    return openai(
        base_url=settings.openai_base_url,
        key=settings.openai_api_key,
        model=settings.openai_model,
        timeout=settings.openai_timeout,
        prices=settings.model_prices,
        embedder=embedder,
    )


def extractive(embedder: Embedder = LOCAL) -> Engine:
    """Needs no model and no network."""

    async def close() -> None:
        pass

    return Engine(Extractive(), Router(LOCAL.embed_question), embedder, close)


def openai(
    *,
    base_url: str | None,
    key: str | None,
    model: str,
    timeout: float,
    prices: Prices = KNOWN_PRICES,
    embedder: Embedder = LOCAL,
) -> Engine:
    """Any service that speaks OpenAI's protocol. What its model does not route is routed here, by local vectors."""
    # 25 MB and up to a second that a worker without a model need not spend.
    from plccoach_api.coach.generation.model_answerer import ModelAnswerer  # noqa: PLC0415
    from plccoach_api.coach.llm.client import ModelClient  # noqa: PLC0415
    from plccoach_api.coach.retrieval.model_router import ModelRouter  # noqa: PLC0415

    breaker = CircuitBreaker()
    asked = ModelClient(base_url=base_url, key=key, name=model, timeout=timeout, prices=prices)
    router = Router(LOCAL.embed_question, ModelRouter(asked, breaker))
    return Engine(ModelAnswerer(asked, breaker), router, embedder, asked.close)

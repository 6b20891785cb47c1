"""What routes and answers questions, as the settings choose it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from plccoach_api import settings as settings_module
from plccoach_api.coach.answer import Answerer, Extractive
from plccoach_api.coach.breaker import Breaker
from plccoach_api.coach.embed import Embedder, embedder_of
from plccoach_api.coach.embed_local import LOCAL
from plccoach_api.coach.route import Router
from plccoach_api.coach.spent import KNOWN_PRICES, Prices
from plccoach_api.settings import Settings


@dataclass(frozen=True, slots=True)
class Engine:
    """One for a process. `close` ends its connections."""

    answerer: Answerer
    router: Router
    embedder: Embedder
    close: Callable[[], Awaitable[None]]


def chosen(settings: Settings) -> Engine:
    """The one that ANSWERER names."""
    embedder = embedder_of(settings)
    if settings.answerer is settings_module.Answerer.extractive:
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
    from plccoach_api.coach.chat import Chat  # noqa: PLC0415
    from plccoach_api.coach.decide import ModelDecider  # noqa: PLC0415
    from plccoach_api.coach.model import Model  # noqa: PLC0415

    breaker = Breaker()
    asked = Model(base_url=base_url, key=key, name=model, timeout=timeout, prices=prices)
    router = Router(LOCAL.embed_question, ModelDecider(asked, breaker))
    return Engine(Chat(asked, breaker), router, embedder, asked.close)

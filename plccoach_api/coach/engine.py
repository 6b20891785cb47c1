"""The engine that routes and answers questions, built from the settings."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plccoach_api import settings as settings_module
from plccoach_api.coach.answer import ANSWER_SECONDS, Answerer
from plccoach_api.coach.generation.extractive import ExtractiveAnswerer
from plccoach_api.coach.llm.circuit_breaker import CircuitBreaker
from plccoach_api.coach.retrieval.router import Router
from plccoach_api.coach.turns import Turns
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.embedding.local import LOCAL
from plccoach_api.settings import Settings

if TYPE_CHECKING:
    from plccoach_api.coach.llm.client import ModelClient

# Such an answer takes its time from this process and from PostgreSQL, so more of them only slow each other down:
# docs/decisions/server.md.
_ANSWERS_AT_ONCE = 4


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
    turns: Turns | None = None
    """None when an answer waits for another service, or pauses between its words."""


def make_engine(settings: Settings) -> Engine:
    """Returns the engine that the setting ANSWERER names."""
    embedder = make_embedder(settings)
    if settings.answerer is settings_module.AnswererKind.extractive:
        answerer = ExtractiveAnswerer(settings.extractive_pace / 1000)
        is_alone = embedder is LOCAL and not settings.extractive_pace
        turns = Turns(_ANSWERS_AT_ONCE) if is_alone else None
        engine = extractive_engine(embedder)
        return replace(engine, answerer=answerer, answer_timeout=settings.answer_timeout, turns=turns)
    # Takes 25 MB and up to a second. A worker without a model does not need it.
    from plccoach_api.coach.llm.client import ModelClient  # noqa: PLC0415

    return openai_engine(ModelClient.of(settings), answer_timeout=settings.answer_timeout, embedder=embedder)


def extractive_engine(embedder: Embedder = LOCAL) -> Engine:
    """Returns an engine that needs no model and no network."""

    async def close() -> None:
        pass

    return Engine(ExtractiveAnswerer(), Router(LOCAL.embed_question), embedder, close)


def openai_engine(
    client: "ModelClient", *, answer_timeout: float = ANSWER_SECONDS, embedder: Embedder = LOCAL
) -> Engine:
    """Returns an engine whose model belongs to a service with OpenAI's protocol.

    When the model cannot route a question, the router compares local vectors instead.
    """
    # They import the client, which a worker without a model does not load.
    from plccoach_api.coach.generation.model_answerer import ModelAnswerer  # noqa: PLC0415
    from plccoach_api.coach.retrieval.model_router import ModelRouter  # noqa: PLC0415

    breaker = CircuitBreaker()
    router = Router(LOCAL.embed_question, ModelRouter(client, breaker))
    name = settings_module.AnswererKind.openai.value
    return Engine(ModelAnswerer(client, breaker), router, embedder, client.close, answer_timeout, name)
